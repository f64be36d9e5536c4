"""A district searched by two processes, half of its regions each: what they find fits together."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest

from pd_core.planning.eligibility import Eligibility
from pd_core.planning.hub import hub_model
from pd_core.planning.hub_variables import HubModel
from pd_core.planning.linear import Program, Solution
from pd_core.planning.problem import Problem, School, Slot, Trainer, Training
from pd_core.planning.proof import Proof, Task
from pd_core.planning.relaxed import relaxed
from pd_core.planning.whole_search import WholeSearch, topics_to_search
from tests.planning.made_up import NOW, district

WAIT = 60


@pytest.fixture(scope="module")
def problem() -> Problem:
    return district(36, seed=3)


def searched(problem: Problem) -> WholeSearch:
    about = Eligibility(problem)
    return WholeSearch(about, topics_to_search(about, relaxed(about, WAIT)), (), WAIT)


def test_two_halves_fit_together_and_reach_what_both_have_gained(problem: Problem) -> None:
    first, second = searched(problem), searched(problem)
    start = first.solution.total
    first.search_half(False, time.monotonic() + 1.5)
    values = second.search_half(True, time.monotonic() + 1.5)
    gained = first.solution.total - start, second.solution.total - start
    assert values is not None and min(gained) > 0
    first.join(values)
    assert first.solution.total == pytest.approx(start + sum(gained))
    assert first.solution.values is not None and first.model.program.holds(first.solution.values)
    assert first.solution.total <= first.solution.bound + 1e-6


def test_a_half_that_does_not_fit_is_left_out(problem: Problem) -> None:
    search = searched(problem)
    before = search.solution
    assert before.values is not None
    search.join(before.values + 1)
    search.join(before.values[:-1])
    assert search.solution is before


def test_a_district_of_one_region_has_no_halves(problem: Problem) -> None:
    one = replace(problem, schools=tuple(replace(school, region="here") for school in problem.schools))
    assert searched(one).search_half(True, time.monotonic() + 1) is None


def test_a_process_of_its_own_finds_the_second_half_and_then_bounds(problem: Problem) -> None:
    proof = Proof(Task(problem, time.time() + WAIT, time.time() + 4))
    try:
        half = proof.half(WAIT)
        assert half is not None
        search = searched(problem)
        before = search.solution.total
        search.join(half)
        assert search.solution.total > before
    finally:
        assert proof.end() < float("inf")


def test_a_few_variables_are_solved_while_the_others_stay() -> None:
    program = Program()
    one, two, three = (program.variable(gain, high=5) for gain in (3.0, 2.0, 1.0))
    program.row([(one, 1.0), (two, 1.0), (three, 1.0)], high=7)
    program.row([(two, 1.0), (three, 1.0)], low=1)
    found = program.parts().solve(np.array([True, False, True]), np.array([0.0, 1.0, 0.0]), WAIT)
    assert isinstance(found, Solution) and found.values is not None
    assert found.values.tolist() == [5, 1, 1] and found.total == 18 and found.bound == pytest.approx(18)


def two_schools(needs: tuple[int, int]) -> Problem:
    """Two neighbors, one trainer who has time for one session of ten seats at either."""
    schools = School("a", "A", "here"), School("b", "B", "here")
    training = Training("t", "T", "skill", "entry", 60.0, 10)
    trainer = Trainer("m", "M", "mie", "a", frozenset({"skill"}), 60.0 + 2 * 5)
    slots = tuple(Slot(f"x{day}", NOW.replace(day=day), NOW.replace(day=day, hour=13), "day") for day in (2, 3))
    people = {(school.school_id, "skill", "entry"): need for school, need in zip(schools, needs, strict=True)}
    return Problem(schools, (training,), (trainer,), slots, people, NOW, {}, {("a", "b"): 5.0})


def relaxed_total(model: HubModel) -> float:
    return model.program.relax(WAIT)[0].total


@pytest.mark.parametrize("needs", [(4, 3), (4, 9), (14, 3), (7, 6), (10, 10)])
def test_relaxed_neighbors_together_never_reach_less_than_a_plan_does(needs: tuple[int, int]) -> None:
    model = hub_model(Eligibility(two_schools(needs)), ["a", "b"])
    assert model.shared
    best = model.program.solve(WAIT)
    assert best.total == min(10, sum(needs))
    assert relaxed_total(model) >= best.total - 1e-6
