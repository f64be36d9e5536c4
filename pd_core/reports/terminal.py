"""Where the command line speaks: results on standard output, messages on standard error."""

from __future__ import annotations

import contextlib
import errno
import json
import sys
from typing import Any

from pd_core.errors import UserError

_CLOSED = (errno.EPIPE, errno.EINVAL)  # Windows reports a reader that went away as an invalid argument


def show(text: str) -> None:
    """A result for people, on standard output."""
    try:
        sys.stdout.write(printable(text) + "\n")
        sys.stdout.flush()
    except OSError as error:
        raise _cannot_write(error) from error


def show_bytes(content: bytes) -> None:
    """A result for programs, on standard output, byte by byte: UTF-8 whatever the console speaks."""
    try:
        sys.stdout.flush()
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    except OSError as error:
        raise _cannot_write(error) from error


def show_json(value: Any) -> None:
    """A result for programs, as JSON on standard output."""
    show_bytes(json.dumps(value, ensure_ascii=False, indent=2).encode(errors="replace") + b"\n")


def say(text: str) -> None:
    """A message for people, on standard error. Work goes on where no one listens."""
    with contextlib.suppress(OSError):
        sys.stderr.write(printable(text) + "\n")
        sys.stderr.flush()


def printable(text: str) -> str:
    """Text without the characters that would steer a terminal: a file may hold them on purpose."""
    return "".join(letter if letter.isprintable() or letter == "\n" else " " for letter in text)


def _cannot_write(error: OSError) -> Exception:
    if error.errno in _CLOSED:
        return BrokenPipeError(*error.args)
    return UserError(f"The result could not be written: {error.strerror}.", "Make room, or send it elsewhere.")
