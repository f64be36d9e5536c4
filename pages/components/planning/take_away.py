"""A plan to take away: the same columns as the command's, as a workbook, CSV and JSON; the rules for the command."""

from __future__ import annotations

import streamlit as st

from pages.components import display
from pd_core.actions.proposals import Asked
from pd_core.planning.found import Found
from pd_core.presentation.plan import Chosen, sessions
from pd_core.reports.files import FORMATS, render
from pd_core.reports.plan_files import plan_json, rule_table


def section(found: Found, asked: Asked) -> None:
    """Offer the whole plan as files."""
    st.header("Take it away")
    display.downloads(sessions(found, Chosen()), name="plan")
    with st.container(horizontal=True):
        display.download(
            "Download JSON file",
            "plan.json",
            lambda: plan_json(found.plan),
            FORMATS["json"].mime,
            key="download_plan_json",
        )
        if asked.rules:
            display.download(
                "Download the decisions (for the command)",
                "locks.csv",
                lambda: render(rule_table(asked.rules), "csv", bom=True),
                FORMATS["csv"].mime,
                key="download_locks",
            )
    st.caption("The JSON file is what the command `plan propose --json` prints.")
