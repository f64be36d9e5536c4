"""How good a plan is in its time: gap and people reached for five made-up districts, and memory for a large one."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from pd_core.config import ROOT
from pd_core.planning.eligibility import Eligibility
from pd_core.planning.greedy import by_hand
from pd_core.planning.plan import plan
from pd_core.planning.propose import total_gain
from tests.benchmarks.conftest import Measured
from tests.planning.made_up import district
from tests.planning.verifier import broken_limits

pytestmark = pytest.mark.benchmarks

LARGE = """
import json
from pathlib import Path
from pd_core.planning.plan import plan
from tests.planning.made_up import district
from tests.planning.verifier import broken_limits
problem = district(300, 1)
found = plan(problem, 60)
assert broken_limits(problem, found, most_buildings=300) == []
status = Path("/proc/self/status")
lines = status.read_text().splitlines() if status.exists() else []
kilobytes = next((int(line.split()[1]) for line in lines if line.startswith("VmHWM:")), 0)
print(json.dumps([found.gap, found.objective, kilobytes]))
"""
"""In a process of its own, whose memory is this plan's alone."""
# People by weight that a plan reached when this was written, on two processors that others used too. Twelve schools'
# plan is proved to be the best.
REACHED = {(12, 1): 1042, (60, 1): 5205, (60, 2): 5302, (60, 3): 4974, (300, 1): 24420}


@pytest.mark.parametrize(("schools", "seed"), [key for key in REACHED if key[0] <= 60])
def test_a_plan_for_sixty_schools_is_within_one_percent_in_twenty_seconds(
    measured: Measured, schools: int, seed: int
) -> None:
    problem = district(schools, seed)
    found = plan(problem, 20)
    assert broken_limits(problem, found, most_buildings=schools) == []
    name = f"a plan for {schools} schools in 20 seconds, district {seed}"
    measured(f"{name}, gap", 100 * found.gap, "%", at_most=1)
    measured(f"{name}, people", found.objective, "by weight", at_least=0.99 * REACHED[schools, seed])
    about = Eligibility(problem)
    hand = total_gain(about, by_hand(about, (), schools))
    name = f"{name}, people against those by hand"
    measured(name, found.objective, "by weight", peer=hand, peer_name="a plan by hand", at_least=1.1)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_plan_for_sixty_schools_is_within_two_percent_in_ten_seconds(measured: Measured, seed: int) -> None:
    gap = plan(district(60, seed), 10).gap
    measured(f"a plan for 60 schools in 10 seconds, district {seed}, gap", 100 * gap, "%", at_most=2)


def test_a_plan_for_three_hundred_schools_is_within_three_percent_in_sixty_seconds_and_a_gigabyte(
    measured: Measured,
) -> None:
    done = subprocess.run([sys.executable, "-c", LARGE], cwd=ROOT, capture_output=True, text=True, check=True)
    gap, reached, kilobytes = json.loads(done.stdout.splitlines()[-1])  # the solver may print before it
    name = "a plan for 300 schools in 60 seconds"
    measured(f"{name}, gap", 100 * gap, "%", at_most=3)
    measured(f"{name}, people", reached, "by weight", at_least=0.99 * REACHED[300, 1])
    if kilobytes:
        measured(f"{name}, memory", kilobytes / 1024, "MB", at_most=1024)
