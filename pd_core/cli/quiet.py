"""Keeps what libraries print out of a command's output."""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress


@contextmanager
def libraries_quiet() -> Iterator[None]:
    """Drops what code outside Python prints meanwhile. The solver prints a line now and then, whatever its
    options say, and with --json a program reads the output."""
    try:
        sys.stdout.flush()
        kept = os.dup(1)
    except (AttributeError, OSError):  # there is no output
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    try:
        yield
    finally:
        with suppress(OSError, AttributeError):  # no such library: what is printed stays
            ctypes.CDLL("ucrtbase" if os.name == "nt" else None).fflush(None)  # it would be printed at the end
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)
