"""Who may do what, and whose figures they see. Pure: it knows no store, no page and no sign-in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from pd_core.errors import RefusedAccess

Role = Literal["administrator", "facilitator", "mie", "principal", "guest"]
Action = Literal["view", "export", "comments", "upload", "undo", "schools", "waves", "plan", "share", "administer"]
Others = Literal["hidden", "unnamed", "named"]

DISTRICT = "district"
"""The id under which tables hold the whole district; no school may have it."""
ROLES: Mapping[Role, str] = {
    "administrator": "Administrator",
    "facilitator": "Facilitator",
    "mie": "MIE",
    "principal": "Principal",
    "guest": "Guest of a link",
}
"""Each role with its label. Nobody is given the role guest: whoever opens a share link has it."""
GIVEN_ROLES = tuple(role for role in ROLES if role != "guest")
EVERYWHERE = ("administrator", "facilitator")
"""Roles that are for the whole district; the others are for buildings."""
ACTIONS: tuple[Action, ...] = get_args(Action)

_ALLOWED: Mapping[Role, frozenset[Action]] = {
    "administrator": frozenset(ACTIONS),
    "facilitator": frozenset(ACTIONS) - {"administer"},
    "mie": frozenset({"view", "export", "upload", "undo"}),
    "principal": frozenset({"view", "export"}),
    "guest": frozenset({"view", "export"}),
}
_FOR_THE_DISTRICT: frozenset[Action] = frozenset({"view", "export"})
"""What those who have buildings may do with the figures of the whole district."""


@dataclass(frozen=True)
class Scope:
    """Whose figures are seen: those of `school_ids` (null: of every school), and always the district's.

    `others` says how schools outside it stand beside them in a comparison: not at all, without a name, or by name.
    """

    school_ids: frozenset[str] | None
    others: Others = "hidden"

    def sees(self, school_id: str) -> bool:
        """Whether the figures of this school, or of the district, are in it."""
        return self.school_ids is None or school_id == DISTRICT or school_id in self.school_ids


EVERYTHING = Scope(None)


@dataclass(frozen=True)
class Actor:
    """Whoever does something: a person, this computer, or a share link; with a role and its buildings.

    `name` is what the audit calls it: an address, an account, or a link's id.
    """

    name: str
    role: Role
    school_ids: frozenset[str] = field(default_factory=frozenset)


def can(actor: Actor, action: Action, school_id: str = DISTRICT) -> bool:
    """Whether an actor may do this with a school, or with the whole district."""
    if action not in _ALLOWED[actor.role]:
        return False
    if actor.role in EVERYWHERE:
        return True
    return action in _FOR_THE_DISTRICT if school_id == DISTRICT else school_id in actor.school_ids


def can_somewhere(actor: Actor, action: Action) -> bool:
    """Whether an actor may do this with any school at all, or with the district."""
    return any(can(actor, action, school_id) for school_id in (DISTRICT, *actor.school_ids))


def can_undo(actor: Actor, uploaded_by: str, school_ids: Iterable[str]) -> bool:
    """Whether an actor may take out an upload that `uploaded_by` made, with rows of these schools.

    Those who have buildings: their own uploads, as long as all its buildings are theirs.
    """
    is_theirs = actor.role in EVERYWHERE or uploaded_by == actor.name
    return is_theirs and can_somewhere(actor, "undo") and all(can(actor, "undo", school) for school in school_ids)


def scope_of(actor: Actor, action: Action = "view", others: Others = "hidden") -> Scope:
    """The schools with which an actor may do this.

    `others` is the district's choice of how people with buildings see the rest; a link never shows the rest.
    """
    if actor.role in EVERYWHERE:
        return EVERYTHING if action in _ALLOWED[actor.role] else Scope(frozenset())
    mine = frozenset(school_id for school_id in actor.school_ids if can(actor, action, school_id))
    return Scope(mine, "hidden" if actor.role == "guest" else others)


_LOOKING: frozenset[Action] = frozenset({"view", "export", "comments"})


@dataclass(frozen=True)
class Visitor:
    """Somebody who looks at a page, gives a command, or drops a file: what they see and may do, and who they are.

    `actor` decides what is shown and allowed, `scope` whose figures are seen. `real_actor` is who really sits there:
    somebody else where an administrator looks at the pages as another person sees them.
    """

    actor: Actor
    scope: Scope
    real_actor: Actor

    @classmethod
    def as_oneself(cls, actor: Actor, others: Others = "hidden") -> Visitor:
        """An actor who is not impersonating anybody. `others` as in `scope_of`."""
        return cls(actor, scope_of(actor, "view", others), actor)

    @property
    def is_impersonating(self) -> bool:
        """Whether an administrator looks at the pages as somebody else."""
        return self.actor != self.real_actor

    @property
    def audit_name(self) -> str:
        """What the audit calls them: an address, an account, or a link's id."""
        return self.real_actor.name

    @property
    def upload_scope(self) -> Scope:
        """The schools for which they may upload."""
        return scope_of(self.actor, "upload")

    @property
    def mapping_owner(self) -> str | None:
        """For whose files alone their form mappings hold; null: for everybody's, from those with the whole district."""
        return None if self.actor.role in EVERYWHERE else self.actor.name

    def may(self, action: Action, school_id: str = DISTRICT) -> bool:
        """Whether this may be done with a school, or with the district; while looking as somebody, only looking."""
        return (not self.is_impersonating or action in _LOOKING) and can(self.actor, action, school_id)

    def require(self, action: Action, *school_ids: str) -> None:
        """Raises RefusedAccess where this may not be done with one of these schools (none: with any at all)."""
        if self.is_impersonating and action not in _LOOKING:
            raise RefusedAccess("You look at the pages as somebody else, and can change nothing.", "Stop that first.")
        allowed = [can(self.actor, action, school_id) for school_id in school_ids]
        if not (all(allowed) if school_ids else can_somewhere(self.actor, action)):
            raise RefusedAccess("Your role does not allow this.", "Ask your facilitator or administrator to do it.")
