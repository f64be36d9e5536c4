"""What was uploaded, and taking it out again."""

from __future__ import annotations

import streamlit as st

from pages.components import data
from pages.components.display import rows as show_rows
from pages.components.markdown import plain
from pages.components.session import guard
from pages.components.session.current_visitor import current
from pd_core.actions.uploads import undo_upload
from pd_core.errors import UserError

_STATUS = {"committed": "counts", "undone": "taken out"}
_COLUMNS = {
    "file": "File",
    "wave_id": "Wave",
    "status": "Status",
    "uploaded_at": st.column_config.DatetimeColumn("Uploaded (UTC)", format="MMM D, YYYY, HH:mm"),
    "rows_added": "Added",
    "rows_existing": "Already there",
    "rows_replaced": "Repeats",
    "rows_set_aside": "Set aside",
}


def show(uploads: list[dict[str, object]]) -> None:
    """The history, and undo of what this visitor may take out; says what to do where there is none."""
    st.header("What was uploaded")
    if undone := st.session_state.pop("undone", ""):
        st.success(plain(undone), icon=":material/undo:")
    if not uploads:
        st.info(
            "Nothing yet. The first file that you store appears here and can be taken out again.",
            icon=":material/info:",
        )
        return
    if current().upload_scope.school_ids is not None:
        st.caption("You can take out only what you uploaded yourself. Rows of other schools count as set aside.")
    shown = [{**row, "status": _STATUS[str(row["status"])]} for row in uploads[:200]]
    show_rows(shown, column_order=list(_COLUMNS), column_config=_COLUMNS)
    live = {str(row["upload_id"]): row for row in uploads if row["status"] == "committed" and row["may_undo"]}
    if not live:
        return
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            "Take an upload out again",
            list(live),
            index=None,
            format_func=lambda upload_id: f"{live[upload_id]['file']} ({live[upload_id]['wave_id']})",
            placeholder="Choose an upload",
            key="undo_upload",
        )
        if st.button("Take it out", disabled=chosen is None, icon=":material/undo:") and chosen:
            _confirm(chosen, str(live[chosen]["file"]))


@st.dialog("Take this upload out?")
def _confirm(upload_id: str, file: str) -> None:
    with guard.page("upload", "undo"):
        st.text(
            f"{file}: its answers will no longer count, as if it had never been uploaded. "
            "You can upload it again later."
        )
        if st.button("Yes, take it out", type="primary", icon=":material/undo:", key="undo_confirmed"):
            try:
                people = undo_upload(data.store(), current(), upload_id)
                st.session_state["undone"] = f"{file} was taken out: {people} people's answers no longer count."
                st.session_state.pop("undo_upload", None)
            except UserError as error:
                st.session_state["undone"] = error.text()
            st.rerun()
