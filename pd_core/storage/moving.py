"""Copies a store to another place and compares the two, table by table. Neither may be in use."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from pd_core.codebook import Item
from pd_core.config import is_remote
from pd_core.errors import StoreError
from pd_core.storage.backend import attach, cannot_open, connect, first_line, without_secrets
from pd_core.storage.migrate import quoted, table_names
from pd_core.storage.store import open_store


@dataclass(frozen=True)
class MovedTable:
    """A table that is the same in both stores: its rows, and whether they were there already, from an earlier move."""

    name: str
    rows: int
    was_there: bool


def move_store(source: str, target: str, items: Sequence[Item]) -> Iterator[MovedTable]:
    """Copy each table in a transaction of its own, and compare number and checksum of its rows in both stores.

    Tables that are the same already are left, so that an interrupted move can be run again. Raises StoreInUse,
    StoreError where a table of the target holds something else.
    """
    if not is_remote(source) and not Path(source).is_file():
        raise StoreError(f"There is no store {source}.", "Check its path.")
    for location in (source, target):
        open_store(location, items).close()  # brings both up to date, and says so where one is in use
    try:
        with connect() as connection:
            attach(connection, source, "source")
            attach(connection, target, "target")
            for table in _tables(connection):
                yield _moved(connection, table, target)
    except duckdb.Error as error:
        if "attach" in str(error).lower() or "lock" in str(error).lower():
            raise cannot_open(target, error) from error
        raise StoreError(
            f"The store could not be moved: {without_secrets(first_line(error))}",
            "The source is as it was. Make sure that both can be reached, then run the command again: it goes on.",
        ) from error


def _moved(connection: duckdb.DuckDBPyConnection, table: str, target: str) -> MovedTable:
    columns = _columns(connection, "source", table)
    known = _columns(connection, "target", table)
    for column, kind in columns.items():
        if column not in known:  # an item that only the source's codebook had
            connection.execute(f"alter table target.{quoted(table)} add column {quoted(column)} {kind}")
    names = ", ".join(map(quoted, columns))
    wanted, found = (_checksum(connection, place, table, names) for place in ("source", "target"))
    if found == wanted:
        return MovedTable(table, wanted[0], was_there=wanted[0] > 0)
    if found[0]:
        raise StoreError(
            f"{without_secrets(target)} is not empty: its table {table} has {found[0]:,} rows, which are not those of "
            "the source.",
            "Move to a new store, or to one in which an earlier move was interrupted.",
        )
    connection.begin()
    try:
        connection.execute(f"insert into target.{quoted(table)} ({names}) select {names} from source.{quoted(table)}")
        connection.commit()
    except BaseException:
        connection.rollback()
        raise
    if _checksum(connection, "target", table, names) != wanted:
        raise StoreError(
            f"The table {table} is not the same after it was copied.",
            "Do not use the target. Delete it and run the command again; the source is as it was.",
        )
    return MovedTable(table, wanted[0], was_there=False)


def _tables(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """The tables that PD Pulse makes, as both stores have them after they were opened."""
    made = table_names()
    found = connection.execute(
        "select table_name from duckdb_tables() where database_name = 'source' order by table_name"
    ).fetchall()
    return [name for (name,) in found if name in made]


def _columns(connection: duckdb.DuckDBPyConnection, place: str, table: str) -> dict[str, str]:
    found = connection.execute(f"describe {place}.{quoted(table)}").fetchall()
    return {str(row[0]): str(row[1]) for row in found}


def _checksum(connection: duckdb.DuckDBPyConnection, place: str, table: str, names: str) -> tuple[int, int]:
    """The number of rows, and the sum of their hashes, which does not depend on their order."""
    found = connection.execute(
        f"select count(*), coalesce(sum(hash({names})::hugeint), 0)::hugeint from {place}.{quoted(table)}"
    ).fetchone()
    return (int(found[0]), int(found[1])) if found else (0, 0)
