"""A real PostgreSQL that stops, cuts its connections or dies at a commit: what people read, and what is stored."""

from __future__ import annotations

import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl
import pytest

from pd_core.error_log import LOG
from pd_core.errors import StoreError
from pd_core.storage import Store, outage
from pd_core.storage.change import Change
from pd_core.storage.migrate import as_text
from tests.postgres import Server
from tests.storage.made_up import people, put, staff

pytestmark = [pytest.mark.slow, pytest.mark.shared]

Open = Callable[[object], Store]


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Where outages are logged, of which none is known yet."""
    monkeypatch.setattr(outage, "directory_of", lambda location: tmp_path)
    monkeypatch.setattr(outage, "_known", {})
    return tmp_path / LOG


def reference(error: StoreError, is_write: bool = False) -> str:
    """The reference of an outage, whose sentences say what happened and what to do, and no password."""
    assert error.message.startswith("The database does not answer: ")
    assert "goes on by itself once the database is back" in error.remedy and "postgresql://" not in error.text()
    assert error.remedy.startswith("Look whether" if is_write else "Nothing is lost")
    return error.message.split("reference ")[1][:8]


@contextmanager
def asking(store: Store) -> Iterator[list[StoreError]]:
    """A query that PostgreSQL is in the middle of, and that has failed by the end of the block."""
    failed: list[StoreError] = []

    def ask() -> None:
        with pytest.raises(StoreError) as error:
            store.frame("select * from postgres_query('store', 'select pg_sleep(60)')")
        failed.append(error.value)

    thread = threading.Thread(target=ask)
    thread.start()
    running = "select 1 as one from pg_stat_activity where query like '%pg_sleep(60)%' and pid <> pg_backend_pid()"
    until = time.monotonic() + 60
    while not store.frame("from postgres_query('store', $sql)".replace("$sql", as_text(running))).height:
        assert time.monotonic() < until
        store._answers.clear()
        time.sleep(0.05)
    yield failed
    thread.join()


def test_while_the_database_is_stopped_it_is_said_under_one_number_and_afterwards_all_goes_on(
    postgres: Server, opened: Open, log: Path
) -> None:
    location = postgres.database()
    store = opened(location)
    put(store, "first", staff(["Ada"]))
    with asking(store) as failed:
        postgres.stop()
    try:
        numbers = {reference(*failed)}
        with pytest.raises(StoreError) as error:
            store.version()
        numbers.add(reference(error.value))
        with pytest.raises(StoreError) as error:
            put(store, "second", staff(["Ben"]))
        numbers.add(reference(error.value, is_write=True))
        with pytest.raises(StoreError) as error:
            store.add_items([])
        numbers.add(reference(error.value, is_write=True))
        with pytest.raises(StoreError) as error:
            opened(location)
        numbers.add(reference(error.value))
    finally:
        postgres.start()
    assert len(numbers) == 1
    assert log.read_text().count("reference") == 1 and f"reference {numbers.pop()}: terminating" in log.read_text()
    assert postgres.password not in log.read_text()
    assert people(store) == 1
    assert put(store, "second", staff(["Ben"])).status == "committed"
    assert people(opened(location)) == 2


def test_a_database_that_is_killed_in_mid_query_has_all_it_acknowledged_when_it_is_back(
    postgres: Server, opened: Open, log: Path
) -> None:
    location = postgres.database()
    store = opened(location)
    for number in range(5):
        assert put(store, f"upload {number}", staff([f"Ada {number}"])).status == "committed"
    with asking(store) as failed:
        postgres.kill()
    try:
        reference(*failed)
    finally:
        postgres.start()
    assert people(store) == 5
    assert put(store, "last", staff(["Ben"])).status == "committed"


def test_a_change_that_another_program_overtakes_is_made_again_from_what_is_there_now(
    postgres: Server, opened: Open
) -> None:
    location = postgres.database()
    store = opened(location)
    store.write("upload", "Mia", lambda change: change.insert("dead", pl.DataFrame([{"kind": "upload", "id": "x"}])))
    seen: list[str] = []

    def action(change: Change) -> None:
        seen.append(change.frame("select id from store.dead").item())
        if len(seen) == 1:  # of a program that does not wait for its turn
            overtake = "update public.dead set id = 'y'"
            subprocess.run([postgres.programs / "psql", location, "-qXc", overtake], check=True)
        change.cursor.execute("call postgres_execute('store', 'update public.dead set kind = kind')")
        change.insert("dead", pl.DataFrame([{"kind": "upload", "id": "z"}]))

    store.write("upload", "Mia", action)
    assert seen == ["x", "y"], "PostgreSQL could not serialize the first try"
    assert store.frame("select id from store.dead order by id")["id"].to_list() == ["y", "z"]


FULL_AT_COMMIT = """
create function fill() returns trigger language plpgsql as $$ begin raise exception using errcode = 'disk_full',
    message = 'could not extend file "base/1/2": No space left on device'; end $$;
create constraint trigger fill after insert on public.change deferrable initially deferred
    for each row execute function fill()
"""


def test_a_database_whose_disk_is_full_at_the_commit_says_so_and_keeps_nothing_of_it(
    postgres: Server, opened: Open
) -> None:
    location = postgres.database()
    store = opened(location)
    put(store, "first", staff(["Ada"]))
    subprocess.run([postgres.programs / "psql", location, "-qXc", FULL_AT_COMMIT], check=True)
    with pytest.raises(StoreError, match="The disk that holds the store is full") as error:
        put(store, "second", staff(["Ben"]))
    assert "Nothing was stored" in error.value.remedy
    assert people(store) == 1
    made_room = "drop trigger fill on public.change"
    subprocess.run([postgres.programs / "psql", location, "-qXc", made_room], check=True)
    assert put(store, "second", staff(["Ben"])).status == "committed"


def test_connections_that_are_cut_in_mid_write_leave_nothing_and_the_next_write_is_stored(
    postgres: Server, opened: Open, log: Path
) -> None:
    location = postgres.database()
    store = opened(location)
    cut = f"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{location.rpartition('/')[2]}'"
    row = pl.DataFrame([{"kind": "upload", "id": "x"}])

    def action(change: Change) -> None:
        change.insert("dead", row)
        psql = [postgres.programs / "psql", postgres.url("postgres"), "-qXc", cut]
        subprocess.run(psql, check=True, stdout=subprocess.DEVNULL)

    with pytest.raises(StoreError) as error:
        store.write("upload", "Mia", action)
    assert reference(error.value, is_write=True) in log.read_text()
    assert store.frame("select * from store.dead").is_empty()
    assert put(store, "first", staff(["Ada"])).status == "committed"


KILLED_AT_COMMIT = """
create function die() returns trigger language plpgsql as
    'begin perform pg_terminate_backend(pg_backend_pid()); perform pg_sleep(60); return null; end';
create constraint trigger die after insert on public.change deferrable initially deferred
    for each row execute function die()
"""


def test_a_commit_whose_end_is_not_known_is_not_made_again(postgres: Server, opened: Open, log: Path) -> None:
    location = postgres.database()
    store, row = opened(location), pl.DataFrame([{"kind": "upload", "id": "x"}])
    subprocess.run([postgres.programs / "psql", location, "-qXc", KILLED_AT_COMMIT], check=True)
    tried: list[Change] = []

    def action(change: Change) -> None:
        tried.append(change)
        change.insert("dead", row)

    with pytest.raises(StoreError) as error:
        store.write("upload", "Mia", action)
    assert reference(error.value, is_write=True) in log.read_text()
    assert len(tried) == 1
