"""A session is said to be held, with who attended: a number, a file, or a sign-in sheet typed in."""

from __future__ import annotations

import streamlit as st

from pages.components import clock, data
from pages.components.markdown import plain
from pages.components.session import guard
from pages.components.session.current_visitor import current
from pages.components.sessions import record
from pd_core.actions import attendance, deliveries
from pd_core.actions.delivery_rules import may_deliver
from pd_core.entities import PlanSession
from pd_core.errors import UserError
from pd_core.ingestion import Receipt
from pd_core.presentation import held as presentation
from pd_core.presentation.sessions import SessionCard
from pd_core.reference.delivery_file import MOST_MINUTES, MOST_PEOPLE, DeliverRow

_PROBLEMS = 5


def may_say(session: PlanSession) -> bool:
    """Whether the visitor can say that this session was held, or how."""
    is_possible = session.is_open or session.state == "delivered"
    return is_possible and may_deliver(current(), session, record.own_trainer())


def button(card: SessionCard) -> None:
    """Offer to say that a session was held; once it was, to say how."""
    is_held = card.session.state == "delivered"
    label = "How it went" if is_held else "It was held"
    if st.button(label, icon=":material/task_alt:", key=f"held_{card.session.session_id}"):
        _say(card)


@st.dialog("A session was held")
def _say(card: SessionCard) -> None:
    with guard.page("sessions", "decide"):
        session, key = card.session, f"held_{card.session.session_id}"
        known = deliveries.known_delivery(data.store(), current(), session)
        now = clock.now()
        st.markdown(f"**{plain(card.title)}**, {plain(card.when.rstrip('.'))}.")
        day = st.date_input(
            "Held on", known.delivered_on if known else min(session.starts_at, now).date(), format="MM/DD/YYYY",
            key=f"{key}_day",
        )  # fmt: skip
        people = st.number_input(
            "How many people attended (leave empty if you have a list)", 0, MOST_PEOPLE,
            known.attended if known else None, key=f"{key}_people",
        )  # fmt: skip
        if doubt := deliveries.doubt_about(data.store(), session, people):
            st.warning(plain(doubt), icon=":material/help:")
        planned = known.minutes if known else (session.ends_at - session.starts_at).total_seconds() / 60
        minutes = st.number_input(
            "Minutes that it took each person", 1, MOST_MINUTES, int(planned), key=f"{key}_minutes"
        )
        note = st.text_input("Note", known.note if known else "", key=f"{key}_note")
        file = st.file_uploader(
            "Who attended: a list of e-mail addresses, or the attendance report of a Teams meeting",
            ["csv", "xlsx", "tsv", "txt"], key=f"{key}_file",
        )  # fmt: skip
        typed = st.text_area("Or the sign-in sheet: one e-mail address on each line", key=f"{key}_typed")
        st.caption("Addresses become codes when they are stored. No name and no address is kept.")
        name, content = (file.name, file.getvalue()) if file else ("the sign-in sheet", typed.encode())
        try:
            if content.strip():
                receipt = _listed(session.session_id, name, content, dry_run=True)
                st.info(plain(presentation.preview_said(receipt, most=_PROBLEMS)), icon=":material/group:")
        except UserError as error:
            st.error(plain(error.text()), icon=":material/error:")
            return
        if not st.button("Store", type="primary", icon=":material/save:", key=f"{key}_yes"):
            return
        row = DeliverRow(0, session.session_id, day, people, float(minutes), note)
        base = None if session.state == "delivered" else record.base_of(session)
        try:
            said = presentation.held_said(session.session_id, day)
            deliveries.deliver(data.store(), current(), row, now, data.settings().time_zone, base=base)
            if content.strip():
                said = presentation.list_said(_listed(session.session_id, name, content), most=_PROBLEMS)
        except UserError as error:  # what was chosen and typed stays in its fields
            st.error(plain(error.text()), icon=":material/error:")
            return
        record.say(said)


def _listed(session_id: str, name: str, content: bytes, *, dry_run: bool = False) -> Receipt:
    """Puts people on the list, or only says what would become of them."""
    zone = data.settings().time_zone
    return attendance.take_attendance(
        data.store(), current(), session_id, name, content, data.key(), clock.now(), zone, dry_run=dry_run
    )
