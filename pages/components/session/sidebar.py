"""The sidebar: the visitor's name, role and scope, and sign-out; also a notice above the page while impersonating."""

from __future__ import annotations

import streamlit as st

from pages.components import data
from pages.components.markdown import address, plain
from pages.components.page_links import icon
from pages.components.session import authentication, share_dialog
from pd_core.access import DISTRICT, ROLES, Visitor
from pd_core.actions import share_links
from pd_core.wording import date_said


def own_computer(visitor: Visitor) -> str:
    """What is below the menu where there is no sign-in, as HTML; empty for everyone else."""
    if visitor.is_impersonating or visitor.actor.name != authentication.THIS_COMPUTER:
        return ""
    words = "On this computer only, without sign-in. You are the administrator."
    return f'<p class="pulse-note">{icon("computer")}<span>{words}</span></p>'


def show(visitor: Visitor) -> None:
    """Show who the visitor is and what they see, and let them sign out."""
    link = share_links.link_of(data.store(), visitor.actor)
    if visitor.is_impersonating:
        _looking_as(visitor)
    elif link:
        names = {**share_dialog.places(), DISTRICT: "the whole district"}
        what = plain(names.get(link.school_id, link.school_id))
        st.caption(f":material/link: Shared view of {what}, until {date_said(link.expires_at)}.")
    with st.sidebar:
        share_dialog.button(visitor)
        if link:
            if not st.context.is_embedded:  # no one can sign in there, so there is nothing to go back to
                st.button(
                    "Leave the link", on_click=authentication.leave_link, icon=":material/link_off:", type="tertiary"
                )
        elif authentication.has_sign_in():
            st.text(f"{visitor.audit_name}, {ROLES[visitor.real_actor.role]}")
            if st.button("Sign out", icon=":material/logout:", type="tertiary"):
                authentication.sign_out()


def _looking_as(visitor: Visitor) -> None:
    names = [
        name for school_id, name in data.school_names(visitor.scope).items() if school_id in visitor.actor.school_ids
    ]
    where = f" of {', '.join(names)}" if names else ""
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(
            f":material/visibility: You see the pages as {address(visitor.actor.name)}, "
            f"{ROLES[visitor.actor.role]}{plain(where)}, until you stop or reload the page."
        )
        st.button(
            "Back to your own view",
            on_click=authentication.look_as,
            args=(None,),
            icon=":material/undo:",
            key="stop_looking",
        )
