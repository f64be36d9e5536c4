"""Erasure and retention: the only statements that delete or replace, and the rewrite that removes the deleted bytes.

Everywhere else rows are only inserted. These commands run alone, with the server stopped.
"""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import duckdb
import polars as pl

from pd_core.access import DISTRICT
from pd_core.codebook import fold
from pd_core.config import is_remote
from pd_core.errors import StoreError, StoreInUse, UserError
from pd_core.storage.audit import SESSION
from pd_core.storage.backend import attach, cannot_open, connect, first_line
from pd_core.storage.change import Change, Reader
from pd_core.storage.copies import folder_of
from pd_core.storage.migrate import as_text
from pd_core.storage.store import Store
from pd_core.wording import plural

# In this order: flush small inserts to files, rewrite files with deleted rows, drop old snapshots and their files.
_LAKE_CLEANING = (
    "ducklake_flush_inlined_data('store')",
    "ducklake_rewrite_data_files('store', delete_threshold => 0)",
    "ducklake_expire_snapshots('store', older_than => now())",
    "ducklake_cleanup_old_files('store', cleanup_all => true)",
)
_IN_WAVES = "list_contains($waves, wave_id)"
_TRAINER_IDS = {"trainer": "trainer_id", "plan_session": "trainer_id", "delivery": "trainer_id"}
"""The tables that name trainers, and in which column."""
FORMER = "Former trainer"
"""What the lists call a trainer who was forgotten."""


@dataclass(frozen=True)
class Forgotten:
    """What the store had about a person: answers, including those that did not count; waves; whether they were on a
    staff list; whether they had made guesses; lists of sessions that they attended; whether they were a trainer, whose
    name and id are replaced by a code; their applications to become one."""

    answers: int
    waves: int
    was_on_roster: bool
    had_guessed: bool = False
    attended: int = 0
    was_trainer: bool = False
    applications: int = 0


@dataclass(frozen=True)
class Expired:
    """Data older than the district keeps it: waves, their stored answers, rows of former staff lists."""

    waves: tuple[str, ...]
    answers: int
    roster_rows: int


def forget(store: Store, person: str, actor: str, *, address: str = "", name: str = "") -> Forgotten:
    """Delete everything about the person with this code: answers of every wave and upload, roster rows, attendance,
    credentials; and the guesses of the account that signs in with `address`.

    A trainer whose id is `address`, or whose name or id is `name`, gets a code for both, so that what they taught still
    counts; applications of this name are deleted. The bytes are removed only by `rewrite`. Raises UserError where two
    trainers have this name.
    """

    def action(change: Change) -> Forgotten:
        rows = change.frame(
            "select distinct wave_id, row_key from store.response where person = $person", person=person
        )
        listed = _delete(change, "roster", "respondent = $person", person=person)
        _delete_responses(change, "person = $person", person=person)
        guessed = _delete(change, "guess", "lower(person) = lower($address)", address=address.strip())
        attended = _delete(change, "attendance", "person = $person", person=person)
        _delete(change, "credential", "person = $person", person=person)
        trainer, applications = _forget_names(change, address, name)
        found = Forgotten(
            rows.height, rows["wave_id"].n_unique(), bool(listed), bool(guessed), attended, trainer, applications
        )
        change.school_ids = {DISTRICT}
        change.subject = f"{plural(found.answers, 'answer')} in {plural(found.waves, 'wave')}"
        change.subject += ", staff list" if listed else ""
        change.subject += ", guesses" if guessed else ""
        change.subject += ", attendance" if attended else ""
        change.subject += ", trainer" if trainer else ""
        change.subject += ", applications" if applications else ""
        return found

    return store.write("forget", actor, action)


def expired(store: Reader, keep_years: int, today: date) -> Expired:
    """What `retain` deletes: whole waves whose last answer is more than `keep_years` years older than `today`."""
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
    """Delete what is `expired`, these waves' settings and guesses, and the tombstones of older sign-ins; records of
    uploads and the audit stay.

    The bytes are removed only by `rewrite`.
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
    """Rewrite a closed store, so that none of its files holds deleted data; safe to repeat.

    A store in PostgreSQL, and a DuckLake catalog in another database, have to be vacuumed there. Raises StoreInUse if
    the store is in use, and StoreError if there is no room for a second copy; the store is then unchanged.
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
            f"The store could not be rewritten: {first_line(error)}",
            "Its files still hold the deleted data. Make room for a second copy, then run the command again.",
        ) from error


