"""What people do with the plan: agree, schedule, cancel, note and undo; with who may do each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from pd_core.access import EVERYTHING, Visitor
from pd_core.actions.plan_rights import kinds_of, own_trainer, require_step
from pd_core.cache import CacheByRevision
from pd_core.disclosure.plan_sessions import seen_changes, without_others
from pd_core.entities import PlanSession, PlanState, SessionChange
from pd_core.errors import UserError
from pd_core.planning.broken_limits import unknown_parts
from pd_core.planning.eligibility import Eligibility
from pd_core.planning.record import Record, differences, option_of, replay, stepped
from pd_core.planning.result import Plan
from pd_core.storage import Store
from pd_core.storage.plans import plan_changes, put_plan_changes, yield_to_rivals
from pd_core.summaries.planning_lists import planning_lists
from pd_core.wording import listed, local_moment_said, moment_said

MOST_NOTE = 2_000
"""Characters of a note."""
_WITHDRAWN = "Replaced by a newer proposal."
_kept = CacheByRevision(max_entries=256, max_bytes=64_000_000)
"""The plan as each person sees it, until something is written."""


@dataclass(frozen=True)
class Outcome:
    """What an action did: the sessions that changed, and the limits they break, as sentences."""

    sessions: tuple[PlanSession, ...]
    broken: tuple[str, ...] = ()


class StaleBase(UserError):
    """A session was changed since the version that a decision was made from."""


def record_of(store: Store, visitor: Visitor) -> Record:
    """The plan with its history, as this person may see it: the sessions of their schools, and those they teach.

    Of a session that their schools share with one they don't see, `reached` is null: it would tell how many people of
    the other school need the class. Raises RefusedAccess.
    """
    visitor.require("view")
    if visitor.scope.school_ids is None:
        return _record(store)

    def make() -> Record:
        return replay(seen_changes(_record(store).changes, visitor.scope, own_trainer(store, visitor)))

    return _kept.get(store, store.revision(), (visitor.scope, visitor.actor), make)


def _record(store: Store) -> Record:
    """The whole plan."""
    return _kept.get(store, store.revision(), EVERYTHING, lambda: replay(plan_changes(store)))


def record_proposal(store: Store, visitor: Visitor, plan: Plan, now: datetime) -> Plan:
    """Put a proposal into the plan, and return it under the ids that its sessions have there.

    Earlier proposals that no one agreed to are withdrawn. A session that is agreed or scheduled keeps its id and its
    state. Raises RefusedAccess.
    """
    visitor.require("plan")
    slots = {slot.slot_id: slot for slot in planning_lists(store, now).slots}
    named: list[str] = []

    def decide(record: Record) -> list[PlanSession]:
        named.clear()
        decided = {_locked(one): one.session_id for one in record.sessions() if one.is_decided}
        proposed = {option_of(one): one for one in record.sessions() if one.state == "proposed"}
        number, found = record.next_id(), []
        for session in plan.sessions:
            times = slots[session.slot_id]
            new = PlanSession(
                "", "proposed", session.school_ids, session.training_id, session.trainer_id, session.slot_id,
                times.starts_at, times.ends_at, session.reached,
            )  # fmt: skip
            option = option_of(new)
            if _locked(new) in decided:
                named.append(decided[_locked(new)])
                continue
            if option in proposed:
                known = proposed.pop(option)  # what people wrote of it stays
                new = replace(new, session_id=known.session_id, note=known.note, asked=known.asked)
            else:
                new, number = replace(new, session_id=f"S{number:03}"), number + 1
            named.append(new.session_id)
            found.append(new)
        return [*(stepped(one, "withdrawn", _WITHDRAWN) for one in proposed.values()), *found]

    change_plan(store, visitor, "proposed", decide)
    renamed = zip(plan.sessions, named, strict=True)
    return replace(plan, sessions=tuple(replace(one, session_id=session_id) for one, session_id in renamed))


def _locked(session: PlanSession) -> tuple[str, str, str]:
    """What a proposal keeps of a decided session, with whatever neighbor: a trainer has one class at a time."""
    return session.training_id, session.trainer_id, session.slot_id


def take_step(
    store: Store,
    visitor: Visitor,
    session_ids: Sequence[str],
    to: PlanState,
    now: datetime,
    *,
    note: str = "",
    bases: Mapping[str, int] | None = None,
) -> Outcome:
    """Agree to sessions, schedule or cancel them, as one change; all of them or none.

    Cancelling needs a note, the reason; trainers cancel the sessions they teach.
    `bases` are the versions that the decision was made from (null: the latest).
    Raises RefusedAccess, StaleBase, UserError for an unknown session or a step that can't follow.
    """
    about = Eligibility(planning_lists(store, now))
    note, trainer = checked_note(note), own_trainer(store, visitor)
    if to == "cancelled" and not note:
        raise UserError("A cancelled session needs a reason.", "Say why it is cancelled.")

    def decide(record: Record) -> list[PlanSession]:
        found = []
        for session_id in dict.fromkeys(session_ids):
            session = record.session(session_id)
            if to != "cancelled" or not trainer or session.trainer_id != trainer or visitor.is_impersonating:
                require_step(visitor, kinds_of(about.problem), session, to)
            after = stepped(session, to, note)
            require_base(record, after, (bases or {}).get(session_id), visitor)
            if to == "scheduled" and session.starts_at <= now:
                raise UserError(
                    f"Session {session_id} would have begun on {local_moment_said(session.starts_at)}.",
                    "Move it to a slot that is still to come, then schedule it.",
                )
            found.append(replace(after, asked="") if to == "cancelled" else after)
        return found

    return Outcome(tuple(change_plan(store, visitor, to, decide)))


def put_note(
    store: Store, visitor: Visitor, session_id: str, note: str, now: datetime, *, base: int | None = None
) -> Outcome:
    """Write what was said of a session, such as a decision of the meeting; it replaces the note before.

    Raises RefusedAccess, StaleBase, UserError.
    """
    about = Eligibility(planning_lists(store, now))

    def decide(record: Record) -> list[PlanSession]:
        session = record.session(session_id)
        require_step(visitor, kinds_of(about.problem), session, "noted")
        after = replace(session, note=checked_note(note))
        require_base(record, after, base, visitor)
        return [after]

    return Outcome(tuple(change_plan(store, visitor, "noted", decide)))


def undo_change(store: Store, visitor: Visitor, number: int) -> Outcome:
    """Undo one change of the plan: its sessions become what they were before; new ones are withdrawn.

    Raises RefusedAccess; UserError for an unknown change, or where a session was changed again since.
    """
    visitor.require("plan")

    def decide(record: Record) -> list[PlanSession]:
        undone = [change for change in record.changes if change.number == number]
        if not undone:
            raise UserError(f"There is no change {number} in the plan.", "`plan history` lists the changes.")
        later = [one for one in undone if record.current[one.session.session_id].number != number]
        if later:
            names = ", ".join(one.session.session_id for one in later)
            raise StaleBase(f"Change {number} can't be undone: {names} changed again since.", "Undo that first.")
        found = []
        for change in undone:
            before = record.before(change)
            found.append(before.session if before else replace(change.session, state="withdrawn"))
        return found

    return Outcome(tuple(change_plan(store, visitor, "undone", decide)))


def require_known(about: Eligibility, session: PlanSession) -> None:
    """Raise UserError where a session names a school, training, trainer or slot that is on no list."""
    if unknown := unknown_parts(about, session):
        raise UserError(unknown[0], "Choose one that is listed, or load the list again.", unknown[1:])


def require_base(record: Record, wanted: PlanSession, base: int | None, visitor: Visitor) -> None:
    """Raise StaleBase where a session was changed since the version that this is decided from (null: the latest)."""
    latest = record.change_of(wanted.session_id)
    if base is None or base == latest.number:
        return
    then = next((one for one in record.changes_of(wanted.session_id) if one.number == base), None)
    known = without_others(then.session, visitor.scope) if then else None
    seen, wanted = without_others(latest.session, visitor.scope), without_others(wanted, visitor.scope)
    theirs = differences(known, seen) if known else []
    raise StaleBase(
        f"Session {wanted.session_id} was changed meanwhile by {latest.changed_by}, on "
        f"{moment_said(latest.changed_at)}.",
        "Nothing was stored. Look at the session as it is now, and decide again.",
        [
            f"Theirs: {'; '.join(theirs) or 'unknown'}.",
            f"Yours: {'; '.join(differences(seen, wanted)) or 'the same'}.",
        ],
    )


def checked_note(note: str) -> str:
    """A note without line breaks. Raises UserError for one that is too long."""
    text = " ".join(note.split())
    if len(text) > MOST_NOTE:
        raise UserError(f"The note has {len(text):,} characters; {MOST_NOTE:,} at most are kept.", "Shorten it.")
    return text


def change_plan(
    store: Store, visitor: Visitor, subject: str, decide: Callable[[Record], Iterable[PlanSession]]
) -> list[PlanSession]:
    """Store what `decide` makes of the plan; sessions that stay as they are leave no trace.

    Raises StaleBase where another process changed the same sessions at the same moment.
    """
    changed: list[PlanSession] = []

    def decided(changes: list[SessionChange]) -> list[tuple[int | None, PlanSession]]:
        record = replay(changes)
        found: list[tuple[int | None, PlanSession]] = []
        for session in decide(record):
            latest = record.current.get(session.session_id)
            if latest is None or latest.session != session:
                found.append((latest.number if latest else None, session))
        changed[:] = [session for _, session in found]
        return found

    number = put_plan_changes(store, visitor.audit_name, subject, decided)
    if number is not None and (rivals := yield_to_rivals(store, number, visitor.audit_name)):
        raise StaleBase(
            f"Someone else changed {listed(rivals)} at the same moment.",
            "Nothing was stored. Look at the plan as it is now, and decide again.",
        )
    return changed
