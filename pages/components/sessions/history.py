"""Who changed what; the plan as it was after a change, and undoing one."""

from __future__ import annotations

import streamlit as st

from pages.components import data, display
from pages.components.markdown import plain
from pages.components.session import guard
from pages.components.session.current_visitor import current
from pages.components.sessions import record as of_page
from pd_core.actions import plan_record
from pd_core.errors import UserError
from pd_core.planning.problem import Problem
from pd_core.planning.record import Record, at_version
from pd_core.reports.plan_record_text import change_labels, history_lines, history_rows, session_lines


def section(record: Record, lists: Problem) -> None:
    """Show the changes, latest first, when a reader unfolds them; people who plan can undo one."""
    fold = display.fold("Who changed what", "history", "history")
    if not fold.open:
        return
    with fold:
        rows = history_rows(record)
        labels = change_labels(rows)
        chosen = st.selectbox(
            "Change", list(labels), index=None, format_func=lambda number: labels[number],
            placeholder="Choose a change to see the plan as it was then", key="history_change",
        )  # fmt: skip
        if chosen is None:
            st.text(history_lines(rows[::-1][:100]))
            return
        st.text(history_lines([row for row in rows if row["change"] == chosen]))
        if current().may("plan") and st.button("Undo this change", icon=":material/undo:", key="history_undo"):
            _undo(chosen, labels[chosen])
        st.markdown("**The plan after this change**")
        st.text(session_lines(lists, at_version(record, chosen).sessions()))


@st.dialog("Undo this change?")
def _undo(number: int, label: str) -> None:
    with guard.page("sessions", "plan"):
        st.markdown(f"{plain(label)}. Its sessions become what they were before; undoing is itself a change.")
        if st.button("Undo it", type="primary", icon=":material/undo:", key="history_undo_yes"):
            try:
                plan_record.undo_change(data.store(), current(), number)
            except UserError as error:
                st.error(plain(error.text()), icon=":material/error:")
                return
            of_page.say("The change is undone.")
