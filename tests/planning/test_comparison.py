"""What changed from one plan to the next, and what other conditions make of a district."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pd_core.planning.comparison import differences
from pd_core.planning.feasibility import NoPlan
from pd_core.planning.measure import measure
from pd_core.planning.plan import plan
from pd_core.planning.problem import Problem
from pd_core.planning.result import Plan, PlannedSession
from pd_core.planning.runner_up import runner_up
from pd_core.planning.what_if import VARIANTS, variant
from tests.planning.made_up import district, tiny
from tests.planning.verifier import broken_limits


def session(session_id: str, school_id: str, training_id: str, trainer_id: str, slot_id: str) -> PlannedSession:
    return PlannedSession(session_id, (school_id,), training_id, trainer_id, slot_id, 5, {school_id: 5}, "")


def of(*sessions: PlannedSession) -> Plan:
    return Plan("optimal", 0, 0, 0, 0, 0, 0, 0, sessions, (), (), ())


def test_sessions_stay_move_come_and_go() -> None:
    before = of(session("1", "a", "t", "m", "x"), session("2", "a", "o", "m", "y"), session("3", "b", "t", "m", "z"))
    after = of(session("1", "a", "o", "n", "y"), session("2", "a", "t", "m", "x"), session("3", "c", "t", "m", "z"))
    found = differences(before, after)
    assert (found.new, found.moved, found.stayed) == (frozenset({"3"}), frozenset({"1"}), 1)
    assert [one.session_id for one in found.gone] == ["3"]
    assert [found.mark(number) for number in "123"] == ["moved", "", "new"]


def test_two_sessions_alike_are_two() -> None:
    one = session("1", "a", "t", "m", "x")
    found = differences(of(one), of(one, replace(one, session_id="2")))
    assert (len(found.new) + len(found.moved), found.stayed) == (1, 1)


@pytest.mark.parametrize("name", VARIANTS)
def test_a_plan_under_other_conditions_keeps_all_limits(name) -> None:
    problem = variant(replace(tiny(4), rules=()), name)
    found = plan(problem, 30)
    assert broken_limits(problem, found) == []


def reached(problem: Problem) -> float:
    return plan(problem, 30).objective


def test_more_helps_and_less_does_not() -> None:
    problem = replace(tiny(4), rules=())
    base = reached(problem)
    assert reached(variant(problem, "facilitator")) >= base
    assert reached(variant(problem, "day")) >= base
    assert reached(variant(problem, "unfair")) >= base
    assert reached(variant(problem, "fewer hours")) <= base


def test_without_goals_everyone_counts_once() -> None:
    problem = variant(tiny(4), "weights")
    found = plan(problem, 30)
    assert found.objective == sum(session.reached for session in found.sessions)


def test_a_plan_reaches_no_fewer_than_one_by_hand() -> None:
    problem = district(12, 1)
    found = measure(problem, plan(problem, 10))
    assert 0 < found.by_hand.people <= found.plan.people <= found.in_need
    assert 0 <= found.plan.share_low <= found.plan.share_middle <= 1
    assert found.plan.schools == 12


def test_what_came_second_could_be_held_instead_and_reaches_no_more_in_the_best_plan() -> None:
    seen = 0
    for seed in range(12):
        problem = replace(tiny(seed), rules=())
        try:
            found = plan(problem, 30)
        except NoPlan:
            continue
        for one in found.sessions:
            second = runner_up(problem, found, one.session_id)
            if second is not None and found.status == "optimal":
                seen += 1
                assert second.fewer >= -1e-6, "else it would be part of the best plan"
                assert (second.school_id, second.training_id) != (one.school_ids[0], one.training_id)
    assert seen >= 3
