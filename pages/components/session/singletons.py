"""What is made once for the whole server and kept until it ends.

Streamlit's own cache of resources is emptied for everyone when any browser asks for it, signed in or not: a store that
is open would be opened again, and fail.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import update_wrapper
from typing import Generic, TypeVar

T = TypeVar("T")


class kept(Generic[T]):
    """A function without arguments that runs once; whoever asks meanwhile waits. What raises is tried again."""

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

    def clear(self) -> None:
        """Forgets what was made; for tests, which use another store each."""
        with self._lock:
            self._made.clear()
