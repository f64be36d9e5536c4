"""A store on DuckLake keeps the main promises; `-m slow` runs every test of the store on it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from polars.testing import assert_frame_equal

from pd_core.storage import Store, undo_upload
from tests.storage.made_up import answers, counting, counts, live, put, row, staff


def test_a_store_on_ducklake_stores_once_counts_a_person_once_undoes_and_keeps_it_all_when_opened_again(
    opened: Callable[[object], Store], lake: Path, tmp_path: Path
):
    catalog = shutil.copy(lake, tmp_path / "catalog.duckdb")
    store = opened(f"ducklake:{catalog}")
    assert counts(put(store, "first", staff(["Ada", "Ben"]))) == (2, 0, 0)
    before, version = live(store), store.version()
    assert put(store, "again", staff(["Ada", "Ben"])).status == "unchanged"
    assert store.version() == version

    put(store, "later", answers(row("late", "Ada", hour=50), row("c", "Cleo")))
    assert counting(store)["Ada"] == "late"
    assert undo_upload(store, "later", "Mia") == 1, "Ada counts as before"
    assert_frame_equal(live(store), before)
    store.close()
    assert_frame_equal(live(opened(f"ducklake:{catalog}")), before)
