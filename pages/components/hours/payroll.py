"""Hours of each person, matched on the administrator's screen with a staff list that is not stored."""

from __future__ import annotations

import streamlit as st

from pages.components import data, display
from pages.components.markdown import plain
from pages.components.session.current_visitor import current
from pd_core.actions.payroll import payroll
from pd_core.errors import UserError


def section(year: str) -> None:
    """Match a staff list with the hours of a year, and offer the result as a file."""
    st.header("Hours of each person, for payroll")
    st.markdown(
        "PD Pulse knows people by codes, which can't be turned back into addresses. Drop the staff list here: its "
        "addresses are matched on this screen, and neither the list nor the result is stored. Only people on a list of "
        "attendance are found, not those who were counted."
    )
    file = st.file_uploader("Staff list with e-mail addresses (Excel or CSV)", ["xlsx", "csv"], key="payroll_file")
    if file is None:
        return
    try:
        rows = payroll(data.store(), current(), year, file.name, file.getvalue(), data.key())
    except UserError as error:
        st.error(plain(error.text()), icon=":material/error:")
        return
    st.markdown(f"{len(rows):,} of the people on the list have hours in {year}.")
    display.rows(rows, key="table_payroll")
    display.downloads(rows, name=f"payroll-{year}")
