"""A copy of a store that is in use: whole, as of one moment, and nothing else can be reached through it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from pd_core.errors import StoreError, StoreInUse
from pd_core.storage import Store, copies, queries
from tests.storage.made_up import put, staff

Open = Callable[[object], Store]


def put_twenty(store: Store, name: str) -> None:
    put(store, name, staff(f"{name} {place}" for place in range(20)))


def test_a_copy_that_is_made_while_people_upload_has_no_half_upload(file: Path, opened: Open) -> None:
    store, done = opened(file), threading.Event()
    put_twenty(store, "first")

    def work() -> None:
        number = 0
        while not done.is_set():
            put_twenty(store, f"more {(number := number + 1)}")

    writer = threading.Thread(target=work)
    writer.start()
    try:
        made = [store.copy() for _ in range(3)]
    finally:
        done.set()
        writer.join()
    for copy in made:
        held = copies.contents(copy)
        assert held.tables["response"] == 20 * held.tables["upload"] > 0
        copies.delete(copy)
    assert not copies.folder_of(str(file)).exists(), "nothing is left next to the store"
    assert queries.uploads(store).height >= 1


def test_queries_reach_no_file_but_copies(file: Path, opened: Open, tmp_path: Path) -> None:
    store = opened(file)
    with store._connection.cursor() as cursor, pytest.raises(duckdb.PermissionException):
        cursor.execute(f"attach '{tmp_path / 'elsewhere.duckdb'}' as elsewhere")
    with store._connection.cursor() as cursor, pytest.raises(duckdb.PermissionException):
        cursor.execute(f"attach '{copies.folder_of(str(file))}/../elsewhere.duckdb' as elsewhere")


def test_what_a_killed_copy_left_is_deleted_when_the_store_is_opened_next(file: Path, opened: Open) -> None:
    store = opened(file)
    store.copy()
    store.close()
    assert list(copies.folder_of(str(file)).iterdir())
    opened(file)
    assert not copies.folder_of(str(file)).exists()


def test_a_copy_takes_the_place_of_a_store_with_what_it_had_in_its_log(file: Path, opened: Open) -> None:
    store = opened(file)
    put_twenty(store, "first")
    copy = store.copy()
    put_twenty(store, "second")
    with pytest.raises(StoreInUse):
        copies.put_in_place(copy, str(file))
    store.close()
    copies.put_in_place(copy, str(file))
    assert queries.uploads(opened(file))["upload_id"].to_list() == ["first"]


def test_a_copy_takes_the_place_of_a_damaged_store(file: Path, opened: Open, tmp_path: Path) -> None:
    store = opened(file)
    put_twenty(store, "first")
    copy = store.copy()
    store.close()
    file.write_bytes(b"damaged" * 1000)
    file.with_name(file.name + ".wal").write_bytes(b"the log of another life")
    copies.put_in_place(copy, str(file))
    assert queries.uploads(opened(file)).height == 1


def test_another_database_is_not_taken_for_a_store(tmp_path: Path) -> None:
    duckdb.connect(str(tmp_path / "other.duckdb")).execute("create table t (a integer)")
    with pytest.raises(StoreError, match="is not a store of PD Pulse"):
        copies.contents(tmp_path / "other.duckdb")
