"""A database server that does not answer: said in plain words, and logged once as long as it lasts."""

from __future__ import annotations

import re
import threading
import time

import duckdb

from pd_core.config import directory_of, is_remote
from pd_core.error_log import record
from pd_core.errors import StoreError

SAME_SECONDS = 60.0
"""Failures that follow each other as closely are of one outage, which has one reference."""
_AWAY = re.compile(
    r"connection refused|server closed the connection|terminating connection|database system is [a-z ]+"
    r"|no connection to the server|connection not open|connection reset|broken pipe|ssl syscall error"
    r"|timeout expired|timed out|could not translate host name|no route to host|network is unreachable"
    r"|too many clients|remaining connection slots",
    re.IGNORECASE,
)
_lock = threading.Lock()
_known: dict[str, tuple[str, str, float]] = {}


def outage(location: str, error: duckdb.Error, *, is_write: bool = False) -> StoreError | None:
    """DuckDB's error where the database server of a store is away, in plain words; null for any other error.

    The reference is that of the lines in the log, which name the reason and no more: an error's text may hold a
    password or a value. The next query connects anew, so nothing has to be restarted.
    """
    found = _AWAY.search(str(error)) if is_remote(location) else None
    if found is None:
        return None
    with _lock:
        reference, where, last = _known.get(location, ("", "", 0.0))
        now = time.monotonic()
        if not reference or now - last > SAME_SECONDS:
            reference, where = record(error, directory_of(location), found[0].lower())
        _known[location] = (reference, where, now)
    stored = "Look whether your change was stored before you make it again. " if is_write else "Nothing is lost. "
    return StoreError(
        f"The database does not answer: {found[0].lower()} (reference {reference}).",
        f"{stored}PD Pulse goes on by itself once the database is back: try again in a minute. If it stays away, your "
        f"administrator makes sure that the database server runs and can be reached from PD Pulse's computer, and "
        f"needs the lines with this reference. {where}",
    )
