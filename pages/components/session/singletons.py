"""Objects made once for the whole server and kept until it stops.

Any browser, signed in or not, can clear Streamlit's own resource cache for everyone: an open store would then be opened
a second time, and fail.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import update_wrapper
from typing import Generic, TypeVar

T = TypeVar("T")


class kept(Generic[T]):
    """A function without arguments that runs once; other callers wait. After an exception the next call tries again."""

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._lock = threading.RLock()
        self._made: list[T] = []
        update_wrapper(self, make)

    def __call__(self) -> T:
        with self._lock:
            if not self._made:
                self._made.append(self._make())
            return self._made[0]

    @property
    def is_made(self) -> bool:
        """Whether the object is there; while it is made it is not."""
        return bool(self._made)

    def clear(self) -> None:
        """Forget the objects; for tests, each of which uses its own store."""
        with self._lock:
            self._made.clear()
