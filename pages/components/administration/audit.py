"""The audit: who did what, and when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import streamlit as st

from pages.components import data, display, filters
from pages.components.session import share_dialog
from pages.components.session.current_visitor import current
from pd_core.actions import audit
from pd_core.audit_kinds import AUDIT_LABELS

MOST_ROWS = 500
_KINDS: dict[str, str] = dict(AUDIT_LABELS.items())
_PERIODS = {"7": "Last 7 days", "30": "Last 30 days", "365": "Last 365 days", "all": "All"}
_COLUMNS = {
    # Pixels: together slightly narrower than the page, so that no one has to scroll to the subject.
    "recorded_at": st.column_config.DatetimeColumn("When (UTC)", format="MMM D, YYYY, HH:mm:ss", width=150),
    "actor": st.column_config.TextColumn("Who", width=150),
    "what": st.column_config.TextColumn("What", width=130),
    "subject": st.column_config.TextColumn("About", width=200),
    "where": "Schools",
}


def section() -> None:
    """Show the audit, latest first, filtered by kind, person and period, with its downloads."""
    st.header("What was done")
    people = audit.names(data.store(), current())
    with st.container(horizontal=True):
        kinds = filters.several("What", "kind", _KINDS, placeholder="Everything", noun="Kind")
        names = filters.several("Who", "who", {name: name for name in people}, placeholder="Everybody", noun="Person")
        period = filters.one("Period", "period", _PERIODS, default="30")
    since = None if period == "all" else timedelta(days=int(period))
    found = audit.entries(data.store(), current(), kinds, names, since)
    if found.is_empty():
        st.markdown("Nothing of this kind happened in this period.")
        return
    number = "1 entry" if len(found) == 1 else f"{len(found):,} entries"
    part = f" The table shows the latest {MOST_ROWS}; the files hold all." if len(found) > MOST_ROWS else ""
    st.markdown(f"{number}, latest first.{part} Times are UTC. Entries in this list can't be changed or deleted.")
    places = share_dialog.places()
    rows = [_row(row, places) for row in found.head(MOST_ROWS).to_dicts()]
    display.rows(rows, column_order=list(_COLUMNS), column_config=_COLUMNS, key="table_audit")
    display.downloads(found, name="audit")


def _row(row: Mapping[str, object], places: Mapping[str, str]) -> dict[str, object]:
    kind = str(row["kind"])
    school_ids = filter(None, str(row["school_ids"]).split(";"))
    return {
        "recorded_at": row["recorded_at"],
        "actor": row["actor"],
        "what": _KINDS.get(kind, kind),
        "where": ", ".join(places.get(school_id, school_id) for school_id in school_ids),
        # A sign-in's subject is its session id, which means nothing to people.
        "subject": "" if kind == "sign-in" else row["subject"],
    }
