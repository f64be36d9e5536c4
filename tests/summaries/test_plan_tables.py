"""A plan's tables tell no more than the tables of needs: nothing of a hidden school, nothing of a neighbor's people."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import polars as pl

from pd_core.access import EVERYTHING, Scope
from pd_core.needs.needs import needs
from pd_core.planning.changes import Changes
from pd_core.planning.found import found
from pd_core.planning.plan import plan
from pd_core.planning.problem import Problem, Rule, School, Slot, Trainer, Training
from pd_core.summaries.plan_tables import school_rows, session_rows, slot_rows, trainer_rows, unmet_rows
from pd_core.summaries.planning_problem import planning_problem
from tests.district import District

NOW = datetime(2031, 1, 1)
DAY = NOW + timedelta(days=1)
SHARED = Problem(
    schools=(School("a", "Ash", "north"), School("b", "Birch", "north")),
    trainings=(Training("t", "Teams", "teams", "entry", 60, 20, ("Post one thing",), "https://example.org/t"),),
    trainers=(Trainer("m", "Mia", "mie", "a", frozenset({"teams"}), 60),),
    slots=(Slot("x", DAY, DAY + timedelta(hours=2), "after_school"),),
    needs={("a", "teams", "entry"): 9, ("b", "teams", "entry"): 7},
    now=NOW,
    ways={("a", "b"): 5},
    shares={("b", "after_school"): 0.25},
)  # fmt: skip


def test_a_problem_has_needs_that_the_table_shows_and_no_others(wide: District) -> None:
    survey = wide.survey()
    problem = planning_problem(survey, now=NOW)
    shown = needs(survey).filter(~pl.col("suppressed") & pl.col("people_low").is_not_null())
    rows = shown.select("school_id", "skill_id", "training", "people_low").iter_rows()
    low = {(school_id, skill_id, kind): people for school_id, skill_id, kind, people in rows}
    assert problem.needs
    assert all(low[need] >= people > 0 for need, people in problem.needs.items())
    assert not {"ada", "fermi", "silent"} & {school_id for school_id, _, _ in problem.needs}, "hidden, or no answers"


def test_a_shared_session_shows_each_school_its_own_people_alone() -> None:
    made = found(SHARED, plan(SHARED))
    (whole,) = session_rows(made, EVERYTHING).to_dicts()
    assert (whole["school_ids"], whole["reached"], whole["reached_by_school"]) == ("a;b", 16, "a:9;b:7")
    assert "Ash" in whole["why"] and "Birch" in whole["why"]
    (own,) = session_rows(made, Scope(frozenset({"b"}))).to_dicts()
    assert (own["school_ids"], own["reached"], own["reached_by_school"]) == ("b", 7, "b:7")
    assert own["school_names"] == "Birch" and own["held_at"] == "Ash", "people must find the place"
    assert "Ash" not in own["why"] and "9" not in own["why"] and "25%" in own["why"]


def test_what_comes_of_a_plan_adds_up() -> None:
    problem = replace(SHARED, ways={}, needs={**SHARED.needs, ("b", "word", "entry"): 6}, resend={"b": 4})
    made = found(problem, plan(problem))
    ash, birch = school_rows(made).to_dicts()
    assert (ash["in_need"], ash["reached"], ash["sessions"], ash["topics"]) == (9, 9, 1, "teams")
    assert (birch["in_need"], birch["reached"], birch["is_resend"], birch["more_answers"]) == (13, 0, True, 4)
    (mia,) = trainer_rows(made).to_dicts()
    assert (mia["sessions"], mia["reached"], mia["hours_used"], mia["hours"]) == (1, 9, 1.0, 1.0)
    (slot,) = slot_rows(made).to_dicts()
    assert (slot["sessions"], slot["schools"], slot["reached"]) == (1, 1, 9)
    assert [(row["school_id"], row["people"]) for row, _ in unmet_rows(made, EVERYTHING)] == [("b", 7), ("b", 6)]
    assert unmet_rows(made, Scope(frozenset({"a"}))) == []


def test_a_need_that_a_limit_holds_back_says_which() -> None:
    problem = replace(SHARED, ways={}, rules=(Rule("lock", "a"),))
    made = found(problem, plan(problem))
    ((row, change),) = unmet_rows(made, EVERYTHING)
    assert row["reason"] == "no trainer" and change is None
    rich = replace(problem, trainers=(replace(problem.trainers[0], minutes=120),))
    made = found(rich, plan(rich))
    ((row, change),) = unmet_rows(made, EVERYTHING)
    assert row["reason"] == "limits"
    assert change == Changes(rich, made.plan).smallest("b", "teams", "entry")
