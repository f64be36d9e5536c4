"""What is said of a session: a note, a request for a change, the answer to it."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from pages.components import clock, data
from pages.components.markdown import plain
from pages.components.session import guard
from pages.components.session.current_visitor import current
from pages.components.sessions import record
from pd_core.actions import plan_record, plan_requests
from pd_core.errors import UserError
from pd_core.presentation.sessions import SessionCard


@st.dialog("Note on a session")
def note(card: SessionCard) -> None:
    """Write what was decided of a session."""
    with guard.page("sessions", "decide"):
        session_id, base = card.session.session_id, record.base_of(card.session)
        _text(
            card, "note", "Note (a decision of the meeting)", "Save the note", card.session.note,
            lambda text: plan_record.put_note(data.store(), current(), session_id, text, clock.now(), base=base),
            f"The note on {session_id} is saved.",
        )  # fmt: skip


@st.dialog("Ask for a change")
def ask(card: SessionCard) -> None:
    """Ask the people who decide on a session for a change."""
    with guard.page("sessions", "decide"):
        session_id = card.session.session_id
        _text(
            card, "ask", "What should change?", "Send the request", card.session.asked,
            lambda text: plan_requests.ask_for_change(data.store(), current(), session_id, text, clock.now()),
            f"The request for {session_id} waits for an answer.",
        )  # fmt: skip


@st.dialog("Answer a request")
def answer(card: SessionCard) -> None:
    """Answer a request for a change; moving or cancelling the session answers it too."""
    with guard.page("sessions", "decide"):
        session_id, base = card.session.session_id, record.base_of(card.session)
        st.markdown(f":material/feedback: **Change asked for:** {plain(card.session.asked)}")
        _text(
            card, "answer", "Answer (it becomes the note)", "Send the answer", "",
            lambda text: plan_requests.answer_request(
                data.store(), current(), session_id, text, clock.now(), base=base
            ),
            f"The request for {session_id} is answered.",
        )  # fmt: skip


def _text(
    card: SessionCard, name: str, label: str, button: str, value: str, store: Callable[[str], object], said: str
) -> None:
    session_id = card.session.session_id
    st.markdown(f"**{plain(card.title)}**, {plain(card.when.rstrip('.'))}.")
    text = st.text_area(label, value, key=f"{name}_text_{session_id}", max_chars=plan_record.MOST_NOTE)
    if st.button(button, type="primary", icon=":material/send:", key=f"{name}_yes_{session_id}"):
        try:
            store(text)
        except UserError as error:  # the text that was typed stays in its field
            st.error(plain(error.text()), icon=":material/error:")
            return
        record.say(said)
