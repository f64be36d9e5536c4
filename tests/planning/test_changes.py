"""What a plan says would help, helps: each change that is said to be enough lets one more session be held."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from pd_core.planning.changes import Change, Changes, sessions_of
from pd_core.planning.diary import Diary
from pd_core.planning.eligibility import Eligibility
from pd_core.planning.feasibility import NoPlan
from pd_core.planning.plan import plan
from pd_core.planning.problem import Option, Problem, School, Slot, Trainer, Training
from pd_core.planning.result import Plan
from tests.planning.made_up import NOW, district, tiny

DAY = NOW + timedelta(days=1)
PROBLEM = Problem(
    schools=(School("a", "Ash", "north"), School("b", "Birch", "north")),
    trainings=(Training("t", "Teams", "teams", "entry", 60, 10), Training("o", "OneNote", "onenote", "entry", 60, 10)),
    trainers=(Trainer("m", "Mia", "mie", "a", frozenset({"teams", "onenote"}), 60),),
    slots=(Slot("x", DAY, DAY + timedelta(hours=2)), Slot("y", DAY + timedelta(hours=24), DAY + timedelta(hours=26))),
    needs={("a", "teams", "entry"): 10, ("a", "onenote", "entry"): 8},
    now=NOW,
)  # fmt: skip
LEFT = ("a", "onenote", "entry")


def with_hours(problem: Problem, trainer_id: str, hours: float) -> Problem:
    """The problem with more hours for one trainer."""
    trainers = tuple(
        replace(one, minutes=one.minutes + 60 * hours) if one.trainer_id == trainer_id else one
        for one in problem.trainers
    )
    return replace(problem, trainers=trainers)


def smallest(problem: Problem, need: tuple[str, str, str] = LEFT) -> Change:
    return Changes(problem, plan(problem)).smallest(*need)


def test_hours_are_asked_of_the_trainer_who_lacks_least() -> None:
    assert smallest(PROBLEM) == Change("hours", "m", 1.0, is_enough=True)


def test_a_slot_is_asked_for_where_the_hours_are_there() -> None:
    trainers = (replace(PROBLEM.trainers[0], minutes=600, slots=frozenset({"x"})),)
    assert smallest(replace(PROBLEM, trainers=trainers)) == Change("slots", "m", is_enough=True)


def test_two_topics_of_a_school_are_named() -> None:
    skills = frozenset({"teams", "onenote", "word"})
    problem = replace(
        PROBLEM,
        trainings=(*PROBLEM.trainings, Training("w", "Word", "word", "entry", 60, 10)),
        trainers=(replace(PROBLEM.trainers[0], minutes=600, skills=skills),),
        needs={**PROBLEM.needs, ("a", "word", "entry"): 6},
    )
    assert smallest(problem, ("a", "word", "entry")) == Change("topics", "onenote;teams")


def test_money_is_asked_for_in_whole_amounts() -> None:
    trainers = (replace(PROBLEM.trainers[0], minutes=600),)
    found = smallest(replace(PROBLEM, trainers=trainers, rate=10.0, budget=100.0))
    assert found == Change("money", amount=50)


def test_people_who_are_fewer_than_a_session_needs_are_said_to_be() -> None:
    trainers = (replace(PROBLEM.trainers[0], minutes=600),)
    problem = replace(PROBLEM, needs={("a", "teams", "entry"): 14}, trainers=trainers, fewest=8)
    found = plan(problem)
    assert [one.people for one in found.unmet] == [4]
    assert Changes(problem, found).smallest("a", "teams", "entry") == Change("people", amount=4)


def held_after(problem: Problem, found: Plan, need: tuple[str, str, str], change: Change) -> bool:
    """Whether one more session can be held for a need once a change is made, the plan's own staying."""
    if change.limit == "hours":
        problem = with_hours(problem, change.subject, change.amount)
    else:
        after = max(slot.ends_at for slot in problem.slots) + timedelta(hours=1)
        slot = Slot("new", after, after + timedelta(hours=8))
        trainers = tuple(
            one if one.slots is None else replace(one, slots=one.slots | {"new"}) for one in problem.trainers
        )
        problem = replace(problem, slots=(*problem.slots, slot), trainers=trainers)
    about = Eligibility(problem)
    diary = Diary(about, sessions_of(found))
    school_id, skill_id, kind = need
    return any(
        diary.may_have(school_id, training)
        and diary.can_hold(Option((school_id,), training.training_id, change.subject, slot_id))
        for training in about.trainings_of[skill_id, kind]
        for slot_id in about.slots_for(change.subject, training)
    )


def changes_hold(problem: Problem, seconds: float = 5) -> int:
    """How many changes are said to be enough; fails where one is not."""
    try:
        found = plan(problem, seconds)
    except NoPlan:
        return 0
    changes, number = Changes(problem, found), 0
    for one in found.unmet:
        if one.reason == "limits":
            need = (one.school_id, one.skill_id, one.kind)
            change = changes.smallest(*need)
            if change.is_enough:
                number += 1
                assert held_after(problem, found, need, change), (need, change)
    return number


def test_each_change_that_is_said_to_be_enough_is() -> None:
    assert sum(changes_hold(tiny(seed)) for seed in range(8)) + changes_hold(district(12, 1), 3) >= 3


@pytest.mark.slow
def test_each_change_that_is_said_to_be_enough_is_in_fifty_districts() -> None:
    assert sum(changes_hold(district(6, seed), 2) for seed in range(50)) >= 50
