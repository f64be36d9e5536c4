"""One school's part of a plan: its sessions as cards, so that a phone shows them well."""

from __future__ import annotations

import streamlit as st

from pages.components import data, display
from pages.components.markdown import plain
from pages.components.session.current_visitor import current
from pd_core.planning.found import Found
from pd_core.presentation.plan_school import Card, SchoolPlan, school_plan
from pd_core.presentation.plan_words import PROPOSAL


def plan_of(found: Found, school_id: str) -> SchoolPlan:
    """A school's part of a plan. Raises RefusedAccess for a school that the visitor does not see."""
    current().require("view", school_id)
    return school_plan(found, school_id, data.school_goal(school_id), data.codebook())


def show(found: SchoolPlan) -> None:
    """Show a school's goal, its sessions in order of time, what is left, and the files."""
    if found.goal:
        st.markdown(f":material/flag: {plain(found.goal)}")
    if found.notice:
        st.warning(plain(found.notice), icon=":material/warning:")
    st.caption(PROPOSAL)
    for card in found.cards:
        with st.container(border=True):
            _card(card)
    display.section(found.unmet)
    if found.cards:
        st.header("Take it away")
        display.downloads(found.sessions.frame, name=found.sessions.name)


def _card(card: Card) -> None:
    st.subheader(plain(card.title))
    st.markdown(f":material/event: **{plain(card.when)}**")
    st.markdown(plain(card.who))
    if card.actions:
        st.markdown("**The next day:**\n" + "\n".join(f"- {plain(action)}" for action in card.actions))
    if card.url:
        st.link_button("About this class", card.url, icon=":material/open_in_new:")
    st.caption(plain(card.why))
