"""What keeps a store quick over the years: done while people work, and each kind of store has its own."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import duckdb

from pd_core.errors import StoreError
from pd_core.storage.backend import first_line, no_room, without_secrets
from pd_core.storage.migrate import as_text, quoted
from pd_core.storage.outage import outage
from pd_core.storage.store import Store
from pd_core.storage.turns import is_clash

KEPT_DAYS = 7
"""How long DuckLake can still show how a table was."""
FILE_DAYS = 1
"""How long files that no table needs are left for queries that still read them."""
TRIES, PAUSE_SECONDS = 10, 1.0
T = TypeVar("T")


@dataclass(frozen=True)
class FileUpkeep:
    """Of a store that is a file, in bytes: what its log held, its size, and how much of that is free for new rows."""

    written: int
    size: int
    free: int


@dataclass(frozen=True)
class LakeUpkeep:
    """Of a DuckLake: rows written from its catalog to files, small files merged into how many, states of the past that
    were given up, and files deleted that no table needs."""

    flushed: int
    merged: int
    into: int
    expired: int
    deleted: int


@dataclass(frozen=True)
class PostgresUpkeep:
    """Of a PostgreSQL database: tables that were vacuumed, their rows and dead rows before (both are its estimates),
    their bytes now, and whether it vacuums by itself."""

    tables: int
    rows: int
    dead: int
    size: int
    is_automatic: bool


Upkeep = FileUpkeep | LakeUpkeep | PostgresUpkeep


def keep_up(store: Store) -> Upkeep:
    """Do what the store's kind needs. Raises StoreError where it cannot be done, or the store stays busy."""
    do: Callable[[Store], Upkeep] = _file
    if store.location.startswith("ducklake:"):
        do = _lake
    elif store.location.startswith("postgres"):
        do = _postgres
    try:
        return do(store)
    except duckdb.Error as error:
        raise (
            no_room(error)
            or outage(store.location, error, is_write=True)
            or StoreError(
                f"The store could not be maintained: {without_secrets(first_line(error))}",
                "No answer was changed. Make sure that this account owns the store and that it has room.",
            )
        ) from error


def _file(store: Store) -> FileUpkeep:
    log = Path(f"{Path(store.location).resolve()}.wal")
    written = log.stat().st_size if log.exists() else 0

    def checkpoint() -> tuple[int, int, int]:
        with store.writing, store.cursor() as cursor:
            cursor.execute("checkpoint store")
            found = cursor.execute(
                "select block_size, total_blocks, free_blocks from pragma_database_size() where database_name = 'store'"
            ).fetchall()
        block, total, free = map(int, found[0])
        return block, total, free

    block, total, free = _when_free(checkpoint)
    return FileUpkeep(written, block * total, block * free)


def _lake(store: Store) -> LakeUpkeep:
    def ask(sql: str) -> tuple[Any, ...]:
        def once() -> tuple[Any, ...]:
            with store.writing, store.cursor() as cursor:
                return tuple(value or 0 for value in cursor.execute(sql).fetchall()[0])

        return _when_free(once)

    (flushed,) = ask("select sum(rows_flushed) from ducklake_flush_inlined_data('store')")
    merged, into = ask("select sum(files_processed), sum(files_created) from ducklake_merge_adjacent_files('store')")
    past = f"older_than => now() - interval {KEPT_DAYS} days"
    (expired,) = ask(f"select count(*) from ducklake_expire_snapshots('store', {past})")
    past = f"older_than => now() - interval {FILE_DAYS} days"
    (deleted,) = ask(f"select count(*) from ducklake_cleanup_old_files('store', {past})")
    return LakeUpkeep(int(flushed), int(merged), int(into), expired, deleted)


def _postgres(store: Store) -> PostgresUpkeep:
    with store.cursor() as cursor:

        def ask(sql: str) -> list[tuple[Any, ...]]:
            return cursor.execute(f"from postgres_query('store', {as_text(sql)})").fetchall()

        known = ask(
            "select relname::text, n_live_tup, n_dead_tup from pg_stat_user_tables "
            "where schemaname = 'public' order by 1"
        )
        for name, _, _ in known:
            vacuum = as_text(f"vacuum (analyze) public.{quoted(name)}")
            sql = f"call postgres_execute('store', {vacuum}, use_transaction=false)"
            _when_free(partial(cursor.execute, sql))
        size = ask(
            "select sum(pg_total_relation_size(relid))::bigint from pg_stat_user_tables where schemaname = 'public'"
        )
        automatic = ask("select current_setting('autovacuum')")
    rows, dead = (sum(row[place] for row in known) for place in (1, 2))
    return PostgresUpkeep(len(known), rows, dead, size[0][0] or 0, automatic[0][0] == "on")


def _when_free(action: Callable[[], T]) -> T:
    """Do it as soon as no one writes. Raises StoreError where that does not happen, and the database's other errors."""
    for _ in range(TRIES):
        try:
            return action()
        except duckdb.Error as error:
            if not is_clash(error):
                raise
            time.sleep(PAUSE_SECONDS)
    raise StoreError(
        "The store is busy with uploads.", "No answer was changed. Run the command again in a few minutes."
    )
