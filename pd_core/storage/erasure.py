"""Erasure and retention: the only statements that delete, and the rewriting that leaves nothing of it behind.

Everywhere else rows are only ever inserted. These commands run alone, with the server stopped.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import duckdb
import polars as pl

from pd_core.access import DISTRICT
from pd_core.config import is_remote
from pd_core.errors import StoreError, StoreInUse
from pd_core.storage.audit import SESSION
from pd_core.storage.backend import as_text, attach, cannot_open, first_line
from pd_core.storage.store import Change, Reader, Store
from pd_core.wording import plural

# In this order: what was inserted in small pieces goes to files, files that hold deleted rows are written anew, and
# what only the past still needs is given up.
_LAKE_CLEANING = (
    "ducklake_flush_inlined_data('store')",
    "ducklake_rewrite_data_files('store', delete_threshold => 0)",
    "ducklake_expire_snapshots('store', older_than => now())",
    "ducklake_cleanup_old_files('store', cleanup_all => true)",
)
_IN_WAVES = "list_contains($waves, wave_id)"


@dataclass(frozen=True)
class Forgotten:
    """What a person had in the store: answers, with those that did not count; in how many waves; whether they were on a
    staff list; whether they had guessed what results would be."""

    answers: int
    waves: int
    was_on_roster: bool
    had_guessed: bool = False


@dataclass(frozen=True)
class Expired:
    """What is past its time: waves, their stored answers, rows of staff lists that are not the latest."""

    waves: tuple[str, ...]
    answers: int
    roster_rows: int


def forget(store: Store, person: str, actor: str, *, address: str = "") -> Forgotten:
    """Deletes all that is stored of the person with this code: answers of every wave and upload, and roster rows; and
    what was guessed by whoever signs in with `address`.

    The bytes are gone only after `rewrite`.
    """

    def action(change: Change) -> Forgotten:
        rows = change.frame(
            "select distinct wave_id, row_key from store.response where person = $person", person=person
        )
        listed = _delete(change, "roster", "respondent = $person", person=person)
        _delete_responses(change, "person = $person", person=person)
        guessed = _delete(change, "guess", "lower(person) = lower($address)", address=address.strip())
        found = Forgotten(rows.height, rows["wave_id"].n_unique(), bool(listed), bool(guessed))
        change.school_ids = {DISTRICT}
        change.subject = f"{plural(found.answers, 'answer')} in {plural(found.waves, 'wave')}"
        change.subject += ", staff list" if listed else ""
        change.subject += ", guesses" if guessed else ""
        return found

    return store.write("forget", actor, action)


def expired(store: Reader, keep_years: int, today: date) -> Expired:
    """What `retain` deletes: waves whose last answer is from more than `keep_years` years before `today`, whole."""
    before, number = _limit(keep_years, today)
    waves = store.frame(
        """select wave_id, count(distinct row_key)::bigint as answers from store.response
        group by wave_id having max(completed_at) < $before order by max(completed_at), wave_id""",
        before=before,
    )
    roster = store.frame(
        "select 1 as one from store.roster where number < $number and number < (select max(number) from store.roster)",
        number=number,
    )
    return Expired(tuple(waves["wave_id"]), int(waves["answers"].sum()), roster.height)


def retain(store: Store, keep_years: int, today: date, actor: str) -> Expired:
    """Deletes what is `expired`, what was set for these waves and guessed of them, and the marks of sign-ins that ended
    before; records of uploads and the audit stay.

    The bytes are gone only after `rewrite`.
    """

    def action(change: Change) -> Expired:
        found = expired(change, keep_years, today)
        _, number = _limit(keep_years, today)
        _delete_responses(change, _IN_WAVES, waves=list(found.waves))
        for table in ("wave", "guess"):
            _delete(change, table, _IN_WAVES, waves=list(found.waves))
        _delete(
            change,
            "roster",
            "number < $number and number < (select max(number) from store.roster)",
            number=number,
        )
        _delete(change, "dead", "kind = $kind and number < $number", kind=SESSION, number=number)
        change.school_ids = {DISTRICT}
        waves = ", ".join(found.waves) or "no wave"
        change.subject = f"{plural(keep_years, 'year')}: {plural(found.answers, 'answer')} of {waves}"
        return found

    return store.write("retain", actor, action)


def rewrite(location: str) -> None:
    """Writes a closed store anew, so that no file of it holds what was deleted; safe to repeat.

    A store in PostgreSQL, and a DuckLake's catalog in another database, have to be vacuumed there. Raises StoreInUse
    where someone uses the store, and StoreError where there is no room for a second copy of it; the store is then as
    it was.
    """
    try:
        if location.startswith("ducklake:"):
            _clean_lake(location)
        file = catalogue(location)
        if file is not None:
            _replace(file)
    except (duckdb.Error, OSError) as error:
        if isinstance(error, duckdb.Error) and isinstance(known := cannot_open(location, error), StoreInUse):
            raise known from error
        raise StoreError(
            f"The store could not be written anew: {first_line(error)}",
            "Its files still hold what was deleted. Make room for a second copy, then run the command again.",
        ) from error


def catalogue(location: str) -> Path | None:
    """The DuckDB file that a store is, or that a DuckLake has its catalog in; null where that is another database."""
    file = Path(location.removeprefix("ducklake:").removeprefix("duckdb:"))
    is_file = not is_remote(str(file)) and file.is_file()
    return file.resolve() if is_file else None


def _delete_responses(change: Change, where: str, **params: object) -> None:
    """Deletes rows and the marks of those that no longer counted: a mark may hold the row's key, and so the person."""
    ids = f"select response_id from store.response where {where}"
    _delete(change, "dead", f"kind = 'response' and id in ({ids})", **params)
    _delete(change, "response", where, **params)


def _delete(change: Change, table: str, where: str, **params: object) -> int:
    gone = change.frame(f"select 1 as one from store.{table} where {where}", **params).height
    if gone:
        change.cursor.execute(f"delete from store.{table} where {where}", params)
        change.inserted += gone  # rows that go are a change as well
    return gone


def _limit(keep_years: int, today: date) -> tuple[datetime, int]:
    """The moment before which everything is too old, and the number that a change had then."""
    day = 28 if (today.month, today.day) == (2, 29) else today.day
    before = datetime(today.year - keep_years, today.month, day)
    return before, int(pl.Series([before]).dt.epoch("us").item())


def _clean_lake(location: str) -> None:
    with duckdb.connect(":memory:") as connection:
        attach(connection, location)
        for call in _LAKE_CLEANING:
            connection.execute(f"call {call}").to_arrow_table()


def _replace(file: Path) -> None:
    """Puts a copy of a DuckDB file in its place. No one else can open the file until the copy stands there."""
    with tempfile.TemporaryDirectory(dir=file.parent, prefix=f".{file.name}-") as folder:
        copy = Path(folder) / file.name
        with duckdb.connect(":memory:") as connection:
            connection.execute(f"attach {as_text(str(file))} as old")
            connection.execute("checkpoint old")
            connection.execute("detach old")
            # Only reading from here on: what is closed last must not touch the log that the next program writes.
            connection.execute(f"attach {as_text(str(file))} as old (read_only)")
            connection.execute(f"attach {as_text(str(copy))} as new")
            connection.execute("copy from database old to new")
            connection.execute("detach new")
            copy.chmod(file.stat().st_mode & 0o777)
            shutil.rmtree(f"{file}.tmp", ignore_errors=True)  # what a question that was broken off wrote to disk
            if os.name == "nt":  # there, a file that is open cannot be replaced
                connection.execute("detach old")
            os.replace(copy, file)
