"""Opening a store, its tables, its version; that nothing is changed in place, and that no query reaches outside."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import duckdb
import polars as pl
import pytest

import pd_core
from pd_core.access import EVERYTHING
from pd_core.codebook import Item
from pd_core.errors import StoreError
from pd_core.storage import Store, open_store, queries, reference, responses, undo_upload
from pd_core.storage.addresses import lake_in_server, remote_target
from pd_core.storage.backend import cannot_open
from pd_core.storage.migrate import MIGRATIONS

from .made_up import people, put, staff

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


def test_each_migration_is_recorded_once_however_often_the_store_is_opened(location: str, opened: Open):
    for _ in range(3):
        store = opened(location)
        recorded = store.frame("select number, name from store.migration order by number").rows()
        store.close()
    assert recorded == [(int(file.name[:4]), file.name) for file in sorted(MIGRATIONS.glob("*.sql"))]


def test_a_store_of_a_newer_version_is_refused(file: Path, opened: Open):
    opened(file).close()
    with duckdb.connect(file) as other:
        other.execute("insert into migration values (9999, '9999_of_tomorrow.sql', null)")
    with pytest.raises(StoreError, match=r"newer version of PD Pulse \(migration 9999\)"):
        opened(file)


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


def test_an_item_that_becomes_another_kind_is_refused_with_the_way_out(file: Path, items: list[Item], opened: Open):
    opened(file).close()
    changed = [replace(item, kind="proficiency") if item.item_id == "comment" else item for item in items]
    with pytest.raises(StoreError, match="“comment” as varchar") as error:
        open_store(str(file), changed)
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


def test_the_version_outlives_the_program(file: Path, opened: Open):
    store = opened(file)
    put(store, "first", staff(["Ada"]))
    version = store.version()
    store.close()
    assert opened(file).version() == version


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


@pytest.mark.parametrize(
    "location", ["postgresql://pulse:geheim@db.example.org/pd", "ducklake:postgres:host=db password=geheim dbname=pd"]
)
def test_a_password_is_never_shown(location: str):
    error = cannot_open(location, duckdb.IOException(f'unable to connect with "{location}"'))
    assert "geheim" not in error.text()
    assert "db" in error.text()


@pytest.mark.parametrize(
    "sql",
    [
        "select * from read_text('{folder}/secret.txt')",
        "select * from glob('{folder}/*')",
        "copy (select 1) to '{folder}/out.csv'",
        "attach '{folder}/other.duckdb' as other",
        "copy store.change from '{folder}/secret.txt'",
        "install httpfs",
        "select * from 'https://example.org/a.csv'",
    ],
)
def test_no_query_reaches_a_file_or_the_network(sql: str, file: Path, opened: Open):
    (file.parent / "secret.txt").write_text("the key of the respondents' codes")
    store = opened(file)
    with pytest.raises((duckdb.Error, StoreError)):
        store.frame(sql.format(folder=file.parent))
    assert sorted(path.name for path in file.parent.iterdir() if not path.name.startswith("pd.")) == ["secret.txt"]


def test_no_query_reads_a_variable_of_the_program(store: Store):
    visible = pl.DataFrame({"secret": [1]})
    with pytest.raises(duckdb.Error, match="visible"):
        store.frame("select * from visible")
    assert visible.height == 1


def test_no_query_loosens_the_settings(store: Store):
    for setting in ("enable_external_access = true", "python_enable_replacements = true", "lock_configuration = false"):
        with pytest.raises(duckdb.Error, match="locked"):
            store.frame(f"set {setting}")


def test_a_closed_off_store_still_writes_and_reads_its_own_file(file: Path, opened: Open):
    store = opened(file)
    put(store, "first", staff([f"person {number}" for number in range(5000)]))
    store.frame("checkpoint store")
    put(store, "second", staff(["Ada"]))
    store.close()
    assert people(opened(file)) == 5001


def test_text_in_a_value_is_never_read_as_sql(store: Store):
    name = "'; insert into store.dead values (1, 'upload', 'first'); --"
    put(store, "first", staff([name]))
    assert responses.answers(store, ["role"], wave_id=name).is_empty()
    assert people(store) == 1


@pytest.mark.skipif(os.name != "posix", reason="who may read a file is said by its mode on POSIX only")
def test_a_new_store_can_be_read_by_its_owner_alone(opened: Open, file: Path):
    store = opened(file)
    put(store, "first", staff(["Ada"]))
    modes = {path.name: path.stat().st_mode & 0o777 for path in file.parent.glob(f"{file.name}*") if path.is_file()}
    assert file.name in modes
    assert set(modes.values()) == {0o600}, modes


@pytest.mark.skipif(os.name != "posix", reason="who may read a file is said by its mode on POSIX only")
def test_a_store_that_is_there_keeps_the_mode_it_was_given(opened: Open, file: Path):
    opened(file).close()
    file.chmod(0o640)
    opened(file)
    assert file.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize(
    ("location", "target"),
    [
        ("postgresql://pd@db.example.org/pd", "postgresql://pd@db.example.org/pd"),
        ("postgres://pd@db.example.org/pd", "postgres://pd@db.example.org/pd"),
        ("postgres:host=db.example.org dbname=pd", "host=db.example.org dbname=pd"),
        ("ducklake:postgres:dbname=pd", "ducklake:postgres:dbname=pd"),
    ],
)
def test_a_server_is_given_its_url_or_its_words(location: str, target: str):
    assert remote_target(location) == target


@pytest.mark.parametrize(
    ("location", "found"),
    [
        ("ducklake:postgresql://pd@db/pd?files=/srv/pd%20files", ("postgresql://pd@db/pd", "/srv/pd files")),
        ("ducklake:postgres://pd@db/pd?files=/f&sslmode=require", ("postgres://pd@db/pd?sslmode=require", "/f")),
        ("ducklake:postgres:postgresql://pd@db/pd?sslmode=require&files=/f",
         ("postgresql://pd@db/pd?sslmode=require", "/f")),
        ("ducklake:postgres:host=db dbname=pd files=/f", ("host=db dbname=pd", "/f")),
        ("ducklake:postgres:dbname=profiles=1", ("dbname=profiles=1", "")),
        ("ducklake:/srv/postgres/catalog.duckdb", None),
        ("postgresql://pd@db/pd", None),
    ],
)  # fmt: skip
def test_the_address_of_a_ducklake_says_where_its_catalog_and_its_files_are(
    location: str, found: tuple[str, str] | None
):
    assert lake_in_server(location) == found
