"""Numbers, letters and two answers in a cell; mapping files that are written, filled in, and wrong."""

import pytest

from pd_core.ingestion import Meaning, mapping_file
from pd_core.ingestion.reading import read_export
from pd_core.reference.list_files import read_mapping
from pd_core.reports.files import render
from tests.forms import Survey, forms_workbook, survey_workbook
from tests.forms.instrument import PROFICIENCY

FIVE = ["1.Poor", "2.Basic", "3.Standard", "4.Good", "5.Excellent"]
AS_LEVELS = dict(zip(FIVE, ("0", "1", "1", "2", "3"), strict=True))


def skills(answers):
    return {
        f"proficiency_{skill}": answers for skill in ("outlook", "excel", "onedrive", "sharepoint", "stream", "sway")
    }


def grid(codebook, answers):
    return {item: answers for item in codebook.items if item.startswith("proficiency_")}


@pytest.mark.parametrize("given", [[1, 2, 3], [1, 2, 3, 4, 5], ["1", "2.0", "3"], ["★★", "★"], ["👍", "👎"]])
def test_answers_that_say_no_level_are_asked_and_nothing_is_stored(given, desk):
    receipt = desk.take(
        survey_workbook(answers=grid(desk.codebook, given), without=[i for i in desk.codebook.items if "samr" in i])
    )
    assert receipt.status == "rejected"
    assert "its answers" in receipt.message and f"“{given[0]}”" in receipt.message
    assert "none of its" not in receipt.message


def test_what_is_left_out_is_said_with_the_reason(desk):
    receipt = desk.take(survey_workbook(answers={"proficiency_outlook": [1, 2, 3]}))
    assert receipt.status == "committed"
    assert "1 question was left out: “Outlook” (its answers are numbers" in receipt.message


@pytest.mark.parametrize("bare", ["3", 3, "3.0"])
def test_a_mapping_row_teaches_its_number_too(bare, desk):
    export = survey_workbook(n=6, blank_share=0, answers=grid(desk.codebook, [*FIVE, bare]))
    preview = desk.look(export, meaning=Meaning(answers={"proficiency": AS_LEVELS}))
    assert preview.responses["proficiency_outlook"].to_list() == [0, 1, 1, 2, 3, 1]


def test_what_a_number_means_in_one_column_holds_for_the_next(desk):
    labels = [f"{place} {label}" for place, label in enumerate(PROFICIENCY, start=1)]
    preview = desk.look(
        survey_workbook(n=4, answers={"proficiency_outlook": labels, "proficiency_excel": ["1", "4", "2", "3"]})
    )
    assert preview.responses["proficiency_excel"].to_list() == [0, 3, 1, 2]


def test_pictures_around_a_label_change_nothing(desk):
    preview = desk.look(survey_workbook(n=4, answers={"proficiency_outlook": [f"🙂 {label}" for label in PROFICIENCY]}))
    assert preview.responses["proficiency_outlook"].to_list() == [0, 1, 2, 3]


def test_all_four_letters_of_samr_are_read_where_one_of_them_cannot_be_a_number(desk):
    answers = {"samr_word": ["S", "A", "M", "R"], "samr_teams": ["A", "A", "A", "A"]}
    preview = desk.look(survey_workbook(n=4, grid_style="title. statement", answers=answers))
    assert preview.responses["samr_word"].to_list() == [1, 2, 3, 4]
    assert preview.responses["samr_teams"].to_list() == [2] * 4


def test_letters_that_number_the_answers_are_no_samr_levels(desk):
    preview = desk.look(
        survey_workbook(n=4, grid_style="title. statement", answers={"samr_word": ["A", "B", "C", "D"]})
    )
    assert "samr_word" not in preview.responses.columns


@pytest.mark.parametrize(
    "cell",
    [
        f"{PROFICIENCY[1]};{PROFICIENCY[2]}",
        f"{PROFICIENCY[1]}, {PROFICIENCY[2]}",
        f"{PROFICIENCY[2]}, but I need help with formulas",
        f"{PROFICIENCY[2]} - but not often",
        f"{PROFICIENCY[1]} ({PROFICIENCY[2]})",
    ],
)
def test_two_answers_in_a_cell_that_takes_one_are_set_aside_with_the_value(cell, desk):
    preview = desk.look(survey_workbook(n=2, answers={"proficiency_outlook": [cell, PROFICIENCY[3]]}))
    assert preview.problems["value"].to_list() == [cell]
    assert preview.responses["proficiency_outlook"].to_list() == [3]


@pytest.mark.parametrize("cell", [f"{PROFICIENCY[1]};", f"{PROFICIENCY[1]};{PROFICIENCY[1]}", f"{PROFICIENCY[1]}."])
def test_one_answer_with_a_mark_behind_it_is_one_answer(cell, desk):
    preview = desk.look(survey_workbook(n=1, answers={"proficiency_outlook": cell}))
    assert preview.responses["proficiency_outlook"].to_list() == [1]


def test_two_roles_in_one_cell_are_not_another_role(desk):
    preview = desk.look(survey_workbook(n=2, answers={"role": ["Teacher;Counselor", "Librarian"]}))
    assert preview.problems["value"].to_list() == ["Teacher;Counselor"]
    assert preview.responses["role"].to_list() == ["other"]


def test_a_mapping_row_that_fits_nothing_is_named_with_the_nearest(desk):
    said = Meaning(items={"Outllook": "proficiency_outlook"})
    message = desk.take(survey_workbook(), meaning=said).message
    assert "“outllook”" in message and "Did you mean “Outlook”?" in message


def test_levels_that_were_read_by_a_mapping_are_said(desk):
    export = survey_workbook(n=5, blank_share=0, answers=grid(desk.codebook, FIVE))
    message = desk.take(export, meaning=Meaning(answers={"proficiency": AS_LEVELS})).message
    assert "“1.Poor” as level 0" in message and "“5.Excellent” as level 3" in message


def test_a_mapping_file_is_written_filled_in_and_read_back(desk):
    survey = Survey(n=10, blank_share=0, answers=grid(desk.codebook, FIVE), wordings={"comment": "Remarks"})
    export = forms_workbook(survey.headers(), survey.rows())
    rows = mapping_file(read_export("survey.xlsx", export, desk.codebook), desk.codebook, Meaning())
    asked = rows.filter(code="?")
    assert asked.filter(subject="proficiency")["suggestion"].to_list() == list(AS_LEVELS.values())
    assert rows.filter(subject="Outlook")["code"].to_list() == ["proficiency_outlook"]
    untouched = Meaning.from_frame(read_mapping("m.csv", render(rows, "csv", bom=True)))
    assert "remarks" not in untouched.items, "what is not decided is not left out"
    filled = rows.with_columns(code=rows["suggestion"].replace("", None).fill_null(rows["code"]))
    said = Meaning.from_frame(read_mapping("m.csv", render(filled, "csv", bom=True)))
    preview = desk.look(export, meaning=said)
    assert preview.responses["proficiency_outlook"].to_list() == [0, 1, 1, 2, 3] * 2
