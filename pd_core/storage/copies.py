"""Copies of a store that is a file: made while others write, examined without being changed, put in a store's place."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pd_core.errors import StoreError, StoreInUse
from pd_core.storage.backend import cannot_open, connect
from pd_core.storage.migrate import MIGRATIONS, as_text, quoted

FOLDER = ".copies"


@dataclass(frozen=True)
class Contents:
    """What a store's file holds: table to number of rows, the number of its latest migration, what it keeps of its key
    (null: nothing yet)."""

    tables: Mapping[str, int]
    migration: int
    key_mark: str | None

    @property
    def rows(self) -> int:
        """Rows of all tables."""
        return sum(self.tables.values())


def folder_of(location: str) -> Path:
    """The one folder in which the database may write copies of a store that is a file."""
    file = Path(location).resolve()
    return file.with_name(file.name + FOLDER)


def clear(location: str) -> None:
    """Delete the copies that an interrupted program left next to a store that is a file."""
    shutil.rmtree(folder_of(location), ignore_errors=True)


def copy_store(cursor: duckdb.DuckDBPyConnection, location: str) -> Path:
    """Copy the attached store, as one transaction sees it, to a new file in its folder of copies.

    Uploads go on meanwhile. The caller deletes the file with `delete`. Raises OSError and DuckDB's errors.
    """
    name = f"copy_{secrets.token_hex(8)}"
    file = folder_of(location) / f"{name}.duckdb"
    file.parent.mkdir(mode=0o700, exist_ok=True)
    try:
        cursor.execute(f"attach {as_text(str(file))} as {name}")
        try:
            if os.name == "posix":
                file.chmod(0o600)
            cursor.execute(f"copy from database store to {name}")
        finally:
            cursor.execute(f"detach {name}")
    except BaseException:
        delete(file)
        raise
    return file


def delete(file: Path) -> None:
    """Delete a copy, the log that an interrupted one has, and the folder of copies after the last one."""
    for path in (file, file.with_name(file.name + ".wal")):
        path.unlink(missing_ok=True)
    with contextlib.suppress(OSError):  # another copy is in it
        file.parent.rmdir()


def contents(file: Path) -> Contents:
    """What a store's file holds; the file is not changed. Raises StoreError for one that is not a store."""
    try:
        with connect() as connection:
            connection.execute(f"attach {as_text(str(file))} as store (read_only)")
            names = connection.execute(
                "select table_name from duckdb_tables() where database_name = 'store' order by table_name"
            ).fetchall()
            tables = {name: _number(connection, f"select count(*) from store.{quoted(name)}") for (name,) in names}
            if "migration" not in tables or "response" not in tables:
                raise StoreError(f"{file.name} is not a store of PD Pulse.", "Name another file.")
            migration = _number(connection, "select coalesce(max(number), 0) from store.migration")
            mark = None
            if "key_check" in tables:
                mark = connection.execute("select mark from store.key_check order by number desc limit 1").fetchone()
            return Contents(tables, migration, None if mark is None else str(mark[0]))
    except duckdb.Error as error:
        raise cannot_open(str(file), error) from error


def newest_migration() -> int:
    """The number of the latest migration that this version of PD Pulse knows."""
    return max(int(file.name.partition("_")[0]) for file in MIGRATIONS.glob("[0-9]*.sql"))


def put_in_place(copy: Path, location: str) -> None:
    """Put a copy in the place of a store, which may exist or be damaged. Raises StoreInUse, StoreError, OSError."""
    file = Path(location).resolve()
    with connect() as connection:
        if file.exists():
            try:
                connection.execute(f"attach {as_text(str(file))} as old")
                connection.execute("checkpoint old")
                connection.execute("detach old")
                connection.execute(f"attach {as_text(str(file))} as old (read_only)")  # no one else opens it meanwhile
            except duckdb.Error as error:
                known = cannot_open(location, error)
                if isinstance(known, StoreInUse):
                    raise known from error
        file.with_name(file.name + ".wal").unlink(missing_ok=True)
        if os.name == "nt":  # Windows cannot replace an open file
            connection.execute("detach database if exists old")
        os.replace(copy, file)


def _number(connection: duckdb.DuckDBPyConnection, sql: str) -> int:
    found = connection.execute(sql).fetchone()
    return int(found[0]) if found else 0
