"""However Excel, LibreOffice and Google save a file again: the same tables, or a question, never other numbers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pd_core.errors import UserError
from pd_core.ingestion import Receipt
from tests.forms import forms_csv, forms_workbook
from tests.properties.conftest import Desk
from tests.properties.test_exports import HEADERS, ROWS

LEADING = 6
Sheet = tuple[list[str], list[list[Any]]]


def shifted(sheet: Sheet, hours: float) -> Sheet:
    late = timedelta(hours=hours)
    return sheet[0], [[cell + late if isinstance(cell, datetime) else cell for cell in row] for row in sheet[1]]


def without_seconds(sheet: Sheet) -> Sheet:
    rows = [[c.replace(second=0) if isinstance(c, datetime) else c for c in row] for row in sheet[1]]
    return sheet[0], rows


def with_ids(sheet: Sheet, written: str) -> Sheet:
    return sheet[0], [[written.format(row[0]), *row[1:]] for row in sheet[1]]


def reordered(sheet: Sheet, order: list[int]) -> Sheet:
    places = [*range(LEADING), *(LEADING + place for place in order)]
    return [sheet[0][place] for place in places], [[row[place] for place in places] for row in sheet[1]]


def respaced(sheet: Sheet, blank: str) -> Sheet:
    return [header.replace(" ", blank) + blank for header in sheet[0]], sheet[1]


def with_blank_rows(sheet: Sheet, at: int) -> Sheet:
    rows = list(sheet[1])
    rows.insert(min(at, len(rows)), [None] * len(sheet[0]))
    return sheet[0], rows


def with_blank_column(sheet: Sheet, at: int) -> Sheet:
    at = min(at, len(sheet[0]))
    return [*sheet[0][:at], "", *sheet[0][at:]], [[*row[:at], None, *row[at:]] for row in sheet[1]]


def reordered_all(sheet: Sheet, order: list[int]) -> Sheet:
    """Every column elsewhere, those in front of the questions too."""
    places = [place for place in order if place < len(sheet[0])]
    return [sheet[0][place] for place in places], [[row[place] for place in places] for row in sheet[1]]


def renamed(sheet: Sheet, header: str) -> Sheet:
    return [f"My {known}" if known == header else known for known in sheet[0]], sheet[1]


def without(sheet: Sheet, header: str) -> Sheet:
    place = sheet[0].index(header)
    return reordered_all(sheet, [at for at in range(len(sheet[0])) if at != place])


def dates_only(sheet: Sheet) -> Sheet:
    rows = [[c.replace(hour=0, minute=0, second=0) if isinstance(c, datetime) else c for c in row] for row in sheet[1]]
    return sheet[0], rows


def with_columns_added(sheet: Sheet, header: str) -> Sheet:
    return [*sheet[0], header], [[*row, "checked"] for row in sheet[1]]


def as_file(sheet: Sheet, kind: str) -> tuple[bytes, str]:
    if kind == "xlsx":
        return forms_workbook(*sheet, prefix="", table=None, last_row=1_048_576), "again.xlsx"
    delimiter, encoding, dates = kind.split("|")
    return forms_csv(*sheet, delimiter=delimiter, encoding=encoding, date_format=dates), "again.csv"


CHANGES = (
    st.sampled_from([-9, -1, 1, 1.5, 2]).map(lambda hours: lambda sheet: shifted(sheet, hours)),
    st.just(without_seconds),
    st.sampled_from(["{:03d}", "{},00", "{}.0"]).map(lambda written: lambda sheet: with_ids(sheet, written)),
    st.permutations(range(len(HEADERS) - LEADING)).map(lambda order: lambda sheet: reordered(sheet, order)),
    st.sampled_from(["\xa0", "  ", "\n"]).map(lambda blank: lambda sheet: respaced(sheet, blank)),
    st.integers(0, 9).map(lambda at: lambda sheet: with_blank_rows(sheet, at)),
    st.sampled_from(["ID", "Email", "Start time", "Completion time"]).map(
        lambda header: lambda sheet: renamed(sheet, header)
    ),
    st.integers(0, 9).map(lambda at: lambda sheet: with_blank_column(sheet, at)),
    st.sampled_from(["", "My notes", "Column1"]).map(lambda header: lambda sheet: with_columns_added(sheet, header)),
)
# Each alone: with a clock that is off, or without seconds, nothing would be left to know a row by.
LOSSES = (
    st.just(lambda sheet: without(sheet, "ID")),
    st.permutations(range(len(HEADERS))).map(lambda order: lambda sheet: reordered_all(sheet, order)),
)
# Who is who, and what came last, is known from the whole file alone: it comes first.
LATE_LOSSES = (st.just(lambda sheet: without(sheet, "Email")), st.just(dates_only))
KINDS = st.sampled_from(
    [
        ",|mac_roman|mdy",
        ",|cp850|mdy-seconds",
        "xlsx",
        ",|utf-8-sig|mdy",
        ";|cp1252|mdy-long",
        "\t|utf-16|mdy-seconds",
        ",|utf-8|iso",
    ]
)


def take(desk: Desk, data: bytes, file: str) -> Receipt | None:
    """The receipt of a file, or null where a person is asked."""
    try:
        return desk.take_file(data, file)
    except UserError:
        return None


def counted(desk: Desk) -> pl.DataFrame:
    """Who counts, with every answer: all but the times, of which a copy may have lost the seconds."""
    times = ("started_at", "completed_at", "answered_at", "row_key", "person", "origin")
    table = desk.table().drop(times)
    return table.sort(table.columns)


def check(new_desk: Callable[[], Desk], data: st.DataObject) -> None:
    rows = [list(ROWS[place]) for place in sorted(data.draw(st.sets(st.integers(0, len(ROWS) - 1), min_size=3)))]
    once, again = new_desk(), new_desk()
    first: Sheet = (HEADERS, rows)
    second = first
    for kind in CHANGES:  # each at most once, in any company
        change = data.draw(st.one_of(st.none(), kind))
        second = change(second) if change else second
    files = [as_file(first, "xlsx"), as_file(second, data.draw(KINDS))]
    take(once, *files[0])
    for place in data.draw(st.permutations([0, 1, 0])):
        take(again, *files[place])
    assert counted(again).equals(counted(once))


def check_loss(new_desk: Callable[[], Desk], data: st.DataObject) -> None:
    rows = [list(ROWS[place]) for place in sorted(data.draw(st.sets(st.integers(0, len(ROWS) - 1), min_size=3)))]
    once, again = new_desk(), new_desk()
    is_late = data.draw(st.booleans())
    lost = data.draw(st.one_of(LATE_LOSSES if is_late else LOSSES))((HEADERS, rows))
    files = [as_file((HEADERS, rows), "xlsx"), as_file(lost, data.draw(KINDS))]
    take(once, *files[0])
    for place in [0, 1, 0] if is_late else data.draw(st.permutations([0, 1, 0])):
        take(again, *files[place])
    assert counted(again).equals(counted(once))


@settings(max_examples=5)
@given(data=st.data())
def test_a_file_that_lost_a_column_gives_the_same_tables_or_a_question(
    new_desk: Callable[[], Desk], data: st.DataObject
) -> None:
    check_loss(new_desk, data)


@settings(max_examples=5)
@given(data=st.data())
def test_a_file_that_was_saved_again_gives_the_same_tables_or_a_question(
    new_desk: Callable[[], Desk], data: st.DataObject
) -> None:
    check(new_desk, data)


@pytest.mark.slow
@settings(max_examples=40)
@given(data=st.data())
def test_files_that_were_saved_again_in_very_many_ways_give_the_same_tables_or_a_question(
    new_desk: Callable[[], Desk], data: st.DataObject
) -> None:
    check(new_desk, data)


@pytest.mark.slow
@settings(max_examples=60)
@given(data=st.data())
def test_files_that_lost_a_column_in_very_many_ways_give_the_same_tables_or_a_question(
    new_desk: Callable[[], Desk], data: st.DataObject
) -> None:
    check_loss(new_desk, data)
