"""Programs on several computers that share one PostgreSQL wait for one another before they write or make tables."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator

import duckdb

from pd_core.errors import StoreError
from pd_core.storage.addresses import lake_in_server
from pd_core.storage.migrate import as_text

TURN_SECONDS = 10.0
"""How long a write waits for those of other programs before it tries again."""
MIGRATION_SECONDS = 120.0
"""How long a program waits for another one that is bringing the same store up to date."""
_MIGRATION_LOCK, _WRITE_LOCK = 7_304_119, 7_304_120
"""PD Pulse's numbers among a PostgreSQL database's advisory locks."""
_CLASHED = re.compile(r"could not serialize|deadlock detected|lock timeout", re.IGNORECASE)


def wait_for_turn(cursor: duckdb.DuckDBPyConnection, location: str) -> None:
    """Have the processes that write a store in PostgreSQL wait for one another, until this transaction ends.

    It has to be the transaction's first statement: a transaction sees what was stored before its first query, and
    taking the lock is none. Readers do not wait. Raises DuckDB's error, a clash, after TURN_SECONDS.
    """
    if location.startswith("postgres"):
        wait = f"set local lock_timeout = {int(TURN_SECONDS * 1000)}"
        cursor.execute(
            f"call postgres_execute('store', {as_text(wait + '; lock table public.change in exclusive mode')})"
        )


@contextlib.contextmanager
def turn(connection: duckdb.DuckDBPyConnection, location: str) -> Iterator[None]:
    """Have the processes that write a DuckLake whose catalog is in PostgreSQL wait for one another.

    DuckLake takes rows of two transactions at once, so that each would store what the other has. Its own transaction
    begins inside, and sees what was stored before. Raises DuckDB's error, a clash, after TURN_SECONDS.
    """
    if lake_in_server(location) is None:
        yield
        return
    with _holding(connection, "store_server", _WRITE_LOCK, TURN_SECONDS):
        yield


@contextlib.contextmanager
def changing_tables(connection: duckdb.DuckDBPyConnection, location: str, name: str = "store") -> Iterator[None]:
    """Have the processes that make or change the tables of a store in PostgreSQL, or of a DuckLake whose catalog is
    there, wait for one another; it, or the server of its catalog, is attached for this `name`.

    Raises StoreError after MIGRATION_SECONDS, and DuckDB's errors.
    """
    server = name if location.startswith("postgres") else f"{name}_server" if lake_in_server(location) else None
    if server is None:
        yield
        return
    with contextlib.ExitStack() as stack:
        try:
            stack.enter_context(_holding(connection, server, _MIGRATION_LOCK, MIGRATION_SECONDS))
        except duckdb.Error as error:
            if not is_clash(error):
                raise
            raise StoreError(
                f"Another program has been bringing the store up to date for more than {MIGRATION_SECONDS:g} seconds.",
                "Try again in a few minutes. If no other server or command is starting, restart PostgreSQL.",
            ) from error
        connection.execute("call pg_clear_cache()")
        yield


@contextlib.contextmanager
def _holding(connection: duckdb.DuckDBPyConnection, server: str, lock: int, seconds: float) -> Iterator[None]:
    """Hold a lock by a session of its own: tables are read after the wait, and a process that dies lets it go."""
    with connection.cursor() as holder:
        holder.begin()
        wait = f"set local lock_timeout = {int(seconds * 1000)}; select pg_advisory_xact_lock({lock})"
        holder.execute(f"call postgres_execute({as_text(server)}, {as_text(wait)})")
        try:
            yield
        finally:
            with contextlib.suppress(duckdb.Error):  # where the server has gone, so has the lock
                holder.rollback()


def is_clash(error: duckdb.Error) -> bool:
    """Whether a transaction failed only because another ran at the same time, so that it may run again."""
    return isinstance(error, duckdb.TransactionException) or bool(_CLASHED.search(str(error)))
