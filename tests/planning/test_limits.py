"""The verifier of the tests sees each limit: a plan that is bent against one is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from pd_core.planning.plan import plan
from pd_core.planning.problem import Problem, Rule, School, Slot, Trainer, Training
from pd_core.planning.result import Plan, PlannedSession
from tests.planning.made_up import NOW, district
from tests.planning.verifier import broken_limits

SLOTS = tuple(
    Slot(f"x{number}", NOW + timedelta(days=number), NOW + timedelta(days=number, hours=1.5), "late")
    for number in range(1, 5)
)
PROBLEM = Problem(
    schools=(School("a", "A", "north"), School("b", "B", "north"), School("c", "C", "south")),
    trainings=(
        Training("t", "T", "teams", "entry", 60, 10),
        Training("o", "O", "onenote", "entry", 60, 10),
        Training("w", "W", "word", "entry", 60, 10),
        Training("i", "I", "teams", "implementation", 60, 10),
    ),
    trainers=(
        Trainer("m", "Mia", "mie", "a", frozenset({"teams", "onenote", "word"}), 600, frozenset({"x1", "x2", "x3"})),
        Trainer("f", "Fay", "facilitator", None, frozenset({"teams"}), 240),
    ),
    slots=SLOTS,
    needs={
        ("a", "teams", "entry"): 12, ("a", "onenote", "entry"): 8, ("a", "word", "entry"): 3,
        ("b", "teams", "entry"): 9, ("b", "teams", "implementation"): 6, ("c", "teams", "implementation"): 7,
    },
    now=NOW,
    ways={("a", "b"): 8},
    shares={("a", "late"): 0.5},
)  # fmt: skip
PLAN = plan(PROBLEM)


def first(found: Plan, **changes: object) -> Plan:
    """A plan with another first session; its figures stay, and are wrong as well."""
    return replace(found, sessions=(replace(found.sessions[0], **changes), *found.sessions[1:]))  # type: ignore[arg-type]


def of_mia(found: Plan) -> PlannedSession:
    return next(session for session in found.sessions if session.trainer_id == "m")


def more(found: Plan, **changes: object) -> Plan:
    """A plan with one more session, made from one of Mia's."""
    return replace(found, sessions=(*found.sessions, replace(of_mia(found), session_id="S99", **changes)))  # type: ignore[arg-type]


BENT: dict[str, tuple[Problem, Plan]] = {
    "kind": (PROBLEM, more(PLAN, trainer_id="f", slot_id="x4")),
    "certified": (PROBLEM, more(PLAN, trainer_id="f", training_id="o", slot_id="x4")),
    "slot": (PROBLEM, more(PLAN, slot_id="x4")),
    "begun": (replace(PROBLEM, now=NOW + timedelta(days=10)), PLAN),
    "length": (
        replace(PROBLEM, trainings=tuple(replace(training, minutes=95) for training in PROBLEM.trainings)),
        PLAN,
    ),
    "way": (PROBLEM, more(PLAN, school_ids=("c",), reached_by_school={"c": 5}, slot_id="x3")),
    "neighbor": (PROBLEM, more(PLAN, school_ids=("a", "c"), reached_by_school={"a": 4, "c": 2})),
    "resend": (replace(PROBLEM, resend={"a": 4}), PLAN),
    "each": (PROBLEM, more(PLAN, school_ids=("a", "b"), reached_by_school={"a": 6, "b": 0})),
    "seats": (PROBLEM, first(PLAN, reached_by_school=dict.fromkeys(PLAN.sessions[0].school_ids, 2), reached=2)),
    "trainer": (PROBLEM, more(PLAN)),
    "building": (PROBLEM, more(PLAN, trainer_id="f", training_id="i")),
    "hours": (
        replace(PROBLEM, trainers=tuple(replace(trainer, minutes=90) for trainer in PROBLEM.trainers)),
        PLAN,
    ),
    "topics": (PROBLEM, more(more(PLAN, training_id="o"), training_id="w")),
    "seven hours": (
        replace(PROBLEM, trainings=tuple(replace(training, minutes=421) for training in PROBLEM.trainings)),
        PLAN,
    ),
    "need": (replace(PROBLEM, needs=dict.fromkeys(PROBLEM.needs, 5)), PLAN),
    "money": (replace(PROBLEM, budget=100, rate=50), PLAN),
    "forbid": (replace(PROBLEM, rules=(Rule("forbid", trainer_id="m"),)), PLAN),
    "lock": (replace(PROBLEM, rules=(Rule("lock", slot_id="x4", trainer_id="m"),)), PLAN),
    "objective": (PROBLEM, replace(PLAN, objective=PLAN.objective + 1)),
    "comfort": (PROBLEM, replace(PLAN, comfort=PLAN.comfort + 1)),
    "bound": (PROBLEM, replace(PLAN, bound=PLAN.objective - 1, gap=-1 / (PLAN.objective - 1))),
    "unmet": (PROBLEM, replace(PLAN, unmet=PLAN.unmet[:-1])),
}


def test_the_plan_that_is_bent_breaks_nothing() -> None:
    assert PLAN.status == "optimal"
    assert broken_limits(PROBLEM, PLAN, 3) == []


@pytest.mark.parametrize("limit", BENT)
def test_the_verifier_tells_a_plan_that_is_bent_against_this_limit(limit: str) -> None:
    assert any(sentence.startswith(f"{limit}: ") for sentence in broken_limits(*BENT[limit]))


def test_the_verifier_tells_a_plan_that_gives_three_before_others_have_one() -> None:
    most = max(sum(one in session.school_ids for session in PLAN.sessions) for one in ("a", "b", "c"))
    assert most > 2
    assert broken_limits(PROBLEM, PLAN, most_buildings=4) == ["fairness: three sessions before others had one"]


@pytest.mark.parametrize("change", [lambda one: replace(one, fewest=1), lambda one: replace(one, budget=9e3, rate=50)])
def test_a_made_up_districts_plan_keeps_every_limit(change: Callable[[Problem], Problem]) -> None:
    problem = change(district(12, seed=5))
    found = plan(problem, 2)
    assert found.sessions
    assert broken_limits(problem, found, most_buildings=12 if problem.budget is None else None) == []
