"""Changes of the plan by hand: sessions are added, moved, given to another trainer, split and joined.

Each of them says which limits it breaks. They refuse the change unless a reason overrules them; the reason becomes the
note of the sessions.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from pd_core.access import Visitor
from pd_core.actions.plan_record import Outcome, change_plan, checked_note, require_base, require_known
from pd_core.actions.plan_rights import kinds_of, require_step
from pd_core.entities import PlanSession
from pd_core.errors import UserError
from pd_core.planning.broken_limits import broken_limits, by_party
from pd_core.planning.eligibility import Eligibility
from pd_core.planning.record import Record
from pd_core.storage import Store
from pd_core.summaries.planning_lists import planning_lists

Decide = Callable[[Eligibility, Record], list[PlanSession]]
"""From the lists and the plan, the sessions as they are to become."""


def move(
    store: Store,
    visitor: Visitor,
    session_id: str,
    now: datetime,
    *,
    slot_id: str | None = None,
    trainer_id: str | None = None,
    school_ids: Sequence[str] | None = None,
    reached: int | None = None,
    reason: str = "",
    base: int | None = None,
    dry_run: bool = False,
) -> Outcome:
    """Give a session another time, trainer, place or number of people; what is null stays.

    With `dry_run` nothing is stored, and broken limits are only said. Raises RefusedAccess, StaleBase, UserError.
    """

    def decide(about: Eligibility, record: Record) -> list[PlanSession]:
        before = _open(record, session_id, "moved")
        after = _with(about, before, slot_id, trainer_id, school_ids, reached)
        require_base(record, after, base, visitor)
        return [] if after == before else [replace(after, asked="")]

    return _by_hand(store, visitor, "moved", now, decide, reason=reason, dry_run=dry_run)


def add(
    store: Store,
    visitor: Visitor,
    now: datetime,
    *,
    school_ids: Sequence[str],
    training_id: str,
    trainer_id: str,
    slot_id: str,
    reached: int,
    reason: str = "",
    dry_run: bool = False,
) -> Outcome:
    """Propose a session by hand, as `move`. Raises RefusedAccess, UserError."""

    def decide(about: Eligibility, record: Record) -> list[PlanSession]:
        blank = PlanSession(
            f"S{record.next_id():03}",
            "proposed",
            tuple(school_ids),
            training_id,
            trainer_id,
            slot_id,
            now,
            now,
            reached,
        )
        return [_with(about, blank)]

    return _by_hand(store, visitor, "added", now, decide, reason=reason, dry_run=dry_run)


def split(
    store: Store,
    visitor: Visitor,
    session_id: str,
    people: int,
    now: datetime,
    *,
    slot_id: str | None = None,
    trainer_id: str | None = None,
    school_ids: Sequence[str] | None = None,
    reason: str = "",
    base: int | None = None,
    dry_run: bool = False,
) -> Outcome:
    """Let so many people of a session attend a new one instead, which differs in what is not null, as `move`.

    The new one is agreed where the session was agreed or scheduled, for its own time is yet to be scheduled.
    Raises RefusedAccess, StaleBase, UserError.
    """

    def decide(about: Eligibility, record: Record) -> list[PlanSession]:
        before = _open(record, session_id, "split")
        planned = before.reached or 0
        if not 0 < people < planned:
            raise UserError(
                f"Session {session_id} is planned for {planned:,} people; {people:,} can't be split off.",
                f"Give 1 to {planned - 1:,}." if planned > 1 else "Move it instead.",
            )
        first = replace(before, reached=planned - people, asked="")
        require_base(record, first, base, visitor)
        second = replace(
            first, session_id=f"S{record.next_id():03}", state="agreed" if before.is_decided else "proposed"
        )
        return [first, _with(about, second, slot_id, trainer_id, school_ids, people)]

    return _by_hand(store, visitor, "split", now, decide, reason=reason, dry_run=dry_run)


def join(
    store: Store,
    visitor: Visitor,
    session_id: str,
    other_id: str,
    now: datetime,
    *,
    reason: str = "",
    base: int | None = None,
    dry_run: bool = False,
) -> Outcome:
    """Let the people of another session of the same training attend this one; the other is cancelled. As `move`.

    Raises RefusedAccess, StaleBase, UserError.
    """

    def decide(about: Eligibility, record: Record) -> list[PlanSession]:
        first, other = (_open(record, one, "joined") for one in (session_id, other_id))
        if session_id == other_id or first.training_id != other.training_id:
            raise UserError(
                f"Sessions {session_id} and {other_id} can't be joined.", "Choose two sessions of the same training."
            )
        schools = tuple(dict.fromkeys((*first.school_ids, *other.school_ids)))
        joined = _with(about, first, None, None, schools, (first.reached or 0) + (other.reached or 0))
        require_base(record, joined, base, visitor)
        return [
            replace(joined, asked=""),
            replace(other, state="cancelled", note=f"Joined with {session_id}.", asked=""),
        ]

    return _by_hand(store, visitor, "joined", now, decide, reason=reason, dry_run=dry_run)


def _by_hand(
    store: Store, visitor: Visitor, verb: str, now: datetime, decide: Decide, *, reason: str, dry_run: bool
) -> Outcome:
    about = Eligibility(planning_lists(store, now))
    kinds, reason = kinds_of(about.problem), checked_note(reason)
    wanted: list[PlanSession] = []
    broken: list[str] = []

    def decided(record: Record) -> list[PlanSession]:
        wanted[:] = decide(about, record)
        for after in wanted:
            if before := record.current.get(after.session_id):
                require_step(visitor, kinds, before.session, "moved")
            require_step(visitor, kinds, after, "moved")
        everything = {one.session_id: one for one in (*record.sessions(), *wanted)}
        related = by_party(everything.values())
        broken[:] = [
            one if len(wanted) == 1 else f"{after.session_id}: {one}"
            for after in wanted
            if after.is_open
            for one in broken_limits(about, after, related(after))
        ]
        if broken and not reason and not dry_run:
            raise UserError(
                f"Session {wanted[0].session_id} would break limits.",
                "Choose otherwise, or give a reason to overrule.",
                broken,
            )
        return [] if dry_run else [replace(one, note=reason) if reason and one.is_open else one for one in wanted]

    changed = change_plan(store, visitor, verb, decided)
    return Outcome(tuple(wanted if dry_run else changed), tuple(broken))


def _open(record: Record, session_id: str, verb: str) -> PlanSession:
    session = record.session(session_id)
    if not session.is_open:
        raise UserError(f"Session {session_id} is {session.state} and can't be {verb}.", "Add a new session instead.")
    return session


def _with(
    about: Eligibility,
    session: PlanSession,
    slot_id: str | None = None,
    trainer_id: str | None = None,
    school_ids: Sequence[str] | None = None,
    reached: int | None = None,
) -> PlanSession:
    after = replace(
        session,
        slot_id=slot_id or session.slot_id,
        trainer_id=trainer_id or session.trainer_id,
        school_ids=tuple(school_ids) if school_ids else session.school_ids,
        reached=session.reached if reached is None else reached,
    )
    require_known(about, after)
    times = about.slots[after.slot_id]
    return replace(after, starts_at=times.starts_at, ends_at=times.ends_at)
