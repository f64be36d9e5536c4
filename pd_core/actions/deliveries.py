"""What was held: sessions delivered and trainings outside the plan; said by the trainer or a facilitator."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from pd_core.access import Visitor
from pd_core.actions.delivery_rules import Step, Unusable, delivered, doubt, held, may_deliver
from pd_core.actions.plan_record import StaleBase
from pd_core.actions.plan_rights import own_trainer
from pd_core.entities import Delivery, PlanSession
from pd_core.errors import RefusedAccess, UserError
from pd_core.ingestion import Receipt
from pd_core.ingestion.receipt import Status
from pd_core.planning.record import Record
from pd_core.reference.delivery_file import DeliverRow, problem, read_deliver
from pd_core.storage import Store
from pd_core.storage.change import Change
from pd_core.storage.deliveries import Written, deliveries, put_deliveries
from pd_core.storage.plans import yield_to_rivals
from pd_core.wording import listed, plural, within


def known_delivery(store: Store, visitor: Visitor, session: PlanSession) -> Delivery | None:
    """How a session was held, as it was said last (null: nothing was said); for those who may say it.

    Raises RefusedAccess.
    """
    if not may_deliver(visitor, session, own_trainer(store, visitor)):
        raise RefusedAccess("Your role does not allow this.", "Ask its trainer or your facilitator.")
    return deliveries(store).get(session.session_id)


def doubt_about(store: Store, session: PlanSession, attended: int | None) -> str:
    """What to check before it is said that so many attended; empty where nothing is."""
    return doubt(store, session.session_id, session.school_ids, attended)


def deliver(
    store: Store, visitor: Visitor, row: DeliverRow, now: datetime, zone: str, *, base: int | None = None
) -> Delivery:
    """Say that one session was held, or how, in place of what was said before.

    `base` is the version of the session that the decision was made from (null: the latest). Raises RefusedAccess,
    StaleBase, UserError.
    """
    visitor.require("decide")
    trainer, found = own_trainer(store, visitor), list[Delivery]()

    def decide(change: Change) -> Written:
        about = held(change, visitor, trainer, now, zone)
        latest = about.record.current.get(row.session_id)
        if base is not None and latest is not None and latest.number != base:
            raise StaleBase(
                f"Session {row.session_id} was changed meanwhile by {latest.changed_by}.",
                "Nothing was stored. Look at the session as it is now, and decide again.",
            )
        delivery, step = delivered(about, row)
        found[:] = [delivery]
        return _written([step] if step else [], [delivery], about.record)

    _stored(store, visitor, decide)
    return found[0]


def take_deliver(
    store: Store, visitor: Visitor, file: str, data: bytes, now: datetime, zone: str, *, dry_run: bool = False
) -> Receipt:
    """Store which sessions were held, from a file; the same row again changes nothing, another one replaces it. A row
    with more people than its schools have staff is taken, and the receipt asks to check it.

    Raises RefusedFile, RefusedAccess.
    """
    visitor.require("decide")
    file, rows_read, rows, unusable = read_deliver(file, data)
    trainer = own_trainer(store, visitor)
    counts = {"added": 0, "existing": 0, "replaced": 0}
    problems, schools, doubts = list(unusable), dict[str, int](), list[str]()

    def decide(change: Change) -> Written | None:
        about = held(change, visitor, trainer, now, zone)
        counts.update(dict.fromkeys(counts, 0))
        problems[:], seen, new = list(unusable), dict[str, tuple[int, Delivery]](), list[Delivery]()
        steps: list[Step] = []
        schools.clear()
        doubts.clear()
        for row in rows:
            try:
                delivery, step = delivered(about, row)
            except UserError as error:
                column = error.column if isinstance(error, Unusable) else "session_id"
                value = {"delivered_on": row.delivered_on.isoformat(), "session_id": row.session_id}
                near = error.suggestion if isinstance(error, Unusable) else ""
                said = "; ".join(filter(None, (error.message.rstrip("."), within(error.remedy.rstrip(".")))))
                problems.append(problem(row.row, column, value.get(column, getattr(row, column, "")), said, near))
                continue
            if row.session_id in seen:
                first, other = seen[row.session_id]
                if other == delivery:
                    counts["existing"] += 1
                else:
                    reason = f"row {first} already says something else of this session"
                    problems.append(problem(row.row, "session_id", row.session_id, reason))
                continue
            seen[row.session_id] = (row.row, delivery)
            known = about.known.get(row.session_id) if step is None or delivery.is_outside else None
            counts["existing" if known == delivery else "replaced" if known else "added"] += 1
            of_session = [delivery.school_id] if delivery.school_id else about.record.session(row.session_id).school_ids
            schools[of_session[0]] = schools.get(of_session[0], 0) + 1
            doubts.append(doubt(change, row.session_id, of_session, delivery.attended))
            if known != delivery:
                new.append(delivery)
                steps += [step] if step else []
        return _written(steps, new, about.record) if new else None

    _stored(store, visitor, decide, dry_run=dry_run)
    changed = counts["added"] + counts["replaced"]
    status: Status = "committed" if changed else "rejected" if rows_read and not counts["existing"] else "unchanged"
    return Receipt(
        file, status, None, "", "deliveries", rows_read, counts["added"], counts["existing"], counts["replaced"],
        len(problems), problems=sorted(problems, key=lambda one: int(one["row"])), schools=schools,
        message=" ".join(filter(None, [_message(file, rows_read, changed, len(problems), dry_run=dry_run), *doubts])),
    )  # fmt: skip


def _written(steps: list[Step], found: list[Delivery], record: Record) -> Written:
    ids = [one.session_id for one in found]
    schools = [
        school_id
        for one in found
        for school_id in ([one.school_id] if one.is_outside else record.session(one.session_id).school_ids)
    ]
    return Written(steps, found, None, schools, listed(ids))


def _stored(
    store: Store, visitor: Visitor, decide: Callable[[Change], Written | None], *, dry_run: bool = False
) -> None:
    number = put_deliveries(store, "delivery", visitor.audit_name, decide, dry_run=dry_run)
    yield_or_refuse(store, visitor, number)


def yield_or_refuse(store: Store, visitor: Visitor, number: int | None) -> None:
    """Raise StaleBase where another process changed the same sessions at the same moment; the change is withdrawn."""
    if number is not None and (rivals := yield_to_rivals(store, number, visitor.audit_name)):
        raise StaleBase(
            f"Someone else changed {listed(rivals)} at the same moment.",
            "Nothing was stored. Look at the plan as it is now, and decide again.",
        )


def _message(file: str, rows_read: int, changed: int, set_aside: int, *, dry_run: bool) -> str:
    if not rows_read:
        return f"{file} holds no rows. Nothing was changed."
    parts = ["This was a trial: nothing was stored."] if dry_run else []
    if changed:
        parts.append(f"{plural(changed, 'session')} delivered.")
    elif set_aside == rows_read:
        parts.append(f"No row of {file} can be used. Correct the rows below and try again. Nothing was changed.")
    else:
        parts.append(f"Every row of {file} that can be used was already stored. Nothing was changed.")
    if set_aside and set_aside < rows_read:
        parts.append(f"{plural(set_aside, 'row')} set aside.")
    return " ".join(parts)
