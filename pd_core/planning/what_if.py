"""The same district under other conditions: what a plan would reach then."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Final, Literal

from pd_core.planning.problem import Problem, Slot, Trainer

Variant = Literal["facilitator", "fewer hours", "day", "weights", "unfair"]
FACILITATOR_MINUTES: Final = 16 * 60.0
"""The hours that one more facilitator has, where the district has none to go by."""
FEWER_MINUTES: Final = 120.0
_NEW: Final = "what-if"


def variant(problem: Problem, name: Variant) -> Problem:
    """A problem changed in one way.

    `facilitator`: one more, certified for every skill, without a home, with the hours of the others (the median).
    `fewer hours`: two fewer for each trainer. `day`: one more slot like the last, a week after it, for everyone.
    `weights`: nothing counts more than anything else. `unfair`: without the fairness rule.
    """
    return VARIANTS[name](problem)


def _facilitator(problem: Problem) -> Problem:
    hours = sorted(one.minutes for one in problem.trainers if one.kind == "facilitator")
    minutes = hours[len(hours) // 2] if hours else FACILITATOR_MINUTES
    skills = frozenset(one.skill_id for one in problem.trainings)
    return replace(
        problem,
        trainers=(*problem.trainers, Trainer(_NEW, "One more facilitator", "facilitator", None, skills, minutes)),
    )


def _fewer_hours(problem: Problem) -> Problem:
    trainers = (replace(one, minutes=max(0.0, one.minutes - FEWER_MINUTES)) for one in problem.trainers)
    return replace(problem, trainers=tuple(trainers))


def _day(problem: Problem) -> Problem:
    if not problem.slots:
        return problem
    last = max(problem.slots, key=lambda slot: (slot.starts_at, slot.slot_id))
    week = timedelta(days=7)
    slot = Slot(_NEW, last.starts_at + week, last.ends_at + week, last.time)
    trainers = (one if one.slots is None else replace(one, slots=one.slots | {_NEW}) for one in problem.trainers)
    return replace(problem, slots=(*problem.slots, slot), trainers=tuple(trainers))


VARIANTS: Final[Mapping[Variant, Callable[[Problem], Problem]]] = {
    "facilitator": _facilitator,
    "fewer hours": _fewer_hours,
    "day": _day,
    "weights": lambda problem: replace(problem, weights={}),
    "unfair": lambda problem: replace(problem, is_fair=False),
}
