"""The plan's sessions as people follow them: what comes next, and what each one still needs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from pd_core.access import DISTRICT
from pd_core.entities import PlanSession, PlanState
from pd_core.planning.problem import Problem
from pd_core.planning.record import STEPS, Record
from pd_core.presentation.plan_words import KINDS
from pd_core.wording import hours_said, listed, moment_said, people_said, plural

MINE: Final = "mine"
"""The view of a trainer's own sessions, whatever the school."""
VIEWS: Final[Mapping[str, str]] = {"coming": "To come", "all": "All sessions"}
STATES: Final[Mapping[PlanState, str]] = {
    "proposed": "Proposed", "agreed": "Agreed", "scheduled": "Scheduled", "delivered": "Delivered",
    "cancelled": "Cancelled",
}  # fmt: skip
"""Each state with its label, in the order of the board."""
NO_SCHOOL: Final = "a school no longer listed"
MOST_CARDS: Final = 12
"""Up to this many sessions are shown as cards; more as a table, of which one at a time is opened."""
HEADS: Final[Mapping[str, str]] = {
    "session_id": "Session", "when": "When", "title": "Class", "who": "For, where and by whom", "state": "State",
    "note": "Note",
}  # fmt: skip
"""The columns of the table, each with its heading."""


@dataclass(frozen=True)
class SessionCard:
    """A session as it is read on a phone; `changed` says who changed it last and when, `url` leads to the class's own
    page (may be empty)."""

    session: PlanSession
    title: str
    when: str
    who: str
    actions: tuple[str, ...]
    changed: str
    url: str = ""


def views(own_trainer: str, *, plans: bool) -> dict[str, str]:
    """What the page can show, as id to label, the usual view first: for people who teach their own sessions, unless
    they plan for everyone. `own_trainer` is empty for people who teach no sessions."""
    mine = {MINE: "My sessions"} if own_trainer else {}
    return {**VIEWS, **mine} if plans else {**mine, **VIEWS}


def chosen_sessions(record: Record, school_id: str, trainer_id: str, view: str, now: datetime) -> list[PlanSession]:
    """The sessions of a school (or the district), of one trainer (empty: all), by time: those to come, and those of
    which it is not said yet whether they were held; with “mine” also those that were, with “all” every one."""
    return [
        one
        for one in record.sessions()
        if school_id in (DISTRICT, *one.school_ids)
        and trainer_id in ("", one.trainer_id)
        and (view == "all" or is_coming(one, now) or is_over(one, now) or (view == MINE and one.state == "delivered"))
    ]


def is_over(session: PlanSession, now: datetime) -> bool:
    """Whether a session's time has passed, and no one said yet whether it was held."""
    return session.is_decided and session.ends_at <= now


def is_coming(session: PlanSession, now: datetime) -> bool:
    """Whether a session is still to be held."""
    return session.is_open and session.ends_at > now


def headline(name: str, sessions: Sequence[PlanSession], now: datetime) -> str:
    """How many sessions are to come, and what they wait for."""
    coming = [one for one in sessions if is_coming(one, now)]
    if not coming:
        return f"{name}: no session is coming up"
    counts = Counter(one.state for one in coming)
    parts = [f"{counts[state]:,} {state}" for state in STATES if counts[state]]
    return f"{name}: {plural(len(coming), 'session')} to come, {listed(parts)}"


def advice(sessions: Sequence[PlanSession], now: datetime) -> str:
    """What to do next about the sessions; empty where there is nothing to do."""
    coming = [one for one in sessions if is_coming(one, now)]
    if over := [one for one in sessions if is_over(one, now)]:
        return f"Say how {plural(len(over), 'session')} went, the first of them {over[0].session_id}"
    if asked := [one for one in coming if one.asked]:
        return f"Answer {plural(len(asked), 'request')} for a change, the first for {asked[0].session_id}"
    for state, verb in (("proposed", "Agree to"), ("agreed", "Schedule")):
        if waiting := [one for one in coming if one.state == state]:
            first = hours_said(waiting[0].starts_at, waiting[0].ends_at)
            return f"{verb} {plural(len(waiting), 'session')}, the first on {first}"
    return ""


def next_to_teach(sessions: Sequence[PlanSession], lists: Problem, now: datetime) -> str:
    """What a trainer teaches next; empty where nothing is coming up."""
    if over := [one for one in sessions if is_over(one, now)]:
        return f"Say how {over[0].session_id} went: {_next_said(over[0], lists)}"
    coming = [one for one in sessions if is_coming(one, now)]
    return _next_said(coming[0], lists) if coming else ""


def coming_up(record: Record, lists: Problem, school_id: str, now: datetime) -> str:
    """What comes next at a school, or in the district, in a sentence or two; empty where nothing is coming up."""
    coming = [one for one in chosen_sessions(record, school_id, "", "coming", now) if is_coming(one, now)]
    if not coming:
        return ""
    first = f"Coming up: {_next_said(coming[0], lists)}."
    return first if len(coming) == 1 else f"{first} {plural(len(coming) - 1, 'more session')} to come."


