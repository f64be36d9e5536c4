"""The one way from a problem to a plan."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence

from pd_core.planning import explanation
from pd_core.planning.eligibility import Eligibility
from pd_core.planning.feasibility import NoPlan, require_lists, require_sessions, why_locks_fail
from pd_core.planning.problem import Problem, Session
from pd_core.planning.propose import SAME, Search, Watch, total_gain
from pd_core.planning.result import Binding, Plan, Resend

SECONDS = 10.0
TO_TELL = 0.025
"""The share of the time in which what was found is explained."""


def plan(problem: Problem, seconds: float = SECONDS, watch: Watch | None = None, start: Sequence[Session] = ()) -> Plan:
    """The best plan that can be found in a time; the same for the same problem where its status is optimal.

    `watch` hears of each better plan as it is found. What can still be held of `start`, the sessions of an earlier
    plan, stays unless another plan reaches more. Raises NoPlan where none exists: a list is empty, all slots are
    past, no session could be held, or locks contradict a limit or each other.
    """
    started = time.monotonic()
    about = eligibility(problem)
    search = Search(about, (1 - TO_TELL) * seconds - (time.monotonic() - started), watch, start)
    covered = search.run()
    if covered.is_infeasible:
        raise why_locks_fail(about, seconds)
    if search.best is None:
        raise NoPlan(
            f"No plan that keeps all {len(about.locks)} locks was found in {seconds:g} seconds.",
            "Give it more time, or loosen a lock.",
        )
    is_optimal = _gap(about, search.best, search.bound) <= SAME
    binding = explanation.binding(
        about, search.best, is_optimal=is_optimal, is_small=search.is_small, seconds=min(search.left(), seconds / 2)
    )
    return _made(about, search.best, search.bound, binding, time.monotonic() - started)


def stopped(problem: Problem, sessions: Sequence[Session], bound: float, seconds: float) -> Plan:
    """The plan of a search that was stopped after some seconds, with the best sessions that it had found and its bound.

    What one more hour or seat would bring is not worked out.
    """
    about = Eligibility(problem)
    binding = explanation.binding(about, sessions, is_optimal=False, is_small=False, seconds=0.0)
    return _made(about, sessions, bound, binding, seconds)


def eligibility(problem: Problem) -> Eligibility:
    """A problem that can be planned, looked up. Raises NoPlan as `plan` does, but for locks that contradict."""
    require_lists(problem)
    about = Eligibility(problem)
    require_sessions(about)
    return about


def _made(
    about: Eligibility, sessions: Sequence[Session], bound: float, binding: Sequence[Binding], seconds: float
) -> Plan:
    problem = about.problem
    gap = _gap(about, sessions, bound)
    return Plan(
        status="optimal" if gap <= SAME else "feasible",
        objective=_objective(about, sessions),
        bound=_bound(about, sessions, bound),
        gap=gap,
        comfort=round(about.comfort(sessions), 6),
        seconds=round(seconds, 3),
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


def _objective(about: Eligibility, sessions: Sequence[Session]) -> float:
    return round(total_gain(about, sessions), 6)


def _bound(about: Eligibility, sessions: Sequence[Session], bound: float) -> float:
    return max(_objective(about, sessions), _rounded_bound(about, bound))


def _gap(about: Eligibility, sessions: Sequence[Session], bound: float) -> float:
    """How much less a plan reaches than any could, as a share (0-1) of that."""
    most = _bound(about, sessions, bound)
    return (most - _objective(about, sessions)) / most if most > 0 else 0.0


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
