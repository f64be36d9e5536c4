"""A store that one process holds and another one's commands use: as if they had it themselves."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest

from pd_core.codebook import Item
from pd_core.errors import StoreError, StoreInUse
from pd_core.storage import Store, copies, queries, reach_store, served, undo_upload, wire
from pd_core.storage.reached import ReachedStore
from pd_core.storage.served import Served
from tests.storage.made_up import put, staff
from tests.waiting import wait_until

Open = Callable[[object], Store]


def test_each_sees_at_once_what_the_other_writes(held: Store, reached: ReachedStore) -> None:
    put(reached, "theirs", staff(["Ada", "Ben"]))
    assert queries.uploads(held)["upload_id"].to_list() == ["theirs"]
    put(held, "ours", staff(["Cleo"]))
    assert queries.uploads(reached).height == 2 and reached.version() == held.version()
    assert undo_upload(reached, "ours", "Mia") == 1
    assert queries.uploads(held)["is_undone"].to_list().count(True) == 1
    assert reached.holder == os.getpid()


def test_values_arrive_as_what_they_are(reached: ReachedStore) -> None:
    sent = {
        "n": 7,
        "x": 0.5,
        "t": "“é”",
        "b": True,
        "none": None,
        "d": date(2026, 11, 6),
        "at": datetime(2026, 11, 6, 7),
    }
    found = reached.frame("select $n, $x, $t, $b, $none, $d, $at", **sent).row(0)
    assert found == tuple(sent.values())
    assert reached.frame("select list_contains($some, 'a') as a, len($none) as n", some=["a"], none=[]).row(0) == (
        True,
        0,
    )


def test_an_error_of_the_database_is_the_same_error(reached: ReachedStore) -> None:
    with pytest.raises(duckdb.CatalogException, match="no_such_table"):
        reached.frame("select * from store.no_such_table")
    assert reached.frame("select 1 as one").item() == 1


def test_a_copy_is_made_by_the_holder(held: Store, reached: ReachedStore) -> None:
    put(held, "first", staff(["Ada"]))
    copy = reached.copy()
    assert copies.contents(copy).tables["upload"] == 1
    copies.delete(copy)


def test_many_writers_on_both_sides_lose_nothing(held: Store, reached: ReachedStore) -> None:
    failures: list[BaseException] = []

    def work(store: Store, name: str) -> None:
        try:
            for number in range(5):
                put(store, f"{name} {number}", staff([f"{name} {number}", "someone in all"]))
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(s, n)) for s, n in ((held, "a"), (reached, "b"), (reached, "c"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert queries.uploads(held).height == 15
    assert held.frame("select number from store.change").to_series().is_unique().all()


def test_a_command_that_ends_in_mid_transaction_leaves_nothing_and_holds_up_no_one(
    held: Store, reached: ReachedStore
) -> None:
    cursor = reached.cursor()
    cursor.begin()
    cursor.execute("insert into store.dead values (1, 'upload', 'x')")
    cursor.close()
    put(held, "after it", staff(["Ada"]))
    assert held.frame("select * from store.dead").is_empty()


def test_a_command_that_falls_silent_in_mid_transaction_loses_its_turn(
    held: Store, reached: ReachedStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(served, "SILENT_SECONDS", 0.1)
    with reached.cursor() as cursor:
        cursor.begin()
        put(held, "meanwhile", staff(["Ada"]))
        with pytest.raises(StoreError, match="has stopped in the middle"):
            cursor.execute("insert into store.dead values (1, 'upload', 'x')")
    assert held.frame("select * from store.dead").is_empty()


def test_a_long_query_ends_with_its_command(server: Served, reached: ReachedStore) -> None:
    endless = "select sum(a.range * b.range) from range(10000000) a, range(10000000) b"
    cursor = reached.cursor()
    wire.send(cursor._socket, {"do": "execute", "sql": endless})  # type: ignore[attr-defined]
    wait_until(lambda: bool(server._running), "the query has begun")
    cursor.close()
    wait_until(lambda: not server._running, "the query has ended with no one to read it")


def test_a_holder_of_another_version_is_not_talked_to(
    server: Served, file: Path, items: list[Item], monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = iter([1, 2])
    monkeypatch.setattr(copies, "newest_migration", lambda: next(numbers))
    with pytest.raises(StoreError, match="another version of PD Pulse") as error:
        reach_store(str(file), items)
    assert "Restart it" in error.value.remedy


def test_who_does_not_know_the_token_is_not_served(
    file: Path, opened: Open, items: list[Item], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wire.Door, "is_file", False)
    server = Served(opened(file))
    try:
        door = wire.door_of(str(file)).port_file
        known = door.read_text()
        door.write_text(known.replace('"token": "', '"token": "0'))
        with pytest.raises(StoreInUse):
            reach_store(str(file), items)
        door.write_text(known)
        reached = reach_store(str(file), items)
        put(reached, "through the port", staff(["Ada"]))
        assert queries.uploads(reached).height == 1
    finally:
        server.close()


@pytest.mark.skipif(os.name != "posix", reason="rights of this kind exist on POSIX only")
def test_the_door_is_for_the_owner_alone(server: Served, file: Path) -> None:
    (door,) = [path for path in file.parent.iterdir() if path.suffix in (".socket", ".port")]
    assert door.stat().st_mode & 0o077 == 0


def test_a_door_that_a_crash_left_is_no_holder(file: Path, opened: Open, items: list[Item]) -> None:
    wire.door_of(str(file)).port_file.write_text('{"port": 1, "token": "old"}')
    store = opened(file)
    with pytest.raises(StoreInUse):
        reach_store(str(file), items)
    server = Served(store)
    assert isinstance(reach_store(str(file), items), ReachedStore)
    server.close()
    store.close()
    alone = reach_store(str(file), items)
    assert not isinstance(alone, ReachedStore)
    alone.close()
