"""Two plans of the same lists, session by session: what stayed, what moved, what is new, what is gone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pd_core.planning.result import Plan, PlannedSession


@dataclass(frozen=True)
class Differences:
    """How a plan differs from the one before: ids of its sessions that are new, and of those that moved (the same class
    of the same schools, with another trainer or slot); sessions that are gone, and how many stayed as they were.
    """

    new: frozenset[str]
    moved: frozenset[str]
    gone: tuple[PlannedSession, ...]
    stayed: int

    def mark(self, session_id: str) -> str:
        """How a session changed: new, moved, or empty."""
        return "new" if session_id in self.new else "moved" if session_id in self.moved else ""


def differences(before: Plan, after: Plan) -> Differences:
    """What changed from one plan to another; the number of people in a session does not count."""
    left = list(before.sessions)
    rest = [one for one in after.sessions if not _found(left, one, exactly=True)]
    stayed = len(after.sessions) - len(rest)
    moved = {one.session_id for one in rest if _found(left, one, exactly=False)}
    new = {one.session_id for one in rest} - moved
    return Differences(frozenset(new), frozenset(moved), tuple(left), stayed)


def _found(left: list[PlannedSession], wanted: PlannedSession, *, exactly: bool) -> bool:
    """Takes the first session like `wanted` from those that are left; tells whether there was one."""
    match = next((one for one in left if _key(one, exactly) == _key(wanted, exactly)), None)
    if match is not None:
        left.remove(match)
    return match is not None


def _key(session: PlannedSession, exactly: bool) -> Sequence[object]:
    key = (frozenset(session.school_ids), session.training_id)
    return (*key, session.school_ids[0], session.trainer_id, session.slot_id) if exactly else key
