"""Who looks at a page while it runs. Set by the guard alone; without a guard there is no one, and no data."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from pd_core.access import Visitor

_current: ContextVar[Visitor] = ContextVar("visitor")


def current() -> Visitor:
    """Who looks at the page that runs. Raises LookupError where no guard has let anyone in."""
    return _current.get()


@contextmanager
def let_in(visitor: Visitor) -> Iterator[None]:
    """Makes this the visitor for as long as the block runs. For the guard alone."""
    token = _current.set(visitor)
    try:
        yield
    finally:
        _current.reset(token)


def known() -> Visitor | None:
    """Who looks at the page that runs, if the frame around it knows already."""
    return _current.get(None)
