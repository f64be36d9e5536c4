"""Which column asks what: told by its header, else by its answers, else by a person; never by its place."""

from dataclasses import replace

import pytest

from pd_core.ingestion import Meaning
from pd_core.storage import reference
from tests.forms import Survey, cut_header, forms_workbook, survey_workbook

LONG = (
    "Which of the following best describes the support that you would like from the district in the coming year, " * 2
)
BOTH_GRIDS = {"proficiency_word": ["1", "2", "3"], "samr_word": ["1", "2", "3"]}


def items(preview):
    return {column.header: column.item_id for column in preview.columns}


def reworded(codebook, **wordings):
    changed = {name: replace(codebook.items[name], wordings=(text,)) for name, text in wordings.items()}
    return replace(codebook, items={**codebook.items, **changed})


@pytest.mark.parametrize(
    "header",
    [
        "Which\xa0school do you work at?",
        "Which school do you work at?\n",
        "Which  school do you\r\nwork at? ",
        "Which school\u200b do you work at?\u200e",
        "\ufeffWHICH SCHOOL do you work at?",
        "Your school",
    ],
)
def test_blanks_and_case_do_not_hide_a_header(header, desk):
    assert desk.look(survey_workbook(wordings={"school": header})).unmapped == ()


def test_a_tag_survives_a_reworded_question(desk):
    tagged = replace(desk.codebook.items["comment"], tag="Q33")
    desk.codebook = replace(desk.codebook, items={**desk.codebook.items, "comment": tagged})
    assert items(desk.look(survey_workbook(wordings={"comment": "[Q33] Sonst noch etwas?"})))[
        "[Q33] Sonst noch etwas?"
    ] == ("comment")


@pytest.mark.parametrize("header", [cut_header(LONG), LONG[:200]], ids=["196 and dots", "200 without dots"])
def test_a_cut_header_is_known_by_its_beginning(header, desk):
    desk.codebook = reworded(desk.codebook, comment=LONG)
    assert items(desk.look(survey_workbook(wordings={"comment": header})))[header] == "comment"


def test_a_cut_header_that_fits_two_questions_is_asked(desk):
    desk.codebook = reworded(desk.codebook, comment=LONG + "as a team?", role=LONG + "on your own?")
    preview = desk.look(survey_workbook(wordings={"comment": cut_header(LONG), "role": "Which role?"}))
    asked = next(column for column in preview.unmapped if column.header == cut_header(LONG))
    assert set(asked.suggestions) == {"comment", "role"}
    assert asked.reason


@pytest.mark.parametrize("order", [{}, {"samr_first": True}, {"samr_columns_first": True}], ids=str)
def test_a_repeated_header_belongs_to_the_grid_whose_answers_stand_below_it(order, desk):
    usual = desk.look(survey_workbook()).responses
    preview = desk.look(survey_workbook(**order))
    assert items(preview)["Word"] == ("samr_word" if order.get("samr_first") else "proficiency_word")
    assert preview.responses.select(usual.columns).equals(usual)


@pytest.mark.parametrize("header", ["Word2", "Word\n2", "Word 2", "Word18"])
def test_a_number_behind_a_header_that_is_in_the_file_is_no_part_of_it(header, desk):
    assert items(desk.look(survey_workbook(wordings={"samr_word": header})))[header] == "samr_word"


def test_a_number_behind_a_header_that_is_not_in_the_file_is_part_of_it(desk):
    preview = desk.look(survey_workbook(wordings={"comment": "Comment 3"}))
    assert items(preview)["Comment 3"] is None


@pytest.mark.parametrize("style", ["title. statement", "title [statement]"])
def test_a_grid_title_in_the_header_says_which_grid(style, desk):
    usual = desk.look(survey_workbook()).responses
    assert desk.look(survey_workbook(grid_style=style)).responses.equals(usual)


def test_two_grids_whose_answers_fit_both_are_asked_and_then_remembered(desk):
    export = survey_workbook(answers=BOTH_GRIDS)
    preview = desk.look(export)
    asked = {column.header: column for column in preview.unmapped}
    assert set(asked) == {"Word", "Word2"}
    assert set(asked["Word"].suggestions) == {"proficiency_word", "samr_word"}
    assert "do not say which level" in asked["Word"].reason

    said = Meaning(items={"Word": "samr_word", "Word2": "proficiency_word"})
    told = desk.look(export, meaning=said)
    assert (items(told)["Word"], items(told)["Word2"]) == ("samr_word", "proficiency_word")

    reference.save_mapping(desk.store, told.form, said.to_frame(), "test")
    elsewhere = survey_workbook(answers=BOTH_GRIDS, school="Washington Elementary", seed=9)
    assert items(desk.look(elsewhere)) == items(told), "another building's copy of the form has the same mark"


def test_what_is_said_of_a_form_is_not_said_of_another(desk):
    said = Meaning(items={"Word": "samr_word", "Word2": "proficiency_word"})
    reference.save_mapping(desk.store, desk.look(survey_workbook()).form, said.to_frame(), "test")
    assert items(desk.look(survey_workbook(without=["comment"])))["Word"] == "proficiency_word"


def test_of_two_equal_headers_the_one_without_answers_is_the_other_question(desk):
    preview = desk.look(survey_workbook(answers={"samr_word": None}))
    assert items(preview)["Word2"] == "samr_word"
    assert preview.unmapped == ()


def test_two_columns_that_claim_one_question_are_both_asked(desk):
    survey = Survey(without=["samr_word"])
    place = survey.headers().index("Word")
    rows = [[*row, row[place]] for row in survey.rows()]
    preview = desk.look(forms_workbook([*survey.headers(), "Microsoft Word"], rows))
    assert [column.header for column in preview.unmapped] == ["Word", "Microsoft Word"]


@pytest.mark.parametrize("header", ["Name2", "Email2"])
def test_a_question_whose_text_is_name_is_a_question(header, desk):
    preview = desk.look(survey_workbook(wordings={"comment": header}))
    assert [column.header for column in preview.unmapped] == [header]
    assert preview.responses["is_identified"].all(), "the leading address is still the one that counts"


def test_an_unknown_header_comes_with_the_nearest_questions(desk):
    preview = desk.look(survey_workbook(wordings={"grade_band": "What grade levels do you teach?"}))
    assert preview.unmapped[0].suggestions[0] == "grade_band"


@pytest.mark.parametrize(
    ("wording", "suggested"),
    [
        ("Rate yourself on each of the tools we use.Word", ("proficiency_word", "samr_word")),
        ("Our tools [Excel]", ("proficiency_excel",)),
        ("How do you feel about: Outlook", ("proficiency_outlook",)),
        ("What should we offer? (pick up to 3)", ()),
        ("Say what you like", ()),
    ],
)
def test_a_suggestion_comes_from_the_end_of_a_header_or_not_at_all(wording, suggested, desk):
    preview = desk.look(survey_workbook(wordings={"comment": wording}))
    assert preview.unmapped[0].suggestions == suggested


def test_a_question_can_be_left_out_for_good(desk):
    preview = desk.look(survey_workbook(), meaning=Meaning(items={"Sway": None}))
    assert preview.unmapped == ()
    assert items(preview)["Sway"] is None
    assert preview.not_asked == ("proficiency_sway",)


def test_a_skill_that_the_form_does_not_ask_is_named(desk):
    preview = desk.look(survey_workbook(without=["proficiency_sway", "samr_forms"]))
    assert preview.not_asked == ("proficiency_sway", "samr_forms")
