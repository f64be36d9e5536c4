"""What was done, by whom and when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import streamlit as st

from pages.components import display, filters
from pages.components.session import records, share_dialog

MOST_ROWS = 500
KINDS = {
    "sign-in": "Sign-in",
    "sign-out": "Sign-out",
    "refused": "Refused",
    "upload": "Upload",
    "undo": "Upload taken out",
    "people": "Role given or taken back",
    "link made": "Share link made",
    "link revoked": "Share link revoked",
    "link opened": "Share link opened",
    "export": "Table downloaded",
    "schools": "Schools changed",
    "roster": "Staff list",
    "mapping": "Words of a form",
    "wave": "Wave set up",
    "guess": "Guess before looking",
    "forget": "Person's answers erased",
    "retain": "Old answers erased",
    "settle": "Repeated answers settled",
}
_PERIODS = {"7": "Last 7 days", "30": "Last 30 days", "365": "Last 365 days", "all": "All"}
_COLUMNS = {
    # Pixels: together a little less than the page is wide, so that nobody has to scroll for what it was about.
    "recorded_at": st.column_config.DatetimeColumn("When (UTC)", format="D MMM YYYY, HH:mm:ss", width=150),
    "actor": st.column_config.TextColumn("Who", width=150),
    "what": st.column_config.TextColumn("What", width=130),
    "subject": st.column_config.TextColumn("About", width=200),
    "where": "Schools",
}


def section() -> None:
    """The audit, latest first, by kind, person and period, with its downloads."""
    st.header("What was done")
    people = records.audit_names()
    with st.container(horizontal=True):
        kinds = filters.several("What", "kind", KINDS, placeholder="Everything")
        names = filters.several("Who", "who", {name: name for name in people}, placeholder="Everybody")
        period = filters.one("Period", "period", _PERIODS, default="30")
    since = None if period == "all" else timedelta(days=int(period))
    latest, found = records.audit_part(kinds, names, since, MOST_ROWS)
    if not latest:
        st.markdown("Nothing of this kind was done in this time.")
        return
    number = "1 entry" if len(found) == 1 else f"{len(found):,} entries"
    part = f" The table shows the latest {MOST_ROWS}; the files hold all." if len(found) > MOST_ROWS else ""
    st.markdown(f"{number}, latest first.{part} Times are UTC. Nothing in this list can be changed or taken out.")
    places = share_dialog.places()
    rows = [_row(row, places) for row in latest]
    display.rows(rows, column_order=list(_COLUMNS), column_config=_COLUMNS, key="table_audit")
    display.downloads(found, name="audit")


def _row(row: Mapping[str, object], places: Mapping[str, str]) -> dict[str, object]:
    kind = str(row["kind"])
    school_ids = filter(None, str(row["school_ids"]).split(";"))
    return {
        "recorded_at": row["recorded_at"],
        "actor": row["actor"],
        "what": KINDS.get(kind, kind),
        "where": ", ".join(places.get(school_id, school_id) for school_id in school_ids),
        # A sign-in's subject is its mark, which tells people nothing.
        "subject": "" if kind == "sign-in" else row["subject"],
    }
