"""No query reaches outside the store, and who else uses the computer does not reach into it."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import duckdb
import polars as pl
import pytest

from pd_core.errors import StoreError
from pd_core.storage import Store, responses

from .made_up import people, put, staff

Open = Callable[[object], Store]


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
