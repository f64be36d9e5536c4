"""How good a plan is: the people and schools it reaches, how evenly, and what a plan by hand would reach."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pd_core.planning.eligibility import Eligibility
from pd_core.planning.greedy import by_hand
from pd_core.planning.problem import Problem
from pd_core.planning.result import Plan

LEAST_SERVED = 0.1
"""The share (0-1) of schools that the least served ones are."""


@dataclass(frozen=True)
class Reach:
    """What some sessions reach: people, schools with a session, and of each school's people in need the share reached
    (0-1), in the middle school and in the one that a tenth of the schools are below."""

    people: int
    schools: int
    share_middle: float
    share_low: float


@dataclass(frozen=True)
class Measure:
    """A plan, and the plan that a person makes by hand from the same lists, school by school; `in_need` are the people
    of all needs, each counted for each training that they need."""

    in_need: int
    plan: Reach
    by_hand: Reach


def measure(problem: Problem, plan: Plan) -> Measure:
    """What a plan reaches, and what one by hand reaches under the same limits, locks aside."""
    about = Eligibility(problem)
    served = {school_id for session in plan.sessions for school_id in session.school_ids}
    found = ((school_id, n) for session in plan.sessions for school_id, n in session.reached_by_school.items())
    hand = by_hand(about, (), len(served))
    by_one = ((one.option.school_ids[0], one.people[0]) for one in hand)
    return Measure(in_need(problem), _reach(about, found), _reach(about, by_one))


def in_need(problem: Problem) -> int:
    """People in need of all schools that are listed, each counted for each training that they need."""
    known = {school.school_id for school in problem.schools}
    return sum(people for need, people in problem.needs.items() if need[0] in known)


def people_by_school(needs: Mapping[tuple[str, str, str], int]) -> dict[str, int]:
    """The people in need of each school, each counted for each training that they need."""
    found: dict[str, int] = defaultdict(int)
    for (school_id, _, _), people in needs.items():
        found[school_id] += people
    return dict(found)


def _reach(about: Eligibility, reached: Iterable[tuple[str, int]]) -> Reach:
    people: dict[str, int] = defaultdict(int)
    for school_id, number in reached:
        people[school_id] += number
    needs = people_by_school(about.needs)
    shares = sorted(people[school_id] / need for school_id, need in needs.items() if need)
    middle = shares[len(shares) // 2] if shares else 0.0
    low = shares[int(LEAST_SERVED * len(shares))] if shares else 0.0
    return Reach(sum(people.values()), sum(1 for number in people.values() if number), middle, low)
