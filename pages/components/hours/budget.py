"""The rates and funds of the years, loaded from a file."""

from __future__ import annotations

import streamlit as st

from pages.components import data, list_file
from pages.components.session.current_visitor import current
from pd_core.actions import training_lists
from pd_core.reference.budget import BUDGET_FILE, read_budget


def load() -> None:
    """Take a list of rates and funds in place of the one before."""
    st.header("Set rates and funds")
    list_file.load(
        "budget", "Rates and funds", BUDGET_FILE, "Use these rates and funds", read_budget,
        lambda rows: training_lists.set_budget(data.store(), current(), rows),
    )  # fmt: skip
