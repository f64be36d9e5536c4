"""The sessions as cards, state by state, each with the steps that this visitor may take."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from pages.components import clock, data, filters, headings, notices, sorted_table
from pages.components.markdown import plain
from pages.components.next_day import message
from pages.components.session import guard
from pages.components.session.current_visitor import current
from pages.components.sessions import change, held, notes, record
from pd_core.actions import plan_record, plan_rights
from pd_core.entities import PlanState
from pd_core.errors import UserError
from pd_core.planning.problem import Problem
from pd_core.presentation import held as presentation
from pd_core.presentation.sessions import HEADS, MOST_CARDS, STATES, SessionCard, arranged, cells, next_steps

OPEN, OPENED = "open", "opened-session"
"""What the address calls the session that is opened from a table, and the section that it is shown in."""
_LABELS: dict[PlanState, tuple[str, str]] = {
    "agreed": ("Agree", ":material/check:"),
    "scheduled": ("Schedule", ":material/event:"),
    "cancelled": ("Cancel", ":material/event_busy:"),
}


def show(cards: Sequence[SessionCard], lists: Problem) -> None:
    """Show the sessions by state; what a visitor may not do is not offered."""
    kinds = plan_rights.kinds_of(lists)
    if len(cards) > MOST_CARDS:
        _table(cards, kinds, lists)
        return
    notices.show(record.NOTICE)
    filters.forget(OPEN)  # all of them are open
    asked = [card for card in cards if card.session.asked and card.session.is_open]
    groups = {"Change asked for": asked} | {
        label: [card for card in cards if card.session.state == state and card not in asked]
        for state, label in STATES.items()
    }
    for label, there in groups.items():
        if there:
            st.header(f"{label}: {len(there):,}")
        for card in there:
            with st.container(border=True):
                _card(card, kinds, lists)


def _table(cards: Sequence[SessionCard], kinds: Mapping[str, str], lists: Problem) -> None:
    """Many sessions as a table, of which one is opened above it: by its link there, or by its name."""
    by, is_reversed = filters.order(HEADS, "when")
    in_order = arranged(cards, by, is_reversed=is_reversed)
    names = {card.session.session_id: f"{card.session.session_id}: {card.title}, {card.when}" for card in in_order}
    elsewhere: filters.Unknown = []
    chosen = filters.one("Session", OPEN, {"": "No session", **names}, unknown=elsewhere)
    if elsewhere:
        st.info("The session that was open is not in this list.", icon=":material/filter_list:")
    notices.show(record.NOTICE)
    for card in cards:
        if card.session.session_id == chosen:
            with st.container(border=True):
                _card(card, kinds, lists, name=OPENED)
    queries = [filters.address_with(OPEN, session_id) for session_id in names]
    opens = sorted_table.Links(queries, list(names.values()), f"section-{OPENED}")
    label = f"{len(cards):,} sessions"
    with headings.announced("sessions"):
        headings.sentences([f"{label}."])
    sorted_table.show("sessions", label, HEADS, cells(in_order), by, is_reversed=is_reversed, opens=opens)


def _card(card: SessionCard, kinds: Mapping[str, str], lists: Problem, *, name: str | None = None) -> None:
    session = card.session
    st.subheader(plain(card.title), anchor=name and f"section-{name}")
    st.markdown(f":material/event: **{plain(card.when)}**")
    st.markdown(plain(card.who))
    if card.actions and session.is_open:
        st.markdown("**The next day:**\n" + "\n".join(f"- {plain(action)}" for action in card.actions))
    if card.url and session.is_open:
        st.link_button("About this class", card.url, icon=":material/open_in_new:")
    if session.asked:
        st.markdown(f":material/feedback: **Change asked for:** {plain(session.asked)}")
    if session.note:
        st.markdown(f"**Note:** {plain(session.note)}")
    if session.state == "delivered":
        line = presentation.how_it_went(record.held_rows().get(session.session_id))
        st.markdown(f":material/task_alt: {plain(line)}")
        if held.may_say(session) and not record.is_read_only():
            message.show(card)
    if record.is_read_only():
        return
    st.caption(plain(card.changed))
    is_own = held.may_say(session)
    steps = [
        step
        for step in next_steps(session)
        if plan_rights.may_step(current(), kinds, session, step) or (step == "cancelled" and is_own)
    ]
    with st.container(horizontal=True):
        for step in steps:
            label, icon = _LABELS[step]
            if st.button(label, icon=icon, key=f"{step}_{session.session_id}"):
                _decide(card, step)
        if is_own:
            held.button(card)
        if session.is_open:
            _other_steps(card, kinds, lists)


def _other_steps(card: SessionCard, kinds: Mapping[str, str], lists: Problem) -> None:
    session = card.session
    may = {step: plan_rights.may_step(current(), kinds, session, step) for step in ("moved", "noted", "asked")}
    if may["moved"] and st.button("Change", icon=":material/edit_calendar:", key=f"change_{session.session_id}"):
        change.existing(card, lists)
    if may["moved"] and session.asked:
        if st.button("Answer", icon=":material/reply:", key=f"answer_{session.session_id}"):
            notes.answer(card)
    elif may["noted"] and st.button("Note", icon=":material/edit_note:", key=f"note_{session.session_id}"):
        notes.note(card)
    if (
        may["asked"]
        and not may["moved"]
        and st.button("Ask for a change", icon=":material/feedback:", key=f"ask_{session.session_id}")
    ):
        notes.ask(card)


@st.dialog("Decide on a session")
def _decide(card: SessionCard, step: PlanState) -> None:
    with guard.page("sessions", "decide"):
        session = card.session
        label, icon = _LABELS[step]
        st.markdown(f"**{plain(card.title)}**, {plain(card.when.rstrip('.'))}. {plain(card.who)}")
        field = "Why is it cancelled?" if step == "cancelled" else "Note (what the meeting decided)"
        note = st.text_area(field, key=f"{step}_note_{session.session_id}", max_chars=plan_record.MOST_NOTE)
        if st.button(f"{label} this session", type="primary", icon=icon, key=f"{step}_yes_{session.session_id}"):
            base = {session.session_id: record.base_of(session)}
            try:
                plan_record.take_step(
                    data.store(), current(), [session.session_id], step, clock.now(), note=note, bases=base
                )
            except UserError as error:  # the text that was typed stays in its field
                st.error(plain(error.text()), icon=":material/error:")
                return
            record.say(f"{session.session_id} is {step}.")
