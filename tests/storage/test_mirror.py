"""The copy in memory from which a store in PostgreSQL is read: never another answer than PostgreSQL's own."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from pd_core.codebook import Codebook, Item
from pd_core.entities import PlanSession
from pd_core.error_log import LOG
from pd_core.errors import StoreError
from pd_core.storage import Store, erasure, mirror, queries, reference, undo_upload
from pd_core.storage.migrate import quoted, table_names
from pd_core.storage.plans import put_plan_changes
from tests.conftest import SCHOOLS
from tests.postgres import Server
from tests.storage.made_up import SPRING, answers, people, put, row, staff
from tests.waiting import wait_until

pytestmark = [pytest.mark.slow, pytest.mark.shared]

Open = Callable[[object], Store]
MEGABYTES = 500


@pytest.fixture
def read(postgres: Server, opened: Open) -> Iterator[Store]:
    """A server's store, which has its copy."""
    store = opened(postgres.database())
    store.keep_mirror(MEGABYTES)
    wait_until(lambda: has_copy(store), "there is a copy")
    yield store


def has_copy(store: Store) -> bool:
    return store.mirror is not None and store.mirror.frame("select 1 as one", {}, store.revision()) is not None


@pytest.fixture
def other(read: Store, opened: Open) -> Store:
    """The same store as another server has it, which writes, and reads PostgreSQL itself."""
    return opened(read.location)


def copied(store: Store, sql: str) -> pl.DataFrame:
    """What the copy says; it has to be there, or come back."""
    assert store.mirror is not None
    found: list[pl.DataFrame] = []

    def is_answered() -> bool:
        one = store.mirror.frame(sql, {}, store.revision()) if store.mirror else None
        found.extend([] if one is None else [one])
        return bool(found)

    wait_until(is_answered, "the copy answers")
    return found[0]


def assert_same(read: Store, direct: Store) -> None:
    """Each table, and what the pages ask, read from the copy and from PostgreSQL."""
    with direct.cursor() as cursor:
        cursor.execute("call pg_clear_cache()")  # DuckDB keeps which columns there were
    for table in table_names():
        sql = f"select * from store.{quoted(table)} order by all"
        found, there = copied(read, sql), direct._ask(sql, {})
        unknown = there.drop(found.columns)  # of an item that no one has answered yet
        assert all(column.is_null().all() for column in unknown)
        assert_frame_equal(found, there.select(found.columns))
    for sql in (f"select person, row_key, samr_teams from ({queries.LIVE})", queries.LIVE_UPLOADS):
        assert_frame_equal(copied(read, f"{sql} order by all"), direct._ask(f"{sql} order by all", {}))


def planned() -> list[tuple[None, PlanSession]]:
    at = datetime(2031, 1, 1, 15, 30)
    return [(None, PlanSession("S001", "agreed", ("lincoln",), "training", "mia", "slot", at, at, 8))]


WRITES: dict[str, Callable[[Store, Codebook], object]] = {
    "an upload": lambda store, _: put(store, "first", staff(["Ada", "Ben"], comment="“ünï”,\n\\;'")),
    "one of another wave": lambda store, _: put(store, "second", staff(["Ada", "Cleo"]), SPRING),
    "a later answer of a person": lambda store, _: put(store, "third", answers(row("late", "Ada", hour=50))),
    "an upload that is undone": lambda store, _: undo_upload(store, "third", "Mia"),
    "schools": lambda store, _: reference.set_schools(store, SCHOOLS, "Mia"),
    "a change of the plan": lambda store, _: put_plan_changes(store, "Mia", "agreed", lambda _: planned()),
    "an event": lambda store, _: store.note("refused", "Mia", ["lincoln"], "another page"),
    "an item": lambda store, codebook: store.add_items(
        [dataclasses.replace(codebook.items["proficiency_teams"], item_id="proficiency_new")]
    ),
    "an answer to it": lambda store, _: put(
        store, "fourth", staff(["Dan"]).with_columns(proficiency_new=pl.lit(2, pl.Int16))
    ),
    "a person who is forgotten": lambda store, _: erasure.forget(store, "Ada", "Mia"),
    "answers that are too old": lambda store, _: erasure.retain(store, 1, date(2040, 1, 1), "Mia"),
}


