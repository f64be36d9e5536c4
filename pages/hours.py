"""Hours and money: what training took, what it cost, and what is left of the year's funds."""

from __future__ import annotations

import streamlit as st

from pages.components import data, display, filters, headings, page_links
from pages.components.hours import budget, payroll, tables
from pages.components.session import guard
from pages.components.session.current_visitor import current
from pd_core.presentation import hours as presentation

with guard.page("hours", "plan"):
    hours, money = tables.hours(), tables.money()
    years = presentation.years(hours, money)
    head = st.container()
    year = filters.one("Year", "year", years) if years else ""
    with head:
        headings.opening(presentation.headline(hours, money, year) if year else "No session was held yet")
    if not years:
        st.markdown("Hours come from sessions that were held. Say on the Sessions page how a session went.")
        page_links.show(page_links.Link("sessions.py", "Open the sessions", "checklist"))
    else:
        if funds := presentation.money_section(money, year):
            display.open_section(funds)
        if given := presentation.given_section(tables.given(year)):
            display.open_section(given)
            page_links.show(page_links.Link("impact.py", "What trainings changed: stop, keep or change", "query_stats"))
        display.open_section(presentation.hours_section(hours, year, tables.schools(), tables.titles()))
    if not data.is_sample():
        budget.load()
    if year and not data.is_sample() and current().may("administer"):
        payroll.section(year)
