"""What a cell means: numbers before labels, several answers in one cell, people's own words, spoilt letters."""

from dataclasses import replace
from time import process_time

import pytest

from pd_core.codebook import Choice
from pd_core.ingestion import Meaning
from pd_core.ingestion.scales import Scale
from tests.forms import survey_csv, survey_google_csv, survey_google_workbook, survey_workbook
from tests.forms.instrument import PROFICIENCY, SAMR

ITEMS = ["role", "grade_band", "proficiency_word", "samr_word", "topics", "topics_other", "times", "comment"]


def column(preview, item):
    return preview.responses[item].to_list()


@pytest.mark.parametrize(
    ("written", "levels"),
    [
        (["4 I could teach it to others", "1.I have not used it\xa0", "4", "1"], [3, 0, 3, 0]),
        (["3 I could teach it to others", "3.I could teach it to others", "3"], [3, 3, 3]),
        (["D) I could teach it to others", "A) I have not used it", "B. I need help to use it"], [3, 0, 1]),
        (["Level 0", "Level 3", "2"], [0, 3, 2]),
        (["I USE IT ON MY OWN  ", "I use it\xa0on my own"], [2, 2]),
        (["With help", "Could teach others"], [1, 3]),
    ],
)
def test_labels_that_drift_within_a_form_are_one_answer(written, levels, desk):
    preview = desk.look(survey_workbook(n=len(written), answers={"proficiency_outlook": written}))
    assert column(preview, "proficiency_outlook") == levels
    assert preview.problems.is_empty()


def test_a_number_without_its_label_is_no_guess_where_labels_count_otherwise(desk):
    written = ["4 I could teach it to others", "0"]
    preview = desk.look(survey_workbook(n=2, answers={"proficiency_outlook": written}))
    assert preview.problems["value"].to_list() == ["0"]


def test_samr_levels_are_known_by_bare_names_and_explanations(desk):
    written = ["Substitution", "Redefinition - new tasks", "Level 3", "Significant redesign of the task", SAMR[0]]
    preview = desk.look(survey_workbook(n=5, grid_style="title. statement", answers={"samr_teams": written}))
    assert column(preview, "samr_teams") == [1, 4, 3, 3, 0]


@pytest.mark.parametrize("sign", ["?", "\ufffd"])
def test_letters_that_were_ruined_on_the_way_are_read_where_one_answer_fits(sign, desk):
    export = survey_csv(
        n=3,
        grid_style="title. statement",
        answers={"samr_teams": "I don’t use it with students", "proficiency_teams": "I don’t use it"},
        ruined_by=sign,
        encoding="utf-8",
    )
    preview = desk.look(export, "survey.csv", date_order="mdy")
    assert (column(preview, "samr_teams"), column(preview, "proficiency_teams")) == ([0] * 3, [0] * 3)


@pytest.mark.parametrize(
    "written", ["?" * 18 + "x", "????? ????????? ????", "?" * 5000, "?a" * 5000, "e" * 40 + "?" * 39]
)
def test_an_answer_of_question_marks_means_nothing_and_is_read_at_once(written, desk):
    for scale in ("proficiency", "samr"):
        started = process_time()
        assert Scale(desk.codebook.scales[scale]).decode([written]) == {written: None}
        assert process_time() - started < 1, "a hostile answer must not hold up the process"


def test_several_answers_are_a_set_in_any_order_of_clicks(desk):
    clicked = ("Data in Excel", "Running a class in Teams")
    preview = desk.look(survey_workbook(n=2, answers={"topics": [clicked, clicked[::-1]]}))
    assert column(preview, "topics") == ["teams_class;excel_data"] * 2


@pytest.mark.parametrize("cell", ["Lunch;", "Lunch", "Lunch; ", ";Lunch;"])
def test_a_semicolon_at_the_end_is_no_answer(cell, desk):
    preview = desk.look(survey_workbook(n=1, answers={"times": cell}))
    assert (column(preview, "times"), column(preview, "times_other")) == (["lunch"], [None])


def test_a_choice_may_hold_a_semicolon(desk):
    wording = "Passwords; passkeys, and sign-in"
    topics = (*desk.codebook.scales["topics"], Choice("sign_in", None, wording, (wording,)))
    desk.codebook = replace(desk.codebook, scales={**desk.codebook.scales, "topics": topics})
    preview = desk.look(survey_workbook(n=1, answers={"topics": ("Data in Excel", wording, "My own; words")}))
    assert column(preview, "topics") == ["excel_data;other;sign_in"]
    assert column(preview, "topics_other") == ["My own;words"]


