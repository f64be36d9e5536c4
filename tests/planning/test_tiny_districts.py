"""The plan of a district so small that every plan can be tried is the best of all."""

from __future__ import annotations

import pytest

from pd_core.planning.feasibility import NoPlan
from pd_core.planning.plan import plan
from tests.planning.everything import best_of_all
from tests.planning.made_up import tiny
from tests.planning.verifier import broken_limits

# Those of the default run: plain ones, shared sessions, locks, forbids, a budget, weights of 0, seven hours.
FEW = (1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 17, 18, 19, 21, 22, 23, 24)


def require_the_best(seed: int) -> bool:
    """Whether the district has a plan; fails where it is not the best of all, or not proved to be."""
    problem = tiny(seed)
    best = best_of_all(problem)
    try:
        found = plan(problem)
    except NoPlan:
        assert best.objective in (None, 0.0)  # no plan keeps the locks, or the only one is empty
        return False
    assert found.status == "optimal"
    assert found.objective == pytest.approx(best.objective)
    assert found.comfort == pytest.approx(best.comfort)
    assert broken_limits(problem, found, best.most_buildings) == []
    return True


@pytest.mark.parametrize("seed", FEW)
def test_a_tiny_districts_plan_is_the_best_of_all_plans(seed: int) -> None:
    require_the_best(seed)


@pytest.mark.slow
def test_two_hundred_tiny_districts_have_the_best_of_all_plans() -> None:
    with_plan = sum(require_the_best(seed) for seed in range(320))
    assert with_plan >= 200
