"""The command that keeps a store quick."""

from __future__ import annotations

from dataclasses import asdict

from pd_core.actions import upkeep
from pd_core.cli.context import Shared
from pd_core.storage.upkeep import KEPT_DAYS, FileUpkeep, LakeUpkeep, PostgresUpkeep, Upkeep
from pd_core.wording import plural

_MUCH_FREE = 100_000_000
"""Bytes in a file, free for new rows, that are worth giving back to the disk where they are half of it."""


def maintain(*, call: Shared) -> None:
    """Keeps the store quick, and says what it did; for a schedule.

    People can work meanwhile. A file: what its log holds is written into it. PostgreSQL: its tables are vacuumed and
    analyzed. DuckLake: rows are written to files, small files are merged, states of the past are given up. No answer
    is changed.
    """
    with call.store() as store:
        done = upkeep.maintain(store, call.visitor)
    kinds = {FileUpkeep: "file", LakeUpkeep: "ducklake", PostgresUpkeep: "postgresql"}
    call.answer("\n".join(_said(done)), status="maintained", kind=kinds[type(done)], **asdict(done))


def _said(done: Upkeep) -> list[str]:
    match done:
        case FileUpkeep(written, size, free):
            lines = [
                f"{_megabytes(written)} of the log were written into the store's file.",
                f"The file has {_megabytes(size)}, of which {_megabytes(free)} are free for new answers.",
            ]
            if free > _MUCH_FREE and free > size / 2:
                lines.append("To give them back to the disk: run backup, stop the server, run restore --overwrite.")
        case LakeUpkeep(flushed, merged, into, expired, deleted):
            lines = [
                f"{_were(flushed, 'row')} written from the catalog to files.",
                f"{_were(merged, 'small file')} merged into {into:,}.",
                f"{_were(expired, 'earlier state')} given up: the tables as they were more than {KEPT_DAYS} days ago.",
                f"{_were(deleted, 'file')} deleted, which no table needs.",
            ]
        case PostgresUpkeep(tables, rows, dead, size, is_automatic):
            lines = [
                f"{_were(tables, 'table')} vacuumed and analyzed. They have {_megabytes(size)}, and had about "
                f"{rows:,} rows and {dead:,} dead ones.",
            ]
            if not is_automatic:
                lines.append("PostgreSQL does not vacuum by itself: set autovacuum = on in postgresql.conf.")
    return lines


def _were(number: int, noun: str) -> str:
    return f"{plural(number, noun)} {'was' if number == 1 else 'were'}"


def _megabytes(number: int) -> str:
    return f"{number / 1e6:,.1f} MB"
