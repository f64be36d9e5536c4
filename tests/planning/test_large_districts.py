"""What large districts need: a few buildings at a time, money shared out, and a proof next to the search."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest

from pd_core.planning.could_reach import two_topics
from pd_core.planning.diary import is_affordable
from pd_core.planning.drafts import Spent, minutes_used, money_used, topics_used
from pd_core.planning.eligibility import Eligibility
from pd_core.planning.greedy import by_hand
from pd_core.planning.groups import group_drafts, grouped
from pd_core.planning.hub_search import made_better
from pd_core.planning.hub_variables import HubModel
from pd_core.planning.improve import improve
from pd_core.planning.linear import Solution
from pd_core.planning.plan import plan
from pd_core.planning.problem import Problem, Session
from pd_core.planning.proof import Proof, Task, prove
from pd_core.planning.propose import total_gain
from pd_core.planning.relaxed import Relaxed, relaxed
from tests.planning.made_up import district
from tests.planning.verifier import broken_limits

WAIT = 60


@pytest.fixture(scope="module")
def problem() -> Problem:
    return district(20, seed=1)


@pytest.fixture(scope="module")
def first(problem: Problem) -> Relaxed:
    return relaxed(Eligibility(problem), WAIT)


def near(model: HubModel, values: np.ndarray) -> Solution:
    return model.program.near(values, 0).solve(WAIT, 3e-3)


def broken_rows(model: HubModel, solution: Solution) -> list[int]:
    assert solution.values is not None
    sums = model.program.matrix() @ solution.values
    lows, highs = np.array(model.program.row_lows), np.array(model.program.row_highs)
    return np.flatnonzero((sums < lows - 1e-6) | (sums > highs + 1e-6)).tolist()


def test_a_few_buildings_at_a_time_reach_more_people_within_all_rows(first: Relaxed) -> None:
    start = near(first.whole, first.values)
    better = made_better(first.whole, start, first.values, time.monotonic() + 3)
    assert start.total < better.total <= first.bound
    assert broken_rows(first.whole, better) == []
    assert better.values is not None
    wholes = better.values[first.whole.program.wholes]
    assert np.abs(wholes - np.round(wholes)).max() < 1e-6


def test_without_time_a_solution_stays_as_it_is(first: Relaxed) -> None:
    start = near(first.whole, first.values)
    assert made_better(first.whole, start, first.values, time.monotonic() - 1) is start


def test_the_relaxed_model_of_fewer_topics_shares_facilitators_out(
    problem: Problem, first: Relaxed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pd_core.planning.relaxed.MANY_BUILDINGS", 5)
    about, said = Eligibility(problem), list[float]()
    fewer = relaxed(about, WAIT, said.append)
    assert len(fewer.model.program.gains) < len(fewer.whole.program.gains)
    used = minutes_used(fewer.model, fewer.values)
    for trainer in problem.trainers:
        assert sum(minutes for (one, _), minutes in used.items() if one == trainer.trainer_id) <= trainer.minutes + 1e-3
    assert said == [fewer.bound] and fewer.bound >= first.bound - 1e-6
    assert fewer.pieces().relaxed_bound >= first.bound - 1e-6


def test_groups_share_the_budget() -> None:
    about = Eligibility(replace(district(20, seed=1), budget=20_000, rate=50.0))
    whole = relaxed(about, WAIT)
    spent = Spent(minutes_used(whole.model, whole.values), money_used(whole.model, whole.values))
    groups = grouped(about, 5)
    found = group_drafts(about, groups, topics_used(whole.model, whole.values), spent, (), 5, is_quick=True)
    cost = sum(
        sum(one.session.people) * about.problem.cost_per_person(about.trainings[one.session.option.training_id])
        for one in found
    )
    assert len(groups) > 2
    assert 0.8 * 20_000 < cost <= 20_000


@pytest.mark.parametrize("schools", [20, 110])
def test_a_larger_districts_plan_keeps_to_its_budget(schools: int) -> None:
    problem = replace(district(schools, seed=1), budget=1_000.0 * schools, rate=50.0)
    found = plan(problem, 4)
    assert broken_limits(problem, found) == []
    assert 0.9 * 1_000 * schools < found.cost


def test_a_plan_that_costs_more_than_the_budget_is_told(problem: Problem) -> None:
    sessions = by_hand(Eligibility(problem))
    cost = plan_cost(problem, sessions)
    assert is_affordable(Eligibility(problem), sessions)
    assert is_affordable(Eligibility(replace(problem, budget=cost, rate=50.0)), sessions)
    assert not is_affordable(Eligibility(replace(problem, budget=cost - 1, rate=50.0)), sessions)


def plan_cost(problem: Problem, sessions: list[Session]) -> float:
    minutes = {training.training_id: training.minutes for training in problem.trainings}
    return sum(sum(one.people) * minutes[one.option.training_id] / 60 * 50.0 for one in sessions)


def test_each_better_plan_is_heard_of_while_a_few_buildings_are_planned_again(problem: Problem) -> None:
    about, heard = Eligibility(problem), list[float]()
    start = by_hand(about, most_buildings=20)
    found = improve(
        about, start, most_buildings=20, could_reach=two_topics(about), deadline=time.monotonic() + WAIT,
        keep=lambda sessions: heard.append(total_gain(about, sessions)), is_enough=lambda: len(heard) == 3,
    )  # fmt: skip
    assert len(heard) == 3
    assert total_gain(about, start) < heard[0] < heard[1] < heard[2] == total_gain(about, found)


def test_bounds_get_better_and_no_plan_exceeds_them(problem: Problem, first: Relaxed) -> None:
    said = list[float]()
    prove(Eligibility(problem), 6, said.append)
    assert min(said) < first.bound
    assert plan(problem, 3).objective <= min(said) + 1e-6


def test_a_proof_goes_on_in_a_process_of_its_own_until_it_is_ended(problem: Problem, first: Relaxed) -> None:
    proof = Proof(Task(problem, time.time() + WAIT))
    deadline = time.monotonic() + WAIT
    while not proof.bound < float("inf") and time.monotonic() < deadline:
        time.sleep(0.05)
    assert proof.end() <= first.bound + 1e-6
    assert proof.process.returncode is not None


def test_a_proof_that_no_one_waits_for_leaves() -> None:
    proof = Proof(Task(district(60, seed=1), time.time() + WAIT))
    deadline = time.monotonic() + WAIT
    while not proof.bound < float("inf") and time.monotonic() < deadline:
        time.sleep(0.05)
    assert proof.process.stdin is not None
    proof.process.stdin.close()
    assert proof.process.wait(WAIT / 2) == 0
    proof.end()
