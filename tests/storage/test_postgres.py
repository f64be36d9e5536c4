"""A store in PostgreSQL, or on DuckLake with its catalog there, which several servers write at once: each change is
made once, and by one of them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

import duckdb
import pytest
from polars.testing import assert_frame_equal

from pd_core.codebook import Codebook, Item
from pd_core.config import ROOT
from pd_core.errors import StoreError
from pd_core.planning.record import replay
from pd_core.storage import Store, backend, moving, queries, turns, undo_upload
from pd_core.storage.migrate import MIGRATIONS
from pd_core.storage.plans import plan_changes
from tests.planning.test_two_editors import planned
from tests.postgres import Server

from .made_up import counting, live, people, put, staff

pytestmark = [pytest.mark.slow, pytest.mark.shared]

Open = Callable[[object], Store]
FILES, WRITERS, PEOPLE = 6, 4, 24
START = """
import dataclasses, json, sys
from pathlib import Path
from pd_core.codebook_files import load_codebook
from pd_core.storage import open_store
items = list(load_codebook(Path("data/codebook")).items.values())
print("open", flush=True)
sys.stdin.readline()
store = open_store(sys.argv[1], items)
store.add_items([dataclasses.replace(items[-1], item_id="one_more")])
known = store.frame("select number from store.migration")["number"].to_list()
columns = store.frame("describe store.response")["column_name"].to_list()
print(json.dumps([len(known), len(set(known)), columns.count("one_more")]), flush=True)
"""
PREPARE = """
import json, sys
from pathlib import Path
from pd_core.codebook_files import load_codebook
from pd_core.storage import open_store
store = open_store(sys.argv[1], list(load_codebook(Path("data/codebook")).items.values()))
print("open", flush=True)
sys.stdin.readline()
"""
UPLOAD = (
    PREPARE
    + f"""
import uuid
from pd_core.access import EVERYTHING
from pd_core.storage import store_upload
from tests.storage.made_up import staff, upload
for number in range({FILES}):
    rows = staff([f"{{number}}-{{place}}" for place in range(20)] + ["everywhere"])
    stored = store_upload(store, upload(uuid.uuid4().hex, rows, content=f"file {{number}}"), rows, reach=EVERYTHING)
    print(json.dumps([number, stored.status]), flush=True)
"""
)
EDIT = (
    PREPARE
    + """
from pd_core.actions.plan_record import StaleBase, put_note
from tests.planning.test_record import NOW, visitor
for session_id, base in json.loads(sys.argv[2]).items():
    try:
        put_note(store, visitor(), session_id, sys.argv[3], NOW, base=base)
        print(json.dumps([session_id, "stored"]), flush=True)
    except StaleBase:
        print(json.dumps([session_id, "refused"]), flush=True)
