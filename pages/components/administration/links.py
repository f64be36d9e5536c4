"""All open share links, and revoking one."""

from __future__ import annotations

import streamlit as st

from pages.components import data, display
from pages.components.markdown import address, plain
from pages.components.session import guard, share_dialog
from pages.components.session.current_visitor import current
from pd_core.actions import share_links
from pd_core.entities import Link
from pd_core.wording import date_said, day_said, moment_said

_SAID, _ROUND = "links_said", "links_round"
_COLUMNS = {
    "where": "Shows",
    "made_by": "Made by",
    "made_at": st.column_config.DatetimeColumn("Made (UTC)", format="MMM D, YYYY, HH:mm:ss"),
    "expires_at": st.column_config.DatetimeColumn("Open until (UTC)", format="MMM D, YYYY, HH:mm"),
    "link_id": "Name in the audit",
}


def section() -> None:
    """Show the open links with their makers and expiry dates, or say that there are none."""
    st.header("Links")
    if message := st.session_state.pop(_SAID, ""):
        st.success(message, icon=":material/link_off:")
    links = {link.link_id: link for link in share_links.open_links(data.store(), current())}
    if not links:
        st.markdown("No share link is open. Make one with **Share** in the sidebar of any page.")
        return
    number = "1 link is" if len(links) == 1 else f"{len(links):,} links are"
    st.markdown(f"{number} open. Anyone who has a link sees what it shows, without signing in.")
    names = share_dialog.places()
    rows = [
        {
            "where": names.get(link.school_id, link.school_id),
            "made_by": link.made_by,
            "made_at": link.made_at,
            "expires_at": link.expires_at,
            "link_id": f"Link {link.link_id}",
        }
        for link in links.values()
    ]
    display.rows(rows, column_order=list(_COLUMNS), column_config=_COLUMNS, key="table_links")

    def label(link_id: str) -> str:
        link = links[link_id]
        at = link.made_at  # to the second: with two equal labels the field would always choose the same link
        place = names.get(link.school_id, link.school_id)
        return f"{place}, made {day_said(at)}, {at:%H:%M:%S} UTC, by {link.made_by}"

    turn = st.session_state.get(_ROUND, 0)  # a new key empties the field in the browser
    chosen = st.selectbox(
        "Revoke a link", list(links), index=None, format_func=label, key=f"link_{turn}", placeholder="Choose a link"
    )
    if chosen is not None and st.button("Revoke", icon=":material/link_off:"):
        _confirm(links[chosen], names.get(links[chosen].school_id, links[chosen].school_id))


@st.dialog("Revoke this link?")
def _confirm(link: Link, place: str) -> None:
    with guard.page("administration", "administer"):
        which = f"to {plain(place)}, made {moment_said(link.made_at)}, by {address(link.made_by)},"
        st.markdown(
            f"The link {which} is open until {date_said(link.expires_at)}. Once revoked, it stops working for "
            "everyone and can't be restored."
        )
        if st.button("Revoke the link", type="primary", icon=":material/link_off:"):
            share_links.revoke_link(data.store(), current(), link.link_id)
            st.session_state[_SAID] = f"The link {which} no longer works."
            st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1
            st.rerun()
