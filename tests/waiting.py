"""Waits for what a test needs to be so."""

import time
from collections.abc import Callable

SECONDS = 120


def wait_until(is_so: Callable[[], bool], what: str) -> None:
    """Return as soon as it is so; raises AssertionError that names `what` after SECONDS."""
    deadline = time.monotonic() + SECONDS
    while not is_so():
        assert time.monotonic() < deadline, f"waited in vain until {what}"
        time.sleep(0.01)
