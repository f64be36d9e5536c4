"""Opens the store: one connection per process, a cursor per use, one place that knows the driver."""

from __future__ import annotations

import contextlib
import itertools
import secrets
import threading
import uuid
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from contextvars import ContextVar
from pathlib import Path
from typing import Any, TypeVar

import duckdb
import polars as pl

from pd_core.audit_kinds import AuditKind
from pd_core.cache import Cache
from pd_core.codebook import Item
from pd_core.config import is_remote
from pd_core.errors import StoreError, UserError
from pd_core.storage import copies
from pd_core.storage.backend import (
    attach,
    cannot_open,
    connect,
    first_line,
    harden,
    is_file,
    is_of_storage,
    is_small,
    keep_private,
    no_room,
    require_own,
)
from pd_core.storage.change import Change, frame_of, next_change
from pd_core.storage.migrate import add_items, migrate, missing_columns
from pd_core.storage.mirror import Mirror, index_answers
from pd_core.storage.outage import outage
from pd_core.storage.turns import changing_tables, is_clash, turn, wait_for_turn

TRIES = 8
_MAX_ANSWERS, _MAX_BYTES, _LARGE = 2_000, 32_000_000, 300_000
"""How many query results are cached, and the largest that is: bigger ones are used once and dropped."""
_pinned: ContextVar[dict[int, str] | None] = ContextVar("pinned", default=None)
T = TypeVar("T")


