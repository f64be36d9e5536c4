"""The sessions to take away: a calendar, a table to edit and load again, a message to paste."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import streamlit as st
from streamlit.runtime.uploaded_file_manager import UploadedFile

from pages.components import clock, data, display, notices
from pages.components.markdown import plain
from pages.components.session.current_visitor import current
from pages.components.sessions import feed, history
from pd_core.access import EVERYTHING
from pd_core.actions.plan_import import import_plan
from pd_core.entities import PlanSession
from pd_core.errors import UserError
from pd_core.planning.problem import Problem
from pd_core.planning.record import Record
from pd_core.reference.plan_file import PlanRow, read_plan
from pd_core.reports.calendar_file import CALENDAR_MIME, calendar
from pd_core.reports.plan_record_text import plan_frame

_NOTICE, _ROUND, _READ = "plan_file", "plan_file_round", "plan_file_read"


def section(
    record: Record, lists: Problem, sessions: Sequence[PlanSession], message: str, school_id: str, trainer_id: str
) -> None:
    """Offer the files of the sessions on the page; people who plan can load an edited table."""
    st.header("Take it away")
    display.downloads(plan_frame(record, sessions), name="sessions")
    display.download(
        "Download calendar file",
        "sessions.ics",
        lambda: calendar(lists, record, sessions, data.settings().time_zone, "PD Pulse: trainings"),
        CALENDAR_MIME,
        key="download_sessions_ics",
    )
    st.caption("The calendar file opens in Outlook, Google Calendar and Apple Calendar.")
    feed.section(lists, school_id, trainer_id)
    if any(one.is_open for one in sessions):
        folded = display.fold("A message to paste into Teams or an e-mail", "content_copy", "sessions_message")
        if folded.open:
            with folded:
                st.code(message, language=None, wrap_lines=True)
    history.section(record, lists)
    if current().may("plan"):
        _load()


def _load() -> None:
    st.header("Load an edited table")
    notices.show(_NOTICE)
    st.caption("Download the Excel file, change it, and drop it here. Nothing is stored before you have seen it.")
    turn = st.session_state.get(_ROUND, 0)  # a new key empties the field in the browser
    file = st.file_uploader("Edited table", ["xlsx", "csv"], key=f"plan_file_{turn}")
    if file is None:
        return
    reason = st.text_input("Reason, where limits are overruled", key=f"plan_file_reason_{turn}")
    try:
        rows = _rows(file)
        found = import_plan(data.store(), current(), file.name, rows, clock.now(), reason=reason, dry_run=True)
    except UserError as error:
        st.error(plain(error.text(most_details=50)), icon=":material/error:")
        return
    if not found.sessions:
        st.info("The table changes nothing.", icon=":material/info:")
        return
    st.markdown("\n".join(f"- {plain(line)}" for line in (*found.said, *found.broken)))
    if st.button("Store these changes", type="primary", icon=":material/save:", key=f"plan_file_yes_{turn}"):
        done = import_plan(data.store(), current(), file.name, rows, clock.now(), reason=reason)
        st.session_state[_ROUND] = turn + 1
        notices.say(_NOTICE, f"{len(done.sessions):,} sessions changed.")


def _rows(file: UploadedFile) -> list[PlanRow]:
    """The rows of a file that was chosen, read once for as long as it and the schools stay the same."""
    key = (file.file_id, data.version())
    kept = st.session_state.get(_READ)
    if kept is None or kept[0] != key:
        kept = st.session_state[_READ] = (key, read_plan(file.name, file.getvalue(), data.school_finder(EVERYTHING)))
    return cast(list[PlanRow], kept[1])
