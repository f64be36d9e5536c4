"""Uploads for one school: they count next to answers from other schools, and touch none of them."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from pd_core.access import EVERYTHING, Scope
from pd_core.errors import RefusedAccess
from pd_core.storage import Store, queries, store_upload, undo_upload
from pd_core.storage.current_responses import settle
from tests.storage.made_up import FALL, answers, counting, counts, put, row, upload

MADRONA = Scope(frozenset({"madrona"}))


def madrona(row_key: str, person: str, **values: Any) -> pl.DataFrame:
    """An answer of this person from Madrona."""
    return answers(row(row_key, person, school_id="madrona", **values))


def counting_at_schools(store: Store) -> list[tuple[str, str, str]]:
    """Person, school and row of what counts."""
    return store.frame(f"select person, school_id, row_key from ({queries.LIVE}) order by all").rows()


AT_LINCOLN, AT_MADRONA = ("Ada", "lincoln", "at lincoln"), ("Ada", "madrona", "at madrona")


@pytest.mark.parametrize("hour", [0, 5], ids=["earlier", "later"])
@pytest.mark.parametrize("is_first", [True, False], ids=["first", "second"])
def test_what_is_uploaded_for_one_school_counts_beside_an_answer_from_another(store: Store, hour: int, is_first: bool):
    def for_madrona() -> None:
        own = put(store, "own", madrona("at madrona", "Ada", hour=hour), reach=MADRONA)
        assert counts(own) == (1, 0, 0), "the outcome does not depend on other schools"

    if is_first:
        for_madrona()
    put(store, "office", answers(row("at lincoln", "Ada", hour=1)))
    if not is_first:
        for_madrona()
    assert counting_at_schools(store) == [AT_LINCOLN, AT_MADRONA]
    settle(store, FALL)
    assert counting_at_schools(store) == [AT_LINCOLN, AT_MADRONA]
    undo_upload(store, "own", "Mia")
    assert counting_at_schools(store) == [AT_LINCOLN]


def test_two_schools_that_upload_for_themselves_do_not_touch_each_other(store: Store):
    lincoln = Scope(frozenset({"lincoln"}))
    put(store, "of madrona", madrona("at madrona", "Ada", hour=9), reach=MADRONA)
    assert counts(put(store, "of lincoln", answers(row("at lincoln", "Ada", hour=1)), reach=lincoln)) == (1, 0, 0)
    assert counting_at_schools(store) == [AT_LINCOLN, AT_MADRONA]


def test_a_school_keeps_its_own_answer_when_those_of_others_are_taken_out(store: Store):
    put(store, "first", answers(row("at lincoln", "Ada", hour=1)))
    put(store, "second", answers(row("again", "Ada", hour=2)))
    put(store, "own", madrona("at madrona", "Ada", hour=5), reach=MADRONA)
    undo_upload(store, "second", "Mia")
    assert counting_at_schools(store) == [AT_LINCOLN, AT_MADRONA]


@pytest.mark.parametrize("order", [("office", "own"), ("own", "office")], ids=" then ".join)
def test_within_a_school_the_later_answer_counts_whoever_uploads_it(store: Store, order: tuple[str, str]):
    hours = {"office": 1, "own": 5}
    for name in order:
        rows = madrona(f"of {name}", "Ada", hour=hours[name])
        put(store, name, rows, reach=MADRONA if name == "own" else EVERYTHING)
    assert counting_at_schools(store) == [("Ada", "madrona", "of own")]


@pytest.mark.parametrize("is_elsewhere", [False, True])
def test_the_counts_are_the_same_where_the_own_answer_gave_way_to_one_from_another_school(
    store: Store, is_elsewhere: bool
):
    put(store, "office", madrona("at madrona", "Ada", hour=1))
    if is_elsewhere:
        put(store, "office later", answers(row("at lincoln", "Ada", hour=2)))
    assert counts(put(store, "own", madrona("again", "Ada", hour=5), reach=MADRONA)) == (0, 0, 1)


def test_who_uploads_for_one_school_replaces_its_own_answers_as_ever(store: Store):
    put(store, "moved", madrona("at madrona", "Ada", hour=2))
    assert counts(put(store, "own", madrona("later", "Ada", hour=5), reach=MADRONA)) == (0, 0, 1)
    assert counting(store) == {"Ada": "later"}


def test_who_uploads_for_one_school_does_not_read_whose_file_held_its_rows(store: Store):
    rows = madrona("one", "Ada")
    store_upload(store, upload("of the office", rows, content="the same"), rows, reach=EVERYTHING)
    again = store_upload(store, upload("own", rows, content="the same"), rows, reach=MADRONA)
    told = (again.status, again.upload_id, again.earlier_file, again.earlier_at)
    assert told == ("unchanged", None, "", None)


def test_rows_of_a_school_out_of_reach_are_refused(store: Store):
    with pytest.raises(RefusedAccess):
        put(store, "own", pl.concat([madrona("one", "Ada"), answers(row("two", "Ben"))]), reach=MADRONA)
    assert not queries.has_uploads(store)
