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
    """An identifier as SQL writes it. The only way a name reaches SQL; values go as parameters."""
    return '"' + identifier.replace('"', '""') + '"'


def migrate(connection: duckdb.DuckDBPyConnection, items: Sequence[Item], folder: Path = MIGRATIONS) -> None:
    """Applies what is new in `folder`, then adds the columns of items the store does not know yet.

    Raises StoreError for a store that a newer version of the program has written, or that keeps an item's answers as
    another type.
    """
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
    known = {row[0]: row[1].lower() for row in connection.execute("describe store.response").fetchall()}
    wanted = item_columns(items)
    for name in wanted.keys() & known.keys():
        if wanted[name] != known[name]:
            raise StoreError(
                f"The store keeps answers to “{name}” as {known[name]}, but the codebook now makes it {wanted[name]}.",
                "Give the item its former kind, or make a new item with an id of its own.",
            )
    missing = {name: sql_type for name, sql_type in wanted.items() if name not in known}
    if missing:
        with _transaction(connection):
            for name, sql_type in missing.items():
                connection.execute(f"alter table store.response add column {quoted(name)} {sql_type}")


def item_columns(items: Sequence[Item]) -> dict[str, str]:
    """Column of `response` to SQL type for each item; sets also have a column for what people wrote beside the list."""
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
