"""Rows of one file that can't all hold: one answer that says two things, an account that many use, several surveys."""

from datetime import datetime, timedelta

from tests.forms import Survey, forms_workbook, survey_workbook
from tests.ingestion.conftest import Desk

SURVEY = Survey(n=10, seed=3, blank_share=0)
WORD, MODIFIED = SURVEY.headers().index("Word"), SURVEY.headers().index("Last modified time")


def changed(*, days_later: int | None = None) -> list[list]:
    """The first three rows with another answer about Word."""
    rows = SURVEY.rows()[:3]
    for row in rows:
        row[WORD] = "I have not used it" if row[WORD] != "I have not used it" else "I use it on my own"
        row[MODIFIED] = row[2] + timedelta(days=days_later) if days_later else None
    return rows


def test_a_row_that_comes_twice_with_other_answers_is_set_aside_both_times(desk: Desk) -> None:
    first = SURVEY.rows()
    for row in first[:3]:
        row[MODIFIED] = None
    receipt = desk.take(forms_workbook(SURVEY.headers(), [*first, *changed()]))
    assert (receipt.rows_read, receipt.rows_added, receipt.rows_set_aside) == (13, 7, 6)
    assert {problem["column"] for problem in receipt.problems} == {"Word"}
    assert "row 12 is the same answer and says something else" in receipt.problems[0]["reason"]


def test_a_raw_and_a_cleaned_sheet_are_compared_and_the_sheet_is_named(desk: Desk) -> None:
    cleaned = {"Cleaned": [SURVEY.headers(), *changed()]}
    first = SURVEY.rows()
    for row in first[:3]:
        row[MODIFIED] = None
    receipt = desk.take(forms_workbook(SURVEY.headers(), first, sheet="Raw", extra_sheets_after=cleaned))
    assert (receipt.rows_added, receipt.rows_set_aside) == (7, 6)
    assert "row 2 of sheet “Cleaned” is the same answer" in receipt.message


def test_of_a_row_that_comes_twice_the_later_one_counts(desk: Desk) -> None:
    receipt = desk.take(forms_workbook(SURVEY.headers(), [*SURVEY.rows(), *changed(days_later=9)]))
    assert (receipt.rows_added, receipt.rows_existing, receipt.rows_set_aside) == (10, 3, 0)


def test_a_blank_and_another_comment_contradict_nothing(desk: Desk) -> None:
    again = SURVEY.rows()[:3]
    for row in again:
        row[WORD], row[-1] = None, "Another comment"
    receipt = desk.take(forms_workbook(SURVEY.headers(), [*SURVEY.rows(), *again]))
    assert (receipt.rows_added, receipt.rows_existing, receipt.rows_set_aside) == (10, 3, 0)


def test_answers_of_one_address_are_said_to_count_once(desk: Desk) -> None:
    receipt = desk.take(survey_workbook(n=8, people=[1, 2, 2, 2, 2, 2, 2, 3]))
    assert (receipt.rows_added, receipt.rows_replaced) == (3, 5)
    assert "6 answers came from one address" in receipt.message
    assert "one address" not in desk.take(survey_workbook(n=4, people=[7, 7, 7, 8])).message


def test_a_form_that_was_used_in_two_years_is_said_to_count_in_one_wave(desk: Desk) -> None:
    years = [Survey(n=6, seed=year, first_id=year, start=datetime(year, 10, 5, 8)).rows() for year in (2025, 2026)]
    receipt = desk.take(forms_workbook(SURVEY.headers(), [*years[0], *years[1]]))
    assert "from October 5, 2025 to October 5, 2026, and all count in one wave" in receipt.message
