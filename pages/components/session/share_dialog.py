"""Share: makes a link that shows one school or the district to anyone who has it; also as a tab in Teams."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

import streamlit as st

from pages.components import data
from pages.components.addresses import own_address, revoked_now, to_copy
from pages.components.feeds import share as feeds
from pages.components.markdown import address, plain
from pages.components.session import guard
from pages.components.session.current_visitor import current
from pd_core.access import DISTRICT, EVERYTHING, Visitor, can, can_somewhere
from pd_core.actions import share_links
from pd_core.entities import Link
from pd_core.sign_in import is_loopback
from pd_core.wording import date_said, moment_said

_MADE, _SCHOOL, _DAYS = "share_made", "share_school", "share_days"
_TEAMS = """1. Open the channel in Teams and choose **+** (Add a tab) at its top.
2. Choose **Website**.
3. Paste this address and give the tab a name, such as PD Pulse.
4. Choose **Save**. The tab opens the brief at once; its button leads to all pages."""


def button(visitor: Visitor) -> None:
    """Show the Share button in the sidebar to people who may share the page."""
    if not can_somewhere(visitor.actor, "share") or visitor.is_impersonating:
        return
    if st.button("Share", icon=":material/share:", key="share"):
        offered = _offered(visitor)
        asked = st.query_params.get("school", DISTRICT)
        st.session_state[_SCHOOL] = asked if asked in offered else next(iter(offered), None)
        st.session_state[_DAYS] = share_links.DEFAULT_LINK_DAYS
        st.session_state.pop(_MADE, None)
        _dialog()


def places() -> dict[str, str]:
    """What links and audit entries can be about: the district and its schools, without the sample's."""
    return {DISTRICT: "Whole district", **data.school_names(EVERYTHING)}


def _offered(visitor: Visitor) -> dict[str, str]:
    """What the visitor may make a link to."""
    return {place: name for place, name in places().items() if can(visitor.actor, "share", place)}


def _opened_by(link: Link) -> str:
    """The address that opens a link in a browser."""
    asked = {"link": share_links.token(link, data.key())}
    if link.school_id != DISTRICT:
        asked["school"] = link.school_id
    return f"{own_address()}/?{urlencode(asked)}"


_PLAIN_PAGES = {
    "brief": "The brief: one page for a phone, with a button to all of it",
    "said": "You said, we did: one page for the staff",
}


def _plain_page(link: Link, path: str, *, embedded: bool = False) -> str:
    """The address at which a link opens a plain page in a browser or, embedded, in a Teams tab."""
    asked = {"link": share_links.token(link, data.key())} | ({"embed": "true"} if embedded else {})
    return f"{own_address()}/{path}/{link.school_id}?{urlencode(asked)}"


@st.dialog("Share", on_dismiss="rerun")  # the page below may list links too
def _dialog() -> None:
    with guard.page("share", "share"):
        names = _offered(current())
        school_id = st.selectbox("What to show", list(names), format_func=lambda one: names[one], key=_SCHOOL)
        chosen = st.segmented_control(
            "For how long", share_links.LINK_DAYS, required=True, format_func=_in_days, key=_DAYS
        )
        days = chosen or share_links.DEFAULT_LINK_DAYS
        if st.button("Make a link", type="primary", icon=":material/add_link:", key="share_make"):
            st.session_state[_MADE] = share_links.make_link(data.store(), current(), school_id, days).link_id
        made = st.container()
        for link in _open_links(school_id, names[school_id]):
            if link.link_id == st.session_state.get(_MADE):
                with made:
                    _show(link, names[school_id])
        feeds.section(school_id, names[school_id], days)


def _show(link: Link, name: str) -> None:
    to_copy(f"Link to {plain(name)} (copy it)", _opened_by(link), key=f"share_link_{link.link_id}")
    for path, label in _PLAIN_PAGES.items():
        to_copy(f"{label} (copy it)", _plain_page(link, path), key=f"share_{path}_{link.link_id}")
    st.markdown(
        f"Anyone who has this link can open it until **{date_said(link.expires_at)}**, unless it is revoked here. "
        "On a phone it opens the brief first. It shows summaries only: no comments, and small groups stay hidden. It "
        "can't be used to upload."
    )
    if is_loopback(urlsplit(own_address()).hostname or ""):
        st.info(
            "Until sign-in is set up and PD Pulse runs on a network, the link works on this computer only (README).",
            icon=":material/computer:",
        )
    if data.is_sample():
        st.info("It shows the made-up sample district until the first answers are stored.", icon=":material/science:")
    with st.expander("Show it as a tab in Teams", icon=":material/tab:"):
        to_copy(
            "Address for a tab (copy it)", _plain_page(link, "brief", embedded=True), key=f"share_tab_{link.link_id}"
        )
        st.markdown(_TEAMS)


def _open_links(school_id: str, name: str) -> list[Link]:
    """List the links to this, each with a button to revoke it; returns those that are still open."""
    links = [link for link in share_links.open_links(data.store(), current()) if link.school_id == school_id]
    st.markdown(f"**Open links to {plain(name)}**" if links else f"No link to {plain(name)} is open.")
    return [link for link in links if not _is_revoked_now(link)]


def _is_revoked_now(link: Link) -> bool:
    made = f"made {moment_said(link.made_at)}, by {address(link.made_by)}"
    above = "**The link above.** " if link.link_id == st.session_state.get(_MADE) else ""
    return revoked_now(
        f"{above}Open until {date_said(link.expires_at)}, {made}",
        f"the link {made}",
        lambda: share_links.revoke_link(data.store(), current(), link.link_id),
        key=f"share_revoke_{link.link_id}",
    )


def _in_days(days: int) -> str:
    return f"{days} days"
