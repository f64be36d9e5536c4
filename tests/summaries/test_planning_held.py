"""The planner takes off what was held: people who had a class, hours that trainers gave; and says what is left."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import polars as pl
import pytest

from pd_core.actions.proposals import proposals
from pd_core.entities import PlanSession
from pd_core.planning.problem import Problem, School, Training
from pd_core.presentation.plan_left import left_section, trained_sentence
from pd_core.storage.training_lists import COLUMNS, set_training_list
from pd_core.summaries.planning_held import less_hours_given, less_trained, trained_since
from pd_core.summaries.planning_lists import planning_lists
from pd_core.summaries.planning_problem import planning_problem
from tests.actions.people import FACILITATOR
from tests.district import District
from tests.summaries.test_deliveries import CATALOG
from tests.summaries.test_taught import hold
from tests.summaries.two_waves import NOW, WAVES, answer, at_level

SINCE = date(2026, 10, 1)
WORD = ("lincoln", "word", "entry")
PROBLEM = Problem(
    schools=(School("lincoln", "Lincoln High"), School("madison", "Madison Middle")),
    trainings=(Training("word-1", "Word for all", "word", "entry", 90, 20),
               Training("word-2", "Word in class", "word", "implementation", 60, 20)),
    trainers=(), slots=(),
    needs={WORD: 20, ("madison", "word", "entry"): 9, ("madison", "word", "implementation"): 6},
    now=datetime(2026, 12, 1),
)  # fmt: skip
AGREED = PlanSession(
    "S001", "agreed", ("madison",), "word-1", "mia", "x", datetime(2027, 1, 5, 15), datetime(2027, 1, 5, 17), 7
)


def test_people_who_had_a_class_in_the_wave_are_counted_once(district: District) -> None:
    everyone = [f"lincoln {number}" for number in range(14)]
    answer(district, NOW, at_level(1, range(14)))
    hold(district.store, "before", SINCE - timedelta(days=1), 9)
    hold(district.store, "first", SINCE, everyone[:8])
    hold(district.store, "again", SINCE + timedelta(days=9), everyone[2:])
    hold(district.store, "elsewhere", SINCE, 6, "madison", "own-course")
    assert trained_since(district.store, PROBLEM, SINCE) == {WORD: 14}


def test_a_group_that_is_hidden_still_counts_as_in_need(district: District) -> None:
    hold(district.store, "few", SINCE, 4)
    hold(district.store, "more", SINCE, 9, "madison")
    hold(district.store, "many", SINCE, 20, "madison", "own-course")
    assert trained_since(district.store, PROBLEM, SINCE) == {("madison", "word", "entry"): 9}


def test_needs_are_less_those_who_were_trained_and_never_below_none() -> None:
    found = less_trained(
        PROBLEM, {WORD: 14, ("madison", "word", "implementation"): 30, ("lincoln", "excel", "entry"): 5}
    )
    assert found.needs == {WORD: 6, ("madison", "word", "entry"): 9}
    assert found.trained == {WORD: 14, ("madison", "word", "implementation"): 6}


def test_what_is_left_to_plan_is_said_and_adds_up(district: District) -> None:
    found = left_section(PROBLEM, (), district.codebook)
    assert found.sentence == (
        "35 of 35 people in need are left to plan, since no session was held or agreed to yet. "
        "Each is counted for each class that they need, and each need at the low end of its range."
    )
    assert trained_sentence(PROBLEM) == ""
    problem = less_trained(PROBLEM, {WORD: 14})
    found = left_section(problem, (AGREED, replace(AGREED, starts_at=datetime(2026, 11, 1))), district.codebook)
    assert found.sentence == (
        "14 of 35 people in need are left to plan: 14 trained since this wave began and 7 with a place in 1 session to "
        "come. Each is counted for each class that they need, and each need at the low end of its range."
    )
    assert found.table is not None
    assert found.table.frame.drop("skill_name", "class").rows() == [(29, 14, 7, 8), (6, 0, 0, 6)]
    assert trained_sentence(problem).startswith("14 people were trained")


@pytest.fixture
def planned(district: District) -> District:
    answer(district, NOW, at_level(0, range(30)) | at_level(0, range(20), "madison"))
    set_training_list(district.store, "training", CATALOG, "test")
    rows = [("mia", "Mia Lane", "mie", "lincoln", "word", 6.0, ""), ("fay", "Fay", "facilitator", "", "word", 4.0, "")]
    set_training_list(district.store, "trainer", pl.DataFrame(rows, schema=COLUMNS["trainer"], orient="row"), "test")
    return district


def test_a_problem_and_its_proposals_are_made_anew_once_a_session_was_held(planned: District) -> None:
    now = datetime.now()
    survey = planned.survey(wave=NOW)
    before = planning_problem(survey, now=now).needs
    kept = proposals(planned.store, FACILITATOR, planned.codebook, NOW, now, target_share=0.6)
    assert kept is proposals(planned.store, FACILITATOR, planned.codebook, NOW, now, target_share=0.6)
    hold(planned.store, "a", WAVES[NOW].date() + timedelta(days=20), 8)
    after = planning_problem(survey, now=now)
    assert {need: people - after.needs.get(need, 0) for need, people in before.items()} == {
        need: 8 if need == WORD else 0 for need in before
    }
    assert after.trained == {WORD: 8}
    assert proposals(planned.store, FACILITATOR, planned.codebook, NOW, now, target_share=0.6) is not kept


def test_hours_given_since_the_list_was_loaded_are_no_longer_to_give(planned: District) -> None:
    lists, today = planning_lists(planned.store, datetime.now()), date.today()
    hold(planned.store, "before", today - timedelta(days=30), 8)
    assert less_hours_given(planned.store, lists).trainers == lists.trainers
    hold(planned.store, "a", today + timedelta(days=2), 8)
    hold(planned.store, "b", today + timedelta(days=3), 8, "madison")
    minutes = {one.trainer_id: one.minutes for one in less_hours_given(planned.store, lists).trainers}
    assert minutes == {"mia": 6 * 60 - 90 - 90 - 2 * 20, "fay": 4 * 60}
