"""Permissions: who may do what, and whose figures they see. Pure: no store, no page, no sign-in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from pd_core.errors import RefusedAccess

Role = Literal["administrator", "facilitator", "mie", "principal", "guest"]
Action = Literal[
    "view",
    "export",
    "comments",
    "upload",
    "undo",
    "schools",
    "waves",
    "plan",
    "decide",
    "outcomes",
    "share",
    "administer",
]
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
"""Each role with its label. The guest role is never given: people who open a share link have it."""
GIVEN_ROLES = tuple(role for role in ROLES if role != "guest")
EVERYWHERE = ("administrator", "facilitator")
"""Roles that are for the whole district; the others are for schools."""
ACTIONS: tuple[Action, ...] = get_args(Action)

_ALLOWED: Mapping[Role, frozenset[Action]] = {
    "administrator": frozenset(ACTIONS),
    "facilitator": frozenset(ACTIONS) - {"administer"},
    "mie": frozenset({"view", "export", "upload", "undo", "decide"}),
    "principal": frozenset({"view", "export", "decide", "share"}),
    "guest": frozenset({"view", "export"}),
}
_FOR_THE_DISTRICT: frozenset[Action] = frozenset({"view", "export"})
"""What people with a role for schools may do with the whole district's figures."""


@dataclass(frozen=True)
class Scope:
    """The schools whose figures are visible: `school_ids` (null: every school), and always the district.

    `others` says how other schools appear in a comparison: not at all, without a name, or by name.
    """

    school_ids: frozenset[str] | None
    others: Others = "hidden"

    def sees(self, school_id: str) -> bool:
        """Whether the figures of this school, or of the district, are visible."""
        return self.school_ids is None or school_id == DISTRICT or school_id in self.school_ids


EVERYTHING = Scope(None)


@dataclass(frozen=True)
class Actor:
    """A person, this computer, or a share link, with a role and its schools.

    `name` is its name in the audit: an e-mail address, an account, or a link's id.
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
    """Whether an actor may undo an upload by `uploaded_by` with rows of these schools.

    People with a role for schools may undo their own uploads, if all the schools are still theirs.
    """
    is_theirs = actor.role in EVERYWHERE or uploaded_by == actor.name
    return is_theirs and can_somewhere(actor, "undo") and all(can(actor, "undo", school) for school in school_ids)


def scope_of(actor: Actor, action: Action = "view", others: Others = "hidden") -> Scope:
    """The schools that an actor may do this with.

    `others` is the district's choice of how people with a role for schools see other schools; links never show them.
    """
    if actor.role in EVERYWHERE:
        return EVERYTHING if action in _ALLOWED[actor.role] else Scope(frozenset())
    mine = frozenset(school_id for school_id in actor.school_ids if can(actor, action, school_id))
    return Scope(mine, "hidden" if actor.role == "guest" else others)


_LOOKING: frozenset[Action] = frozenset({"view", "export", "comments"})


@dataclass(frozen=True)
class Visitor:
    """Someone who looks at a page, runs a command, or drops a file.

    `actor` decides what is shown and allowed, `scope` whose figures are visible. `real_actor` is the person at the
    keyboard, who differs from `actor` while an administrator impersonates someone.
    """

    actor: Actor
    scope: Scope
    real_actor: Actor

    @classmethod
    def as_oneself(cls, actor: Actor, others: Others = "hidden") -> Visitor:
        """A visitor who is not impersonating anyone. `others` as in `scope_of`."""
        return cls(actor, scope_of(actor, "view", others), actor)

    @property
    def is_impersonating(self) -> bool:
        """Whether an administrator is seeing the pages as someone else."""
        return self.actor != self.real_actor

    @property
    def audit_name(self) -> str:
        """Their name in the audit: an e-mail address, an account, or a link's id."""
        return self.real_actor.name

    @property
    def upload_scope(self) -> Scope:
        """The schools that they may upload for."""
        return scope_of(self.actor, "upload")

    @property
    def mapping_owner(self) -> str | None:
        """The person whose files their form mappings apply to; null: everyone's, for roles with the whole district."""
        return None if self.actor.role in EVERYWHERE else self.actor.name

    def may(self, action: Action, school_id: str = DISTRICT) -> bool:
        """Whether they may do this with a school or the district; while impersonating, they may only look."""
        return (not self.is_impersonating or action in _LOOKING) and can(self.actor, action, school_id)

    def require(self, action: Action, *school_ids: str) -> None:
        """Raise RefusedAccess unless they may do this with each of these schools (none given: with any school)."""
        if self.is_impersonating and action not in _LOOKING:
            raise RefusedAccess("You see the pages as someone else and can't change anything.", "Stop that first.")
        allowed = [can(self.actor, action, school_id) for school_id in school_ids]
        if not (all(allowed) if school_ids else can_somewhere(self.actor, action)):
            raise RefusedAccess("Your role does not allow this.", "Ask your facilitator or administrator to do it.")
