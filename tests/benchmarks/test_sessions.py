"""How long the Sessions page waits: the board of 60 schools, and calendar files of a plan with 300 sessions."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from pd_core.access import DISTRICT
from pd_core.entities import PlanSession, SessionChange
from pd_core.planning.problem import Problem
from pd_core.planning.record import Record, replay
from pd_core.presentation import session_views
from pd_core.presentation.sessions import cards
from pd_core.reports.calendar_file import calendar
from tests.benchmarks.conftest import Measured
from tests.benchmarks.test_page_work import milliseconds
from tests.planning.made_up import district

pytestmark = pytest.mark.benchmarks
STATES = ("proposed", "agreed", "scheduled", "delivered", "cancelled")
NOW = datetime(2027, 1, 1)


@pytest.fixture(scope="module")
def plan() -> tuple[Problem, Record]:
    """Sixty schools with 300 sessions, each of which was changed three times."""
    problem, changes = district(60, 1), []
    for number in range(300):
        at = NOW + timedelta(days=number % 90, hours=15)
        first = PlanSession(
            f"S{number:03}", STATES[number % 5], (problem.schools[number % 60].school_id,),
            problem.trainings[number % len(problem.trainings)].training_id,
            problem.trainers[number % len(problem.trainers)].trainer_id, problem.slots[0].slot_id, at,
            at + timedelta(hours=1), 12,
        )  # fmt: skip
        for turn in range(3):
            base = 1_000 * turn - 1_000 + number if turn else None
            changes.append(SessionChange(1_000 * turn + number, base, first, "Fay", NOW))
    record = replay(changes)
    assert len(record.sessions()) == 300 and record.lost == ()
    return problem, record


@pytest.mark.parametrize("layout", ["list", "board", "week", "month", "trainers"])
def test_a_view_of_300_sessions(
    benchmark: BenchmarkFixture, plan: tuple[Problem, Record], measured: Measured, layout: str
) -> None:
    problem, record = plan
    sessions, seen = record.sessions(), [one.school_id for one in problem.schools]
    make = {
        "list": lambda: cards(record, problem, sessions),
        "board": lambda: session_views.board(problem, sessions, DISTRICT, seen),
        "week": lambda: session_views.week(problem, sessions, next(iter(session_views.weeks(sessions)))),
        "month": lambda: session_views.month(problem, sessions, "2027-01"),
        "trainers": lambda: session_views.by_trainer(problem, sessions, NOW),
    }[layout]
    measured(f"Sessions, {layout} of 300", milliseconds(benchmark, make, 10), "ms", at_most=30)


def test_the_calendar_file_of_300_sessions(
    benchmark: BenchmarkFixture, plan: tuple[Problem, Record], measured: Measured
) -> None:
    problem, kept = plan
    sessions = kept.sessions()
    took = milliseconds(benchmark, lambda: calendar(problem, kept, sessions, "America/Los_Angeles", "Plan"), 5)
    measured("the calendar file of 300 sessions", took, "ms", at_most=200)


def test_the_plan_is_read_from_900_changes(
    benchmark: BenchmarkFixture, plan: tuple[Problem, Record], measured: Measured
) -> None:
    changes = plan[1].changes
    measured("the plan read from 900 changes", milliseconds(benchmark, lambda: replay(changes), 10), "ms", at_most=30)
