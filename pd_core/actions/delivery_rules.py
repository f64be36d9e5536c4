"""When it may be said that a session was held, by whom, and what is then known of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from pd_core.access import EVERYTHING, Visitor
from pd_core.actions.plan_record import checked_note
from pd_core.entities import Delivery, PlanSession
from pd_core.errors import RefusedAccess, UserError
from pd_core.planning.record import Record, replay, stepped
from pd_core.reference.delivery_file import DeliverRow
from pd_core.school_names import SchoolNames
from pd_core.storage import queries
from pd_core.storage.change import Change, Reader
from pd_core.storage.deliveries import deliveries
from pd_core.storage.plans import plan_changes
from pd_core.storage.training_lists import training_list
from pd_core.wording import date_said

Step = tuple[int | None, PlanSession]
"""A session as it is to become, with the version that this was decided from."""


class Unusable(UserError):
    """A row that can't be used; `column` says which of its cells is wrong."""

    def __init__(self, column: str, message: str, remedy: str = "", suggestion: str = "") -> None:
        super().__init__(message, remedy)
        self.column, self.suggestion = column, suggestion


@dataclass(frozen=True)
class Held:
    """What is known when someone says that a session was held. `now` is local time, `zone` the district's."""

    record: Record
    known: Mapping[str, Delivery]
    schools: SchoolNames
    minutes: Mapping[str, float]
    trainer: str
    visitor: Visitor
    now: datetime
    zone: str

    def session(self, session_id: str) -> PlanSession | None:
        """The session of the plan with this id (null: there is none). Raises UserError where it was cancelled."""
        change = self.record.current.get(session_id)
        if change is None:
            return None
        session = change.session
        if session.state in ("cancelled", "withdrawn"):
            why = f" ({session.note.rstrip('.')})" if session.note else ""
            day = date_said(self.local(change.changed_at))
            raise Unusable("session_id", f"{session_id} was {session.state} on {day}{why}")
        if not may_deliver(self.visitor, session, self.trainer):
            raise RefusedAccess(
                f"Session {session_id}: its trainer or a facilitator says that it was held.",
                "Ask your facilitator to do it.",
            )
        return session

    def local(self, at: datetime) -> datetime:
        """A UTC time in the district's."""
        return at.replace(tzinfo=UTC).astimezone(ZoneInfo(self.zone)).replace(tzinfo=None)

    def planned_on(self, session_id: str) -> date:
        """The day on which a session came into the plan."""
        first = self.record.changes_of(session_id)[0].changed_at
        return min(first.date(), self.local(first).date())

    def latest_day(self) -> date:
        """Today, in the district or where the program runs."""
        return max(self.now.date(), date.today())  # noqa: DTZ011 - the program's own day counts too


def held(change: Change, visitor: Visitor, trainer: str, now: datetime, zone: str) -> Held:
    """What the store knows, as this change sees it."""
    minutes = dict(training_list(change, "training").select("training_id", "minutes").iter_rows())
    schools = SchoolNames(queries.schools(change, EVERYTHING))
    return Held(replay(plan_changes(change)), deliveries(change), schools, minutes, trainer, visitor, now, zone)


def may_deliver(visitor: Visitor, session: PlanSession, trainer: str) -> bool:
    """Whether this person says that a session was held: its trainer (`trainer`, their id in the list) or a
    facilitator."""
    return visitor.may("plan") or (
        bool(trainer) and session.trainer_id == trainer and any(visitor.may("decide", one) for one in _own(visitor))
    )


def _own(visitor: Visitor) -> tuple[str, ...]:
    return tuple(visitor.actor.school_ids) or ("",)


def delivered(about: Held, row: DeliverRow) -> tuple[Delivery, Step | None]:
    """How a session was held, and the step of the plan that this is (null: it was delivered before, or is outside).

    Raises UserError where the row can't be used.
    """
    session, note = about.session(row.session_id), checked_note(row.note)
    if row.delivered_on > about.latest_day():
        raise Unusable("delivered_on", "this day is still to come")
    if session is None:
        return _outside(about, row, note), None
    planned = about.planned_on(row.session_id)
    if row.delivered_on < planned:
        raise Unusable("delivered_on", f"the session was planned later, on {date_said(planned)}")
    minutes = row.minutes or about.minutes.get(session.training_id) or slot_minutes(session)
    delivery = Delivery(row.session_id, row.delivered_on, row.attended, minutes, note)
    if session.state == "delivered":
        return delivery, None
    return delivery, step_of(about, session)


def step_of(about: Held, session: PlanSession) -> Step:
    """The step by which a session becomes delivered."""
    return about.record.change_of(session.session_id).number, replace(stepped(session, "delivered"), asked="")


def _outside(about: Held, row: DeliverRow, note: str) -> Delivery:
    """A training outside the plan, which says its own school and training."""
    if not row.school_id and not row.training_id:
        known = [one.session_id for one in about.record.sessions()]
        near = next((one for one in known if one.casefold() == row.session_id.casefold()), "")
        raise Unusable(
            "session_id", "no session of the plan has this id",
            "For a training outside the plan, fill in school_id and training_id.", near,
        )  # fmt: skip
    school_id = about.schools.find(row.school_id)
    if school_id is None:
        near_id = next(iter(about.schools.near(row.school_id, 1)), "")
        raise Unusable(
            "school_id", "no school of the list has this id or name", "", about.schools.names.get(near_id, "")
        )
    about.visitor.require("decide", school_id)
    if not row.training_id:
        raise Unusable("training_id", "expected the training's id")
    minutes = row.minutes or about.minutes.get(row.training_id)
    if minutes is None:
        raise Unusable("minutes", "this training is not in the catalog; expected the minutes that it took")
    return Delivery(
        row.session_id, row.delivered_on, row.attended, minutes, note, True, school_id, row.training_id, row.trainer_id
    )


def doubt(store: Reader, session_id: str, school_ids: Sequence[str], attended: int | None) -> str:
    """What to check where more people attended than work at the schools of a session; empty where that is not so, or
    not known."""
    staff = dict(queries.schools(store, EVERYTHING).select("school_id", "headcount").iter_rows())
    known = [staff.get(school_id) for school_id in school_ids]
    if attended is None or None in known or attended <= (of := sum(one or 0 for one in known)):
        return ""
    whose = "its school has" if len(known) == 1 else "its schools have"
    return f"Check {session_id}: {attended:,} people attended, and {whose} {of:,} staff."


def slot_minutes(session: PlanSession) -> float:
    """How long the session's slot is."""
    return (session.ends_at - session.starts_at).total_seconds() / 60
