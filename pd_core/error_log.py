"""The log of bugs, and the message that people get for one."""

from __future__ import annotations

import contextlib
import secrets
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from pd_core.errors import UserError

LOG = "pd_pulse.log"
MOST_BYTES = 1_000_000


def record_incident(error: BaseException, folder: Path) -> UserError:
    """Log a bug in `folder` as `record`, and return the message for the person."""
    reference, where = record(error, folder)
    return UserError(
        f"Something went wrong inside PD Pulse (reference {reference}). Nothing is half-stored.",
        f"Try again. If it happens again, send the lines with this reference to your administrator. {where}",
    )


def record(error: BaseException, folder: Path, reason: str = "") -> tuple[str, str]:
    """Log an error in `folder`, and return its reference and a sentence about where the lines are.

    The log gets the time, the exception types and the lines of code, and `reason`: no message and no value, since those
    may hold an answer or an address. If the log cannot be written, the sentence names the exception type.
    """
    reference = secrets.token_hex(4).upper()
    path = folder / LOG
    lines = [f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC, reference {reference}{reason and f': {reason}'}\n"]
    for link in reversed(list(causes(error))):
        lines += [*traceback.format_tb(link.__traceback__), f"{type(link).__module__}.{type(link).__qualname__}\n"]
    where = f"They are in {path}, which holds no answers and no addresses."
    try:
        with contextlib.suppress(FileExistsError):
            folder.mkdir(parents=True)
        if path.exists() and path.stat().st_size > MOST_BYTES:
            path.replace(path.with_suffix(".log.1"))  # replaces the older one, so a repeating bug can't fill the disk
        with path.open("a", encoding="utf-8") as log:
            log.write("".join(lines) + "\n")
    except OSError as refusal:
        where = f"{path} could not be written ({refusal.strerror}); the error was {type(error).__name__}."
    return reference, where


def causes(error: BaseException | None) -> Iterator[BaseException]:
    """The error, its cause, the cause's cause, and so on."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__
