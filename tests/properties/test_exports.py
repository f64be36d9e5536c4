"""The same for real exports: written as files, read, validated, committed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from pd_core.storage import undo_upload
from tests.forms import survey_headers, survey_rows
from tests.properties.conftest import Desk

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
