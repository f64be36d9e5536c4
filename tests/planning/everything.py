"""Tries every plan of a tiny district: for each trainer and slot no session, or any session with any people."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from pd_core.planning.problem import Problem
from tests.planning import verifier


@dataclass(frozen=True)
class Best:
    """The most buildings that any plan serves, and of the best plans the objective and comfort (null: no plan)."""

    most_buildings: int
    objective: float | None
    comfort: float | None


def best_of_all(problem: Problem) -> Best:
    """The best of all plans: most people by weight, then the fewest of weight 0, then the most comfort."""
    cells = [(trainer, slot) for trainer in problem.trainers for slot in problem.slots if slot.starts_at > problem.now]
    choices = [list(_choices(problem, trainer, slot)) for trainer, slot in cells]
    found: dict[tuple[int, bool], tuple[float, float, float]] = {}
    _try(problem, choices, 0, [], found)
    if not found:
        return Best(0, None, None)
    most = max(served for served, _ in found)
    fair = [figures for (served, is_over), figures in found.items() if served == most or not is_over]
    objective, _, comfort = max(fair)
    return Best(most, objective, comfort)


def _choices(problem, trainer, slot):
    """Every session of a trainer in a slot, with every number of people: (training, schools, people, minutes)."""
    resend = verifier.waiting(problem)
    open_schools = [one.school_id for one in problem.schools if one.school_id not in resend]
    groups = [(one,) for one in open_schools]
    groups += [
        pair for pair in itertools.permutations(open_schools, 2) if verifier.are_neighbors(problem, pair[0], pair[1])
    ]
    for training in problem.trainings:
        if (
            verifier.TEACHES[training.kind] != trainer.kind
            or training.skill_id not in trainer.skills
            or (trainer.slots is not None and slot.slot_id not in trainer.slots)
            or (slot.ends_at - slot.starts_at).total_seconds() / 60 < training.minutes
            or training.minutes > 420
        ):
            continue
        for group in groups:
            there = verifier.way(problem, trainer.home, group[0])
            if trainer.kind == "mie" and there > 20:
                continue
            if any(rule.action == "forbid" and _fits(rule, group, training, trainer, slot) for rule in problem.rules):
                continue
            needs = [problem.needs.get((one, training.skill_id, training.kind), 0) for one in group]
            for people in itertools.product(*(range(1, need + 1) for need in needs)):
                if problem.fewest <= sum(people) <= training.seats:
                    yield training, group, people, trainer, slot, training.minutes + 2 * there, there


def _fits(rule, group, training, trainer, slot) -> bool:
    return (
        (not rule.school_id or rule.school_id in group)
        and rule.training_id in ("", training.training_id)
        and rule.trainer_id in ("", trainer.trainer_id)
        and rule.slot_id in ("", slot.slot_id)
    )


def _try(problem, choices, cell, held, found) -> None:
    if cell == len(choices):
        _judge(problem, held, found)
        return
    _try(problem, choices, cell + 1, held, found)
    for choice in choices[cell]:
        held.append(choice)
        if _is_allowed(problem, held):
            _try(problem, choices, cell + 1, held, found)
        held.pop()


def _is_allowed(problem, held) -> bool:
    """Whether the last session fits to those before."""
    training, group, people, trainer, slot, _, _ = held[-1]
    for _, other_group, _, other_trainer, other_slot, _, _ in held[:-1]:
        if verifier.overlap(slot, other_slot) and (other_trainer is trainer or set(group) & set(other_group)):
            return False
    if sum(one[5] for one in held if one[3] is trainer) > trainer.minutes + 1e-6:
        return False
    for school_id, _ in zip(group, people, strict=True):
        own = [one for one in held if school_id in one[1]]
        longest: dict[str, float] = {}
        for one in own:
            longest[one[0].skill_id] = max(longest.get(one[0].skill_id, 0), one[0].minutes)
        if len(longest) > 2 or sum(longest.values()) > 420:
            return False
        same = [one for one in own if (one[0].skill_id, one[0].kind) == (training.skill_id, training.kind)]
        reached = sum(one[2][one[1].index(school_id)] for one in same)
        if reached > problem.needs.get((school_id, training.skill_id, training.kind), 0):
            return False
    if problem.budget is not None:
        cost = sum(sum(one[2]) * one[0].minutes / 60 * problem.rate for one in held)
        return cost <= problem.budget + 1e-6
    return True


def _judge(problem, held, found) -> None:
    for rule in problem.rules:
        if rule.action == "lock" and not any(_fits(rule, one[1], one[0], one[3], one[4]) for one in held):
            return
    part: dict[str, int] = {}
    objective = idle = comfort = 0.0
    for training, group, people, _, slot, _, there in held:
        for school_id, number in zip(group, people, strict=True):
            part[school_id] = part.get(school_id, 0) + 1
            weight = problem.weights.get((school_id, training.skill_id), 1.0)
            objective += number * weight
            idle += number * (weight == 0)
            comfort += number * problem.shares.get((school_id, slot.time), 0.0)
        comfort -= 2 * there / 10
    key = (len(part), max(part.values(), default=0) > 2)
    figures = (round(objective, 6), -idle, round(comfort, 6))
    found[key] = max(found.get(key, (-1.0, 0.0, 0.0)), figures)
