"""The visitor of the running page. Only the guard sets it; without a guard there is no visitor and no data."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from pd_core.access import Visitor

_current: ContextVar[Visitor] = ContextVar("visitor")


def current() -> Visitor:
    """The visitor of the running page. Raises LookupError if no guard has let anyone in."""
    return _current.get()


@contextmanager
def let_in(visitor: Visitor) -> Iterator[None]:
    """Make this the visitor while the block runs. For the guard only."""
    token = _current.set(visitor)
    try:
        yield
    finally:
        _current.reset(token)


def known() -> Visitor | None:
    """The visitor of the running page, if the frame around it has already identified them."""
    return _current.get(None)
