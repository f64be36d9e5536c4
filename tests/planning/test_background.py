"""A search runs in a process of its own: pages see how far it is, can end it, and keep the best plan by then."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from pd_core.planning.background import Job
from pd_core.planning.carry import carried
from pd_core.planning.changes import sessions_of
from pd_core.planning.comparison import differences
from pd_core.planning.eligibility import Eligibility
from pd_core.planning.feasibility import NoPlan
from pd_core.planning.plan import plan
from pd_core.planning.problem import Rule
from pd_core.planning.what_if import variant
from tests.planning.made_up import district, tiny
from tests.planning.verifier import broken_limits
from tests.waiting import wait_until

WAIT = 120


def test_a_search_in_the_background_finds_the_plan_that_a_search_here_finds() -> None:
    problem = tiny(3)
    found = Job(problem, 30).result(WAIT)
    here = plan(problem, 30)
    assert replace(found.plan, seconds=0) == replace(here, seconds=0)
    assert found.problem is problem
    assert found.measure.plan.people == sum(session.reached for session in here.sessions)


def test_a_search_that_is_stopped_keeps_the_best_plan_so_far() -> None:
    problem = district(60, 1)
    job = Job(problem, 60)
    deadline = time.monotonic() + WAIT
    while job.best is None and time.monotonic() < deadline:
        time.sleep(0.05)
    assert job.best is not None and not job.is_done
    assert job.elapsed is not None and job.best.bound >= job.best.reached > 0
    job.cancel()
    found = job.result(WAIT)
    assert found.plan.objective >= job.best.reached - 1e-6
    assert broken_limits(problem, found.plan, most_buildings=60) == []


def test_a_search_that_is_stopped_before_it_found_anything_says_so() -> None:
    first, second = Job(district(12, 1), WAIT), Job(tiny(3), 5)
    second.cancel()
    with pytest.raises(NoPlan, match="canceled before it had found a plan"):
        second.result(WAIT / 2)
    assert not first.is_done, "it does not wait for its turn to be canceled"
    first.cancel()


def test_only_one_search_runs_at_a_time() -> None:
    first = Job(district(12, 1), 1)
    wait_until(lambda: first.elapsed is not None, "the first search began")
    second = Job(tiny(3), 3)
    assert second.elapsed is None or first.is_done
    second.result(WAIT)
    assert first.is_done


def test_what_cannot_be_planned_is_refused_in_the_same_words_as_here() -> None:
    problem = replace(tiny(3), trainers=())
    with pytest.raises(NoPlan) as here:
        plan(problem)
    with pytest.raises(NoPlan) as there:
        Job(problem, 5).result(WAIT)
    assert there.value.text() == here.value.text()


def test_a_search_that_breaks_is_a_fault_and_not_a_plan() -> None:
    problem = replace(tiny(3), now="not a time")  # type: ignore[arg-type]
    with pytest.raises(RuntimeError, match="The search ended by itself, code 1"):
        Job(problem, 5).result(WAIT)


@pytest.mark.slow
def test_a_search_that_starts_from_a_plan_leaves_what_is_equally_good() -> None:
    problem = district(6, 2)
    first = Job(problem, 4)
    one = first.result(WAIT).plan.sessions[0]
    lock = Rule("lock", one.school_ids[0], one.training_id, one.trainer_id, one.slot_id)
    found = Job(replace(problem, rules=(lock,)), 4, first).result(WAIT).plan
    assert found.objective >= first.result().plan.objective - 1e-6
    assert broken_limits(replace(problem, rules=(lock,)), found, most_buildings=6) == []
    if found.objective == first.result().plan.objective:
        changed = differences(first.result().plan, found)
        assert len(changed.new) + len(changed.gone) == 0


@pytest.mark.slow
def test_one_more_slot_never_makes_a_plan_worse() -> None:
    problem = district(6, 2)
    first = Job(problem, 3)
    more = Job(variant(problem, "day"), 3, first)
    assert more.result(WAIT).plan.objective >= first.result(WAIT).plan.objective


def test_a_search_that_waits_for_another_can_be_canceled() -> None:
    first = Job(district(12, 1), 20)
    second = Job(tiny(3), 5, first)
    second.cancel()
    with pytest.raises(NoPlan, match="canceled"):
        second.result(WAIT)
    first.cancel()


def test_what_is_carried_over_keeps_all_limits() -> None:
    problem = district(6, 2)
    sessions = sessions_of(plan(problem, 3))
    assert carried(Eligibility(problem), sessions) == sessions
    gone = sessions[0].option.trainer_id
    fewer = replace(problem, trainers=tuple(one for one in problem.trainers if one.trainer_id != gone))
    kept = carried(Eligibility(fewer), sessions)
    assert kept is not None and [one for one in sessions if one.option.trainer_id != gone] == kept
    assert carried(Eligibility(replace(problem, rules=(Rule("lock", slot_id="nowhere"),))), sessions) is None
