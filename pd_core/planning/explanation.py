"""Why a plan is as it is: each session, each need that stays, each limit that binds."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace

from pd_core.planning.eligibility import SLACK, Eligibility
from pd_core.planning.problem import MAX_TOPICS, TEACHES, Problem, Session
from pd_core.planning.propose import Search, total_gain
from pd_core.planning.result import Binding, PlannedSession, Unmet
from pd_core.wording import percent, plural

SECONDS_A_QUESTION = 2.0


def planned(about: Eligibility, sessions: Sequence[Session]) -> list[PlannedSession]:
    """The sessions in order of time, each with an id and why it is held."""
    ordered = sorted(
        sessions,
        key=lambda one: (
            about.slots[one.option.slot_id].starts_at, one.option.slot_id, one.option.school_ids,
            one.option.training_id, one.option.trainer_id,
        ),
    )  # fmt: skip
    return [
        PlannedSession(
            f"S{number:03}", one.option.school_ids, one.option.training_id, one.option.trainer_id,
            one.option.slot_id, sum(one.people), dict(zip(one.option.school_ids, one.people, strict=True)),
            why(about, one),
        )
        for number, one in enumerate(ordered, start=1)
    ]  # fmt: skip


def why(about: Eligibility, session: Session, school_ids: Collection[str] | None = None) -> str:
    """Why a session is held: who needs it, whom it reaches, how its time and the way suit; of the people of
    `school_ids` alone (null: of all)."""
    option, training = session.option, about.trainings[session.option.training_id]
    parts = []
    for school_id, people in zip(option.school_ids, session.people, strict=True):
        if school_ids is not None and school_id not in school_ids:
            continue
        need = about.needs[school_id, training.skill_id, training.kind]
        name = about.schools[school_id].name
        weight = about.problem.weight(school_id, training.skill_id)
        goal = f", counted {weight:g} times for its goal" if weight != 1 else ""
        parts.append(f"At {name} at least {plural(need, 'person').replace('persons', 'people')} need it{goal}; "
                     f"{people} are reached here.")  # fmt: skip
        share = about.problem.shares.get((school_id, about.slots[option.slot_id].time))
        if share is not None:
            parts.append(f"The time suits {percent(share)} of the staff there.")
    way = about.way(option.trainer_id, option.school_ids[0])
    trainer = about.trainers[option.trainer_id].name
    parts.append(f"{trainer} works there." if way == 0 else f"{trainer} has {way:g} minutes to get there.")
    if any(rule.fits(option) for rule in about.locks):
        parts.append("A lock asks for it.")
    return " ".join(parts)


def unmet(about: Eligibility, sessions: Sequence[Session]) -> list[Unmet]:
    """Every need that is not wholly reached, by building, skill and kind, with its reason."""
    reached: dict[tuple[str, str, str], int] = defaultdict(int)
    for session in sessions:
        training = about.trainings[session.option.training_id]
        for school_id, people in zip(session.option.school_ids, session.people, strict=True):
            reached[school_id, training.skill_id, training.kind] += people
    return [
        Unmet(*need, people - reached[need], reason(about, need))
        for need, people in sorted(about.problem.needs.items())
        if people > reached[need] and need[0] in about.schools
    ]


def reason(about: Eligibility, need: tuple[str, str, str]) -> str:
    """What keeps people of a building from a training: the first that holds of resend, no training, no trainer, too
    few, forbidden; else limits."""
    school_id, skill_id, kind = need
    if school_id in about.resend:
        return "resend"
    trainings = [one for one in about.problem.trainings if (one.skill_id, one.kind) == (skill_id, kind)]
    if not trainings:
        return "no training"
    places = [school_id, *about.neighbors.get(school_id, ())]
    if not any(
        about.slots_for(trainer_id, training)
        for training in trainings
        for place in places
        for trainer_id, _ in about.trainers_for(training, place)
    ):
        return "no trainer"
    others = [about.needs.get((other, skill_id, kind), 0) for other in places[1:]]
    if about.needs[need] + max(others, default=0) < about.problem.fewest:
        return "too few"
    topics = {(place, skill_id) for place in places}
    if about.forbids:
        there = [
            option
            for option in about.options(set(places), skills=topics, with_forbidden=True)
            if school_id in option.school_ids and about.trainings[option.training_id].kind == kind
        ]
        if there and all(map(about.is_forbidden, there)):
            return "forbidden"
    return "limits"


def binding(
    about: Eligibility, sessions: Sequence[Session], *, is_optimal: bool, is_small: bool, seconds: float
) -> list[Binding]:
    """The limits that are used up while people stay unreached; with the effect of one more hour or seat where the plan
    is optimal and there is time to solve again, the closest limits first."""
    left_over = {(one.skill_id, one.kind) for one in unmet(about, sessions) if one.reason == "limits"}
    end = time.monotonic() + seconds
    gain, found = total_gain(about, sessions), list[Binding]()
    ask = is_optimal and is_small
    for trainer_id, slack in _hours_left(about, sessions, left_over):
        effect = _effect(_with_hour(about.problem, trainer_id), gain, end) if ask else None
        found.append(Binding("hours", trainer_id, round(slack / 60, 4), effect))
    for training_id in _full_trainings(about, sessions, left_over):
        effect = _effect(_with_seat(about.problem, training_id), gain, end) if ask else None
        found.append(Binding("seats", training_id, 0, effect))
    found += [Binding("slots", school_id, 0, None) for school_id in _full_calendars(about, sessions, left_over)]
    found += [Binding("topics", school_id, 0, None) for school_id in _full_topics(about, sessions)]
    if about.problem.budget is not None:
        left = about.problem.budget - cost(about, sessions)
        if left_over and left < min((about.problem.cost_per_person(one) for one in about.problem.trainings), default=0):
            found.append(Binding("money", "budget", round(left, 2), None))
    return found


def cost(about: Eligibility, sessions: Sequence[Session]) -> float:
    """Money for the people of some sessions."""
    return float(
        sum(
            sum(one.people) * about.problem.cost_per_person(about.trainings[one.option.training_id]) for one in sessions
        )
    )


def _hours_left(
    about: Eligibility, sessions: Sequence[Session], left_over: set[tuple[str, str]]
) -> list[tuple[str, float]]:
    """Trainers whose minutes left are too few for the shortest training that people still wait for."""
    used: dict[str, float] = defaultdict(float)
    for session in sessions:
        used[session.option.trainer_id] += about.session_minutes(session.option)
    found = []
    for trainer in about.problem.trainers:
        shortest = [
            training.minutes
            for (skill_id, kind) in left_over
            if TEACHES[kind] == trainer.kind and skill_id in trainer.skills
            for training in about.trainings_of.get((skill_id, kind), ())
        ]
        slack = trainer.minutes - used[trainer.trainer_id]
        if shortest and slack < min(shortest) - SLACK:
            found.append((trainer.trainer_id, slack))
    return sorted(found, key=lambda one: (one[1], one[0]))


def _full_trainings(about: Eligibility, sessions: Sequence[Session], left_over: set[tuple[str, str]]) -> list[str]:
    full = {
        one.option.training_id for one in sessions if sum(one.people) >= about.trainings[one.option.training_id].seats
    }
    return [
        one.training_id
        for one in about.problem.trainings
        if one.training_id in full and (one.skill_id, one.kind) in left_over
    ]


def _full_calendars(about: Eligibility, sessions: Sequence[Session], left_over: set[tuple[str, str]]) -> list[str]:
    most = about.most_at_once_apart(slot.slot_id for slot in about.open_slots)
    taken: dict[str, int] = defaultdict(int)
    for session in sessions:
        for school_id in session.option.school_ids:
            taken[school_id] += 1
    waiting = {school_id for school_id, skill_id, kind in about.needs if (skill_id, kind) in left_over}
    return sorted(school_id for school_id, number in taken.items() if number >= most and school_id in waiting)


def _full_topics(about: Eligibility, sessions: Sequence[Session]) -> list[str]:
    topics: dict[str, set[str]] = defaultdict(set)
    for session in sessions:
        for school_id in session.option.school_ids:
            topics[school_id].add(about.trainings[session.option.training_id].skill_id)
    others = {
        school_id for school_id, skill_id, kind in about.needs
        if skill_id not in topics[school_id] and (skill_id, kind) in about.trainings_of
    }  # fmt: skip
    return sorted(school_id for school_id, own in topics.items() if len(own) >= MAX_TOPICS and school_id in others)


def _effect(problem: Problem, before: float, end: float) -> float | None:
    """What a changed problem's best plan brings more; null where it was not proved to be the best in time."""
    seconds = min(SECONDS_A_QUESTION, end - time.monotonic())
    if seconds <= 0:
        return None
    search = Search(Eligibility(problem), seconds)
    search.run(with_comfort=False)
    if search.best is None or not search.is_proved:
        return None
    return round(max(0.0, total_gain(search.about, search.best) - before), 6)


def _with_hour(problem: Problem, trainer_id: str) -> Problem:
    trainers = [
        replace(one, minutes=one.minutes + 60) if one.trainer_id == trainer_id else one for one in problem.trainers
    ]
    return replace(problem, trainers=tuple(trainers))


def _with_seat(problem: Problem, training_id: str) -> Problem:
    trainings = [
        replace(one, seats=one.seats + 1) if one.training_id == training_id else one for one in problem.trainings
    ]
    return replace(problem, trainings=tuple(trainings))
