"""The same for real exports: written as files, read, validated, committed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from pd_core import ingestion
from pd_core.access import EVERYTHING
from pd_core.codebook import Codebook
from pd_core.ingestion import Choices, Receipt
from pd_core.storage import Store, open_store, queries, reference, undo_upload
from tests.forms import forms_csv, forms_workbook, survey_headers, survey_rows

KEY = b"a secret that only the tests know"
SCHOOLS = pl.DataFrame(
    {"school_id": ["lincoln", "madrona"], "name": ["Lincoln High", "Madrona K-8"], "headcount": [60, 12]}
).with_columns(aliases=pl.lit(""), level=pl.lit(""), region=pl.lit(""))
HEADERS = survey_headers()
ROWS = survey_rows(
    n=14,
    school=["Lincoln High", "Madrona K-8"],
    people=[1, 2, 3, 4, 5, 6, 1, 2, 9, 10, 3, 12, 13, 14],
    respondents="mixed",
    blank_share=0.1,
    spacing_seconds=40_000,
)
SCHOOL, COMPLETED = HEADERS.index("Which school do you work at?"), HEADERS.index("Completion time")
TEAMS = HEADERS.index("Teams")
SPOILT: list[tuple[int, Any]] = [
    (SCHOOL, "Atlantis High"),
    (SCHOOL, None),
    (COMPLETED, "yesterday"),
    (TEAMS, "Perhaps"),
]

# Rows of one export: places in ROWS, always in the order of completion, as an export has them.
exports = st.lists(st.sets(st.integers(0, len(ROWS) - 1), min_size=1, max_size=9).map(sorted), min_size=1, max_size=4)


class Desk:
    """Takes exports of ROWS into waves of its own."""

    def __init__(self, codebook: Codebook, store: Store) -> None:
        self.codebook = codebook
        self.store = store

    def take(self, rows: list[list[Any]], *, as_workbook: bool = False) -> Receipt:
        data = forms_workbook(HEADERS, rows) if as_workbook else forms_csv(HEADERS, rows)
        table = ingestion.read("survey.xlsx" if as_workbook else "survey.csv", data, self.codebook)
        preview = ingestion.prepare(table, self.codebook, self.store, KEY, EVERYTHING, Choices(date_order="mdy"))
        receipt = ingestion.commit(self.store, preview, "test")
        parts = (receipt.rows_added, receipt.rows_existing, receipt.rows_replaced, receipt.rows_set_aside)
        assert receipt.rows_read == sum(parts) == len(rows), f"the receipt does not add up: {receipt}"
        return receipt

    def table(self) -> pl.DataFrame:
        live = self.store.frame(f"select * exclude (number, response_id, upload_id) from ({queries.LIVE})")
        return live.sort("wave_id", "row_key")


@pytest.fixture(scope="module")
def new_desk(codebook: Codebook, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Desk]]:
    """A desk with a store of its own, which knows two schools."""
    folder: Path = tmp_path_factory.mktemp("exports")
    numbers, items = count(1), list(codebook.items.values())
    desks: list[Desk] = []

    def make() -> Desk:
        for desk in desks[:-1]:  # an example compares two at most
            desk.store.close()
        del desks[:-1]
        store = open_store(str(folder / f"{next(numbers)}.duckdb"), items)
        reference.set_schools(store, SCHOOLS, "test")
        desks.append(Desk(codebook, store))
        return desks[-1]

    yield make
    for desk in desks:
        desk.store.close()


def check_any_order(new_desk: Callable[[], Desk], data: st.DataObject) -> None:
    files = data.draw(exports)
    first, second = new_desk(), new_desk()
    for places in files:
        first.take([ROWS[place] for place in places])
    for places in data.draw(st.permutations(files)):
        second.take([ROWS[place] for place in places], as_workbook=data.draw(st.booleans()))
    assert_frame_equal(first.table(), second.table())
    everybody = {ROWS[place][3] for places in files for place in places} - {"anonymous"}
    nobody = {place for places in files for place in places if ROWS[place][3] == "anonymous"}
    assert first.table().height == len(everybody) + len(nobody)


def check_undo_and_again(new_desk: Callable[[], Desk], data: st.DataObject) -> None:
    desk = new_desk()
    for places in data.draw(exports):
        before = desk.table()
        rows = [ROWS[place] for place in places]
        receipt = desk.take(rows)
        after = desk.table()
        again = desk.take(rows)
        assert (again.status, again.rows_existing) == ("unchanged", len(rows))
        assert_frame_equal(desk.table(), after)
        if receipt.status == "committed" and data.draw(st.booleans()):
            undo_upload(desk.store, str(receipt.upload_id), "test")
            assert_frame_equal(desk.table(), before)
            assert desk.take(rows).status == "committed"
            assert_frame_equal(desk.table(), after)


def check_spoilt_rows(new_desk: Callable[[], Desk], data: st.DataObject) -> None:
    desk = new_desk()
    places = data.draw(st.sets(st.integers(0, len(ROWS) - 1), min_size=2).map(sorted))
    spoilt = data.draw(st.dictionaries(st.sampled_from(places[1:]), st.sampled_from(SPOILT), max_size=5))
    rows = [list(ROWS[place]) for place in places]
    for place, (column, value) in spoilt.items():
        rows[places.index(place)][column] = value
    receipt = desk.take(rows)
    assert receipt.rows_set_aside == len(spoilt), receipt.message
    assert {problem["row"] for problem in receipt.problems} == {places.index(place) + 2 for place in spoilt}
    mended = desk.take([ROWS[place] for place in places])
    assert mended.rows_set_aside == 0
    other = new_desk()
    other.take([ROWS[place] for place in places])
    assert_frame_equal(desk.table(), other.table())


PROPERTIES = {
    "any order of exports of the same rows gives the same tables": check_any_order,
    "undo restores the tables and the same file twice changes nothing": check_undo_and_again,
    "a receipt with spoilt rows adds up and the mended file completes it": check_spoilt_rows,
}


@pytest.mark.parametrize("check", PROPERTIES.values(), ids=PROPERTIES)
@settings(max_examples=5)
@given(data=st.data())
def test_of_any_exports(check: Any, new_desk: Callable[[], Desk], data: st.DataObject):
    check(new_desk, data)


@pytest.mark.slow
@pytest.mark.parametrize("check", PROPERTIES.values(), ids=PROPERTIES)
@settings(max_examples=60)
@given(data=st.data())
def test_of_very_many_exports(check: Any, new_desk: Callable[[], Desk], data: st.DataObject):
    check(new_desk, data)
