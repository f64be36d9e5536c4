"""Where no plan exists, a sentence says which list, limit or rows are in the way and what helps."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from pd_core.planning.feasibility import NoPlan
from pd_core.planning.plan import plan
from pd_core.planning.problem import Problem, Rule, Training
from tests.planning.test_limits import PROBLEM


def refused(problem: Problem) -> str:
    with pytest.raises(NoPlan) as caught:
        plan(problem)
    return caught.value.text()


def with_hours(minutes: float) -> Problem:
    return replace(PROBLEM, trainers=tuple(replace(one, minutes=minutes) for one in PROBLEM.trainers))


def with_rules(*rules: Rule) -> Problem:
    return replace(PROBLEM, rules=tuple(replace(rule, row=row) for row, rule in enumerate(rules, start=2)))


@pytest.mark.parametrize(
    ("problem", "sentence"),
    [
        (replace(PROBLEM, trainers=()), "There are no trainers."),
        (replace(PROBLEM, trainings=()), "There are no trainings in the catalog."),
        (replace(PROBLEM, slots=()), "There are no slots."),
        (replace(PROBLEM, schools=()), "There are no schools."),
        (replace(PROBLEM, needs={}), "No school is known to need any training in this wave."),
        (replace(PROBLEM, now=PROBLEM.now + timedelta(days=99)), "All 4 slots of the list are past; the last, x4,"),
        (with_hours(0), "Hours: no trainer has enough hours left for one session. The nearest is m, with 0 hours"),
        (
            replace(PROBLEM, trainers=tuple(replace(one, skills=frozenset()) for one in PROBLEM.trainers)),
            "Trainers: none of the 2 trainers is certified for a skill that people need",
        ),
        (
            replace(PROBLEM, trainers=tuple(replace(one, slots=frozenset({"y"})) for one in PROBLEM.trainers)),
            "Slots: no coming slot that a certified trainer has is as long as the shortest training needed (t,",
        ),
        (with_rules(Rule("lock", "nowhere")), "Locks, row 2 (lock: school nowhere): school “nowhere” is not listed."),
        (with_rules(Rule("forbid", slot_id="y")), "Locks, row 2 (forbid: slot y): slot “y” is not listed."),
        (
            with_rules(Rule("lock", "a", "t"), Rule("forbid", training_id="t")),
            "Locks: row 2 (lock: school a, training t) contradicts row 3 (forbid: training t)",
        ),
        (with_rules(Rule("lock", training_id="t", trainer_id="f")), "t is an entry training, and f a trainer of the"),
        (with_rules(Rule("lock", trainer_id="m", slot_id="x4")), "x4 is no slot of m."),
        (with_rules(Rule("lock", "c", "t")), "no one at c is known to need t."),
    ],
)
def test_the_sentence_names_the_list_the_limit_or_the_rows(problem: Problem, sentence: str) -> None:
    assert sentence in refused(problem)


def test_the_hours_that_are_missing_are_the_smallest_that_help() -> None:
    assert "Give m at least 0.50 more hours" in refused(with_hours(30))
    assert plan(with_hours(60)).sessions


def test_locks_that_contradict_are_told_without_those_that_do_not() -> None:
    locks = [Rule("lock", "a", "o"), Rule("lock", "a", "t", "m", "x1"), Rule("lock", "b", "t", "m", "x1")]
    shared = replace(PROBLEM, ways={}, rules=tuple(replace(rule, row=row) for row, rule in enumerate(locks, start=2)))
    told = refused(shared)
    assert "row 3" in told and "row 4" in told and "row 2" not in told
    assert plan(replace(shared, rules=shared.rules[:2])).sessions


def test_a_plan_without_sessions_is_a_plan_where_all_should_resend() -> None:
    found = plan(replace(PROBLEM, resend={"a": 1, "b": None, "c": 2}))
    assert (found.status, found.sessions, found.objective, found.gap) == ("optimal", (), 0, 0)
    assert {one.reason for one in found.unmet} == {"resend"}


def test_needs_that_no_training_of_the_catalog_is_for_leave_an_empty_plan() -> None:
    found = plan(replace(PROBLEM, trainings=(Training("e", "E", "excel", "entry", 60, 9),)))
    assert found.sessions == ()
    assert {one.reason for one in found.unmet} == {"no training"}
