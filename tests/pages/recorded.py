"""A plan on record for the store of four schools, and a Sessions page that shows it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from streamlit.testing.v1 import AppTest

from pages.components import data
from pd_core.actions.plan_record import change_plan, record_of
from pd_core.entities import PlanSession
from tests.actions.people import FACILITATOR as PLANNER
from tests.pages.planned import load_lists
from tests.pages.seen import OpenPage

STARTS, ENDS = datetime(2031, 1, 14, 15, 30), datetime(2031, 1, 14, 17)
NOW = datetime(2030, 1, 1)
SESSIONS = [
    PlanSession("S001", "proposed", ("lincoln",), "word-entry", "mia", "one", STARTS, ENDS, 8),
    PlanSession("S002", "proposed", ("lincoln",), "word-implementation", "fay", "one", STARTS, ENDS, 9),
    PlanSession("S003", "agreed", ("washington",), "word-entry", "wes", "one", STARTS, ENDS, 7, "In the library"),
]


def open_recorded(app: OpenPage, answers: Path, **how: object) -> AppTest:
    """Opens the Sessions page of a store with the plan on record, as somebody."""
    page = app("sessions", store=answers, **how)
    load_lists(data.store(), data.real_codebook())
    change_plan(data.store(), PLANNER, "proposed", lambda _: SESSIONS)
    page.run()
    assert not page.exception
    return page


def labels(page: AppTest) -> list[str]:
    return [button.label for button in page.button]


def states() -> dict[str, str]:
    found = record_of(data.store(), PLANNER)
    return {one.session_id: one.state for one in found.sessions()}
