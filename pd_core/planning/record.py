"""The plan as a record: sessions, the state each is in, and the changes that led there. Pure: no store, no page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from pd_core.entities import PlanSession, PlanState, SessionChange
from pd_core.errors import UserError
from pd_core.planning.problem import Option
from pd_core.wording import listed, local_moment_said

STEPS: Final[Mapping[PlanState, tuple[PlanState, ...]]] = {
    "proposed": ("agreed", "delivered", "cancelled", "withdrawn"),
    "agreed": ("scheduled", "delivered", "cancelled"),
    "scheduled": ("delivered", "cancelled"),
    "delivered": (),
    "cancelled": (),
    "withdrawn": (),
}
"""The states that may follow each state. A proposal is withdrawn when a newer proposal replaces it; what was held was
held, whether or not people wrote down that they agreed to it."""
_MISSING_STEP: Final[Mapping[PlanState, str]] = {"scheduled": "Agree to it first."}


@dataclass(frozen=True)
class Record:
    """The plan: the latest change of each session by id, and all changes that count, oldest first.

    `lost` are changes that were stored at the same moment as another change of their session, which won.
    """

    current: Mapping[str, SessionChange]
    changes: tuple[SessionChange, ...]
    lost: tuple[SessionChange, ...]

    def sessions(self) -> list[PlanSession]:
        """The sessions of the plan, by time; without withdrawn proposals."""
        found = [change.session for change in self.current.values() if change.session.state != "withdrawn"]
        return sorted(found, key=lambda one: (one.starts_at, one.session_id))

    def session(self, session_id: str) -> PlanSession:
        """One session. Raises UserError if there is none of this id."""
        return self.change_of(session_id).session

    def change_of(self, session_id: str) -> SessionChange:
        """The latest change of a session. Raises UserError if there is none of this id."""
        if session_id in self.current:
            return self.current[session_id]
        known = ", ".join(one.session_id for one in self.sessions()[:8])
        raise UserError(
            f"There is no session “{session_id}” in the plan.",
            f"Known: {known} …" if known else "Propose a plan first.",
        )

    def before(self, change: SessionChange) -> SessionChange | None:
        """The change of the same session that came before this one (null: it was the first)."""
        earlier = [one for one in self._of_session[change.session.session_id] if one.number < change.number]
        return earlier[-1] if earlier else None

    def changes_of(self, session_id: str) -> list[SessionChange]:
        """The changes of one session, oldest first."""
        return self._of_session.get(session_id, [])

    @cached_property
    def _of_session(self) -> dict[str, list[SessionChange]]:
        found: dict[str, list[SessionChange]] = defaultdict(list)
        for change in self.changes:
            found[change.session.session_id].append(change)
        return dict(found)

    def next_id(self) -> int:
        """The number of the next session id: one more than the highest in use."""
        return 1 + max((int(one[1:]) for one in self.current if one[:1] == "S" and one[1:].isdigit()), default=0)


def replay(changes: Iterable[SessionChange]) -> Record:
    """The plan that a series of changes adds up to.

    A change counts if it was decided from the session as it then was; of two that were decided from the same, the one
    with the lower number wins.
    """
    current: dict[str, SessionChange] = {}
    taken: list[SessionChange] = []
    lost: list[SessionChange] = []
    for change in sorted(changes, key=lambda one: one.number):
        latest = current.get(change.session.session_id)
        if change.base != (latest.number if latest else None):
            lost.append(change)
            continue
        current[change.session.session_id] = change
        taken.append(change)
    return Record(current, tuple(taken), tuple(lost))


def at_version(record: Record, number: int) -> Record:
    """The plan as it was after the change of this number."""
    return replay(change for change in record.changes if change.number <= number)


def stepped(session: PlanSession, to: PlanState, note: str = "") -> PlanSession:
    """The session in its next state; a note replaces the earlier one. Raises UserError for a step that can't follow."""
    if to not in STEPS[session.state]:
        remedy = _MISSING_STEP.get(to, "") if session.is_open else ""
        raise UserError(
            f"Session {session.session_id} is {session.state} and can't become {to}.",
            remedy or f"From {session.state} it can become {listed(list(STEPS[session.state])) or 'nothing else'}.",
        )
    return replace(session, state=to, note=note or session.note)


def differences(before: PlanSession, after: PlanSession) -> list[str]:
    """What differs between two versions of a session, as parts of a sentence."""
    found = []
    for label, old, new in (
        ("state", before.state, after.state),
        ("schools", listed(list(before.school_ids)), listed(list(after.school_ids))),
        ("training", before.training_id, after.training_id),
        ("trainer", before.trainer_id, after.trainer_id),
        ("time", local_moment_said(before.starts_at), local_moment_said(after.starts_at)),
        ("slot", before.slot_id, after.slot_id),
        ("people", str(before.reached), str(after.reached)),
        ("note", before.note or "none", after.note or "none"),
        ("change asked for", before.asked or "none", after.asked or "none"),
    ):
        if old != new:
            found.append(f"{label} {old} → {new}")
    return found


def option_of(session: PlanSession) -> Option:
    """A session as the planner knows it."""
    return Option(session.school_ids, session.training_id, session.trainer_id, session.slot_id)
