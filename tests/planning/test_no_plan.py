"""Where no plan exists, a sentence says which list, limit or rows are in the way and what helps."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from pd_core.planning.feasibility import NoPlan
from pd_core.planning.plan import plan
from pd_core.planning.problem import Problem, Rule, School, Trainer, Training
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


def test_hours_are_told_rounded_up_so_that_as_many_are_enough() -> None:
    told = refused(with_hours(40))
    assert "Give m at least 0.34 more hours" in told
    assert plan(with_hours(40 + 60 * 0.34)).sessions


def with_trainers(*trainers: Trainer) -> Problem:
    return replace(PROBLEM, trainers=trainers)


@pytest.mark.parametrize(
    ("before", "told", "after"),
    [
        (
            Trainer("m", "M", "mie", "a", frozenset(), 300),
            "Add the skill teams to m in the list of trainers.",
            Trainer("m", "M", "mie", "a", frozenset({"teams"}), 300),
        ),
        (
            Trainer("f", "F", "facilitator", None, frozenset({"excel"}), 300),
            "the one trainer is not certified for a skill that people need and of the kind that teaches it",
            Trainer("f", "F", "facilitator", None, frozenset({"teams"}), 300),
        ),
        (
            Trainer("m", "M", "mie", "a", frozenset({"teams"}), 300, frozenset({"y"})),
            "Add the slot x1 to the slots of m.",
            Trainer("m", "M", "mie", "a", frozenset({"teams"}), 300, frozenset({"x1"})),
        ),
        (
            Trainer("m", "M", "mie", "a", frozenset(), 0),
            "Add the skill teams to m in the list of trainers. Give m at least 1.00 more hours",
            Trainer("m", "M", "mie", "a", frozenset({"teams"}), 60),
        ),
    ],
)
def test_the_change_that_is_named_lets_a_session_be_held(before: Trainer, told: str, after: Trainer) -> None:
    assert told in refused(with_trainers(before))
    assert plan(with_trainers(after)).sessions


def test_the_shortest_training_is_named_where_a_slot_is_missing() -> None:
    short = Training("short", "Short", "teams", "entry", 30, 10)
    away = tuple(replace(one, slots=frozenset({"y"})) for one in PROBLEM.trainers)
    told = refused(replace(PROBLEM, trainings=(*PROBLEM.trainings, short), trainers=away))
    assert "the shortest training needed (short, 30 minutes)" in told


def test_a_way_that_is_too_far_is_named_with_its_two_ends() -> None:
    schools = (*PROBLEM.schools, School("z", "Z", "elsewhere"))
    far = replace(PROBLEM, schools=schools, trainers=(Trainer("m", "M", "mie", "z", frozenset({"teams"}), 300),))
    assert "List a way of at most 20 minutes between z and a in the travel list" in refused(far)
    assert plan(replace(far, ways={("z", "a"): 20.0})).sessions


@pytest.mark.parametrize(
    ("problem", "sentence"),
    [
        (
            replace(with_rules(Rule("lock", "a", "t", "m", "x1"), Rule("lock", "b", "t", "m", "x1")), ways={}),
            "a trainer would teach twice at a time.",
        ),
        (
            replace(with_rules(Rule("lock", "a", "t")), budget=1.0, rate=40.0),
            "row 2 (lock: school a, training t) cannot be kept: the budget is too small.\nRemove or loosen this row",
        ),
        (replace(with_rules(Rule("lock", "a", "t")), fewest=11), "no session of it has 11 people"),
        (
            replace(
                with_rules(Rule("lock", "a", "t", "m")), trainers=(with_hours(30).trainers[0], PROBLEM.trainers[1])
            ),
            "no trainer has the hours for it. The nearest is m, with 0.5 hours",
        ),
        (with_rules(Rule("lock", "z")), "school “z” is not listed."),
    ],
)
def test_the_limit_that_keeps_a_lock_from_being_kept_is_named(problem: Problem, sentence: str) -> None:
    assert sentence in refused(problem)


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
