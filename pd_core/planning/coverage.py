"""The most buildings that any plan can give a session: what the fairness rule measures by."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from pd_core.planning.eligibility import SLACK, Eligibility
from pd_core.planning.exact import best_sessions
from pd_core.planning.greedy import one_each
from pd_core.planning.problem import Option, Session


@dataclass(frozen=True)
class Coverage:
    """`most`: no plan serves more buildings. `sessions`: a plan with every lock (null: none found in time; where
    `is_infeasible`, none exists)."""

    most: int
    sessions: list[Session] | None
    is_infeasible: bool = False


def coverage(about: Eligibility, options: Sequence[Option] | None, seconds: float) -> Coverage:
    """The most buildings with a session, and a plan that serves many. `options`: all sessions that could be held, where
    they are few enough to be looked at at once (null: they are not)."""
    possible = len(servable(about))
    locked = _locks_alone(about, seconds / 2)
    if locked.is_infeasible and options is None:
        return locked
    served = one_each(about, locked.sessions) if locked.sessions is not None else None
    if served is not None and _served(served) == possible:
        return Coverage(possible, served)
    wanted = list(options) if options is not None else _shortest(about)
    found, solution = best_sessions(about, wanted, aim="buildings", most_buildings=None, seconds=seconds)
    if solution.is_infeasible:
        return Coverage(0, None, is_infeasible=True)
    most = min(possible, math.floor(solution.bound + SLACK)) if math.isfinite(solution.bound) else possible
    plans = [plan for plan in (found, served) if plan is not None]
    return Coverage(most, max(plans, key=_served) if plans else None)


def servable(about: Eligibility) -> list[str]:
    """The buildings for which any session could be held, the others aside, in the order of the schools."""
    return [school.school_id for school in about.problem.schools if _can_be_served(about, school.school_id)]


def options_fitting_locks(about: Eligibility) -> list[Option]:
    """Every session that a lock speaks of."""
    return [option for option in about.options() if any(rule.fits(option) for rule in about.locks)]


def _locks_alone(about: Eligibility, seconds: float) -> Coverage:
    if not about.locks:
        return Coverage(0, [])
    found, solution = best_sessions(about, options_fitting_locks(about), most_buildings=None, seconds=seconds)
    return Coverage(0, found, is_infeasible=solution.is_infeasible)


def _can_be_served(about: Eligibility, school_id: str) -> bool:
    around = [school_id, *about.neighbors.get(school_id, ())]
    alone = next(about.options({school_id}), None)
    if alone is not None:
        return True
    return any(
        next((one for one in about.options({school_id, other}) if school_id in one.school_ids), None) is not None
        for other in around[1:]
    )


def _shortest(about: Eligibility) -> list[Option]:
    """For each building or pair, trainer and slot the shortest training alone (no other serves more), and what locks
    speak of."""
    best: dict[tuple[tuple[str, ...], str, str], Option] = {}
    locked = []
    for option in about.options():
        if about.locks and any(rule.fits(option) for rule in about.locks):
            locked.append(option)
        key = (option.school_ids, option.trainer_id, option.slot_id)
        known = best.get(key)
        minutes = about.trainings[option.training_id].minutes
        if known is None or minutes < about.trainings[known.training_id].minutes:
            best[key] = option
    return list(dict.fromkeys([*best.values(), *locked]))


def _served(sessions: Sequence[Session]) -> int:
    return len({school_id for session in sessions for school_id in session.option.school_ids})
