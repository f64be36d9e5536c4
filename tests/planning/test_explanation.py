"""Each session says why, each unmet need has its reason, each limit its effect."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from pd_core.planning.feasibility import NoPlan
from pd_core.planning.plan import plan
from pd_core.planning.problem import Problem, Rule, School, Slot, Trainer, Training
from tests.planning.made_up import NOW, tiny

SLOT = Slot("x1", NOW + timedelta(days=1), NOW + timedelta(days=1, hours=2), "after_school")
PROBLEM = Problem(
    schools=(School("a", "Ash", "north"), School("b", "Birch", "north"), School("c", "Cedar", "south")),
    trainings=(
        Training("t", "Teams", "teams", "entry", 60, 10),
        Training("o", "OneNote", "onenote", "entry", 60, 10),
        Training("i", "Teams in class", "teams", "implementation", 60, 10),
    ),
    trainers=(Trainer("m", "Mia", "mie", "a", frozenset({"teams", "onenote"}), 60),),
    slots=(SLOT,),
    needs={
        ("a", "teams", "entry"): 14, ("a", "onenote", "entry"): 2, ("a", "word", "entry"): 9,
        ("a", "teams", "implementation"): 8, ("b", "teams", "entry"): 9, ("c", "teams", "entry"): 30,
    },
    now=NOW,
    shares={("a", "after_school"): 0.5},
    resend={"c": 7},
)  # fmt: skip


def test_a_session_says_who_needs_it_how_the_time_suits_and_who_comes() -> None:
    (session,) = plan(PROBLEM).sessions
    assert session.why == (
        "At Ash at least 14 people need it; 10 are reached here. The time suits 50% of the staff there. "
        "Mia works there."
    )


def test_each_need_that_stays_has_the_first_reason_that_holds() -> None:
    found = plan(replace(PROBLEM, rules=(Rule("forbid", "b"),), trainers=(replace(PROBLEM.trainers[0], minutes=100),)))
    assert {(one.school_id, one.skill_id, one.kind): (one.people, one.reason) for one in found.unmet} == {
        ("a", "onenote", "entry"): (2, "too few"),
        ("a", "teams", "entry"): (4, "limits"),
        ("a", "teams", "implementation"): (8, "no trainer"),
        ("a", "word", "entry"): (9, "no training"),
        ("b", "teams", "entry"): (9, "forbidden"),
        ("c", "teams", "entry"): (30, "resend"),
    }


def test_a_building_that_should_resend_is_told_with_how_many_answers_it_needs() -> None:
    assert [(one.school_id, one.more_answers) for one in plan(PROBLEM).resend] == [("c", 7)]


def test_a_lock_that_names_a_building_overrides_that_it_should_resend() -> None:
    trainer = Trainer("n", "Nia", "mie", "c", frozenset({"teams"}), 60)
    problem = replace(PROBLEM, trainers=(*PROBLEM.trainers, trainer), rules=(Rule("lock", "c"),))
    found = plan(problem)
    assert found.resend == ()
    assert {school_id for session in found.sessions for school_id in session.school_ids} == {"a", "c"}


def test_one_more_seat_brings_what_the_plan_says_it_brings() -> None:
    found = plan(PROBLEM)
    (seat,) = [one for one in found.binding if one.limit == "seats"]
    more = plan(replace(PROBLEM, trainings=(replace(PROBLEM.trainings[0], seats=11), *PROBLEM.trainings[1:])))
    assert seat.effect == more.objective - found.objective == 1


def effects_hold(seed: int) -> int:
    """How many of a tiny district's limits say what one more would bring; fails where it brings something else."""
    problem = tiny(seed)
    try:
        found = plan(problem, 60)
    except NoPlan:
        return 0
    told = [one for one in found.binding if one.effect is not None]
    for one in told:
        trainers = tuple(
            replace(
                trainer, minutes=trainer.minutes + 60 * (one.limit == "hours" and trainer.trainer_id == one.subject)
            )
            for trainer in problem.trainers
        )
        trainings = tuple(
            replace(training, seats=training.seats + 1)
            if one == replace(one, subject=training.training_id)
            else training
            for training in problem.trainings
        )
        changed = plan(replace(problem, trainers=trainers, trainings=trainings), 60)
        assert changed.objective - found.objective == pytest.approx(one.effect)
    return len(told)


def test_one_more_hour_or_seat_brings_what_the_plan_says_it_brings() -> None:
    assert sum(effects_hold(seed) for seed in range(12)) >= 5


@pytest.mark.slow
def test_one_more_hour_or_seat_brings_what_is_said_in_fifty_districts() -> None:
    assert sum(effects_hold(seed) > 0 for seed in range(150)) >= 50
