"""Who attended a session: a list becomes codes under the store's key, so that it joins answers without a name."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pd_core.access import Visitor
from pd_core.actions.deliveries import yield_or_refuse
from pd_core.actions.delivery_rules import Held, held, slot_minutes, step_of
from pd_core.actions.plan_rights import own_trainer
from pd_core.entities import Delivery, PlanSession
from pd_core.ingestion import Receipt
from pd_core.ingestion.receipt import Status
from pd_core.pseudonyms import respondent_codes
from pd_core.reference.attendance_file import NO_ADDRESS, Attendee, read_attendance
from pd_core.reference.delivery_file import problem
from pd_core.storage import Store
from pd_core.storage.change import Change
from pd_core.storage.deliveries import Written, attendance_of, known_people, put_deliveries, sessions_of
from pd_core.wording import people_said, plural


@dataclass
class _Taken:
    """What a list would change, and what the receipt says of it."""

    rows: dict[str, float | None] = field(default_factory=dict)
    added: int = 0
    existing: int = 0
    replaced: int = 0
    removed: int = 0
    problems: list[dict[str, Any]] = field(default_factory=list)
    unlisted: int = 0
    schools: set[str] = field(default_factory=set)
    on_list: int = 0
    counted: int | None = None


def take_attendance(
    store: Store,
    visitor: Visitor,
    session_id: str,
    file: str,
    data: bytes,
    key: bytes,
    now: datetime,
    zone: str,
    *,
    is_whole: bool = False,
    dry_run: bool = False,
) -> Receipt:
    """Put the people of a file on the list of a session, which becomes delivered.

    A longer time replaces a shorter one; the same list, or an older one, changes nothing. With `is_whole` the file is
    the whole list: people who are not in it are removed, and its times count. `key` is the secret behind respondents'
    codes. Raises RefusedFile, RefusedAccess, StaleBase, UserError.
    """
    visitor.require("decide")
    read = read_attendance(file, data)
    trainer = own_trainer(store, visitor)
    taken = _Taken()

    def decide(change: Change) -> Written | None:
        about = held(change, visitor, trainer, now, zone)
        session, delivery = _of(about, session_id)
        vars(taken).update(vars(_Taken()))
        _take(change, taken, about, session_id, read.people, key, is_whole=is_whole)
        taken.counted = delivery.attended
        school_ids = [delivery.school_id] if session is None else session.school_ids
        is_held = session is None or session.state == "delivered"
        if not taken.rows and (is_held or not taken.on_list):
            return None
        steps = [] if is_held or session is None else [step_of(about, session)]
        new = [] if session_id in about.known and is_held else [delivery]
        return Written(steps, new, {session_id: taken.rows}, school_ids, f"{session_id}: {people_said(taken.on_list)}")

    number = put_deliveries(store, "attendance", visitor.audit_name, decide, dry_run=dry_run)
    yield_or_refuse(store, visitor, number)
    return _receipt(read.file, read.form, session_id, taken, len(read.people), dry_run=dry_run)


def _of(about: Held, session_id: str) -> tuple[PlanSession | None, Delivery]:
    """The session (null: a training outside the plan) and how it was held: as said before, else as planned."""
    session = about.session(session_id)
    known = about.known.get(session_id)
    if session is None:
        if known is None:
            about.record.change_of(session_id)  # says which there are
            raise AssertionError
        about.visitor.require("decide", known.school_id)
        return None, known
    if known is not None:
        return session, known
    day = min(max(session.starts_at.date(), about.planned_on(session_id)), about.latest_day())
    minutes = about.minutes.get(session.training_id) or slot_minutes(session)
    return session, Delivery(session_id, day, None, minutes)


def _take(
    change: Change,
    taken: _Taken,
    about: Held,
    session_id: str,
    people: tuple[Attendee, ...],
    key: bytes,
    *,
    is_whole: bool,
) -> None:
    before = attendance_of(change, session_id)
    staff = known_people(change)
    codes = {one.row: _code(one, staff, key) for one in people}
    overlapping = _at_once(change, about, session_id, [code for code in codes.values() if code])
    after = dict(before)
    seen: set[str] = set()
    for one in people:
        code, why = codes[one.row], one.problem
        if not why and code is None:
            why = NO_ADDRESS
        if not why and code in overlapping:
            why = f"already on the list of {overlapping[code]}, which was held at the same time"
        if why or code is None:
            taken.problems.append(problem(one.row, one.column, one.value, why))
            continue
        is_new, known = code not in after, after.get(code)
        is_longer = one.minutes is not None and (known is None or one.minutes > known)
        if is_new:
            taken.added += 1
        elif is_longer or (is_whole and code not in seen and one.minutes != known):
            taken.replaced += 1
        else:
            taken.existing += 1
            seen.add(code)
            continue
        seen.add(code)
        after[code] = taken.rows[code] = one.minutes
    if is_whole and seen:
        gone = [code for code in before if code not in seen]
        taken.rows |= dict.fromkeys(gone, 0.0)
        taken.removed = len(gone)
        after = {code: minutes for code, minutes in after.items() if code not in gone}
    taken.on_list = len(after)
    taken.unlisted = sum(code not in staff for code in seen)
    taken.schools = {staff[code] for code in seen if code in staff}


def _code(one: Attendee, staff: dict[str, str], key: bytes) -> str | None:
    """The person's code: of the address that is known, without what follows a plus sign where only that is; else of
    the first."""
    spellings = [*one.addresses, *(f"{a.partition('+')[0]}@{a.rpartition('@')[2]}" for a in one.addresses if "+" in a)]
    codes = [code for code in respondent_codes(spellings, key).values() if code]
    return next((code for code in codes if code in staff), codes[0] if codes else None)


def _at_once(change: Change, about: Held, session_id: str, people: list[str]) -> dict[str, str]:
    """People who are on the list of another session of the plan in an overlapping slot."""
    mine = about.record.current.get(session_id)
    if mine is None:
        return {}
    found = {}
    for person, others in sessions_of(change, people).items():
        for other in others:
            theirs = about.record.current.get(other)
            if theirs is None or other == session_id or theirs.session.state != "delivered":
                continue
            a, b = mine.session, theirs.session
            if a.starts_at < b.ends_at and b.starts_at < a.ends_at:
                found[person] = other
    return found


def _receipt(file: str, form: str, session_id: str, taken: _Taken, rows_read: int, *, dry_run: bool) -> Receipt:
    changed = taken.added + taken.replaced + taken.removed
    is_refused = not changed and not taken.existing and rows_read > 0
    status: Status = "committed" if changed else "rejected" if is_refused else "unchanged"
    return Receipt(
        file, status, None, "", form, rows_read, taken.added, taken.existing, taken.replaced, len(taken.problems),
        problems=taken.problems, message=_message(file, session_id, taken, changed, dry_run=dry_run),
    )  # fmt: skip


def _message(file: str, session_id: str, taken: _Taken, changed: int, *, dry_run: bool) -> str:
    if not changed and not taken.existing:
        return f"No one of {file} can be counted. Correct the rows below and try again. Nothing was changed."
    parts = ["This was a trial: nothing was stored."] if dry_run else []
    if not changed:
        parts.append(f"Everyone of {file} was already on the list of {session_id}. Nothing was changed.")
    else:
        parts.append(f"{people_said(taken.on_list)} on the list of {session_id}.")
    if taken.removed:
        parts.append(f"{people_said(taken.removed)} removed.")
    if len(taken.schools) > 1:
        parts.append(f"They work at {len(taken.schools)} schools; each counts at the own one.")
    if taken.unlisted:
        parts.append(f"{people_said(taken.unlisted)} not on the staff list: counted, at no school of the list.")
    if taken.counted is not None and taken.counted != taken.on_list:
        parts.append(f"{taken.counted:,} had been counted; now the list counts.")
    if taken.problems:
        parts.append(f"{plural(len(taken.problems), 'row')} set aside.")
    return " ".join(parts)
