"""Opening a store, its tables, its version; that nothing is changed in place."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import duckdb
import polars as pl
import pytest

import pd_core
from pd_core.access import EVERYTHING
from pd_core.codebook import Item
from pd_core.errors import StoreError
from pd_core.storage import Store, backend, open_store, queries, reference, undo_upload
from pd_core.storage.migrate import MIGRATIONS

from .made_up import put, staff

Open = Callable[[object], Store]
CHANGES_IN_PLACE = re.compile(
    r"\b(update\s+\S+\s+set|delete\s+from|truncate\s+\w+|drop\s+(table|column|view|schema)|alter\s+column|merge\s+into"
    r"|insert\s+or\s+|on\s+conflict|create\s+or\s+replace)\b",
    re.IGNORECASE,
)


def test_no_statement_changes_or_deletes_what_is_stored_but_for_erasure_and_retention():
    folder = Path(pd_core.__file__).parent
    files = [*folder.rglob("*.py"), *folder.rglob("*.sql")]
    files.remove(folder / "storage" / "erasure.py")
    assert MIGRATIONS / "0001_initial.sql" in files
    found = [(file.name, match[0]) for file in files for match in CHANGES_IN_PLACE.finditer(file.read_text("utf-8"))]
    assert found == []


@pytest.mark.parametrize(
    "statement",
    [
        "update store.response set stands = false",
        "DELETE FROM store.response",
        "truncate store.dead",
        "drop table store.dead",
        "insert or replace into store.school values (1)",
        "insert into store.school values (1) on conflict do nothing",
    ],
)
def test_the_check_for_such_statements_sees_them(statement: str):
    assert CHANGES_IN_PLACE.search(statement)


def test_a_change_of_many_rows_is_in_the_store_itself_at_once(file: Path, opened: Open):
    store = opened(file)
    rows = pl.DataFrame({"subject": map(str, range(100_000))}).with_columns(
        kind=pl.lit("erase"), recorded_at=pl.lit(datetime(2026, 10, 5)), actor=pl.lit("test"), school_ids=pl.lit("")
    )
    store.write("upload", "test", lambda change: change.insert("event", rows), is_event=True)
    log = file.with_name(f"{file.name}.wal")
    assert file.stat().st_size > 100_000
    assert not log.exists() or log.stat().st_size < 100_000


def test_one_thread_queries_a_small_store_and_all_of_them_a_large_one(
    file: Path, opened: Open, monkeypatch: pytest.MonkeyPatch
):
    def threads(store: Store) -> int:
        return int(store.frame("select current_setting('threads')").item())

    store = opened(file)
    assert threads(store) == 1
    store.close()
    monkeypatch.setattr(backend, "SMALL_BYTES", 1)
    with duckdb.connect() as usual:
        assert usual.execute("select current_setting('threads')").fetchone() == (threads(opened(file)),)


def test_each_migration_is_recorded_once_however_often_the_store_is_opened(location: str, opened: Open):
    for _ in range(3):
        store = opened(location)
        recorded = store.frame("select number, name from store.migration order by number").rows()
        store.close()
    assert recorded == [(int(file.name[:4]), file.name) for file in sorted(MIGRATIONS.glob("*.sql"))]


def test_a_store_of_a_newer_version_is_refused(location: str, opened: Open):
    newer = opened(location)
    with newer.cursor() as cursor:
        cursor.execute("insert into store.migration values (9999, '9999_of_tomorrow.sql', null)")
    newer.close()
    with pytest.raises(StoreError, match=r"newer version of PD Pulse \(migration 9999\)"):
        opened(location)


def test_an_item_added_to_the_codebook_gets_its_column_and_old_answers_stay(
    location: str, items: list[Item], opened: Open
):
    fewer = open_store(location, [item for item in items if item.item_id not in ("proficiency_sway", "times")])
    put(fewer, "first", staff(["Ada"]))
    fewer.close()
    answer = opened(location).frame(
        "select proficiency_teams, proficiency_sway, times, times_other from store.response"
    )
    assert answer.rows() == [(1, None, None, None)]


def test_an_item_that_left_the_codebook_keeps_its_answers(location: str, items: list[Item], opened: Open):
    store = opened(location)
    put(store, "first", staff(["Ada"]))
    store.close()
    fewer = open_store(location, [item for item in items if item.item_id != "proficiency_teams"])
    assert fewer.frame("select proficiency_teams from store.response").item() == 1
    fewer.close()


def test_an_item_that_becomes_another_kind_is_refused_with_the_way_out(location: str, items: list[Item], opened: Open):
    opened(location).close()
    changed = [replace(item, kind="proficiency") if item.item_id == "comment" else item for item in items]
    with pytest.raises(StoreError, match="“comment” as varchar") as error:
        open_store(location, changed)
    assert "new id" in error.value.remedy


def test_the_version_changes_with_every_write_and_only_then(store: Store):
    put(store, "first", staff(["Ada"]))
    schools = pl.DataFrame({"school_id": ["a"], "name": ["A"], "headcount": [3]})
    mapping = pl.DataFrame(
        {"subject": ["Q"], "answer": [None], "code": ["role"]}, schema_overrides={"answer": pl.String}
    )
    roster = pl.DataFrame({"respondent": ["x"], "school_id": ["a"], "role": [None], "grade_band": [None]})
    texts = {"aliases": "", "level": "", "region": ""}
    writes: list[Callable[[], object]] = [
        lambda: put(store, "second", staff(["Ben"])),
        lambda: undo_upload(store, "second", "Mia"),
        lambda: reference.set_schools(store, schools.with_columns(**{n: pl.lit(t) for n, t in texts.items()}), "Mia"),
        lambda: reference.put_school(store, {"school_id": "b", "name": "B", "headcount": None, **texts}, "Mia"),
        lambda: reference.set_roster(store, roster, "Mia"),
        lambda: reference.save_mapping(store, "form", mapping, "Mia"),
    ]
    seen = [store.version()]
    for write in writes:
        write()
        seen.append(store.version())
        queries.uploads(store), queries.schools(store, EVERYTHING), queries.waves(store)
        assert store.version() == seen[-1], "reading changed the version"
    assert len(set(seen)) == len(seen)


def test_the_version_outlives_the_program(location: str, opened: Open):
    store = opened(location)
    put(store, "first", staff(["Ada"]))
    version = store.version()
    store.close()
    assert opened(location).version() == version


def test_every_write_is_on_record_with_who_made_it(store: Store):
    put(store, "first", staff(["Ada"]))
    undo_upload(store, "first", "Ben")
    changes = store.frame("select kind, actor from store.change order by number").rows()
    assert changes == [("upload", "Mia"), ("undo", "Ben")]


def test_a_store_that_is_open_in_this_program_says_so(file: Path, opened: Open):
    opened(file)
    with pytest.raises(StoreError, match="already open in this program"):
        opened(file)


def test_a_file_that_is_no_database_is_refused_and_left_as_it_is(file: Path, opened: Open):
    file.write_text("school_id,name\n" * 1000)
    with pytest.raises(StoreError, match="cannot be opened") as error:
        opened(file)
    assert "PD Pulse store" in error.value.remedy
    assert file.read_text() == "school_id,name\n" * 1000


def test_a_file_in_the_place_of_the_folder_is_said(tmp_path: Path, opened: Open):
    (tmp_path / "data").write_text("not a folder")
    with pytest.raises(StoreError, match=r"folder .*data cannot be created") as error:
        opened(tmp_path / "data" / "pd.duckdb")
    assert "PD_STORE" in error.value.remedy


@pytest.fixture
def read_only_folder() -> Iterator[Path]:
    """A folder that this account may look into but not write to; root, who may everything, is nobody for a while."""
    with tempfile.TemporaryDirectory() as folder:
        is_root = hasattr(os, "geteuid") and os.geteuid() == 0
        Path(folder).chmod(0o555)
        if is_root:
            os.seteuid(65534)
        try:
            yield Path(folder)
        finally:
            if is_root:
                os.seteuid(0)
            Path(folder).chmod(0o755)


@pytest.mark.skipif(os.name == "nt", reason="Windows keeps no folder read-only by its mode")
def test_a_folder_that_cannot_be_written_is_said(read_only_folder: Path, opened: Open):
    with pytest.raises(StoreError, match="Permission denied") as error:
        opened(read_only_folder / "pd.duckdb")
    assert "may write there" in error.value.remedy
    with pytest.raises(StoreError, match="cannot be created"):
        opened(read_only_folder / "store" / "pd.duckdb")


def test_a_kind_of_store_without_its_extension_names_the_package(
    tmp_path: Path, opened: Open, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    monkeypatch.setenv("HOME", str(tmp_path))
    with pytest.raises(StoreError, match="a DuckDB extension that is not installed: ducklake") as error:
        opened(f"ducklake:{tmp_path / 'catalogue.duckdb'}")
    assert f"pip install duckdb-extension-ducklake=={duckdb.__version__}" in error.value.remedy
