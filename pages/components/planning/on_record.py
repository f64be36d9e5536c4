"""Putting a proposal on record, where people agree to its sessions."""

from __future__ import annotations

import streamlit as st

from pages.components import clock, data, notices, page_links
from pages.components.session import guard
from pages.components.session.current_visitor import current
from pd_core.actions.plan_record import record_proposal
from pd_core.planning.found import Found

_NOTICE = "plan_on_record"


def section(found: Found) -> None:
    """Offer to put the proposal on record; the made-up sample has none."""
    if data.is_sample() or not found.plan.sessions:
        return
    st.header("Put it on record")
    if notices.show(_NOTICE):
        page_links.show(page_links.Link("sessions.py", "Open the sessions", "checklist"))
        return
    st.caption("Then people can agree to each session, schedule it and follow it. Earlier proposals are replaced.")
    if st.button("Put this proposal on record", icon=":material/checklist:", key="plan_record"):
        _confirm(found)


@st.dialog("Put this proposal on record?")
def _confirm(found: Found) -> None:
    with guard.page("plan", "plan"):
        st.markdown(
            f"{len(found.plan.sessions):,} sessions become the plan's proposals. What was agreed or scheduled stays; "
            "other proposals are replaced."
        )
        if st.button("Put on record", type="primary", icon=":material/checklist:", key="plan_record_yes"):
            record_proposal(data.store(), current(), found.plan, clock.now())
            notices.say(_NOTICE, "The sessions are on record as proposed.")
