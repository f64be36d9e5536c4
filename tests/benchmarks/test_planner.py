"""How good a plan is in its time: gap and people reached for five made-up districts, and memory for a large one."""

from __future__ import annotations

import resource
import sys

import pytest

from pd_core.planning.plan import plan
from tests.planning.made_up import district
from tests.planning.verifier import broken_limits

pytestmark = pytest.mark.benchmarks

# People by weight that a plan reached when this was written, on two processors that others used too. Twelve schools'
# plan is proved to be the best.
REACHED = {(12, 1): 1042, (60, 1): 5197, (60, 2): 5299, (60, 3): 4974, (300, 1): 23650}


@pytest.mark.parametrize(("schools", "seed"), [key for key in REACHED if key[0] <= 60])
def test_a_plan_for_sixty_schools_is_within_one_and_a_half_percent_in_twenty_seconds(schools: int, seed: int) -> None:
    problem = district(schools, seed)
    found = plan(problem, 20)
    print(f"{schools} schools, seed {seed}: {found.objective:.0f} of {found.bound:.0f}, gap {found.gap:.2%}")
    assert broken_limits(problem, found, most_buildings=schools) == []
    assert found.gap <= 0.015
    assert found.objective >= 0.99 * REACHED[schools, seed]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_plan_for_sixty_schools_is_within_two_and_a_half_percent_in_ten_seconds(seed: int) -> None:
    assert plan(district(60, seed), 10).gap <= 0.025


def test_a_plan_for_three_hundred_schools_is_within_six_percent_in_sixty_seconds_and_a_gigabyte() -> None:
    problem = district(300, 1)
    found = plan(problem, 60)
    print(f"300 schools: {found.objective:.0f} of {found.bound:.0f}, gap {found.gap:.2%}")
    assert broken_limits(problem, found, most_buildings=300) == []
    assert found.gap <= 0.06
    assert found.objective >= 0.99 * REACHED[300, 1]
    if sys.platform == "linux":
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < 1024 * 1024
