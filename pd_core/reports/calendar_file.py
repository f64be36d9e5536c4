"""Sessions of the plan as a calendar that Outlook, Google and Apple read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC
from zoneinfo import ZoneInfo

from pd_core.entities import PlanSession
from pd_core.planning.problem import Problem
from pd_core.planning.record import Record

CALENDAR_MIME = "text/calendar; charset=utf-8"
_STATUS: Mapping[str, str] = {
    "proposed": "TENTATIVE",
    "agreed": "TENTATIVE",
    "scheduled": "CONFIRMED",
    "delivered": "CONFIRMED",
    "cancelled": "CANCELLED",
}


def calendar(
    lists: Problem, record: Record, sessions: Sequence[PlanSession], zone: str, title: str, *, has_notes: bool = True
) -> bytes:
    """Sessions as an iCalendar file (RFC 5545) for Outlook, Google and Apple; times in the district's time zone.

    A session keeps its UID for as long as it is in the plan; its SEQUENCE grows with each change. Without `has_notes`
    what people wrote is left out.
    """
    import icalendar  # noqa: PLC0415 - only this needs it, and it takes a moment to load

    names = {one.school_id: one.name for one in lists.schools}
    trainings = {one.training_id: one for one in lists.trainings}
    trainers = {one.trainer_id: one.name for one in lists.trainers}
    local = ZoneInfo(zone)
    made = icalendar.Calendar()
    made.add("prodid", "-//PD Pulse//Training plan//EN")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", title)
    for one in sessions:
        changes = record.changes_of(one.session_id)
        training = trainings.get(one.training_id)
        event = icalendar.Event()
        event.add("uid", f"{one.session_id}-{changes[0].number}@pd-pulse")
        event.add("sequence", len(changes) - 1)
        event.add("dtstamp", changes[-1].changed_at.replace(tzinfo=UTC, microsecond=0))
        event.add("dtstart", one.starts_at.replace(tzinfo=local))
        event.add("dtend", one.ends_at.replace(tzinfo=local))
        event.add("summary", training.title if training else one.training_id)
        event.add("location", names.get(one.school_ids[0], one.school_ids[0]))
        lines = _described(one, names, trainers, training.actions if training else ())
        if one.note and has_notes:
            lines.append(f"Note: {one.note}")
        event.add("description", "\n".join(lines))
        event.add("status", _STATUS[one.state])
        made.add_component(event)
    if sessions:
        made.add_missing_timezones()
    return bytes(made.to_ical())


def _described(
    session: PlanSession, names: Mapping[str, str], trainers: Mapping[str, str], actions: Sequence[str]
) -> list[str]:
    lines = [f"Trainer: {trainers.get(session.trainer_id, session.trainer_id)}", f"State: {session.state}"]
    if guests := [names.get(one, one) for one in session.school_ids[1:]]:
        lines.append(f"Open to: {', '.join(guests)}")
    lines += [f"Next day: {action}" for action in actions]
    return lines