def _next_said(session: PlanSession, lists: Problem) -> str:
    names = {one.school_id: one.name for one in lists.schools}
    titles = {one.training_id: one.title for one in lists.trainings}
    trainers = {one.trainer_id: one.name for one in lists.trainers}
    place = names.get(session.school_ids[0], NO_SCHOOL)
    return (
        f"{titles.get(session.training_id, session.training_id)} at {place}, "
        f"{hours_said(session.starts_at, session.ends_at)}, with "
        f"{trainers.get(session.trainer_id, session.trainer_id)} ({session.state})"
    )


def cards(record: Record, lists: Problem, sessions: Sequence[PlanSession]) -> list[SessionCard]:
    """Each session with its words, in the order given."""
    names = {one.school_id: one.name for one in lists.schools}
    trainings = {one.training_id: one for one in lists.trainings}
    trainers = {one.trainer_id: one.name for one in lists.trainers}
    found = []
    for one in sessions:
        training = trainings.get(one.training_id)
        held, *guests = (names.get(school_id, f"{NO_SCHOOL} ({school_id})") for school_id in one.school_ids)
        people = people_said(one.reached)
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
                url=training.url if training else "",
            )
        )
    return found


_WORDS: Mapping[str, Callable[[SessionCard], str]] = {
    "session_id": lambda card: card.session.session_id,
    "when": lambda card: card.when,
    "title": lambda card: card.title,
    "who": lambda card: card.who,
    "state": lambda card: STATES[card.session.state],
    "note": lambda card: card.session.note,
}
_KEYS: Mapping[str, Callable[[SessionCard], Any]] = {
    "session_id": lambda card: _numbered(card.session.session_id),
    "when": lambda card: (card.session.starts_at, card.session.session_id),
    "title": lambda card: card.title.casefold(),
    "who": lambda card: card.who.casefold(),
    "state": lambda card: list(STATES).index(card.session.state),
    "note": lambda card: card.session.note.casefold(),
}


def _numbered(session_id: str) -> list[tuple[int, str]]:
    """An id by its texts and numbers in turn, so that S10 comes after S2. A number with more digits is the larger one;
    it is not read as one, for an id may have thousands of digits."""
    parts = re.split("([0-9]+)", session_id)
    numbers = [part.lstrip("0") if place % 2 else part for place, part in enumerate(parts)]
    return [(len(part) if place % 2 else 0, part) for place, part in enumerate(numbers)]


def arranged(found: Sequence[SessionCard], by: str, *, is_reversed: bool) -> list[SessionCard]:
    """The sessions in the order of a column of `HEADS`, or from its end; those that are alike there by time,
    and those without a note last."""
    by_time = sorted(found, key=_KEYS["when"])
    if by != "note":
        return sorted(by_time, key=_KEYS[by], reverse=is_reversed)
    noted = [card for card in by_time if card.session.note]
    without = [card for card in by_time if not card.session.note]
    return sorted(noted, key=_KEYS[by], reverse=is_reversed) + without


def cells(found: Sequence[SessionCard]) -> list[list[tuple[str, str]]]:
    """The sessions as rows: words, and no smaller ones, for each of `HEADS`."""
    return [[(_WORDS[name](card), "") for name in HEADS] for card in found]


def next_steps(session: PlanSession) -> list[PlanState]:
    """The states that people can take a session to now: agreed or scheduled, and cancelled."""
    return [state for state in STEPS[session.state] if state in ("agreed", "scheduled", "cancelled")]


def slot_labels(lists: Problem, now: datetime, kept: str = "") -> dict[str, str]:
    """The times that sessions can be moved to, as slot id to label: those to come, and the one that is `kept`."""
    return {
        one.slot_id: hours_said(one.starts_at, one.ends_at)
        for one in sorted(lists.slots, key=lambda one: (one.starts_at, one.slot_id))
        if one.starts_at > now or one.slot_id == kept
    }


def trainer_labels(lists: Problem) -> dict[str, str]:
    """The trainers by name, as id to label."""
    return {
        one.trainer_id: f"{one.name} ({'MIE' if one.kind == 'mie' else 'facilitator'})"
        for one in sorted(lists.trainers, key=lambda one: (one.name, one.trainer_id))
    }


def joinable(sessions: Sequence[PlanSession], session: PlanSession, lists: Problem) -> dict[str, str]:
    """The sessions of the same training that can be joined with this one, as id to label."""
    return {
        one.session_id: f"{one.session_id}: {_next_said(one, lists)}"
        for one in sessions
        if one.is_open and one.training_id == session.training_id and one.session_id != session.session_id
    }


def feed_label(about: str, subject_id: str, lists: Problem) -> str:
    """Whose sessions a calendar shows, by name."""
    names = {
        "trainer": {one.trainer_id: one.name for one in lists.trainers},
        "school": {one.school_id: one.name for one in lists.schools},
        "district": {DISTRICT: "the whole district"},
    }[about]
    return names.get(subject_id, subject_id)


def changed_said(sessions: Sequence[PlanSession]) -> str:
    """Which sessions a change by hand touched."""
    names = listed([one.session_id for one in sessions])
    return f"{names} {'is' if len(sessions) == 1 else 'are'} changed."


def message(name: str, found: Sequence[SessionCard]) -> str:
    """A school's sessions as a message to paste into Teams or an e-mail."""
    lines = [f"Trainings at {name}:"]
    lines += [f"- {card.when}: {card.title}. {card.who}" for card in found if card.session.is_open]
    return "\n".join(lines)