"""
)
HOLD = PREPARE + 'store.write("upload", "Mia", lambda _: (print("holds", flush=True), sys.stdin.readline()))'


@pytest.fixture(params=["postgres", "ducklake"])
def empty(request: pytest.FixtureRequest, postgres: Server, tmp_path: Path) -> str:
    """A new store in PostgreSQL, or on DuckLake with its catalog there, without tables."""
    location = postgres.database()
    return location if request.param == "postgres" else f"ducklake:{location}?files={tmp_path / 'files'}"


@contextmanager
def program(code: str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """Another program at the store, which has opened it and waits for a line; killed at the end."""
    command = [sys.executable, "-c", code, *arguments]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None and process.stdout.readline() == "open\n"
        yield process
    finally:
        process.kill()
        process.communicate()


def at_once(code: str, arguments: Sequence[Sequence[str]]) -> list[tuple[str | int, ...]]:
    """What these programs said, all let go in the same moment."""
    with ExitStack() as stack:
        processes = [stack.enter_context(program(code, *words)) for words in arguments]
        for process in processes:
            assert process.stdin is not None
            process.stdin.write("go\n")
            process.stdin.flush()
        said = [process.communicate()[0] for process in processes]
        assert [process.returncode for process in processes] == [0] * len(processes)
    return [tuple(json.loads(line)) for lines in said for line in lines.splitlines()]


def test_of_several_programs_that_open_an_empty_database_at_once_one_makes_the_tables(empty: str) -> None:
    said = at_once(START, [[empty]] * WRITERS)
    number = len(list(MIGRATIONS.glob("[0-9]*.sql")))
    assert said == [(number, number, 1)] * WRITERS


def test_who_waits_too_long_for_another_to_make_the_tables_reads_what_to_do(
    empty: str, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "MIGRATION_SECONDS", 0.2)
    with duckdb.connect() as other:
        backend.attach(other, empty)
        with turns.changing_tables(other, empty), pytest.raises(StoreError, match="up to date") as error:
            opened(empty)
    assert "Try again in a few minutes" in error.value.remedy
    assert opened(empty).frame("select * from store.upload").is_empty()


def test_several_programs_that_store_the_same_files_at_once_store_each_once(empty: str, opened: Open) -> None:
    store = opened(empty)
    said = Counter(at_once(UPLOAD, [[empty]] * WRITERS))
    assert said == Counter(
        {(number, "committed"): 1 for number in range(FILES)}
        | {(number, "unchanged"): WRITERS - 1 for number in range(FILES)}
    )
    assert queries.uploads(store).height == FILES
    assert people(store) == FILES * 20 + 1
    assert len(counting(store)) == FILES * 20 + 1
    kinds = store.frame("select kind from store.change order by number")["kind"].to_list()
    assert kinds == ["upload"] * FILES, "nothing had to be put right afterwards"


def test_of_two_programs_that_change_the_same_sessions_one_wins_each(empty: str, codebook: Codebook) -> None:
    store = planned(empty, codebook)
    try:
        seen = replay(plan_changes(store))
        bases = {f"S{number:03}": seen.change_of(f"S{number:03}").number for number in range(1, 13)}
        said = at_once(EDIT, [[empty, json.dumps(bases), note] for note in ("Ours", "Theirs")])
        assert Counter(said) == Counter((name, word) for name in bases for word in ("stored", "refused"))
        record = replay(plan_changes(store))
        assert record.lost == ()
        for name in bases:
            assert record.session(name).note in ("Ours", "Theirs")
            assert len(record.changes_of(name)) == 2
        assert store.frame("select 1 as one from store.dead").is_empty(), "no change had to be withdrawn"
    finally:
        store.close()


def test_queries_of_many_people_at_once_share_their_connections(postgres: Server, opened: Open) -> None:
    store = opened(postgres.database())

    def connection(_: int) -> int:
        with store.cursor() as cursor:
            asked = "from postgres_query('store', 'select pg_backend_pid() from pg_sleep(0.01)')"
            return int(cursor.execute(asked).fetchall()[0][0])

    with ThreadPoolExecutor(PEOPLE) as people:
        used = set(people.map(connection, range(10 * PEOPLE)))
    assert len(used) <= 2 * PEOPLE, "not one for each query"


def test_who_waits_too_long_for_another_program_is_told_and_readers_never_wait(
    empty: str, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "TURN_SECONDS", 0.2)
    store = opened(empty)
    put(store, "first", staff(["Ada"]))
    with program(HOLD, empty) as other:
        assert other.stdin is not None and other.stdout is not None
        other.stdin.write("go\n")
        other.stdin.flush()
        assert other.stdout.readline() == "holds\n"
        assert people(store) == 1
        with pytest.raises(StoreError) as error:
            put(store, "second", staff(["Ben"]))
        assert "busy" in error.value.message
    assert put(store, "second", staff(["Ben"])).status == "committed", "a program that was killed holds no one up"


def test_a_store_moves_to_postgresql_and_back_without_a_difference(
    empty: str, opened: Open, items: list[Item], tmp_path: Path
) -> None:
    first, location, last = tmp_path / "first.duckdb", empty, tmp_path / "last.duckdb"
    store = opened(first)
    put(store, "one", staff(["Ada", "Ben"], comment="“quoted”, ünï \\ and\nlines"))
    put(store, "two", staff(["Cleo"]))
    undo_upload(store, "two", "Mia")
    answers, history = live(store), queries.uploads(store)
    store.close()
    there = list(moving.move_store(str(first), location, items))
    back = list(moving.move_store(location, str(last), items))
    assert there == back
    assert sum(table.rows for table in there) > 0
    for place in (location, last):
        copy = opened(place)
        assert_frame_equal(live(copy), answers)
        assert_frame_equal(queries.uploads(copy), history)
