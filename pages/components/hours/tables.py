"""The tables of hours and money, of the store that is shown."""

from __future__ import annotations

from typing import Any

from pages.components import clock, data
from pages.components.session.current_visitor import current
from pd_core.summaries.given import given_rows
from pd_core.summaries.held import held_table
from pd_core.summaries.planning_lists import planning_lists


def hours() -> Any:
    """Hours by year, school and training, as `summaries.held.hour_rows`."""
    return held_table(*_shown("hours"))


def money() -> Any:
    """What is spent and left, by year and fund, as `summaries.money.money_rows`."""
    current().require("plan")
    return held_table(*_shown("money"))


def given(year: str) -> Any:
    """What each training of a year took, as `summaries.given.given_rows`."""
    current().require("plan")
    return given_rows(data.shown_store()[0], year, clock.today())


def schools() -> dict[str, str]:
    """School id to name."""
    return {str(row["school_id"]): str(row["name"]) for row in data.schools()}


def titles() -> dict[str, str]:
    """Training id to title."""
    lists = planning_lists(data.shown_store()[0], clock.now())
    return {one.training_id: one.title for one in lists.trainings}


def _shown(table: str) -> tuple[Any, str, Any]:
    shown, scope = data.shown_store()
    return shown, table, scope
