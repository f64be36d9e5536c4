"""Brings a store's tables up to date: numbered files, each applied once and recorded with what it did."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import duckdb

from pd_core.codebook import LEVEL_KINDS, SET_KINDS, Item
from pd_core.errors import StoreError

MIGRATIONS = Path(__file__).parent / "migrations"


def quoted(identifier: str) -> str:
    """An identifier quoted for SQL. Names reach SQL only this way; values are parameters."""
    return '"' + identifier.replace('"', '""') + '"'


def as_text(value: str) -> str:
    """A text as an SQL literal, where SQL takes no parameter."""
    return "'" + value.replace("'", "''") + "'"


def table_names() -> list[str]:
    """The tables that migrations make, in the order of their names."""
    made = "".join(file.read_text(encoding="utf-8") for file in MIGRATIONS.glob("[0-9]*.sql"))
    return sorted(re.findall(r"^create table store\.(\w+) \(", made, re.MULTILINE))


def migrate(connection: duckdb.DuckDBPyConnection, items: Sequence[Item], folder: Path = MIGRATIONS) -> None:
    """Apply the new files in `folder`, then `add_items`. Raises StoreError for a store written by a newer version."""
    connection.execute(
        """create table if not exists store.migration (
            number integer not null, name varchar not null, applied_at timestamp
        )"""
    )
    applied = {row[0] for row in connection.execute("select number from store.migration").fetchall()}
    files = {int(re.match(r"\d+", file.name)[0]): file for file in sorted(folder.glob("[0-9]*.sql"))}  # type: ignore[index]
    if unknown := applied - set(files):
        raise StoreError(
            f"This store was written by a newer version of PD Pulse (migration {max(unknown)}).",
            "Install the newer version, or use another store.",
        )
    for number in sorted(set(files) - applied):
        with _transaction(connection):
            connection.execute(files[number].read_text(encoding="utf-8"))
            connection.execute(
                "insert into store.migration values ($number, $name, current_timestamp::timestamp)",
                {"number": number, "name": files[number].name},
            )
    add_items(connection, items)


def add_items(connection: duckdb.DuckDBPyConnection, items: Sequence[Item]) -> None:
    """Adds the `missing_columns`. Raises StoreError as they do."""
    missing = missing_columns(connection, items)
    if missing:
        with _transaction(connection):
            for name, sql_type in missing.items():
                connection.execute(f"alter table store.response add column {quoted(name)} {sql_type}")


def missing_columns(connection: duckdb.DuckDBPyConnection, items: Sequence[Item]) -> dict[str, str]:
    """Column of `response` to SQL type, for items that the store does not have yet.

    Raises StoreError for an item whose answers it keeps as another type.
    """
    known = {row[0]: row[1].lower() for row in connection.execute("describe store.response").fetchall()}
    wanted = item_columns(items)
    for name in wanted.keys() & known.keys():
        if wanted[name] != known[name]:
            raise StoreError(
                f"The store keeps answers to “{name}” as {known[name]}, but the codebook now makes it {wanted[name]}.",
                "Give the item its former kind, or make a new item with a new id.",
            )
    return {name: sql_type for name, sql_type in wanted.items() if name not in known}


def item_columns(items: Sequence[Item]) -> dict[str, str]:
    """Column of `response` to SQL type for each item; sets also have a column for what people wrote as “Other”."""
    columns: dict[str, str] = {}
    for item in items:
        if item.kind == "school":
            continue
        columns[item.item_id] = "smallint" if item.kind in LEVEL_KINDS else "varchar"
        if item.kind in SET_KINDS:
            columns[f"{item.item_id}_other"] = "varchar"
    return columns


@contextlib.contextmanager
def _transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    connection.begin()
    try:
        yield
    except BaseException:
        connection.rollback()
        raise
    connection.commit()
