"""The same answers, saved again in other ways than Excel's: with something lost, moved or renamed. They count once."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pd_core.codebook import Codebook
from pd_core.storage import open_store
from tests.forms import Survey, forms_csv, forms_workbook, google_workbook, survey_google_workbook
from tests.ingestion.conftest import Desk

LATE = datetime(2026, 10, 16, 8)
Sheet = tuple[list[str], list[list[Any]]]


def sheet(respondents: str = "anonymous", **survey: Any) -> Sheet:
    made = Survey(n=12, respondents=respondents, start=LATE, **survey)
    return made.headers(), made.rows()


def without(column: str, made: Sheet) -> Sheet:
    place = made[0].index(column)
    return [*made[0][:place], *made[0][place + 1 :]], [[*row[:place], *row[place + 1 :]] for row in made[1]]


def blanked(column: str, made: Sheet) -> Sheet:
    place = made[0].index(column)
    return made[0], [[*row[:place], None, *row[place + 1 :]] for row in made[1]]


def renamed(column: str, name: str, made: Sheet) -> Sheet:
    return [name if header == column else header for header in made[0]], made[1]


def moved_last(column: str, made: Sheet) -> Sheet:
    place = made[0].index(column)
    headers, rows = without(column, made)
    return [*headers, column], [[*row, old[place]] for row, old in zip(rows, made[1], strict=True)]


def with_gap(column: str, made: Sheet) -> Sheet:
    place = made[0].index(column)
    return [*made[0][:place], "", *made[0][place:]], [[*row[:place], None, *row[place:]] for row in made[1]]


def dates_only(made: Sheet) -> Sheet:
    return made[0], [
        [cell.replace(hour=0, minute=0, second=0) if isinstance(cell, datetime) else cell for cell in row]
        for row in made[1]
    ]


def a_second_later(made: Sheet) -> Sheet:
    late = timedelta(seconds=1)
    return made[0], [[cell + late if isinstance(cell, datetime) else cell for cell in row] for row in made[1]]


def renumbered(made: Sheet) -> Sheet:
    return made[0], [[row[0] + 40, *row[1:]] for row in made[1]]


CHANGES = {
    "without IDs": lambda made: without("ID", made),
    "with blank IDs": lambda made: blanked("ID", made),
    "with other IDs": renumbered,
    "with another name for the IDs": lambda made: renamed("ID", "No.", made),
    "with the IDs behind the questions": lambda made: moved_last("ID", made),
    "without addresses": lambda made: without("Email", made),
    "with blank addresses": lambda made: blanked("Email", made),
    "with another name for the addresses": lambda made: renamed("Email", "Staff e-mail", made),
    "with the addresses behind the questions": lambda made: moved_last("Email", made),
    "with another name for the start": lambda made: renamed("Start time", "Begun", made),
    "with another name for the completion": lambda made: renamed("Completion time", "Finished", made),
    "with the completion behind the questions": lambda made: moved_last("Completion time", made),
    "with an empty column in front of the addresses": lambda made: with_gap("Email", made),
    "with dates that lost their hours": dates_only,
    "with rounded seconds": a_second_later,
    "without IDs and addresses": lambda made: without("ID", without("Email", made)),
}


@pytest.fixture(scope="module", params=["anonymous", "named", "mixed"])
def original(
    request: pytest.FixtureRequest,
    store_of_schools: Path,
    codebook: Codebook,
    key: bytes,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[str, Desk]]:
    """Who answered, and a desk that has taken their export, for copies of it that change nothing there."""
    path = Path(shutil.copy(store_of_schools, tmp_path_factory.mktemp("original") / "pd.duckdb"))
    with contextlib.closing(open_store(str(path), list(codebook.items.values()))) as store:
        desk = Desk(codebook, store, key)
        assert desk.take(forms_workbook(*sheet(request.param))).rows_added == 12
        yield request.param, desk


@pytest.mark.parametrize("change", CHANGES)
def test_a_copy_counts_once_whichever_comes_first(change: str, original: tuple[str, Desk]) -> None:
    respondents, desk = original
    before = desk.store.version()
    receipt = desk.take(forms_workbook(*CHANGES[change](sheet(respondents))))
    assert (receipt.status, receipt.rows_added, desk.stored().height) == ("unchanged", 0, 12)
    assert desk.store.version() == before


@pytest.mark.parametrize("change", CHANGES)
def test_a_copy_that_came_first_counts_once_too(change: str, desk: Desk) -> None:
    desk.take(forms_workbook(*CHANGES[change](sheet())))
    receipt = desk.take(forms_workbook(*sheet()))
    assert (receipt.rows_added, desk.stored().height) == (0, 12)


@pytest.mark.parametrize("change", ["with another name for the addresses", "with the addresses behind the questions"])
def test_who_answered_twice_counts_once_though_the_addresses_are_moved_or_renamed(change: str, desk: Desk) -> None:
    twice = sheet("named", people=[1, 2, 3, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    assert desk.take(forms_workbook(*CHANGES[change](twice))).rows_added == 9


def test_a_question_about_somebody_elses_address_names_no_respondent(desk: Desk) -> None:
    headers, rows = sheet()
    asked = [*headers, "Your principal's e-mail"], [[*row, "pat@example.org"] for row in rows]
    assert desk.take(forms_workbook(*asked)).rows_added == 12


@pytest.mark.parametrize("change", ["without IDs", "with rounded seconds", "with dates that lost their hours"])
def test_a_copy_on_another_sheet_counts_once_although_something_is_lost_in_it(change: str, desk: Desk) -> None:
    headers, rows = CHANGES[change](sheet())
    receipt = desk.take(forms_workbook(*sheet(), extra_sheets_after={"Copy": [headers, *rows]}))
    assert (receipt.rows_read, receipt.rows_added) == (24, 12)


def test_an_export_below_another_on_another_clock_counts_once(desk: Desk) -> None:
    headers, rows = sheet()
    late = [[cell + timedelta(hours=1) if isinstance(cell, datetime) else cell for cell in row] for row in rows]
    assert desk.take(forms_workbook(headers, [*rows, headers, *late])).rows_added == 12


def test_a_google_form_that_was_linked_twice_counts_each_answer_once(desk: Desk) -> None:
    first, both = Survey(n=8, respondents="anonymous", start=LATE), Survey(n=12, respondents="anonymous", start=LATE)
    more = {"Form Responses 2": [both.google_headers(), *both.google_rows()]}
    rows = {name: [[", ".join(c) if isinstance(c, tuple) else c for c in row] for row in listed]
            for name, listed in more.items()}  # fmt: skip
    export = google_workbook(first.google_headers(), first.google_rows(), sheets_before={}, extra_sheets_after=rows)
    assert desk.take(export).rows_added == 12


@pytest.mark.parametrize("other", [Survey(n=12, respondents="anonymous", start=LATE, seed=2, first_id=1)])
def test_other_answers_of_the_same_days_all_count(other: Survey, desk: Desk) -> None:
    desk.take(forms_workbook(*sheet()))
    assert desk.take(forms_workbook(*dates_only((other.headers(), other.rows())))).rows_added == 12


def test_a_google_workbook_and_its_csv_are_the_same_answers(desk: Desk) -> None:
    survey = Survey(n=12, respondents="anonymous", start=LATE)
    desk.take(survey_google_workbook(n=12, respondents="anonymous", start=LATE))
    rows = [[", ".join(c) if isinstance(c, tuple) else c for c in row] for row in survey.google_rows()]
    copy = forms_csv(survey.google_headers(), rows, date_format="mdy-long")
    assert desk.take(copy, "survey.csv").rows_added == 0