@pytest.mark.parametrize("write", [survey_workbook, survey_google_workbook])
def test_a_choice_may_hold_a_comma(write, desk):
    preview = desk.look(write(n=1, answers={"times": ("Online, any time", "Lunch")}))
    assert (column(preview, "times"), column(preview, "times_other")) == (["lunch;online"], [None])


def test_own_words_are_kept_as_written_and_counted_as_other(desk):
    given = {"topics": ("Data in Excel", "Teams for Parents' Night"), "role": "Librarian"}
    preview = desk.look(survey_workbook(n=1, answers=given))
    assert column(preview, "topics") == ["excel_data;other"]
    assert column(preview, "topics_other") == ["Teams for Parents' Night"]
    assert column(preview, "role") == ["other"]
    assert preview.problems.is_empty()


def test_an_answer_that_a_scale_without_other_does_not_know_is_never_dropped(desk):
    roles = tuple(choice for choice in desk.codebook.scales["role"] if choice.code != "other")
    desk.codebook = replace(desk.codebook, scales={**desk.codebook.scales, "role": roles})
    preview = desk.look(survey_workbook(n=2, answers={"role": ["Teacher", "Librarian"]}))
    assert preview.unknown_answers == {"role": {"Librarian": 1}}
    assert preview.rows_set_aside == 1


def test_an_unknown_answer_is_set_aside_with_what_was_expected_and_the_nearest(desk):
    preview = desk.look(
        survey_workbook(n=2, answers={"proficiency_outlook": [PROFICIENCY[3], "I could teach others it"]})
    )
    problem = preview.problems.row(0, named=True)
    assert (problem["row"], problem["column"], problem["value"]) == (3, "Outlook", "I could teach others it")
    assert all(label in problem["reason"] for label in PROFICIENCY)
    assert problem["suggestion"] == PROFICIENCY[3]
    assert preview.unknown_answers == {"proficiency": {"I could teach others it": 1}}
    assert preview.rows_set_aside == 1


@pytest.mark.parametrize(("code", "level"), [("3", 3), (None, None)])
def test_what_a_person_says_an_answer_means_counts(code, level, desk):
    export = survey_workbook(n=2, answers={"proficiency_outlook": [PROFICIENCY[0], "Wizard"]})
    preview = desk.look(export, meaning=Meaning(answers={"proficiency": {"Wizard": code}}))
    assert column(preview, "proficiency_outlook") == [0, level]
    assert preview.problems.is_empty()


def test_a_blank_answer_is_no_answer_and_its_row_is_not_complete(desk):
    preview = desk.look(survey_workbook(n=2, blank_share=0, answers={"proficiency_outlook": [None, PROFICIENCY[1]]}))
    assert column(preview, "proficiency_outlook") == [None, 1]
    assert preview.responses["is_complete"].to_list() == [False, True]


def test_a_row_in_which_nothing_is_answered_is_set_aside(desk):
    blank = dict.fromkeys((item for item in desk.codebook.items if item != "school"), None)
    some = {item: [PROFICIENCY[1], None] for item in blank if item.startswith("proficiency")}
    preview = desk.look(survey_workbook(n=2, answers=blank | some))
    assert preview.problems.select("row", "reason").rows() == [(3, "no question is answered in this row")]


@pytest.mark.parametrize(
    ("export", "file"),
    [
        (survey_google_workbook(), "survey.xlsx"),
        (survey_google_workbook(sheets_before={"Charts": [["Which school do you work at?", "Word"]]}), "survey.xlsx"),
        (survey_google_csv(), "survey.csv"),
        (survey_google_csv(date_format="google-zone"), "survey.csv"),
        (survey_google_csv(date_format="mdy-noon"), "survey.csv"),
    ],
    ids=["workbook", "answers on the second sheet", "csv", "google's own csv", "am and pm"],
)
def test_google_forms_give_the_same_answers(export, file, desk):
    usual = desk.look(survey_workbook(last_modified=False)).responses
    preview = desk.look(export, file, date_order="mdy")
    assert preview.unmapped == ()
    same = [*ITEMS, "person", "completed_at"]
    keep = [name for name in same if name != "person" or usual["is_identified"].all()]
    assert preview.responses.select(keep).equals(usual.select(keep))


def test_two_people_may_answer_a_google_form_in_the_same_second(desk):
    export = survey_google_csv(n=2, respondents="anonymous", spacing_seconds=0)
    rows = export.decode().splitlines()
    rows[2] = ",".join([rows[1].split(",", 1)[0], rows[2].split(",", 1)[1]])
    receipt = desk.take("\n".join(rows).encode(), "survey.csv", date_order="mdy")
    assert receipt.rows_added == 2
