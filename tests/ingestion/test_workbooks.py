"""Workbooks as Forms, and the people who re-save them, leave them: every trait reads as the same answers."""

import io
from datetime import datetime

import openpyxl
import pytest

from pd_core.ingestion import Preview
from tests.forms import Survey, forms_workbook, survey_csv, survey_rows, survey_workbook
from tests.forms.instrument import LEADING

NOTES = [["Meeting notes", "Monday"], ["bring", 12]]
LOG = [["Start time", "Completion time"], ["1", "2"]]


def answers(preview: Preview, *without: str):
    return preview.responses.drop("row", *without).sort("row_key")


@pytest.fixture
def untouched(desk):
    return desk.look(survey_workbook())


TRAITS = {
    "prefixed xml": {"prefix": "x:"},
    "re-saved without a prefix": {"prefix": ""},
    "a dimension that claims one cell": {"dimension": "A1"},
    "no dimension": {"dimension": None},
    "a dimension that is too large": {"dimension": "A1:ZZ90000"},
    "text in the cells": {"shared_strings": False},
    "blanks left out": {"valueless_blanks": False},
    "blank cells without a value": {"valueless_blanks": True},
    "no table": {"table": None},
    "a live-synced table with Id": {"table": "OfficeForms.Table", "id_header": "Id"},
    "a table range that lost rows": {"table_rows": 3},
    "Forms for Excel with a very hidden sheet": {
        "sheet": "Form1",
        "hidden_sheets": {"_56F9DC9755BA473782653E2940F9": (LOG, "veryHidden")},
        "hidden_first": True,
    },
    "a hidden sheet": {"hidden_sheets": {"old": (LOG, "hidden")}, "hidden_first": True},
    "sheets before the answers": {"extra_sheets_before": {"Notes": NOTES, "Pivot": []}},
    "a sheet behind the answers": {"extra_sheets_after": {"Notes": NOTES, "Log": LOG}},
    "rows above the headers": {"junk_rows_above": [["Needs assessment"], [], ["made by", "the office"]]},
    "a sheet called CSV": {"sheet": "CSV"},
    "a language column": {"language": True},
    "quiz columns": {"quiz": True},
    "properties": {"created": datetime(2026, 10, 6, 12)},
}


@pytest.mark.parametrize("trait", TRAITS)
def test_a_workbook_reads_the_same_with(trait, desk, untouched):
    preview = desk.look(survey_workbook(**TRAITS[trait]))
    assert answers(preview).equals(answers(untouched))
    assert preview.problems.is_empty()
    assert preview.unmapped == ()


@pytest.mark.parametrize("locale", LEADING)
def test_the_leading_headers_are_known_in(locale, desk, untouched):
    preview = desk.look(survey_workbook(locale=locale))
    assert preview.unmapped == (), "a leading header was taken for a question"
    assert preview.problems.is_empty()
    assert preview.responses["completed_at"].to_list() == untouched.responses["completed_at"].to_list()
    assert preview.responses["is_identified"].all() == (LEADING[locale][2] is not None)


@pytest.mark.parametrize("locale", ["en", "es", "pt"])
def test_points_and_feedback_of_a_quiz_are_no_questions(locale, desk, untouched):
    preview = desk.look(survey_workbook(locale=locale, quiz=True))
    assert [column.header for column in preview.columns] == [column.header for column in untouched.columns]


def test_points_of_a_question_whose_header_is_cut_are_no_question(desk):
    survey = Survey(n=2, quiz=True, wordings={"comment": "Tell us " + "more " * 45})
    headers = [header if len(header) < 200 else header[:196] + "..." for header in survey.headers()]
    preview = desk.look(forms_workbook(headers, survey.rows()))
    assert [column.header[:12] for column in preview.unmapped] == ["Tell us more"]


def test_without_last_modified_the_completion_says_when_it_was_answered(desk, untouched):
    preview = desk.look(survey_workbook(last_modified=False))
    assert answers(preview, "answered_at").equals(answers(untouched, "answered_at"))
    assert preview.responses["answered_at"].equals(preview.responses["completed_at"], null_equal=False)


def test_a_blank_last_modified_falls_back_on_the_completion(untouched):
    modified = [row[5] for row in survey_rows()]
    expected = [later or row[2] for later, row in zip(modified, survey_rows(), strict=True)]
    assert untouched.responses["answered_at"].to_list() == expected
    assert None in modified and any(modified), "the look-alike must have both"


def test_serial_times_are_the_times_of_the_same_export_as_csv(desk):
    assert desk.take(survey_workbook()).status == "committed"
    again = desk.take(survey_csv(date_format="mdy"), "survey.csv", date_order="mdy")
    assert (again.status, again.rows_existing) == ("unchanged", 20)


def test_numeric_cells_are_levels(desk):
    preview = desk.look(survey_workbook(n=4, answers={"proficiency_outlook": [0, 1, 2, 3]}))
    assert preview.responses["proficiency_outlook"].to_list() == [0, 1, 2, 3]


def test_a_row_without_a_time_below_the_answers_is_set_aside(desk, untouched):
    preview = desk.look(survey_workbook(junk_rows_below=[[], ["Total", None, None, "20 people"]]))
    assert answers(preview).equals(answers(untouched))
    first = preview.problems.row(0, named=True)
    assert (first["row"], first["column"]) == (23, "Completion time")
    assert "expected a date and time" in first["reason"]


def test_a_column_that_somebody_added_is_left_out_and_named(desk, untouched):
    survey = Survey()
    rows = [[*row, "called her"] for row in survey.rows()]
    preview = desk.look(forms_workbook([*survey.headers(), "My notes"], rows))
    assert answers(preview).equals(answers(untouched))
    assert [column.header for column in preview.unmapped] == ["My notes"]


def test_notes_beside_the_answers_without_a_header_are_no_answers(desk, untouched):
    rows = [[*row, None, "called"] for row in Survey().rows()]
    assert answers(desk.look(forms_workbook(Survey().headers(), rows))).equals(answers(untouched))


def test_of_a_copy_with_fewer_rows_and_the_whole_the_whole_is_read(desk):
    survey = Survey()
    copy = [survey.headers(), *survey.rows()[:5]]
    assert desk.look(survey_workbook(extra_sheets_before={"Filtered": copy})).rows_read == 20


def test_a_sheet_that_is_a_chart_is_passed_over(desk):
    book = openpyxl.load_workbook(io.BytesIO(survey_workbook(n=3, prefix="")))
    book.create_chartsheet("Chart", 0)
    saved = io.BytesIO()
    book.save(saved)
    assert desk.look(saved.getvalue()).rows_read == 3


def test_a_file_without_answers_changes_nothing_and_says_so(desk):
    receipt = desk.take(survey_workbook(n=0))
    assert (receipt.status, receipt.rows_read) == ("unchanged", 0)
    assert "no answers yet" in receipt.message


def test_a_single_answer_is_enough(desk):
    assert desk.take(survey_workbook(n=1, blank_share=0)).rows_added == 1


def test_324_columns_are_read(desk, untouched):
    survey = Survey()
    more = 324 - len(survey.headers())
    headers = [*survey.headers(), *(f"Question {number}" for number in range(1, more + 1))]
    preview = desk.look(forms_workbook(headers, [[*row, *["x"] * more] for row in survey.rows()]))
    assert answers(preview).equals(answers(untouched))
    assert len(preview.unmapped) == more
