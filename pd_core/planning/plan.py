"""The one way from a problem to a plan."""

from __future__ import annotations

import math
import time

from pd_core.planning import explanation
from pd_core.planning.eligibility import Eligibility
from pd_core.planning.feasibility import NoPlan, require_lists, require_sessions, why_locks_fail
from pd_core.planning.problem import Problem
from pd_core.planning.propose import SAME, Search, total_gain
from pd_core.planning.result import Plan, Resend

SECONDS = 10.0


def plan(problem: Problem, seconds: float = SECONDS) -> Plan:
    """The best plan that can be found in a time; the same for the same problem where its status is optimal.

    Raises NoPlan where none exists: a list is empty, all slots are past, no session could be held, or locks contradict
    a limit or each other.
    """
    started = time.monotonic()
    require_lists(problem)
    about = Eligibility(problem)
    require_sessions(about)
    search = Search(about, seconds)
    covered = search.run()
    if covered.is_infeasible:
        raise why_locks_fail(about, seconds)
    if search.best is None:
        raise NoPlan(
            f"No plan that keeps all {len(about.locks)} locks was found in {seconds:g} seconds.",
            "Give it more time with --time-limit, or loosen a lock.",
        )
    sessions = search.best
    objective = round(total_gain(about, sessions), 6)
    bound = max(objective, _rounded_bound(about, search.bound))
    gap = (bound - objective) / bound if bound > 0 else 0.0
    is_optimal = gap <= SAME
    binding = explanation.binding(
        about, sessions, is_optimal=is_optimal, is_small=search.is_small, seconds=min(search.left(), seconds / 2)
    )
    return Plan(
        status="optimal" if is_optimal else "feasible",
        objective=objective,
        bound=bound,
        gap=gap,
        comfort=round(float(sum(map(about.session_comfort, sessions))), 6),
        seconds=round(time.monotonic() - started, 3),
        cost=round(explanation.cost(about, sessions), 2),
        trainer_hours=round(sum(about.session_minutes(one.option) for one in sessions) / 60, 4),
        sessions=tuple(explanation.planned(about, sessions)),
        unmet=tuple(explanation.unmet(about, sessions)),
        resend=tuple(
            Resend(school.school_id, about.resend[school.school_id])
            for school in problem.schools
            if school.school_id in about.resend
        ),
        binding=tuple(binding),
    )


def _rounded_bound(about: Eligibility, bound: float) -> float:
    """A bound, down to what whole people can reach: where all weights are hundredths, a multiple of their divisor."""
    if not math.isfinite(bound):
        bound = sum(people * about.problem.weight(need[0], need[1]) for need, people in about.needs.items())
    weights = {about.problem.weight(need[0], need[1]) for need in about.needs}
    hundredths = [round(100 * weight) for weight in weights]
    if any(abs(100 * weight - hundredth) > 1e-9 for weight, hundredth in zip(weights, hundredths, strict=True)):
        return bound
    step = math.gcd(*hundredths) if hundredths else 0
    return round(math.floor(100 * bound / step + 1e-6) * step / 100, 6) if step else 0.0
