"""The rates and funds of the years, loaded from a file."""

from __future__ import annotations

import streamlit as st

from pages.components import data
from pages.components.markdown import plain
from pages.components.session.current_visitor import current
from pd_core.actions import training_lists
from pd_core.errors import UserError
from pd_core.reference.budget import BUDGET_FILE, read_budget

_ROUND = "budget_round"


def load() -> None:
    """Take a list of rates and funds in place of the one before."""
    st.header("Set rates and funds")
    st.caption(f"CSV or Excel, with the columns {', '.join(BUDGET_FILE)}. It replaces the whole list.")
    turn = st.session_state.get(_ROUND, 0)  # a new key empties the field in the browser
    file = st.file_uploader("Rates and funds (Excel or CSV)", ["xlsx", "csv"], key=f"budget_{turn}")
    if file is None:
        return
    try:
        rows = read_budget(file.name, file.getvalue())
    except UserError as error:
        st.error(plain(error.text(most_details=30)), icon=":material/error:")
        return
    st.dataframe(rows, hide_index=True, key="table_budget")
    if st.button("Use these rates and funds", type="primary", icon=":material/save:", key="budget_yes"):
        training_lists.set_budget(data.store(), current(), rows)
        st.session_state[_ROUND] = turn + 1
        st.rerun()
