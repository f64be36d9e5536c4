"""The command line's output: results on standard output, messages on standard error."""

from __future__ import annotations

import contextlib
import errno
import json
import sys
from typing import Any

from pd_core.errors import UserError

_CLOSED = (errno.EPIPE, errno.EINVAL)  # Windows reports a closed reader as an invalid argument


def show(text: str) -> None:
    """Write a result for people to standard output."""
    try:
        sys.stdout.write(printable(text) + "\n")
        sys.stdout.flush()
    except OSError as error:
        raise _cannot_write(error) from error


def show_bytes(content: bytes) -> None:
    """Write a result for programs to standard output as bytes, UTF-8 whatever the console's encoding."""
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    except OSError as error:
        raise _cannot_write(error) from error


def show_json(value: Any) -> None:
    """Write a result for programs to standard output as JSON."""
    show_bytes(json.dumps(value, ensure_ascii=False, indent=2).encode(errors="replace") + b"\n")


def say(text: str) -> None:
    """Write a message for people to standard error. A closed reader does not stop the work."""
    with contextlib.suppress(OSError):
        sys.stderr.write(printable(text) + "\n")
        sys.stderr.flush()


def printable(text: str) -> str:
    """Text without terminal control characters: a file may contain them on purpose."""
    return "".join(letter if letter.isprintable() or letter == "\n" else " " for letter in text)


def _cannot_write(error: OSError) -> Exception:
    if error.errno in _CLOSED:
        return BrokenPipeError(*error.args)
    return UserError(f"The result could not be written: {error.strerror}.", "Free up space, or write it elsewhere.")
