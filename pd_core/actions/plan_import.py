"""Takes a plan that was edited in a spreadsheet: what would change is worked out first, then stored as one change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import cast

from pd_core.access import Visitor
from pd_core.actions.plan_record import change_plan, checked_note
from pd_core.actions.plan_rights import kinds_of, require_step
from pd_core.entities import PlanSession, PlanState, SessionChange
from pd_core.errors import RefusedFile, UserError
from pd_core.planning.broken_limits import broken_limits, by_party, unknown_parts
from pd_core.planning.eligibility import Eligibility
from pd_core.planning.record import Record, differences, stepped
from pd_core.reference.plan_file import PlanRow
from pd_core.storage import Store
from pd_core.summaries.planning_lists import planning_lists
from pd_core.wording import moment_said


@dataclass(frozen=True)
class Imported:
    """What a file changes, as sentences by row; `broken` are limits that were overruled, `unchanged` counts rows."""

    sessions: tuple[PlanSession, ...]
    said: tuple[str, ...]
    broken: tuple[str, ...]
    unchanged: int


def import_plan(
    store: Store,
    visitor: Visitor,
    file: str,
    rows: Sequence[PlanRow],
    now: datetime,
    *,
    reason: str = "",
    dry_run: bool = False,
) -> Imported:
    """Store what a file changes, all of it or nothing; with `dry_run` nothing is stored.

    A row whose session was changed by someone else since it was exported is left as it is now where the file did not
    touch it, and refused where it did. Limits that are broken refuse the file unless a `reason` overrules them.
    Raises RefusedAccess; RefusedFile that names every row.
    """
    about = Eligibility(planning_lists(store, now))
    found: list[Imported] = []

    def decide(record: Record) -> list[PlanSession]:
        wanted, said = _wanted(about, record, visitor, file, rows)
        after = {one.session_id: one for one in record.sessions()} | {one.session_id: one for one in wanted}
        related = by_party(after.values())
        broken = [
            f"{one.session_id}: {sentence}"
            for one in wanted
            if one.is_open
            for sentence in broken_limits(about, one, related(one))
        ]
        if broken and not reason:
            raise RefusedFile(
                f"{file} would break limits. Nothing was changed.",
                "Change these sessions, or give a reason to overrule the limits.",
                broken,
            )
        note = checked_note(reason)
        named = {one.partition(":")[0] for one in broken}
        wanted = [replace(one, note=one.note or note) if one.session_id in named else one for one in wanted]
        found[:] = [Imported(tuple(wanted), tuple(said), tuple(broken), len(rows) - len(wanted))]
        return [] if dry_run else wanted

    change_plan(store, visitor, f"{file}", decide)
    return found[0]


def _wanted(
    about: Eligibility, record: Record, visitor: Visitor, file: str, rows: Sequence[PlanRow]
) -> tuple[list[PlanSession], list[str]]:
    wanted: list[PlanSession] = []
    said: list[str] = []
    problems: list[str] = []
    number = record.next_id()
    for row in rows:
        try:
            if row.session_id:
                after, sentence = _changed(about, record, row)
            else:
                after, number = _added(about, row, f"S{number:03}"), number + 1
                sentence = f"{after.session_id} is new: {after.training_id} at {after.school_ids[0]}."
            if after is not None:
                _require_all(visitor, about, record, after)
                wanted.append(after)
                said.append(f"row {row.row}: {sentence}")
        except UserError as error:
            problems.append(f"row {row.row}: {' '.join([str(error), *error.details])}")
    if problems:
        raise RefusedFile(
            f"{file} has {len(problems)} row(s) that cannot be taken. Nothing was changed.",
            "Correct these rows, or export the plan again and repeat your changes.",
            problems,
        )
    return wanted, said


def _require_all(visitor: Visitor, about: Eligibility, record: Record, after: PlanSession) -> None:
    kinds, before = kinds_of(about.problem), record.current.get(after.session_id)
    if before is None:
        require_step(visitor, kinds, after, "moved")
        return
    is_step = before.session.state != after.state
    for session in (before.session, after):
        if is_step:
            require_step(visitor, kinds, session, after.state)
        if replace(before.session, state=after.state, note=after.note) != after:
            require_step(visitor, kinds, session, "moved")


def _changed(about: Eligibility, record: Record, row: PlanRow) -> tuple[PlanSession | None, str]:
    latest = record.change_of(row.session_id)
    exported = _exported(record, row)
    after = _as_row(about, latest.session, row)
    if after == latest.session:
        return None, ""
    if exported is not None and exported.number != latest.number:
        if _as_row(about, exported.session, row) == exported.session:
            return None, ""  # someone else changed it; the file did not
        theirs, yours = (differences(exported.session, one) for one in (latest.session, after))
        raise UserError(
            f"Session {row.session_id} was changed meanwhile by {latest.changed_by} on {moment_said(latest.changed_at)}"
            f" ({'; '.join(theirs)}); the file wants {'; '.join(yours) or 'what it was'}."
        )
    if after.state != latest.session.state:
        if after.state == "cancelled" and not after.note:
            raise UserError(f"Session {row.session_id} is cancelled without a reason; write it in note.")
        stepped(latest.session, after.state)
    elif not latest.session.is_open:
        raise UserError(f"Session {row.session_id} is {latest.session.state} and can't be changed.")
    return after, f"{row.session_id}: {'; '.join(differences(latest.session, after))}."


def _exported(record: Record, row: PlanRow) -> SessionChange | None:
    """The change that the row's base names (null: the row has no base)."""
    if row.base is None:
        return None
    known = [one for one in record.changes_of(row.session_id) if one.number == row.base]
    if not known:
        raise UserError(f"Session {row.session_id} never had the base {row.base}; leave base as it was exported.")
    return known[0]


def _as_row(about: Eligibility, session: PlanSession, row: PlanRow) -> PlanSession:
    after = replace(
        session,
        state=cast(PlanState, row.state),
        school_ids=row.school_ids,
        training_id=row.training_id,
        trainer_id=row.trainer_id,
        slot_id=row.slot_id,
        reached=session.reached if row.reached is None else row.reached,
        note=session.note if row.note is None else checked_note(row.note),
    )
    if after == session:
        return session
    if (after.school_ids, after.training_id, after.trainer_id, after.slot_id) != (
        session.school_ids, session.training_id, session.trainer_id, session.slot_id,
    ):  # fmt: skip
        _require_known(about, after)
        times = about.slots[after.slot_id]
        after = replace(after, starts_at=times.starts_at, ends_at=times.ends_at)
    return after


def _added(about: Eligibility, row: PlanRow, session_id: str) -> PlanSession:
    if row.state not in ("proposed", "agreed"):
        raise UserError(f"A new session can be proposed or agreed, not {row.state}.")
    after = PlanSession(
        session_id, cast(PlanState, row.state), row.school_ids, row.training_id, row.trainer_id, row.slot_id,
        about.problem.now, about.problem.now, row.reached or 0, checked_note(row.note or ""),
    )  # fmt: skip
    _require_known(about, after)
    times = about.slots[after.slot_id]
    return replace(after, starts_at=times.starts_at, ends_at=times.ends_at)


def _require_known(about: Eligibility, session: PlanSession) -> None:
    if unknown := unknown_parts(about, session):
        raise UserError(" ".join(unknown))