@pytest.mark.parametrize("is_of_other", [False, True], ids=["by this server", "by another server"])
def test_after_each_kind_of_write_the_copy_says_what_postgresql_says(
    read: Store, other: Store, codebook: Codebook, is_of_other: bool
) -> None:
    assert_same(read, other)
    for _, write in WRITES.items():
        write(other if is_of_other else read, codebook)
        assert_same(read, other)
    assert read.frame("select * from store.response").height == other.frame("select * from store.response").height


def test_an_item_that_was_just_added_is_read_before_anyone_answered_it(
    read: Store, other: Store, codebook: Codebook
) -> None:
    put(other, "first", staff(["Ada"]))
    WRITES["an item"](other, codebook)
    WRITES["an item"](read, codebook)  # as a server does that learns of it
    assert read.frame("select proficiency_new from store.response")["proficiency_new"].to_list() == [None]
    assert copied(read, "select proficiency_new from store.response").height == 1


def test_pages_read_from_the_copy_what_was_written_a_moment_ago(read: Store, other: Store) -> None:
    for number in range(3):
        put(other, f"theirs {number}", staff([f"Ada {number}"]))
        assert people(read) == 2 * number + 1
        put(read, f"ours {number}", staff([f"Ben {number}"]))
        assert people(read) == 2 * number + 2
    assert read.mirror is not None
    assert read.mirror.frame("select 1 as one", {}, read.revision()) is not None, "it was the copy that answered"


def test_a_server_that_no_one_reads_lets_go_of_who_was_forgotten(
    read: Store, other: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mirror, "LOOK_SECONDS", 0.05)
    put(other, "first", staff(["Ada", "Ben"]))
    assert people(read) == 2
    assert read.mirror is not None
    read.mirror._wake.set()
    before = read.mirror._copy
    erasure.forget(other, "Ada", "Mia")
    wait_until(lambda: read.mirror is not None and read.mirror._copy not in (None, before), "a new copy is made")
    assert before is not None
    with pytest.raises(Exception, match="closed"):
        before.frame("select * from store.response", {})
    assert copied(read, "select distinct person from store.response")["person"].to_list() == ["Ben"]


def test_a_copy_that_has_no_room_is_given_up_and_postgresql_answers(
    postgres: Server, opened: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mirror, "directory_of", lambda location: tmp_path)
    store = opened(postgres.database())
    put(store, "first", staff(f"person {number}" for number in range(20_000)))
    store.keep_mirror(4)
    log = tmp_path / LOG
    wait_until(log.exists, "the log says it")
    assert "takes more than 4 MB; PostgreSQL is read instead" in log.read_text(encoding="utf-8")
    assert not has_copy(store)
    assert people(store) == 20_000


def test_the_database_that_is_put_back_to_an_earlier_state_is_copied_anew(
    read: Store, other: Store, postgres: Server
) -> None:
    put(other, "first", staff(["Ada"]))
    put(other, "second", staff(["Ben"]))
    assert people(read) == 2
    with other.cursor() as cursor:
        cursor.begin()
        for table in ("change", "upload", "response"):
            cursor.execute(f"delete from store.{table} where number = (select max(number) from store.{table})")
        cursor.commit()
    assert_same(read, other)
    assert people(read) == 1


def test_while_postgresql_is_away_its_copy_is_not_shown_as_if_it_were_there(read: Store, postgres: Server) -> None:
    put(read, "first", staff(["Ada"]))
    assert people(read) == 1
    postgres.stop()
    try:
        with pytest.raises(StoreError, match="does not answer"):
            people(read)
    finally:
        postgres.start()
    assert people(read) == 1
    assert put(read, "second", staff(["Ben"])).status == "committed"
    assert people(read) == 2


def test_the_copy_is_in_memory_alone(read: Store, items: list[Item]) -> None:
    put(read, "first", staff(["Ada"]))
    files = copied(read, "select path, internal from duckdb_databases() where not internal and database_name = 'store'")
    assert files["path"].to_list() == [None]
    assert copied(read, "select current_setting('temp_directory') as folder").item() == ""
