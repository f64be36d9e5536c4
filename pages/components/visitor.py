"""Who looks at a page while it runs. Set by the guard alone; without a guard there is nobody, and no data."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from pd_core.access import DISTRICT, Action, Actor, Scope, can, can_somewhere
from pd_core.errors import RefusedAccess

_LOOKING: frozenset[Action] = frozenset({"view", "export", "comments"})
_current: ContextVar[Visitor] = ContextVar("visitor")


@dataclass(frozen=True)
class Visitor:
    """Whoever looks at a page.

    `actor` decides what is shown and allowed, `scope` whose figures are seen. `behind` is who really sits there:
    somebody else where an administrator looks at the pages as another person sees them.
    """

    actor: Actor
    scope: Scope
    behind: Actor

    @property
    def is_looking_as(self) -> bool:
        """Whether an administrator looks at the pages as somebody else."""
        return self.actor != self.behind

    def may(self, action: Action, school_id: str = DISTRICT) -> bool:
        """Whether this may be done with a school, or with the district; while looking as somebody, only looking."""
        return (not self.is_looking_as or action in _LOOKING) and can(self.actor, action, school_id)

    def require(self, action: Action, *school_ids: str) -> None:
        """Raises RefusedAccess where this may not be done with one of these schools (none: with any at all)."""
        if self.is_looking_as and action not in _LOOKING:
            raise RefusedAccess("You look at the pages as somebody else, and can change nothing.", "Stop that first.")
        allowed = [can(self.actor, action, school_id) for school_id in school_ids]
        if not (all(allowed) if school_ids else can_somewhere(self.actor, action)):
            raise RefusedAccess("Your role does not allow this.", "Ask your facilitator or administrator to do it.")


def current() -> Visitor:
    """Who looks at the page that runs. Raises LookupError where no guard has let anybody in."""
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
