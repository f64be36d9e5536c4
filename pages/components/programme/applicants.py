"""Who applied to become a trainer: a list from a file."""

from __future__ import annotations

import streamlit as st

from pages.components import data
from pages.components.markdown import plain
from pages.components.session.current_visitor import current
from pd_core.access import EVERYTHING
from pd_core.actions import training_lists
from pd_core.errors import UserError
from pd_core.reference.applicants import APPLICANT_FILE, read_applicants

_ROUND = "applicants_round"


def load() -> None:
    """Take a list of applications in place of the one before."""
    turn = st.session_state.get(_ROUND, 0)  # a new key empties the field in the browser
    file = st.file_uploader("Applications (Excel or CSV)", ["xlsx", "csv"], key=f"applicants_{turn}")
    st.caption(f"Columns: {', '.join(APPLICANT_FILE)}. It replaces the whole list.")
    if file is None:
        return
    try:
        rows = read_applicants(file.name, file.getvalue(), data.school_finder(EVERYTHING))
    except UserError as error:
        st.error(plain(error.text(most_details=30)), icon=":material/error:")
        return
    st.dataframe(rows, hide_index=True, key="table_applicants_new")
    if st.button("Use these applications", type="primary", icon=":material/save:", key="applicants_yes"):
        training_lists.set_applicants(data.store(), current(), rows)
        st.session_state[_ROUND] = turn + 1
        st.rerun()
