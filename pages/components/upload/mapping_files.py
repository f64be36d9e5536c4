"""A form's mapping as a file: downloaded to fill in, dropped here once it is filled in."""

from __future__ import annotations

import streamlit as st

from pages.components import data, notices
from pages.components.markdown import plain
from pages.components.session.current_visitor import current
from pd_core.actions import form_mappings
from pd_core.errors import UserError
from pd_core.ingestion import Preview, mapping_file
from pd_core.reports.files import render
from pd_core.wording import plural

_ROUND = "mapping_round"


def show(file_id: str, preview: Preview) -> None:
    """Offer the mapping of a form as a file, and take one that was filled in."""
    notice = f"mapping_{file_id}"
    notices.show(notice)
    with st.expander("Match in Excel instead", icon=":material/table_edit:"):
        st.markdown(
            "Download the list of this form's questions and answers, fill in the column **code**, and drop it here. "
            "It works for the command line too (`--mapping`)."
        )
        known = form_mappings.remembered(data.store(), current(), preview.form)
        codebook = data.real_codebook()
        stem = preview.file.rsplit(".", 1)[0]
        st.download_button(
            "Download the list to fill in",
            lambda: render(mapping_file(preview.table, codebook, known), "csv", bom=True),
            f"{stem}.mapping.csv",
            "text/csv",
            key=f"mapping_{file_id}",
            icon=":material/download:",
            on_click="ignore",
        )
        turn = st.session_state.get(_ROUND, 0)  # a new key empties the widget
        filled = st.file_uploader("The list, filled in", type=["csv", "xlsx"], key=f"filled_{file_id}_{turn}")
        if filled is None:
            return
        try:
            number = form_mappings.remember_file(
                data.store(), current(), codebook, preview.form, filled.name, filled.getvalue()
            )
        except UserError as error:
            st.error(plain(error.text()), icon=":material/error:")
            return
        st.session_state[_ROUND] = turn + 1
        are = "is" if number == 1 else "are"
        notices.say(notice, f"{plural(number, 'row')} of the list {are} remembered for this form.")
