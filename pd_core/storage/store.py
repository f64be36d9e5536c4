"""Opens the store: one connection a process, a cursor for each use, one place that knows the driver."""

from __future__ import annotations

import contextlib
import re
import threading
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import duckdb
import polars as pl

from pd_core.codebook import Item
from pd_core.config import REMOTE_PREFIXES
from pd_core.errors import StoreError
from pd_core.storage.migrate import migrate, quoted

TRIES = 8
_LOCKED_BY = re.compile(r"PID (\d+)")
T = TypeVar("T")


@dataclass
class Change:
    """One write, inside its transaction. `number` orders all changes of a store; `at` is UTC."""

    cursor: duckdb.DuckDBPyConnection
    number: int
    at: datetime
    inserted: int = field(default=0)

    def frame(self, sql: str, /, **params: Any) -> pl.DataFrame:
        """The rows of a query, as this transaction sees them."""
        return _frame(self.cursor, sql, params)

    def frame_with(self, incoming: pl.DataFrame, sql: str, /, **params: Any) -> pl.DataFrame:
        """The rows of a query that may read `incoming` as a table of that name."""
        self.cursor.register("incoming", incoming.to_arrow())
        try:
            return _frame(self.cursor, sql, params)
        finally:
            self.cursor.unregister("incoming")

    def insert(self, table: str, frame: pl.DataFrame) -> None:
        """Appends `frame` to a table by column name; `number` is added."""
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


class Store:
    """An open store. Threads share it; reads never wait for writes."""

    def __init__(self, location: str, connection: duckdb.DuckDBPyConnection) -> None:
        self.location = location
        self._connection = connection
        self._writing = threading.Lock()

    def frame(self, sql: str, /, **params: Any) -> pl.DataFrame:
        """The rows of a query. Values only as `$name` parameters."""
        with self._connection.cursor() as cursor:
            return _frame(cursor, sql, params)

    def version(self) -> str:
        """Changes whenever anything is written: the key under which results may be kept."""
        row = self.frame("select coalesce(max(number), 0) as number, count(*) as changes from store.change").row(0)
        return f"{row[0]}.{row[1]}"

    def write(self, kind: str, actor: str, action: Callable[[Change], T]) -> T:
        """Runs `action` in one transaction and records it as one change; an action that inserts nothing leaves no trace.

        Everything is stored or nothing. Where another process wrote at the same time, `action` runs again, so it
        must be safe to repeat. Raises StoreError when the store stays busy or cannot be written.
        """
        for _ in range(TRIES):
            try:
                with self._writing, self._connection.cursor() as cursor:
                    return self._write_once(cursor, kind, actor, action)
            except duckdb.TransactionException:
                continue
            except (duckdb.IOException, duckdb.FatalException) as error:
                raise StoreError(
                    f"The store could not be written: {_first_line(error)}",
                    "Nothing was stored. Make sure that the disk has room, then restart PD Pulse and try again.",
                ) from error
        raise StoreError("The store is busy with other uploads.", "Nothing was stored. Try again in a minute.")

    def _write_once(self, cursor: duckdb.DuckDBPyConnection, kind: str, actor: str, action: Callable[[Change], T]) -> T:
        cursor.begin()
        try:
            found = cursor.execute("select coalesce(max(number), 0) + 1 from store.change").fetchone()
            change = Change(cursor, int(found[0]) if found else 1, datetime.now(UTC).replace(tzinfo=None))
            result = action(change)
            if change.inserted:
                record = {"change_id": uuid.uuid4().hex, "kind": kind, "recorded_at": change.at, "actor": actor}
                change.insert("change", pl.DataFrame([record]))
                cursor.commit()
            else:
                cursor.rollback()
        except BaseException:
            with contextlib.suppress(duckdb.Error):  # after a failed commit there is nothing left to take back
                cursor.rollback()
            raise
        return result

    def close(self) -> None:
        """Lets go of the file."""
        self._connection.close()


def open_store(location: str, items: Sequence[Item]) -> Store:
    """Opens, or makes, the store at a path or URL and brings its tables up to date.

    Raises StoreError when the file is not a store, is in use by another program, or cannot be reached.
    """
    connection = duckdb.connect(":memory:", config={"autoinstall_known_extensions": False})
    try:
        _attach(connection, location)
        migrate(connection, items)
        _harden(connection, location)
    except duckdb.Error as error:
        connection.close()
        raise _cannot_open(location, error) from error
    except BaseException:
        connection.close()
        raise
    return Store(location, connection)


def _attach(connection: duckdb.DuckDBPyConnection, location: str) -> None:
    if location.startswith(REMOTE_PREFIXES):
        extension = "ducklake" if location.startswith("ducklake:") else "postgres"
        connection.execute(f"load {extension}")
        kind = "" if extension == "ducklake" else " (type postgres)"
        target = location
    else:
        path = Path(location)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(
                f"The folder {path.parent} cannot be made: {error.strerror}.",
                "Choose another place with --store or PD_STORE.",
            ) from error
        kind, target = "", str(path.resolve())
    escaped = target.replace("'", "''")
    connection.execute(f"attach '{escaped}' as store{kind}")


def _harden(connection: duckdb.DuckDBPyConnection, location: str) -> None:
    """No query may reach files, the network or Python variables, whatever text ends up in it."""
    if location.startswith(REMOTE_PREFIXES):
        return  # its data lives behind the network or in folders that only its catalogue knows
    folder = str(Path(location).resolve().parent).replace("'", "''")
    for setting in (
        f"allowed_directories=['{folder}']",
        "enable_external_access=false",
        "python_enable_replacements=false",
        "lock_configuration=true",
    ):
        connection.execute(f"set {setting}")


def _frame(cursor: duckdb.DuckDBPyConnection, sql: str, params: Mapping[str, Any]) -> pl.DataFrame:
    # sql(), not execute(): the latter can hang on large unions of grouped scans.
    return cursor.sql(sql, params=dict(params)).pl()


def _cannot_open(location: str, error: duckdb.Error) -> StoreError:
    text = str(error)
    if "lock" in text.lower() and isinstance(error, duckdb.IOException):
        holder = _LOCKED_BY.search(text)
        who = f" (process {holder[1]})" if holder else ""
        return StoreError(
            f"The store {location} is in use by another program{who}, most likely PD Pulse itself.",
            "Do this on its pages, or stop it first: one program at a time can hold the file.",
        )
    return StoreError(
        f"The store {location} cannot be opened: {_first_line(error)}",
        "Make sure that it is a PD Pulse store and that this account may write there, or name another with --store.",
    )


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
