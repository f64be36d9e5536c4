"""Large districts a group of buildings at a time: regions, and what facilitators have for each."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from pd_core.planning.drafts import Draft, Spent, drafts, minutes_used, money_used
from pd_core.planning.eligibility import Eligibility
from pd_core.planning.hub import hub_model
from pd_core.planning.hub_search import made_better
from pd_core.planning.hub_variables import HubModel, Topic
from pd_core.planning.linear import Solution

BUILDINGS_A_GROUP = 60
CLOSE_ENOUGH = 3e-3
"""A group's solution within this share of the best ends its search."""


def group_drafts(
    about: Eligibility,
    groups: Sequence[Sequence[str]],
    topics: Collection[Topic],
    spent: Spent,
    one_each: Collection[str],
    seconds: float,
    *,
    is_quick: bool = False,
) -> list[Draft]:
    """Sessions without slots for one group after another, from the hub model of each with `topics`.

    `spent`: what the relaxed model uses; facilitators have their minutes of it for their groups, each group has money
    in its proportion, and what a group leaves goes to the next. Each of `one_each` gets a session where that is
    possible. `is_quick`: with what the relaxed model uses alone, about two percent fewer people in a tenth of the time.
    """
    end, found = time.monotonic() + seconds, list[Draft]()
    carried: dict[str, float] = defaultdict(float)
    budget, wanted = about.problem.budget, [sum(spent.money.get(one, 0.0) for one in group) for group in groups]
    for number, group in enumerate(groups):
        minutes = _minutes_for(about, group, spent.minutes, carried, is_only=len(groups) == 1)
        later = sum(wanted[number:])
        share = None if budget is None else budget * (wanted[number] / later if later > 0 else 1.0)
        left = max(0.2, (end - time.monotonic()) / (len(groups) - number))
        model = hub_model(
            about, group, topics=topics, minutes=minutes, one_each=set(one_each) & set(group), budget=share
        )
        relaxed, _ = model.program.relax(left)
        if relaxed.is_infeasible:
            model = hub_model(about, group, topics=topics, minutes=minutes, budget=share)
            relaxed, _ = model.program.relax(left)
        if relaxed.values is None:
            continue
        enough = time.monotonic() + left
        solution = near_relaxed(model, relaxed.values, left)
        if not is_quick:
            solution = made_better(model, solution, relaxed.values, enough)
        if solution.values is None:
            continue
        found += drafts(model, solution)
        if budget is not None:
            budget = max(0.0, budget - sum(money_used(model, solution.values).values()))
        used = minutes_used(model, solution.values)
        for trainer_id, own in minutes.items():
            carried[trainer_id] = own - sum(used.get((trainer_id, region), 0.0) for region in _regions(about))
    return found


def grouped(about: Eligibility, most: int) -> list[list[str]]:
    """Buildings region by region, together up to `most` (half as many more where that makes it one group)."""
    by_region: dict[str, list[str]] = defaultdict(list)
    for school in about.problem.schools:
        by_region[school.region].append(school.school_id)
    groups: list[list[str]] = [[]]
    if len(about.problem.schools) <= 1.5 * most:
        return [[school.school_id for school in about.problem.schools]]
    for region in sorted(by_region):
        own = by_region[region]
        for start in range(0, len(own), most):
            part = own[start : start + most]
            if len(groups[-1]) + len(part) > most and groups[-1]:
                groups.append([])
            groups[-1] += part
    return groups


def _minutes_for(
    about: Eligibility,
    group: Sequence[str],
    spent: Mapping[tuple[str, str], float],
    carried: Mapping[str, float],
    *,
    is_only: bool,
) -> dict[str, float]:
    """The minutes that each trainer has for a group: an MIE's all at home; a facilitator's as the relaxed model shares
    them out, with what groups before left."""
    if is_only:
        return {trainer.trainer_id: trainer.minutes for trainer in about.problem.trainers}
    members, shares = set(group), dict[str, float]()
    total: dict[str, float] = defaultdict(float)
    for (trainer_id, _), used in spent.items():
        total[trainer_id] += used
    for region in _regions(about):
        own = [school.school_id for school in about.problem.schools if school.region == region]
        shares[region] = sum(one in members for one in own) / len(own)
    minutes = {}
    for trainer in about.problem.trainers:
        if trainer.kind == "mie":
            if trainer.home in members:
                minutes[trainer.trainer_id] = trainer.minutes
            continue
        planned = sum(spent.get((trainer.trainer_id, region), 0.0) * share for region, share in shares.items())
        if total[trainer.trainer_id] > trainer.minutes:  # regions alone may want more than there is
            planned *= trainer.minutes / total[trainer.trainer_id]
        if (own_minutes := planned + carried.get(trainer.trainer_id, 0.0)) > 0:
            minutes[trainer.trainer_id] = own_minutes
    return minutes


def _regions(about: Eligibility) -> list[str]:
    return sorted({school.region for school in about.problem.schools})


def near_relaxed(model: HubModel, relaxed: NDArray[np.float64], seconds: float) -> Solution:
    """A good solution of a hub model, near the relaxed one if there is any there."""
    end = time.monotonic() + seconds
    best = model.program.near(relaxed, 0).solve(seconds, CLOSE_ENOUGH)
    if best.values is None:
        best = model.program.near(relaxed, 1).solve(end - time.monotonic(), CLOSE_ENOUGH)
    if best.values is None:
        best = model.program.solve(end - time.monotonic(), CLOSE_ENOUGH)
    return best
