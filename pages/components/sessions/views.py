"""The sessions as a board by school, a calendar by week and month, and by trainer; each of them a table of texts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import streamlit as st

from pages.components import display, filters
from pages.components.markdown import plain
from pages.components.session.current_visitor import current
from pd_core.entities import PlanSession
from pd_core.planning.problem import Problem
from pd_core.presentation import session_views, sessions


def choose_view(own_trainer: str) -> str:
    """What the page shows: for people who teach, their own sessions first."""
    options = sessions.views(own_trainer, plans=current().may("plan"))
    if st.query_params.get("view") == sessions.MINE and not own_trainer:
        st.query_params.pop("view")  # a link from someone who teaches
    return filters.one("Show", "view", options, noun="View", as_buttons=True, is_personal=bool(own_trainer))


def board(lists: Problem, found: Sequence[PlanSession], school_id: str) -> None:
    """Show how far each school is; `found` are the sessions of all states."""
    grid = session_views.board(lists, found, school_id, current().scope.school_ids)
    st.markdown(session_views.board_sentence(grid))
    display.grid(grid.headings, grid.rows)


def calendar(lists: Problem, found: Sequence[PlanSession], layout: str, now: datetime) -> None:
    """Show the sessions by week, by month or by trainer."""
    if not found:
        st.info("No session is here. “All sessions” includes those that are past or cancelled.")
        return
    if layout == "trainers":
        grid = session_views.by_trainer(lists, found, now)
        display.grid(grid.headings, grid.rows)
        st.caption("Choose a trainer above for the sessions one by one.")
        return
    periods = session_views.weeks(found) if layout == "week" else session_views.months(found)
    first = session_views.first_period(list(periods), found, now)
    label = "Week" if layout == "week" else "Month"
    period = filters.one(label, layout, periods, default=first, is_personal=True)
    if layout == "week":
        for day in session_views.week(lists, found, period):
            st.header(plain(day.heading))
            st.markdown("\n".join(f"- {plain(line)}" for line in day.lines))
    else:
        grid = session_views.month(lists, found, period)
        display.grid(grid.headings, grid.rows)
