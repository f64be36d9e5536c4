"""The plan's sessions as people follow them: what comes next, and what each one still needs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from pd_core.access import DISTRICT
from pd_core.entities import PlanSession, PlanState
from pd_core.planning.problem import Problem
from pd_core.planning.record import STEPS, Record
from pd_core.presentation.plan_words import KINDS
from pd_core.presentation.section import Column, Columns
from pd_core.wording import hours_said, listed, moment_said, plural

VIEWS: Final[Mapping[str, str]] = {"coming": "To come", "all": "All sessions"}
STATES: Final[Mapping[PlanState, str]] = {
    "proposed": "Proposed", "agreed": "Agreed", "scheduled": "Scheduled", "delivered": "Delivered",
    "cancelled": "Cancelled",
}  # fmt: skip
"""Each state with its label, in the order of the board."""
MOST_CARDS: Final = 12
"""Up to this many sessions are shown as cards; more as a table, of which one at a time is opened."""
COLUMNS: Final[Columns] = {
    "session_id": Column("Session"), "state": Column("State"), "when": Column("When"), "title": Column("Class"),
    "who": Column("For, where and by whom"), "note": Column("Note"),
}  # fmt: skip


@dataclass(frozen=True)
class SessionCard:
    """A session as it is read on a phone; `changed` says who changed it last and when."""

    session: PlanSession
    title: str
    when: str
    who: str
    actions: tuple[str, ...]
    changed: str


def chosen_sessions(record: Record, school_id: str, trainer_id: str, view: str, now: datetime) -> list[PlanSession]:
    """The sessions of a school (or the district), of one trainer (empty: all), by time; to come, or all of them."""
    return [
        one
        for one in record.sessions()
        if school_id in (DISTRICT, *one.school_ids)
        and trainer_id in ("", one.trainer_id)
        and (view == "all" or (one.is_open and one.ends_at > now))
    ]


def headline(name: str, sessions: Sequence[PlanSession], now: datetime) -> str:
    """How many sessions are to come, and what they wait for."""
    coming = [one for one in sessions if one.is_open and one.ends_at > now]
    if not coming:
        return f"{name}: no session is coming up"
    counts = Counter(one.state for one in coming)
    parts = [f"{counts[state]:,} {state}" for state in STATES if counts[state]]
    return f"{name}: {plural(len(coming), 'session')} to come, {listed(parts)}"


def advice(sessions: Sequence[PlanSession], now: datetime) -> str:
    """What to do next about the sessions; empty where there is nothing to do."""
    coming = [one for one in sessions if one.is_open and one.ends_at > now]
    for state, verb in (("proposed", "Agree to"), ("agreed", "Schedule")):
        if waiting := [one for one in coming if one.state == state]:
            first = hours_said(waiting[0].starts_at, waiting[0].ends_at)
            return f"{verb} {plural(len(waiting), 'session')}, the first on {first}"
    return ""


def cards(record: Record, lists: Problem, sessions: Sequence[PlanSession]) -> list[SessionCard]:
    """Each session with its words, in the order given."""
    names = {one.school_id: one.name for one in lists.schools}
    trainings = {one.training_id: one for one in lists.trainings}
    trainers = {one.trainer_id: one.name for one in lists.trainers}
    found = []
    for one in sessions:
        training = trainings.get(one.training_id)
        held, *guests = (names.get(school_id, "another school") for school_id in one.school_ids)
        people = f"{one.reached:,} {'person' if one.reached == 1 else 'people'}"
        kind = f"{KINDS[training.kind]} for {people}" if training else f"For {people}"
        with_guests = f", open to {listed(guests)}" if guests else ""
        latest = record.change_of(one.session_id)
        changed = f"changed by {latest.changed_by or 'someone'} on {moment_said(latest.changed_at)}"
        found.append(
            SessionCard(
                one,
                title=training.title if training else one.training_id,
                when=hours_said(one.starts_at, one.ends_at),
                who=f"{kind}, at {held}{with_guests}, taught by {trainers.get(one.trainer_id, one.trainer_id)}.",
                actions=training.actions if training else (),
                changed=f"{one.session_id}, {changed}",
            )
        )
    return found


def rows(found: Sequence[SessionCard]) -> list[dict[str, str]]:
    """The sessions as rows with the columns of `COLUMNS`."""
    return [
        {
            "session_id": card.session.session_id,
            "state": STATES[card.session.state],
            "when": card.when,
            "title": card.title,
            "who": card.who,
            "note": card.session.note,
        }
        for card in found
    ]


def next_steps(session: PlanSession) -> list[PlanState]:
    """The states that people can take a session to now: agreed or scheduled, and cancelled."""
    return [state for state in STEPS[session.state] if state in ("agreed", "scheduled", "cancelled")]


def message(name: str, found: Sequence[SessionCard]) -> str:
    """A school's sessions as a message to paste into Teams or an e-mail."""
    lines = [f"Trainings at {name}:"]
    lines += [f"- {card.when}: {card.title}. {card.who}" for card in found if card.session.is_open]
    return "\n".join(lines)