def catalogue(location: str) -> Path | None:
    """The store's DuckDB file, or the one with a DuckLake's catalog; null if that is another database."""
    file = Path(location.removeprefix("ducklake:").removeprefix("duckdb:"))
    is_file = not is_remote(str(file)) and file.is_file()
    return file.resolve() if is_file else None


def _delete_responses(change: Change, where: str, **params: object) -> None:
    """Delete rows and their tombstones: a tombstone may hold the row's key, and so the person."""
    ids = f"select response_id from store.response where {where}"
    _delete(change, "dead", f"kind = 'response' and id in ({ids})", **params)
    _delete(change, "response", where, **params)


def _delete(change: Change, table: str, where: str, **params: object) -> int:
    gone = change.frame(f"select 1 as one from store.{table} where {where}", **params).height
    if gone:
        change.cursor.execute(f"delete from store.{table} where {where}", params)
        change.inserted += gone  # deleted rows are a change too
    return gone


def _forget_names(change: Change, address: str, name: str) -> tuple[bool, int]:
    """Whether there was a trainer of this address, name or id; how many applications had the name."""
    listed = change.frame("select distinct trainer_id, name from store.trainer").rows()
    wanted = {fold(word) for word in (address, name) if word.strip()}
    ids = {trainer_id for trainer_id, _ in listed if fold(trainer_id) in wanted}
    ids = ids or {trainer_id for trainer_id, called in listed if name.strip() and fold(called) == fold(name)}
    if len(ids) > 1:
        raise UserError(
            f"{len(ids)} trainers have this name: {', '.join(sorted(ids))}.",
            "Give the id of the one who is to be forgotten in place of the name. Nothing was changed.",
        )
    for trainer_id in ids:
        code = f"former-{secrets.token_hex(4)}"
        _replace_text(change, "trainer", "name", FORMER, "trainer_id = $is", trainer_id)
        for table, column in _TRAINER_IDS.items():
            _replace_text(change, table, column, code, f"{column} = $is", trainer_id)
        _replace_text(change, "calendar_feed", "subject_id", code, "about = 'trainer' and subject_id = $is", trainer_id)
    names = {fold(name), *(fold(called) for trainer_id, called in listed if trainer_id in ids)} - {""}
    applied = change.frame("select distinct name from store.applicant where name <> ''")["name"].to_list()
    # A row without a name is no application; without any row the list before would count again.
    found = [_replace_text(change, "applicant", "name", "", "name = $is", one) for one in applied if fold(one) in names]
    return bool(ids), sum(found)


def _replace_text(change: Change, table: str, column: str, text: str, where: str, known: str) -> int:
    rows = change.frame(f"select 1 as one from store.{table} where {where}", **{"is": known}).height
    if rows:
        change.cursor.execute(f"update store.{table} set {column} = $text where {where}", {"is": known, "text": text})
        change.inserted += rows
    return rows


def _limit(keep_years: int, today: date) -> tuple[datetime, int]:
    """The time before which everything is too old, and the change number of that time."""
    day = 28 if (today.month, today.day) == (2, 29) else today.day
    before = datetime(today.year - keep_years, today.month, day)
    return before, int(pl.Series([before]).dt.epoch("us").item())


def _clean_lake(location: str) -> None:
    with connect() as connection:
        attach(connection, location)
        for call in _LAKE_CLEANING:
            connection.execute(f"call {call}").to_arrow_table()


def _replace(file: Path) -> None:
    """Replace a DuckDB file with a copy. No one else can open the file until the copy is in place."""
    with tempfile.TemporaryDirectory(dir=file.parent, prefix=f".{file.name}-") as folder:
        copy = Path(folder) / file.name
        with connect() as connection:
            connection.execute(f"attach {as_text(str(file))} as old")
            connection.execute("checkpoint old")
            connection.execute("detach old")
            # Read-only from here on: closing it last must not touch the log that the next program writes.
            connection.execute(f"attach {as_text(str(file))} as old (read_only)")
            connection.execute(f"attach {as_text(str(copy))} as new")
            connection.execute("copy from database old to new")
            connection.execute("detach new")
            copy.chmod(file.stat().st_mode & 0o777)
            for left in (f"{file}.tmp", folder_of(str(file))):  # what an interrupted query or copy left on the disk
                shutil.rmtree(left, ignore_errors=True)
            if os.name == "nt":  # Windows cannot replace an open file
                connection.execute("detach old")
            os.replace(copy, file)
