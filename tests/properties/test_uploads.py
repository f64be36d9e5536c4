"""Whatever is uploaded, in any order, any number of times, and taken out again: the tables are what they should be.

`expected` says what that is, in the shortest way: who holds a row, and who counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from pd_core.access import EVERYTHING, Scope
from pd_core.storage import Outcome, Store, queries, store_upload, undo_upload
from tests.storage.made_up import answers, row, upload

WAVES = ("Fall", "Spring")
File = tuple[str, list[dict[str, Any]]]


@st.composite
def made_up_rows(draw: st.DrawFn) -> dict[str, Any]:
    """An answer of one of a few people or of nobody known.

    A key always means the same person and school. Hour, completeness and answers differ where the row was edited
    between two exports.
    """
    key = draw(st.integers(0, 9))
    hour, is_complete = draw(st.sampled_from([(1, True), (2, True), (2, False), (3, True)]))
    has_topics = draw(st.booleans())
    return row(
        f"k{key}",
        f"p{key % 4}" if key < 7 else "",
        hour=hour + key % 3,
        is_complete=is_complete,
        school_id=("lincoln", "madrona")[key // 4 % 2],
        proficiency_teams=(hour + key) % 4,
        topics="a;b" if has_topics else None,
    )


def files_in(waves: tuple[str, ...]) -> st.SearchStrategy[list[File]]:
    file = st.tuples(st.sampled_from(waves), st.lists(made_up_rows(), min_size=1, max_size=7))
    return st.lists(file, min_size=1, max_size=4)


class Example:
    """The uploads of one example, in waves and with people of its own."""

    def __init__(self, store: Store, number: int) -> None:
        self.store = store
        self.number = number
        self.files = 0

    def put(self, file: File, reach: Scope = EVERYTHING) -> Outcome:
        wave, rows = file
        self.files += 1
        frame = self.own(answers(*rows))
        found = store_upload(
            self.store, upload(f"u{self.number}-{99 - self.files}", frame, f"{wave} {self.number}"), frame, reach=reach
        )
        assert found.rows_added + found.rows_existing + found.rows_replaced == len(rows), "the outcome does not add up"
        return found

    def own(self, rows: pl.DataFrame) -> pl.DataFrame:
        mine = pl.lit(f" of {self.number}")
        return rows.with_columns(pl.col("row_key") + mine, pl.col("person") + mine)

    def table(self) -> pl.DataFrame:
        """What counts, without what only says in which upload and when it was written."""
        names = ["wave_id", *answers().columns]
        columns = ", ".join(names)
        found = self.store.frame(
            f"select {columns} from ({queries.LIVE}) where wave_id in ($fall, $spring)",
            fall=f"{WAVES[0]} {self.number}",
            spring=f"{WAVES[1]} {self.number}",
        )
        return found.sort("wave_id", "person")

    def expected(self, files: list[File]) -> pl.DataFrame:
        """What should count: each row in the wave that had it first, each person once in a wave, with the best row."""
        holders: dict[str, str] = {}
        best: dict[tuple[str, str], dict[str, Any]] = {}
        for wave, rows in files:
            for answer in rows:
                holders.setdefault(answer["row_key"], wave)
        for wave, rows in files:
            for answer in rows:
                person = (wave, answer["person"])
                if holders[answer["row_key"]] == wave and (person not in best or rank(answer) > rank(best[person])):
                    best[person] = answer
        frame = self.own(answers(*best.values()))
        waves = pl.Series("wave_id", [f"{wave} {self.number}" for wave, _ in best], dtype=pl.String)
        return frame.insert_column(0, waves).sort("wave_id", "person")


def rank(answer: dict[str, Any]) -> tuple[Any, ...]:
    items = sum(answer[name] is not None for name in ("proficiency_teams", "topics"))
    return answer["is_complete"], answer["answered_at"], items, answer["row_key"]


@pytest.fixture(scope="module")
def example(shared_store: Store, numbers: Iterator[int]):
    return lambda: Example(shared_store, next(numbers))


def check_any_order(example: Any, data: st.DataObject) -> None:
    files = data.draw(files_in(WAVES[:1]))
    first, second = example(), example()
    for file in files:
        first.put(file)
    for file in data.draw(st.permutations(files)):
        second.put(file)
    own_names = pl.col("wave_id", "row_key", "person").str.replace(r" (of )?\d+$", "")
    assert_frame_equal(first.table().with_columns(own_names), second.table().with_columns(own_names))
    assert_frame_equal(first.table(), first.expected(files))


def check_undo(example: Any, data: st.DataObject) -> None:
    files = data.draw(files_in(WAVES))
    tables = example()
    held: list[tuple[str, File]] = []
    for file in files:
        before = tables.table()
        outcome = tables.put(file)
        if outcome.status == "unchanged":
            assert_frame_equal(tables.table(), before)
            continue
        held.append((str(outcome.upload_id), file))
        assert_frame_equal(tables.table(), tables.expected([file for _, file in held]))
    for upload_id, file in data.draw(st.permutations(held)):
        before = tables.table().height
        held.remove((upload_id, file))
        fewer = undo_upload(tables.store, upload_id, "test")
        assert_frame_equal(tables.table(), tables.expected([file for _, file in held]))
        assert tables.table().height == before - fewer
    assert tables.table().is_empty()


def check_again(example: Any, data: st.DataObject) -> None:
    files = data.draw(files_in(WAVES))
    tables = example()
    for file in files:
        tables.put(file)
    before, version = tables.table(), tables.store.version()
    for file in data.draw(st.lists(st.sampled_from(files), min_size=1, max_size=4)):
        assert tables.put(file).status == "unchanged"
    assert_frame_equal(tables.table(), before)
    assert tables.store.version() == version


def check_own_school(example: Any, data: st.DataObject) -> None:
    """The district and somebody who has one school upload in turn; the uploads of the latter are then taken out."""
    tables = example()
    of_district: list[File] = []
    of_one: list[str] = []
    for wave, rows in data.draw(files_in(WAVES)):
        mine = [answer for answer in rows if answer["school_id"] == "madrona"]
        is_one = bool(mine) and data.draw(st.booleans())
        before = others(tables.table())
        outcome = tables.put((wave, mine), MADRONA) if is_one else tables.put((wave, rows))
        if is_one:
            assert_frame_equal(others(tables.table()), before)
        if outcome.status == "committed" and is_one:
            of_one.append(str(outcome.upload_id))
        elif outcome.status == "committed":
            of_district.append((wave, rows))
    for upload_id in data.draw(st.permutations(of_one)):
        undo_upload(tables.store, upload_id, "test")
    assert_frame_equal(tables.table(), tables.expected(of_district))


MADRONA = Scope(frozenset({"madrona"}))


def others(table: pl.DataFrame) -> pl.DataFrame:
    """The answers that count from schools other than the one."""
    return table.filter(pl.col("school_id") != "madrona")


PROPERTIES = {
    "any order of the same files gives the same tables": check_any_order,
    "undo in any order equals never having uploaded it": check_undo,
    "the same file any number of times changes nothing": check_again,
    "uploads for one school change nothing of another": check_own_school,
}


@pytest.mark.parametrize("check", PROPERTIES.values(), ids=PROPERTIES)
@settings(max_examples=6)
@given(data=st.data())
def test_of_any_uploads(check: Any, example: Any, data: st.DataObject):
    check(example, data)


@pytest.mark.slow
@pytest.mark.parametrize("check", PROPERTIES.values(), ids=PROPERTIES)
@settings(max_examples=150)
@given(data=st.data())
def test_of_very_many_uploads(check: Any, example: Any, data: st.DataObject):
    check(example, data)
