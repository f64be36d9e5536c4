"""The upkeep of each kind of store: done, and no answer changed."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from polars.testing import assert_frame_equal

from pd_core.errors import StoreError
from pd_core.storage import Store, upkeep
from pd_core.storage.upkeep import LakeUpkeep, PostgresUpkeep, keep_up
from tests.postgres import Server
from tests.storage.made_up import live, put, staff


def test_a_lake_has_its_rows_in_few_files_and_gives_up_what_is_past(
    opened: Callable[[object], Store], lake: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = opened(f"ducklake:{shutil.copy(lake, tmp_path / 'catalog.duckdb')}")
    for number in range(2):
        put(store, f"upload {number}", staff([f"Ada{number}", "Ben"]))
        first = keep_up(store)
    before = live(store)
    assert isinstance(first, LakeUpkeep)
    assert first.flushed >= 3 and first.merged >= 6 and first.into == first.merged // 2
    assert (first.expired, first.deleted) == (0, 0), "a week is kept"
    monkeypatch.setattr(upkeep, "KEPT_DAYS", 0)
    monkeypatch.setattr(upkeep, "FILE_DAYS", 0)
    later = keep_up(store)
    assert isinstance(later, LakeUpkeep)
    assert (later.flushed, later.merged) == (0, 0)
    assert later.expired > 2 and later.deleted >= first.merged
    assert_frame_equal(live(store), before)


def test_it_waits_for_a_write_that_is_under_way_and_gives_up_where_that_does_not_end(
    opened: Callable[[object], Store], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = opened(tmp_path / "pd.duckdb")
    put(store, "first", staff(["Ada"]))
    monkeypatch.setattr(upkeep, "PAUSE_SECONDS", 0.01)
    monkeypatch.setattr(store, "writing", threading.Lock())  # as in a command, which does not share the server's lock
    with store.cursor() as other:
        other.begin()
        other.execute("create table store.other (number integer)")
        with pytest.raises(StoreError, match="busy with uploads"):
            keep_up(store)
        other.rollback()
    assert keep_up(store)


@pytest.mark.slow
@pytest.mark.shared
def test_postgresql_is_vacuumed_and_analyzed(opened: Callable[[object], Store], postgres: Server) -> None:
    store = opened(postgres.database())
    put(store, "first", staff(["Ada", "Ben"]))
    before = live(store)
    done = keep_up(store)
    assert isinstance(done, PostgresUpkeep)
    assert done.tables > 20 and done.size > 0 and done.is_automatic
    vacuumed = store.cursor().execute(
        "from postgres_query('store', 'select count(*) from pg_stat_user_tables "
        "where last_vacuum is not null and last_analyze is not null')"
    )
    assert vacuumed.fetchall() == [(done.tables,)]
    assert_frame_equal(live(store), before)
