"""The message that a trainer sends after a session, and what became of it, on the session's card."""

from __future__ import annotations

import streamlit as st

from pages.components import clock, data, display
from pages.components.addresses import own_address
from pages.components.markdown import plain
from pages.components.next_day.route import PATH
from pages.components.session.current_visitor import current
from pd_core.actions import next_day
from pd_core.presentation import next_day as presentation
from pd_core.presentation.sessions import SessionCard
from pd_core.summaries.next_day import followed


def show(card: SessionCard) -> None:
    """Offer the message while its link is open; say what came of it afterwards. For those who said that it was held."""
    session_id = card.session.session_id
    found = followed(data.store(), session_id, clock.today())
    if found is None:
        return
    st.markdown(f":material/reply: {plain(presentation.outcome(found))}")
    if found.is_closed:
        if lines := next_day.lines(data.store(), current(), session_id, clock.today()):
            with st.expander("In their own words", icon=":material/format_quote:"):
                display.rows({"What people added": lines}, key=f"table_lines_{session_id}")
        return
    token = next_day.token(data.store(), current(), card.session, data.key())
    url = f"{own_address()}{PATH.format(token=token)}"
    with st.expander("Message to send: the next-day actions and the link", icon=":material/content_copy:"):
        st.code(presentation.message(card.title, card.actions, url, found.closes_on), language=None, wrap_lines=True)
        st.caption(
            "Anyone with the link can answer once on a device. Someone with two devices can answer twice, and a link "
            "can be passed on; no more answers are taken than people attended."
        )
