"""A clock that jumps, or that differs between two servers: the latest change counts, and every change is seen."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from pd_core.access import EVERYTHING
from pd_core.storage import Store, change, queries, reference, roles, undo_upload
from tests.conftest import SCHOOLS
from tests.storage.conftest import make_tables
from tests.storage.made_up import answers, counting, people, put, row, staff

JUMPS = pytest.mark.parametrize("year", [1999, 2199], ids=["back", "forward"])
EMAIL = "ada@example.org"


@contextmanager
def clock_of(year: int) -> Iterator[None]:
    """What is written in this block is written in that year, by the computer's clock."""

    class Clock(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> datetime:
            return datetime(year, 1, 1, tzinfo=UTC)

    with pytest.MonkeyPatch.context() as jumped:
        jumped.setattr(change, "datetime", Clock)
        yield


@JUMPS
def test_a_clock_that_jumps_leaves_changes_in_their_order(store: Store, year: int) -> None:
    seen = [store.version()]
    put(store, "before", staff(["Ada"]))
    seen.append(store.version())
    with clock_of(year):
        put(store, "during", staff(["Ben"]))
        seen.append(store.version())
        undo_upload(store, "before", "Mia")
        seen.append(store.version())
    put(store, "after", staff(["Cleo"]))
    seen.append(store.version())
    numbers = dict(store.frame("select upload_id, number from store.upload").iter_rows())
    assert numbers["before"] < numbers["during"] < numbers["after"]
    assert len(set(seen)) == len(seen), "figures are made anew after each"
    assert set(counting(store)) == {"Ben", "Cleo"}


@JUMPS
def test_whatever_the_clock_says_the_latest_list_and_the_latest_role_count(store: Store, year: int) -> None:
    reference.set_schools(store, SCHOOLS, "Mia")
    roles.put_person(store, EMAIL, "principal", ["lincoln"], "Mia")
    with clock_of(year):
        reference.set_schools(store, SCHOOLS.head(2), "Mia")
        roles.remove_person(store, EMAIL, "Mia")
        assert roles.person(store, EMAIL) is None, "who lost a role lost it at once"
        assert queries.schools(store, EVERYTHING).height == 2
    roles.put_person(store, EMAIL, "mie", ["madrona"], "Mia")
    reference.set_schools(store, SCHOOLS.head(3), "Mia")
    assert roles.person(store, EMAIL) == {"email": EMAIL, "role": "mie", "school_ids": "madrona"}
    assert queries.schools(store, EVERYTHING).height == 3
    kinds = store.frame("select kind from store.event order by number")["kind"].to_list()
    assert kinds == ["people"] * 3


@JUMPS
def test_a_persons_later_answer_counts_and_not_the_one_that_was_stored_later(store: Store, year: int) -> None:
    put(store, "late", answers(row("late", "Ada", hour=50)))
    with clock_of(year):
        put(store, "early", answers(row("early", "Ada", hour=1)))
    assert counting(store) == {"Ada": "late"}


@JUMPS
def test_a_store_that_was_closed_while_the_clock_was_wrong_goes_on(
    location: str, lake: Path, opened: Callable[[object], Store], year: int
) -> None:
    make_tables(location, lake)
    with clock_of(year):
        first = opened(location)
        put(first, "first", staff(["Ada"]))
        first.close()
    store = opened(location)
    put(store, "second", staff(["Ben"]))
    assert queries.uploads(store)["upload_id"].to_list() == ["second", "first"], "latest first"


@pytest.mark.slow
@pytest.mark.shared
@pytest.mark.parametrize("location", ["postgres", "ducklake in postgres"], indirect=True)
@JUMPS
def test_servers_whose_clocks_differ_see_what_the_other_writes(
    store: Store, location: str, opened: Callable[[object], Store], year: int
) -> None:
    other = opened(location)
    other.keep_mirror(100)
    for number in range(3):
        with clock_of(year):
            put(store, f"ours {number}", staff([f"Ada {number}"]))
        assert people(other) == 2 * number + 1
        put(other, f"theirs {number}", staff([f"Ben {number}"]))
        assert people(store) == 2 * number + 2
    numbers = store.frame("select upload_id, number from store.upload order by number")["upload_id"].to_list()
    assert numbers == [f"{whose} {number}" for number in range(3) for whose in ("ours", "theirs")]
