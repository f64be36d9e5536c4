"""The processors' time: how much of it a process uses, and processes that are held to a share of one."""

from __future__ import annotations

import contextlib
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LOOK_SECONDS = 0.01
MOST_SAVED = 0.05
"""Seconds of a processor's time that a process may use later, where it did not use its share at once."""


def processor_seconds(process: int) -> float:
    """What a process and those that it started have used of the processors so far."""
    seconds = _own_seconds(process)
    for child in Path(f"/proc/{process}/task").glob("*/children"):
        for number in child.read_text(encoding="ascii").split():
            with contextlib.suppress(OSError):  # it has ended, and counts at the next look
                seconds += _own_seconds(int(number))
    return seconds


def _own_seconds(process: int) -> float:
    """Of a process, with those of its own that have ended."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


@contextmanager
def held(processes: list[int], share: float) -> Iterator[None]:
    """Each of these, its threads together, uses no more than this share of one processor; not what they started.

    A process that has used its share is stopped until it may go on. Needs no rights but those of its account.
    """
    end = threading.Event()
    threads = [threading.Thread(target=_hold, args=(process, share, end)) for process in processes]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        end.set()
        for thread in threads:
            thread.join()


def _hold(process: int, share: float, end: threading.Event) -> None:
    with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # it has ended
        left, at, used, stopped = 0.0, time.monotonic(), _own_seconds(process), False
        while not end.wait(LOOK_SECONDS):
            now, spent = time.monotonic(), _own_seconds(process)
            left = min(MOST_SAVED, left + share * (now - at) - (spent - used))
            at, used = now, spent
            if stopped != (left < 0):
                stopped = left < 0
                os.kill(process, signal.SIGSTOP if stopped else signal.SIGCONT)
        os.kill(process, signal.SIGCONT)
