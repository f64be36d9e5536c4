"""One write of the store, inside its transaction, and how a query's rows are read."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Protocol, cast

import duckdb
import polars as pl

from pd_core.audit_kinds import AuditKind
from pd_core.storage.migrate import quoted


class Reader(Protocol):
    """Something to query: the store, or a change that also sees its own writes."""

    def frame(self, sql: str, /, **params: Any) -> pl.DataFrame: ...


@dataclass
class Change:
    """One write, inside its transaction. `number` orders all changes of a store; `at` is UTC.

    The audit keeps `school_ids` (the schools it was about, “district” for the whole) and `subject`, a few words without
    any answer; both may be set while writing.
    """

    cursor: duckdb.DuckDBPyConnection
    number: int
    at: datetime
    school_ids: Collection[str] = ()
    subject: str = ""
    inserted: int = field(default=0)

    def frame(self, sql: str, /, **params: Any) -> pl.DataFrame:
        """The rows of a query as this transaction sees them."""
        return frame_of(self.cursor, sql, params)

    def frame_with(self, incoming: pl.DataFrame, sql: str, /, **params: Any) -> pl.DataFrame:
        """The rows of a query that may use `incoming` as a table."""
        self.cursor.register("incoming", incoming.to_arrow())
        try:
            return frame_of(self.cursor, sql, params)
        finally:
            self.cursor.unregister("incoming")

    def insert(self, table: str, frame: pl.DataFrame) -> None:
        """Append `frame` to a table by column name; `number` is added."""
        if frame.is_empty():
            return
        rows = frame.with_columns(number=pl.lit(self.number, pl.Int64))
        columns = ", ".join(quoted(column) for column in rows.columns)
        self.cursor.register("incoming", rows.to_arrow())
        try:
            self.cursor.execute(f"insert into store.{quoted(table)} ({columns}) select {columns} from incoming")
        finally:
            self.cursor.unregister("incoming")
        self.inserted += rows.height

    def record(self, table: str, kind: AuditKind, actor: str, **more: str) -> None:
        """Record who did what, when, to which schools, in `change` or `event`."""
        about = {"school_ids": ";".join(sorted(set(self.school_ids))), "subject": self.subject}
        row = {"kind": kind, "recorded_at": self.at, "actor": actor, **about, **more}
        self.insert(table, pl.DataFrame([row]))


def next_change(cursor: duckdb.DuckDBPyConnection) -> Change:
    """A change after all known ones. Its number is a time in microseconds, so that two processes that write at the same
    time do not use the same number."""
    now = datetime.now(UTC)
    found = cursor.execute(
        """select greatest(coalesce((select max(number) from store.change), 0),
            coalesce((select max(number) from store.event), 0))"""
    ).fetchone()
    last = int(found[0]) if found else 0
    return Change(cursor, max(last + 1, int(now.timestamp() * 1_000_000)), now.replace(tzinfo=None))


def frame_of(cursor: duckdb.DuckDBPyConnection, sql: str, params: Mapping[str, Any]) -> pl.DataFrame:
    """The rows of a query."""
    # execute(), not sql(): with parameters, sql() makes every value a Python object (seconds for 100,000 rows).
    # But execute() can hang on a `union all` of six or more grouped scans: run such queries one at a time.
    return cast(pl.DataFrame, pl.from_arrow(cursor.execute(sql, dict(params)).to_arrow_table()))
