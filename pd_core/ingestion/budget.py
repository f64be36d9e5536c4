"""What one file may cost: so many seconds of work, and not a moment after a person cancels it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TypeVar

from pd_core.errors import RefusedFile

MAX_SECONDS = 30.0
"""Seconds of work of one thread that reading a file may take, and checking it too."""
_EVERY = 1_000
T = TypeVar("T")


class CanceledFile(RefusedFile):
    """A file that a person does not want any more."""


@dataclass(frozen=True)
class _Budget:
    file: str
    until: float
    is_canceled: Callable[[], bool]


_budget: ContextVar[_Budget | None] = ContextVar("budget", default=None)


@contextmanager
def budget(file: str, is_canceled: Callable[[], bool] = lambda: False) -> Iterator[None]:
    """Lets the work in this block take `MAX_SECONDS`, and ends it once `is_canceled`; a block within has its own time.

    Both are looked at where the work calls `check`.
    """
    outer = _budget.get()
    asked = [is_canceled, *([outer.is_canceled] if outer else [])]
    token = _budget.set(_Budget(file, time.thread_time() + MAX_SECONDS, lambda: any(ask() for ask in asked)))
    try:
        yield
    finally:
        _budget.reset(token)


def check() -> None:
    """Raises RefusedFile where the file has taken too long, and CanceledFile where a person canceled it."""
    now = _budget.get()
    if now is None:
        return
    if now.is_canceled():
        raise CanceledFile(f"{now.file} was canceled.", "Nothing was stored. Drop it again to read it.")
    if time.thread_time() > now.until:
        raise RefusedFile(
            f"{now.file} is too large: it takes more than {MAX_SECONDS:.0f} seconds to read.",
            "Export the form again, or split it by building.",
        )


def watched(items: Iterable[T]) -> Iterator[T]:
    """The items, with a `check` every so many."""
    for number, item in enumerate(items):
        if number % _EVERY == 0:
            check()
        yield item
