"""Upload: drop a school's export, see what would be stored, then store it or cancel."""

from __future__ import annotations

import streamlit as st

from pages.components import data, headings
from pages.components.markdown import plain
from pages.components.session import guard
from pages.components.upload import addresses, history, mapping_files, questions, schools, state
from pages.components.upload import preview as shown_preview
from pd_core.errors import UserError
from pd_core.ingestion import AmbiguousDates, Preview, Receipt
from pd_core.ingestion.reading import Table
from pd_core.presentation.uploads import store_label


def one_file(file_id: str, table: Table) -> tuple[Preview, Receipt] | None:
    """A file's preview and expected receipt, after its open questions; null while it cannot be stored."""
    questions.ask_dates(file_id)
    choices = questions.chosen(file_id)
    try:
        preview, receipt = state.preview(file_id, table, choices)
    except AmbiguousDates as error:
        is_asked = state.doubtful_dates(file_id) is not None
        state.doubt_dates(file_id, error)
        if not is_asked:
            questions.ask_dates(file_id)
        return None
    shown_preview.verdict(file_id, preview, receipt)
    if preview.is_building_asked:
        schools.ask_building(file_id, table)
    schools.ask_schools(file_id, preview)
    if preview.unmapped or preview.unknown_answers or questions.has_others(preview):
        questions.ask_meaning(file_id, preview)
    mapping_files.show(file_id, preview)
    if preview.responses.height:
        questions.ask_wave(file_id, preview)
    shown_preview.questions(preview)
    shown_preview.problems(preview, file_id)
    return None if preview.blockers or receipt.status != "committed" else (preview, receipt)


with guard.page("upload", "upload"):
    state.start()
    headings.title("Upload your school's answers")
    st.markdown(
        "In Microsoft Forms, choose **Open results in Excel**, then drop the file here. "
        "Nothing is stored until you confirm; names and e-mail addresses are never stored."
    )
    schools.say_whose()
    for number, stored in enumerate(state.receipts()):
        shown_preview.receipt(stored, number)
    files = st.file_uploader(
        "Exports from Microsoft Forms or Google Forms (Excel or CSV)",
        type=["xlsx", "csv"],
        accept_multiple_files=True,
        key=state.uploader_key(),
        on_change=state.clear_receipts,
    )
    ready = []
    for file_id, table in state.tables(files).items():
        with st.container(border=True):
            if isinstance(table, UserError):
                st.error(plain(table.text()), icon=":material/error:")
                continue
            st.header(plain(table.file))
            try:
                found = one_file(file_id, table)
            except UserError as error:
                st.error(plain(error.text()), icon=":material/error:")
                continue
            if found:
                ready.append(found)
    if ready and st.button(store_label(ready), type="primary", icon=":material/save:", key="store"):
        state.store_all([preview for preview, _ in ready])
        st.rerun()
    schools.directory()
    history.show(data.uploads())
    addresses.section()
