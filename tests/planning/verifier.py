"""Works every limit and figure of a plan out again, from what the limits say and not from the model."""

from __future__ import annotations

import itertools
from collections import defaultdict

from pd_core.planning.problem import Problem, Slot
from pd_core.planning.result import Plan

TEACHES = {"entry": "mie", "implementation": "facilitator"}


def way(problem: Problem, home: str | None, school_id: str) -> float:
    """Minutes from a home to a building."""
    if home is None:
        return 20
    if home == school_id:
        return 0
    for pair, minutes in problem.ways.items():
        if set(pair) == {home, school_id}:
            return minutes
    region = {school.school_id: school.region for school in problem.schools}
    return 20 if region[home] == region[school_id] else 40


def are_neighbors(problem: Problem, one: str, other: str) -> bool:
    return any(set(pair) == {one, other} and minutes <= 10 for pair, minutes in problem.ways.items())


def waiting(problem: Problem) -> set[str]:
    """Buildings that should resend."""
    return set(problem.resend) - {rule.school_id for rule in problem.rules if rule.action == "lock"}


def overlap(one: Slot, other: Slot) -> bool:
    return max(one.starts_at, other.starts_at) < min(one.ends_at, other.ends_at)


def broken_limits(problem: Problem, plan: Plan, most_buildings: int | None = None) -> list[str]:
    """A sentence for each limit that a plan breaks and each figure that is wrong; `most_buildings` is the fairness
    rule's C (null: not checked)."""
    trainings = {one.training_id: one for one in problem.trainings}
    trainers = {one.trainer_id: one for one in problem.trainers}
    slots = {one.slot_id: one for one in problem.slots}
    found: list[str] = []
    minutes: dict[str, float] = defaultdict(float)
    reached: dict[tuple[str, str, str], int] = defaultdict(int)
    topics: dict[str, dict[str, float]] = defaultdict(dict)
    objective = comfort = cost = 0.0
    resend = waiting(problem)
    for session in plan.sessions:
        training, trainer = trainings[session.training_id], trainers[session.trainer_id]
        slot, host = slots[session.slot_id], session.school_ids[0]
        there = way(problem, trainer.home, host)
        if TEACHES[training.kind] != trainer.kind:
            found.append("kind: the trainer teaches the other kind")
        if training.skill_id not in trainer.skills:
            found.append("certified: the trainer is not")
        if trainer.slots is not None and slot.slot_id not in trainer.slots:
            found.append("slot: it is not the trainer's")
        if slot.starts_at <= problem.now:
            found.append("begun: the slot has")
        if (slot.ends_at - slot.starts_at).total_seconds() / 60 < training.minutes:
            found.append("length: the slot is shorter than the training")
        if trainer.kind == "mie" and there > 20:
            found.append("way: too far for an MIE")
        if len(session.school_ids) > 2 or len(set(session.school_ids)) != len(session.school_ids):
            found.append("buildings: one and at most one neighbor")
        if len(session.school_ids) == 2 and not are_neighbors(problem, *session.school_ids):
            found.append("neighbor: the second building is none")
        if resend & set(session.school_ids):
            found.append("resend: the building should resend first")
        people = session.reached_by_school
        if set(people) != set(session.school_ids) or min(people.values()) < 1:
            found.append("each: somebody of each building")
        if any(not isinstance(number, int) for number in people.values()):
            found.append("whole: people are whole")
        if not problem.fewest <= sum(people.values()) <= training.seats or session.reached != sum(people.values()):
            found.append("seats: from the fewest to the seats")
        minutes[trainer.trainer_id] += training.minutes + 2 * there
        for school_id, number in people.items():
            reached[school_id, training.skill_id, training.kind] += number
            topics[school_id][training.skill_id] = max(topics[school_id].get(training.skill_id, 0), training.minutes)
            objective += number * problem.weights.get((school_id, training.skill_id), 1.0)
            comfort += number * problem.shares.get((school_id, slot.time), 0.0)
            cost += number * training.minutes / 60 * problem.rate
        comfort -= 2 * there / 10
        for rule in problem.rules:
            if rule.action == "forbid" and _fits(rule, session):
                found.append("forbid: the session is")
    for one, other in itertools.combinations(plan.sessions, 2):
        if overlap(slots[one.slot_id], slots[other.slot_id]):
            if one.trainer_id == other.trainer_id:
                found.append("trainer: in two overlapping slots")
            if set(one.school_ids) & set(other.school_ids):
                found.append("building: in two sessions at a time")
    if any(used > trainers[trainer_id].minutes + 1e-6 for trainer_id, used in minutes.items()):
        found.append("hours: more than the trainer has")
    for own in topics.values():
        if len(own) > 2:
            found.append("topics: more than two")
        if sum(own.values()) > 420:
            found.append("seven hours: more than a person has")
    if any(number > problem.needs.get(need, 0) for need, number in reached.items()):
        found.append("need: more people than need it")
    if problem.budget is not None and cost > problem.budget + 1e-6:
        found.append("money: more than the budget")
    part: dict[str, int] = defaultdict(int)
    for session in plan.sessions:
        for school_id in session.school_ids:
            part[school_id] += 1
    if most_buildings is not None and max(part.values(), default=0) > 2 and len(part) < most_buildings:
        found.append("fairness: three sessions before others had one")
    for rule in problem.rules:
        if rule.action == "lock" and not any(_fits(rule, session) for session in plan.sessions):
            found.append("lock: no session fits")
    figures = {
        "objective": (plan.objective, objective), "comfort": (plan.comfort, comfort),
        "cost": (plan.cost, round(cost, 2)),
        "trainer_hours": (plan.trainer_hours, sum(minutes.values()) / 60),
        "gap": (plan.gap, (plan.bound - plan.objective) / plan.bound if plan.bound else 0),
    }  # fmt: skip
    found += [f"{name}: {told} and not {right}" for name, (told, right) in figures.items() if abs(told - right) > 1e-3]
    if plan.bound < plan.objective - 1e-6 or (plan.status == "optimal") != (plan.gap <= 0.0001):
        found.append("bound: below the objective, or the status does not fit")
    left = {
        need: people - reached[need] for need, people in problem.needs.items() if people > 0 and people > reached[need]
    }
    if {(one.school_id, one.skill_id, one.kind): one.people for one in plan.unmet} != left:
        found.append("unmet: not what is left")
    if {one.school_id for one in plan.resend} != resend:
        found.append("resend: not the buildings that should")
    return found


def _fits(rule, session) -> bool:
    return (
        (not rule.school_id or rule.school_id in session.school_ids)
        and (not rule.training_id or rule.training_id == session.training_id)
        and (not rule.trainer_id or rule.trainer_id == session.trainer_id)
        and (not rule.slot_id or rule.slot_id == session.slot_id)
    )
