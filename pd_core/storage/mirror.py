"""A copy of a store in PostgreSQL in this process's memory, which answers what is read as fast as a file does.

Rows are only added, each with the number of its change, and writers wait for one another: so the copy is brought up to
date by the rows with greater numbers. Where rows were deleted or replaced, it is dropped and made again. It is never on
a disk, and takes no more than the memory it is given. Whatever it cannot answer, PostgreSQL does.
"""

from __future__ import annotations

import contextlib
import threading
from collections import deque
from collections.abc import Mapping
from typing import Any

import duckdb
import polars as pl

from pd_core.config import directory_of
from pd_core.error_log import record
from pd_core.storage.backend import attach, connect
from pd_core.storage.change import frame_of
from pd_core.storage.migrate import as_text, quoted, table_names

LOOK_SECONDS = 30.0
"""How often it is looked whether the copy has to go, where no one reads."""
ERASING = ("forget", "retain", "move", "restore")
"""The kinds of changes that do more than add rows with greater numbers."""
_KNOWN = 8
"""How many revisions are remembered as covered: runs of pages go on with the one they began with."""


def index_answers(connection: duckdb.DuckDBPyConnection, location: str) -> None:
    """Have PostgreSQL find the answers of the latest changes without reading all; once, when a store is opened."""
    if location.startswith("postgres"):
        known = "select 1 from pg_indexes where schemaname = 'public' and indexname = 'response_number'"
        if not connection.execute(f"from postgres_query('store', {as_text(known)})").fetchall():
            make = as_text("create index response_number on public.response (number)")
            connection.execute(f"call postgres_execute('store', {make})")


class Mirror:
    """Keeps a copy, made and watched by a thread of its own; threads share it."""

    def __init__(self, location: str, megabytes: int) -> None:
        self._location, self._megabytes = location, megabytes
        self._copy: _Copy | None = None
        self._is_given_up, self._closed = False, threading.Event()
        self._refreshing = threading.Lock()
        self._wake = threading.Event()
        threading.Thread(target=self._work, name="copy of the store in memory", daemon=True).start()

    def frame(self, sql: str, params: Mapping[str, Any], revision: str) -> pl.DataFrame | None:
        """The rows of a query at this revision or a later one; null where PostgreSQL has to be asked."""
        copy = self._copy
        try:
            if copy is None or not self._is_fresh(copy, revision):
                return None
            return copy.frame(sql, params)
        except duckdb.Error as error:
            self._judge(copy, error)
            return None

    def close(self) -> None:
        """Let the copy go, for good."""
        self._closed.set()
        self._drop(self._copy)
        self._wake.set()

    def size(self) -> int:
        """Bytes of memory that the copy takes; 0 where there is none, now or for good."""
        copy = self._copy
        try:
            return 0 if copy is None else copy.size()
        except duckdb.Error:  # it was let go meanwhile
            return 0

    def _is_fresh(self, copy: _Copy, revision: str | None) -> bool:
        """Bring the copy up to date where it does not cover a revision; false where it had to be dropped."""
        if revision is not None and revision in copy.covered:
            return True
        with self._refreshing:
            if revision is not None and revision in copy.covered:
                return True
            if copy is self._copy and copy.refresh(revision):
                return True
        self._drop(copy)
        return False

    def _judge(self, copy: _Copy | None, error: duckdb.Error) -> None:
        """After an error: is there no room for the copy, does it lack a column, or does it no longer work?"""
        if isinstance(error, duckdb.OutOfMemoryException):
            self._is_given_up = True
            text = f"the copy of the store in memory takes more than {self._megabytes} MB; PostgreSQL is read instead"
            record(error, directory_of(self._location), text)
            self._drop(copy)
        elif isinstance(error, duckdb.FatalException) or (copy is not None and copy.lacks_columns()):
            self._drop(copy)

    def _drop(self, copy: _Copy | None) -> None:
        if copy is not None and copy is self._copy:
            self._copy = None
            copy.close()
            self._wake.set()

    def _work(self) -> None:
        while not self._closed.is_set() and not self._is_given_up:
            copy = self._copy
            try:
                if copy is not None:
                    self._is_fresh(copy, None)
                else:
                    self._copy = _Copy(self._location, self._megabytes)
                    if self._closed.is_set():
                        self.close()
            except duckdb.Error as error:
                self._judge(copy, error)
            self._wake.wait(LOOK_SECONDS if self._copy else min(LOOK_SECONDS, 1.0))
            self._wake.clear()


