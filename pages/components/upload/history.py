"""The history of uploads, and undoing one."""

from __future__ import annotations

import streamlit as st

from pages.components import data, notices
from pages.components.display import fold
from pages.components.display import rows as show_rows
from pages.components.markdown import plain
from pages.components.session import guard
from pages.components.session.current_visitor import current
from pd_core.actions.uploads import undo_upload
from pd_core.errors import UserError

_STATUS = {"committed": "counts", "undone": "undone"}
_COLUMNS = {
    "file": "File",
    "wave_id": "Wave",
    "status": "Status",
    "uploaded_at": st.column_config.DatetimeColumn("Uploaded (UTC)", format="MMM D, YYYY, HH:mm"),
    "rows_added": "Added",
    "rows_existing": "Already stored",
    "rows_replaced": "Repeats",
    "rows_set_aside": "With problems",
}
_NOTICE = "undone"


def show(uploads: list[dict[str, object]]) -> None:
    """Show the history and an undo for the visitor's own uploads; with no uploads, say what to do."""
    st.header("What was uploaded")
    notices.show(_NOTICE, "undo")
    if not uploads:
        st.info(
            "Nothing yet. The first file that you store appears here, and you can undo it.",
            icon=":material/info:",
        )
        return
    if current().upload_scope.school_ids is not None:
        st.caption("You can undo only your own uploads. Rows from other schools count as rows with problems.")
    shown = [{**row, "status": _STATUS[str(row["status"])]} for row in uploads[:200]]
    show_rows(shown, column_order=list(_COLUMNS), column_config=_COLUMNS)
    live = {str(row["upload_id"]): row for row in uploads if row["status"] == "committed" and row["may_undo"]}
    if not live:
        return
    folded = fold("Undo an upload", "undo", "undo")
    if not folded.open:
        return
    with folded, st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            "Upload to undo",
            list(live),
            index=None,
            format_func=lambda upload_id: f"{live[upload_id]['file']} ({live[upload_id]['wave_id']})",
            placeholder="Choose an upload",
            key="undo_upload",
        )
        is_asked = st.button("Undo this upload", icon=":material/undo:")
    if is_asked and chosen:
        _confirm(chosen, str(live[chosen]["file"]))
    elif is_asked:
        folded.error("Choose the upload to undo first.", icon=":material/error:")


@st.dialog("Undo this upload?")
def _confirm(upload_id: str, file: str) -> None:
    with guard.page("upload", "undo"):
        st.text(
            f"{file}: its answers will no longer count, as if it had never been uploaded. "
            "You can upload it again later."
        )
        if st.button("Undo it", type="primary", icon=":material/undo:", key="undo_confirmed"):
            try:
                people = undo_upload(data.store(), current(), upload_id)
            except UserError as error:
                st.error(plain(error.text()), icon=":material/error:")
                return
            st.session_state.pop("undo_upload", None)
            notices.say(_NOTICE, plain(f"{file} was undone: {people} people's answers no longer count."))
