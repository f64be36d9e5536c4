"""Small changes to a plan: each keeps every limit, can be undone, and together they reach more people."""

from __future__ import annotations

import random
import time
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings

from pd_core.planning.anneal import Steps, annealed, price_of
from pd_core.planning.changes import sessions_of
from pd_core.planning.eligibility import Eligibility
from pd_core.planning.feasibility import NoPlan
from pd_core.planning.greedy import by_hand
from pd_core.planning.numbers import Numbers
from pd_core.planning.plan import plan, stopped
from pd_core.planning.problem import Problem, Rule, Session
from pd_core.planning.propose import total_gain
from pd_core.planning.timetable import Timetable
from tests.planning.made_up import district
from tests.planning.test_districts import districts
from tests.planning.verifier import broken_limits

CHANGES = 300


@pytest.fixture(scope="module")
def problem() -> Problem:
    return district(20, seed=1)


def timetable_of(problem: Problem, sessions: list[Session]) -> Timetable:
    return Timetable(Numbers(Eligibility(problem), (), price_of({})), sessions)


def broken(problem: Problem, sessions: list[Session], most_buildings: int | None = None) -> list[str]:
    return broken_limits(problem, stopped(problem, sessions, float("inf"), 0.0), most_buildings)


def annealed_for(problem: Problem, start: list[Session], seconds: float, most_buildings: int) -> list[list[Session]]:
    heard = list[list[Session]]()
    annealed(
        Eligibility(problem), start, most_buildings=most_buildings, topics=(), prices={}, warmth=(2.0, 0.2),
        deadline=time.monotonic() + seconds, keep=heard.append, is_enough=lambda: False,
    )  # fmt: skip
    return heard


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(problem=districts())
def test_whatever_is_changed_keeps_every_limit_of_any_district(problem: Problem) -> None:
    problem = replace(problem, budget=None)
    try:
        start = sessions_of(plan(problem, 5))
    except NoPlan:
        return
    timetable = timetable_of(problem, start)
    steps = Steps(timetable, random.Random(1), 0)
    for _ in range(40):
        steps.change()
        sessions = timetable.sessions()
        assert timetable.total == pytest.approx(total_gain(timetable.numbers.about, sessions))
        assert broken(problem, sessions) == []


def test_a_change_that_is_undone_leaves_everything_as_it_was(problem: Problem) -> None:
    timetable = timetable_of(problem, by_hand(Eligibility(problem), most_buildings=20))
    steps = Steps(timetable, random.Random(1), 0)
    for number in range(CHANGES):
        before = timetable.sessions(), timetable.total, timetable.served, timetable.often
        left = list(timetable.minutes), list(timetable.busy), [one.copy() for one in timetable.buildings]
        steps.change()
        if number % 3:
            timetable.undo()
            assert (timetable.sessions(), timetable.total, timetable.served, timetable.often) == before
            assert (timetable.minutes, timetable.busy, timetable.buildings) == left


def test_buildings_are_counted_that_have_a_session_and_that_have_many(problem: Problem) -> None:
    timetable = timetable_of(problem, by_hand(Eligibility(problem), most_buildings=20))
    steps = Steps(timetable, random.Random(2), 0)
    for _ in range(CHANGES):
        steps.change()
        part = Counter(school_id for one in timetable.sessions() for school_id in one.option.school_ids)
        assert timetable.served == len(part)
        assert timetable.often == sum(1 for number in part.values() if number > 2)


def test_small_changes_reach_more_people_within_all_limits(problem: Problem) -> None:
    start = by_hand(Eligibility(problem), most_buildings=20)
    heard = annealed_for(problem, start, 3, 20)
    about = Eligibility(problem)
    assert total_gain(about, heard[-1]) > 1.1 * total_gain(about, start)
    assert broken(problem, heard[-1], 20) == []


def test_what_locks_ask_for_stays_and_what_is_forbidden_stays_out(problem: Problem) -> None:
    rules = (
        Rule("lock", school_id="s003", trainer_id="f000"),
        Rule("lock", training_id="e-skill4", slot_id="t2"),
        Rule("forbid", trainer_id="m001"),
        Rule("forbid", school_id="s005", slot_id="t3"),
    )
    problem = replace(problem, rules=rules)
    start = sessions_of(plan(problem, 2))
    heard = annealed_for(problem, start, 2, 20)
    assert all(broken(problem, sessions, 20) == [] for sessions in heard)


def test_no_school_has_three_sessions_while_others_could_have_one(problem: Problem) -> None:
    heard = annealed_for(problem, [], 2, 21)
    assert heard
    for sessions in heard:
        assert max(Counter(one for each in sessions for one in each.option.school_ids).values()) <= 2


def test_a_price_adds_up_what_a_session_uses_of_each_row(problem: Problem) -> None:
    trainer, training = problem.trainers[0], replace(problem.trainings[0], minutes=60.0)
    one = trainer.trainer_id
    prices = {
        ("hours", one): 0.01, ("steps", one, "50.000"): 2.0, ("slots", one, "60.000"): 5.0,
        ("slots", one, "90.000"): 7.0, ("hours", "another"): 100.0, ("money",): 3.0,
    }  # fmt: skip
    assert price_of(prices)(trainer, training, 100.0) == pytest.approx(0.01 * 100 + 2 * 2.0 + 5.0)