class _Copy:
    """All tables as they were at one moment, in a database of their own that is named as the store is."""

    def __init__(self, location: str, megabytes: int) -> None:
        # No disk: nothing may be left there.
        self._connection = connect(memory_limit=f"{megabytes}MB", temp_directory="")
        self.covered: deque[str] = deque(maxlen=_KNOWN)
        try:
            attach(self._connection, location, "origin")
            self._connection.execute("attach ':memory:' as store (compress)")
            self._connection.begin()
            for table in table_names():
                self._connection.execute(f"create table store.{quoted(table)} as from origin.public.{quoted(table)}")
            self._connection.commit()
            self._connection.execute("set python_enable_replacements=false")
            self._connection.execute("set lock_configuration=true")
            with self._connection.cursor() as cursor:
                self._note_contents(cursor, None)
        except BaseException:
            self._connection.close()
            raise

    def frame(self, sql: str, params: Mapping[str, Any]) -> pl.DataFrame:
        with self._connection.cursor() as cursor:
            return frame_of(cursor, sql, params)

    def size(self) -> int:
        return int(self.frame("select sum(memory_usage_bytes)::bigint as bytes from duckdb_memory()", {}).item())

    def refresh(self, revision: str | None) -> bool:
        """Take what was added since; false where more than that has happened. Raises DuckDB's errors."""
        with self._connection.cursor() as cursor:
            cursor.begin()  # of PostgreSQL too, which shows one moment to all queries in it
            try:
                changed = {name for (name,) in cursor.execute(f"from {_asked(self._what_changed())}").fetchall()}
                if not changed <= set(table_names()):
                    return False
                for table in sorted(changed):
                    rows = _asked(f"select * from public.{quoted(table)} where number > {self._number}")
                    cursor.execute(f"insert into store.{quoted(table)} by name from {rows}")
                cursor.commit()
            except BaseException:
                with contextlib.suppress(duckdb.Error):
                    cursor.rollback()
                raise
            self._note_contents(cursor, revision)
        return True

    def lacks_columns(self) -> bool:
        """Whether the answers have other columns by now, of items that were added."""
        columns = "select column_name from information_schema.columns where table_name = 'response'"
        with contextlib.suppress(duckdb.Error), self._connection.cursor() as cursor:
            there = {name for (name,) in cursor.execute(f"from {_asked(columns)}").fetchall()}
            return there != {row[0] for row in cursor.execute("describe store.response").fetchall()}
        return False

    def close(self) -> None:
        self._connection.close()

    def _note_contents(self, cursor: duckdb.DuckDBPyConnection, revision: str | None) -> None:
        changes, events, number = cursor.execute(
            """select coalesce((select max(number) from store.change), 0),
            coalesce((select max(number) from store.event), 0), (select count(*) from store.change)"""
        ).fetchall()[0]
        self._number, self._changes = max(changes, events), number
        self.covered += [f"{changes}.{events}.{number}", *([revision] if revision else [])]

    def _what_changed(self) -> str:
        """A query of PostgreSQL: the names of tables with new rows, and “erased” where that is not all."""
        new = f"number > {self._number}"
        kinds = ", ".join(map(as_text, ERASING))
        tables = [
            f"select {as_text(table)}::text as name where exists (select from public.{quoted(table)} where {new})"
            for table in table_names()
        ]
        erased = " or ".join(
            f"exists (select from public.{table} where {new} and kind in ({kinds}))" for table in ("change", "event")
        )
        kept = f"(select count(*) from public.change where not {new}) <> {self._changes}"
        return " union all ".join([*tables, f"select 'erased' where {erased} or {kept}"])


def _asked(sql: str) -> str:
    """A query of PostgreSQL, in its own words and its own transaction, as a table."""
    return f"postgres_query('origin', {as_text(sql)})"