class Store:
    """An open store. Threads share it; reads never wait for writes; one of them writes at a time, under `writing`."""

    def __init__(
        self, location: str, connection: duckdb.DuckDBPyConnection, secret: Callable[[Store], bytes] | None = None
    ) -> None:
        self.location = location
        self.is_shared = is_remote(location)
        self._secret_of, self._secret = secret, secrets.token_bytes(32)
        self._connection = connection
        self.writing = threading.Lock()
        self._writes = itertools.count(1)
        self._revision = "0"
        self._answers = Cache(_MAX_ANSWERS, _MAX_BYTES)
        self._answered = ""
        self.mirror: Mirror | None = None

    def frame(self, sql: str, /, **params: Any) -> pl.DataFrame:
        """The rows of a query. Values only as `$name` parameters. Raises StoreError if the store cannot be read."""
        revision = self.revision()
        if revision != self._answered:
            self._answers.clear()
            self._answered = revision
        key = (revision, sql, *sorted((name, _hashable(value)) for name, value in params.items()))
        return self._answers.get(  # small results, until something is written
            key, lambda: self._read(sql, params, revision), keep=lambda found: found.estimated_size() < _LARGE
        )

    def keep_mirror(self, megabytes: int) -> None:
        """Have a store in PostgreSQL answer reads from a copy in memory, of so many MB at most; 0 is none."""
        if megabytes and self.location.startswith("postgres") and self.mirror is None:
            self.mirror = Mirror(self.location, megabytes)

    def _read(self, sql: str, params: Mapping[str, Any], revision: str) -> pl.DataFrame:
        found = self.mirror.frame(sql, params, revision) if self.mirror else None
        return self._ask(sql, params) if found is None else found

    def _ask(self, sql: str, params: Mapping[str, Any]) -> pl.DataFrame:
        try:
            with self._connection.cursor() as cursor:
                return frame_of(cursor, sql, params)
        except duckdb.Error as error:
            if away := outage(self.location, error):
                raise away from error
            if not is_of_storage(error):
                raise
            raise no_room(error) or StoreError(
                f"The store could not be read: {first_line(error)}",
                "Make sure that its disk is there and has room, then restart PD Pulse.",
            ) from error

    def revision(self) -> str:
        """A value that changes whenever anything is written, be it an answer, a role or a link.

        A file is written by this process only, which counts its own writes; a shared store is queried, once per
        `at_one_revision` block.
        """
        if not self.is_shared:
            return self._revision
        pinned = _pinned.get()
        if pinned is not None and id(self) in pinned:
            return pinned[id(self)]
        found = self._ask(
            """select coalesce((select max(number) from store.change), 0) as changes,
            coalesce((select max(number) from store.event), 0) as events,
            (select count(*) from store.change) as number""",
            {},
        )
        revision = ".".join(map(str, found.row(0)))
        if pinned is not None:
            pinned[id(self)] = revision
        return revision

    @contextlib.contextmanager
    def at_one_revision(self) -> Iterator[None]:
        """Query a shared store's revision once for all queries in this block; own writes count immediately."""
        token = _pinned.set({**(_pinned.get() or {})})
        try:
            yield
        finally:
            _pinned.reset(token)

    def secret(self) -> bytes:
        """What random draws of this store's answers are seeded with, the same wherever the store was opened with one.

        Without one, or where it cannot be read, one of this process alone: draws are repeatable, and never guessable.
        """
        if self._secret_of is not None:
            with contextlib.suppress(UserError):
                self._secret = self._secret_of(self)
            self._secret_of = None
        return self._secret

    def version(self) -> str:
        """A value that changes whenever an answer, a school or a staff list is written: the key for cached figures."""
        row = self.frame("select coalesce(max(number), 0) as number, count(*) as changes from store.change").row(0)
        return f"{row[0]}.{row[1]}"

    def write(self, kind: AuditKind, actor: str, action: Callable[[Change], T], *, is_event: bool = False) -> T:
        """Run `action` in one transaction, recorded as one change; an action that inserts nothing leaves no trace.

        With `is_event` it goes into the audit only: it changes no answer and no school, and the version stays the same.
        Everything is stored or nothing. If another process wrote at the same time, `action` runs again, so it must be
        safe to repeat. Raises StoreError if the store stays busy or cannot be written.
        """

        def recorded(change: Change) -> T:
            result = action(change)
            if change.inserted and is_event:
                change.record("event", kind, actor)
            elif change.inserted:
                change.record("change", kind, actor, change_id=uuid.uuid4().hex)
            return result

        return self._repeat(recorded)

    def add_items(self, items: Sequence[Item]) -> None:
        """Make room for the answers to these items, where there is none yet. Raises StoreError."""
        try:
            with self.writing, self._connection.cursor() as cursor:
                if missing_columns(cursor, items):
                    with changing_tables(cursor, self.location):
                        add_items(cursor, items)
        except duckdb.Error as error:
            if away := outage(self.location, error, is_write=True):
                raise away from error
            raise

    def note(
        self,
        kind: AuditKind,
        actor: str,
        school_ids: Collection[str] = (),
        subject: str = "",
        *,
        ended: tuple[str, str] | None = None,
    ) -> None:
        """Record an event for the audit; `ended` is the kind and id of something that it ends.

        Raises StoreError as `write`.
        """

        def recorded(change: Change) -> None:
            change.school_ids, change.subject = school_ids, subject
            if ended:
                change.insert("dead", pl.DataFrame([{"kind": ended[0], "id": ended[1]}]))
            change.record("event", kind, actor)

        self._repeat(recorded)

    def _repeat(self, action: Callable[[Change], T]) -> T:
        for _ in range(TRIES):
            try:
                with self.writing, turn(self._connection, self.location), self._connection.cursor() as cursor:
                    return self._write_once(cursor, action)
            except duckdb.Error as error:
                if known := no_room(error) or outage(self.location, error, is_write=True):
                    raise known from error
                if is_clash(error):
                    continue
                if not is_of_storage(error):
                    raise
                raise StoreError(
                    f"The store could not be written: {first_line(error)}",
                    "Nothing was stored. Make sure that the disk has room, then restart PD Pulse and try again.",
                ) from error
        raise StoreError("The store is busy with other uploads.", "Nothing was stored. Try again in a minute.")

    def _write_once(self, cursor: duckdb.DuckDBPyConnection, action: Callable[[Change], T]) -> T:
        cursor.begin()
        try:
            wait_for_turn(cursor, self.location)
            change = next_change(cursor)
            result = action(change)
            if change.inserted:
                cursor.commit()
                self.note_written()
            else:
                cursor.rollback()
        except BaseException:
            with contextlib.suppress(duckdb.Error):  # after a failed commit there is nothing left to roll back
                cursor.rollback()
            raise
        return result

    def check(self) -> None:
        """Raise StoreError where the store cannot be read any more."""
        self._ask("select number from store.migration limit 1", {})

    def cursor(self) -> duckdb.DuckDBPyConnection:
        """A cursor of the database, for storage alone; who writes with it holds `writing` and calls `note_written`."""
        return self._connection.cursor()

    def note_written(self) -> None:
        """Have everyone see that something was committed."""
        self._revision = str(next(self._writes))
        if (pinned := _pinned.get()) is not None:
            pinned.pop(id(self), None)
        keep_private(self.location)

    def copy(self) -> Path:
        """Copy a store that is a file, as it is now, while others read and write; the caller deletes the copy.

        Raises StoreError where there is no room for it.
        """
        try:
            with self._connection.cursor() as cursor:
                return copies.copy_store(cursor, self.location)
        except (duckdb.Error, OSError) as error:
            raise no_room(error) or StoreError(
                f"The store could not be copied: {first_line(error)}",
                "Make sure that this account may write to the store's folder, then try again.",
            ) from error

    def close(self) -> None:
        """Close the store."""
        if self.mirror is not None:
            self.mirror.close()
        self._connection.close()


def open_store(location: str, items: Sequence[Item], secret: Callable[[Store], bytes] | None = None) -> Store:
    """Opens, or makes, the store at a path or URL and brings its tables up to date.

    `secret` gives what `Store.secret` hands on; it is asked when first needed, and may raise UserError.
    Raises StoreError when the file is not a store, is in use by another program, or cannot be reached.
    """
    connection = connect(**({"threads": 1} if is_small(location) else {}))
    try:
        is_new = not is_file(location)
        attach(connection, location)
        with changing_tables(connection, location):
            require_own(connection, location)
            keep_private(location, is_new=is_new)
            migrate(connection, items)
            index_answers(connection, location)
        keep_private(location)
        if not is_remote(location):
            copies.clear(location)
        harden(connection, location, copies.folder_of(location))
    except duckdb.Error as error:
        connection.close()
        raise outage(location, error) or cannot_open(location, error) from error
    except BaseException:
        connection.close()
        raise
    return Store(location, connection, secret)


def _hashable(value: Any) -> Hashable:
    return tuple(value) if isinstance(value, list) else value
