"""What the lists can do, before anything is planned."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from pd_core.planning.problem import Problem, School, Slot, Trainer, Training
from pd_core.planning.staffing import Biggest, IdleSlot, Uncovered, staffing
from tests.planning.made_up import NOW

DAY = NOW + timedelta(days=1)
PROBLEM = Problem(
    schools=(School("a", "Ash", "north"), School("b", "Birch", "north"), School("c", "Cedar", "south")),
    trainings=(
        Training("t", "Teams", "teams", "entry", 60, 10),
        Training("o", "OneNote", "onenote", "entry", 90, 10),
        Training("i", "Teams in class", "teams", "implementation", 60, 10),
    ),
    trainers=(
        Trainer("m", "Mia", "mie", "a", frozenset({"teams"}), 120),
        Trainer("n", "Nia", "mie", "a", frozenset({"word"}), 120),
        Trainer("f", "Fay", "facilitator", None, frozenset({"teams"}), 600),
    ),
    slots=(
        Slot("old", NOW - timedelta(days=1), NOW - timedelta(hours=22)),
        Slot("x", DAY, DAY + timedelta(hours=2)),
        Slot("short", DAY, DAY + timedelta(minutes=20)),
    ),
    needs={
        ("a", "teams", "entry"): 21, ("b", "teams", "entry"): 9, ("a", "onenote", "entry"): 30,
        ("b", "excel", "entry"): 12, ("a", "teams", "implementation"): 4,
    },
    now=NOW,
)  # fmt: skip


def test_schools_without_an_mie_and_with_two_are_named() -> None:
    found = staffing(PROBLEM)
    assert (found.without_mie, found.with_several) == (("b", "c"), ("a",))


def test_skills_that_nobody_can_teach_come_with_those_who_need_them() -> None:
    assert staffing(PROBLEM).uncovered == (
        Uncovered("onenote", "entry", 30, 1, "trainer"),
        Uncovered("excel", "entry", 12, 1, "training"),
    )


def test_hours_asked_for_are_set_against_hours_there_are() -> None:
    entry, implementation = staffing(PROBLEM).hours
    # Teams: 3 and 1 sessions of an hour; OneNote: 3 of an hour and a half.
    assert (entry.kind, entry.asked, entry.given, entry.people) == ("entry", 8.5, 4.0, 60)
    assert (implementation.asked, implementation.given, implementation.people) == (1.0, 10.0, 4)


def test_slots_without_a_class_say_why() -> None:
    assert staffing(PROBLEM).idle_slots == (IdleSlot("old", "past"), IdleSlot("short", "too short"))
    away = tuple(replace(one, slots=frozenset({"x"})) for one in PROBLEM.trainers)
    assert IdleSlot("short", "no trainer") in staffing(replace(PROBLEM, trainers=away)).idle_slots


def test_two_topics_a_school_limit_who_can_be_reached() -> None:
    word = Training("w", "Word", "word", "entry", 60, 10)
    needs = {**PROBLEM.needs, ("a", "word", "entry"): 8}
    found = staffing(replace(PROBLEM, trainings=(*PROBLEM.trainings, word), needs=needs))
    # Ash: Teams 25 with both kinds, OneNote 30, Word 8; Birch: Teams 9.
    assert (found.of_two_topics, found.of_all_topics) == (64, 72)


def test_a_trainer_who_can_give_nothing_is_named() -> None:
    assert staffing(PROBLEM).idle_trainers == ("n",)
    tired = (replace(PROBLEM.trainers[0], minutes=30), *PROBLEM.trainers[1:])
    assert staffing(replace(PROBLEM, trainers=tired)).idle_trainers == ("m", "n")


def test_what_would_help_most_is_what_most_people_wait_for() -> None:
    tired = tuple(replace(one, minutes=60, skills=frozenset({"teams", "onenote"})) for one in PROBLEM.trainers)
    assert staffing(replace(PROBLEM, trainers=tired)).biggest == Biggest("hours", 46, kind="entry")
    rich = tuple(replace(one, minutes=6000) for one in PROBLEM.trainers)
    assert staffing(replace(PROBLEM, trainers=rich)).biggest == Biggest("trainer", 30, "onenote", "entry")
    assert staffing(replace(PROBLEM, trainers=rich, resend={"a": 5})).biggest == Biggest("resend", 55)


def test_what_helps_is_no_more_than_a_schools_two_topics_allow() -> None:
    trainings = tuple(Training(skill, skill, skill, "entry", 60, 10) for skill in ("teams", "onenote", "word", "excel"))
    needs = {("a", "teams", "entry"): 10, ("a", "onenote", "entry"): 9, ("a", "word", "entry"): 8}
    teachers = (Trainer("m", "Mia", "mie", "a", frozenset({"teams", "onenote", "word"}), 120),)
    problem = replace(PROBLEM, trainings=trainings, trainers=teachers, needs=needs)
    # All three topics ask for three hours; of two topics the two hours that there are are enough.
    assert staffing(problem).biggest is None
    # A third topic that no one can teach would take the place of OneNote, with 9.
    needs[("a", "excel", "entry")] = 12
    assert staffing(problem).biggest == Biggest("trainer", 3, "excel", "entry")
    assert staffing(replace(problem, resend={"a": 5})).biggest == Biggest("resend", 22)


def test_nothing_is_asked_for_where_nothing_is_missing() -> None:
    problem = replace(PROBLEM, needs={("a", "teams", "entry"): 5})
    assert staffing(problem).biggest is None
