"""Previews of what a file would store, and receipts after it is stored."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from pages.components import data, headings, page_links
from pages.components.display import figures
from pages.components.display import rows as show_rows
from pages.components.markdown import plain
from pages.components.session import rights
from pages.components.session.current_visitor import current
from pages.components.upload.state import Stored
from pd_core.actions import form_mappings
from pd_core.ingestion import Preview, Receipt
from pd_core.presentation.section import Figure
from pd_core.reports.files import render
from pd_core.wording import plural

_PROBLEMS = {"row": "Row", "column": "Question", "value": "Value", "reason": "Problem", "suggestion": "Did you mean"}
_MOST_ROWS = 500


def verdict(file_id: str, preview: Preview, receipt: Receipt) -> None:
    """Show what storing the file would do: a sentence and the counts."""
    is_school_asked = preview.unknown_schools and not preview.responses.height
    with headings.announced(file_id):
        if is_school_asked:
            st.text(f"{receipt.rows_read} rows were read. First say which school they are from.")
        else:
            st.text(receipt.message)
    if is_school_asked:
        return
    counts(receipt)
    schools(receipt)


def counts(receipt: Receipt) -> None:
    """The receipt's counts, which add up to the rows read."""
    others = receipt.rows_of_others
    numbers = {
        "Rows read": receipt.rows_read,
        "Added": receipt.rows_added,
        "Already stored": receipt.rows_existing,
        "Repeats": receipt.rows_replaced,
        "With problems": receipt.rows_set_aside - others,
    }
    if others:
        numbers["From other schools"] = others
    figures(Figure(label, f"{number:,}") for label, number in numbers.items())


def schools(receipt: Receipt) -> None:
    """Show the schools that the rows belong to."""
    names = data.real_schools()
    listed = [f"{names.get(school_id, school_id)} ({rows})" for school_id, rows in list(receipt.schools.items())[:8]]
    more = f" and {len(receipt.schools) - 8} more" if len(receipt.schools) > 8 else ""
    if listed:
        st.text(f"{receipt.wave_id}: {', '.join(listed)}{more}")


def questions(preview: Preview) -> None:
    """Show what each question was recognized as."""
    codebook = data.real_codebook()
    rows = []
    for column in preview.columns:
        item = codebook.items.get(column.item_id or "")
        scale = codebook.scales.get(item.scale_id, ()) if item else ()
        rows.append(
            {
                "Question in the file": " ".join(column.header.split()),
                "Recognized as": _taken_as(column.item_id),
                "Answers": ", ".join(choice.label for choice in scale[:5]),
                "Why it is left out": column.reason,
            }
        )
    known = sum(column.item_id is not None for column in preview.columns)
    with st.expander(f"{known} of {len(preview.columns)} questions were recognized", icon=":material/quiz:"):
        show_rows(rows)
        if _is_remembered(preview.form) and st.button(
            "Match this form's questions again", key=f"forget_{preview.form}_{preview.file}", icon=":material/undo:"
        ):
            form_mappings.forget(data.store(), current(), preview.form)
            st.rerun()
        if preview.not_asked:
            missing = ", ".join(_taken_as(item_id) for item_id in preview.not_asked)
            st.caption(f"This form does not ask about: {missing}.")


def _is_remembered(form: str) -> bool:
    """Whether someone has already matched this form's questions or answers."""
    known = form_mappings.remembered(data.store(), current(), form)
    return bool(known.items or known.answers)


def problems(preview: Preview, file_id: str) -> None:
    """Show the rows to correct, with the reasons, and as a file; rows from other schools are not among them."""
    if not preview.rows_to_correct:
        return
    found = preview.to_correct.head(_MOST_ROWS).to_dicts()
    with st.expander(
        f"{plural(preview.rows_to_correct, 'row')} with problems",
        icon=":material/rule:",
        expanded=not (preview.unmapped or preview.unknown_schools),
    ):
        st.markdown(
            "They are left out until you correct them, in the form's workbook or in the file below. Then drop it here."
        )
        show_rows(found, column_config=_PROBLEMS)
        set_aside_button(preview.file, lambda: render(preview.set_aside(), "csv", bom=True), f"aside_{file_id}")


def set_aside_button(file: str, content: bytes | Callable[[], bytes], key: str) -> None:
    """Offer the rows with problems as a file."""
    stem = file.rsplit(".", 1)[0]
    st.download_button(
        "Download the rows with problems",
        content if isinstance(content, bytes) else rights.while_they_last(content),
        f"{stem} - rows with problems.csv",
        "text/csv",
        key=key,
        icon=":material/download:",
        on_click="ignore",
    )


def receipt(stored: Stored, number: int) -> None:
    """Show one file's receipt, after it was stored."""
    found = stored.receipt
    if found.status == "rejected":
        st.error(plain(found.message), icon=":material/error:")
        return
    show, icon = (st.success, ":material/check:") if found.status == "committed" else (st.info, ":material/info:")
    show(plain(found.message), icon=icon)
    if len(found.schools) == 1:
        school_id = next(iter(found.schools))
        address = {"school": school_id, "wave": found.wave_id}
        page_links.show(page_links.Link(page_links.HOME, "See this school's results", "home", address))
    with st.expander(f"Receipt of {plain(found.file)}", icon=":material/receipt_long:"):
        counts(found)
        schools(found)
    if stored.set_aside:
        set_aside_button(found.file, stored.set_aside, f"receipt_{number}")


def _taken_as(item_id: str | None) -> str:
    codebook = data.real_codebook()
    if item_id is None or item_id not in codebook.items:
        return ""
    item = codebook.items[item_id]
    if not item.skill_id:
        return item.item_id.replace("_", " ")
    return f"{codebook.skills[item.skill_id].name} ({'skill' if item.kind == 'proficiency' else 'SAMR'})"
