"""What a file would store, shown before it is; and receipts after."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from pages.components import data
from pages.components.display import rows as show_rows
from pages.components.markdown import plain
from pages.components.session.current_visitor import current
from pages.components.upload.state import Stored
from pd_core.actions import form_mappings
from pd_core.ingestion import Preview, Receipt
from pd_core.reports.files import render
from pd_core.wording import plural

_PROBLEMS = {"row": "Row", "column": "Question", "value": "Value", "reason": "Why", "suggestion": "Did you mean"}
_MOST_ROWS = 500


def verdict(preview: Preview, receipt: Receipt) -> None:
    """What would become of the file: a sentence and the counts."""
    if preview.unknown_schools and not preview.responses.height:
        st.text(f"{receipt.rows_read} rows were read. Say first which school they are from.")
        return
    st.text(receipt.message)
    counts(receipt)
    schools(receipt)


def counts(receipt: Receipt) -> None:
    """The receipt's counts, which add up to the rows read."""
    others = receipt.rows_of_others
    numbers = {
        "Rows read": receipt.rows_read,
        "Added": receipt.rows_added,
        "Already there": receipt.rows_existing,
        "Repeats": receipt.rows_replaced,
        "Set aside": receipt.rows_set_aside - others,
    }
    if others:
        numbers["Of other schools"] = others
    with st.container(horizontal=True):
        for label, number in numbers.items():
            st.metric(label, f"{number:,}")


def schools(receipt: Receipt) -> None:
    """Which schools the rows belong to."""
    names = data.real_schools()
    listed = [f"{names.get(school_id, school_id)} ({rows})" for school_id, rows in list(receipt.schools.items())[:8]]
    more = f" and {len(receipt.schools) - 8} more" if len(receipt.schools) > 8 else ""
    if listed:
        st.text(f"{receipt.wave_id}: {', '.join(listed)}{more}")


def questions(preview: Preview) -> None:
    """What each question was taken for."""
    codebook = data.codebook()
    rows = []
    for column in preview.columns:
        item = codebook.items.get(column.item_id or "")
        scale = codebook.scales.get(item.scale_id, ()) if item else ()
        rows.append(
            {
                "Question in the file": " ".join(column.header.split()),
                "Taken as": _taken_as(column.item_id),
                "Answers": ", ".join(choice.label for choice in scale[:5]),
                "Left out because": column.reason,
            }
        )
    known = sum(column.item_id is not None for column in preview.columns)
    with st.expander(f"{known} of {len(preview.columns)} questions were recognized", icon=":material/quiz:"):
        show_rows(rows)
        if _is_remembered(preview.form) and st.button(
            "Ask again what this form's words mean", key=f"forget_{preview.form}_{preview.file}", icon=":material/undo:"
        ):
            form_mappings.forget(data.store(), current(), preview.form)
            st.rerun()
        if preview.not_asked:
            missing = ", ".join(_taken_as(item_id) for item_id in preview.not_asked)
            st.caption(f"This form does not ask about: {missing}.")


def _is_remembered(form: str) -> bool:
    """Whether someone said what this form's words mean."""
    known = form_mappings.remembered(data.store(), current(), form)
    return bool(known.items or known.answers)


def problems(preview: Preview, file_id: str) -> None:
    """The rows to correct, with why, and as a file; rows of other schools are none of them."""
    if not preview.rows_to_correct:
        return
    found = preview.to_correct.head(_MOST_ROWS).to_dicts()
    with st.expander(
        f"{plural(preview.rows_to_correct, 'row')} set aside",
        icon=":material/rule:",
        expanded=not (preview.unmapped or preview.unknown_schools),
    ):
        st.markdown(
            "They stay out until they are corrected: in the form's workbook, or in the file below. Drop it here again."
        )
        show_rows(found, column_config=_PROBLEMS)
        set_aside_button(preview.file, lambda: render(preview.set_aside(), "csv", bom=True), f"aside_{file_id}")


def set_aside_button(file: str, content: bytes | Callable[[], bytes], key: str) -> None:
    """The rows set aside as a file."""
    stem = file.rsplit(".", 1)[0]
    st.download_button(
        "Download the rows set aside",
        content,
        f"{stem} - set aside.csv",
        "text/csv",
        key=key,
        icon=":material/download:",
        on_click="ignore",
    )


def receipt(stored: Stored, number: int) -> None:
    """One file's receipt, after it was stored."""
    found = stored.receipt
    if found.status == "rejected":
        st.error(plain(found.message), icon=":material/error:")
        return
    show, icon = (st.success, ":material/check:") if found.status == "committed" else (st.info, ":material/info:")
    show(plain(found.message), icon=icon)
    if len(found.schools) == 1:
        school_id = next(iter(found.schools))
        st.page_link(
            "overview.py",
            label="See this school's results",
            icon=":material/home:",
            query_params={"school": school_id, "wave": found.wave_id},
        )
    with st.expander(f"Receipt of {plain(found.file)}", icon=":material/receipt_long:"):
        counts(found)
        schools(found)
    if stored.set_aside:
        set_aside_button(found.file, stored.set_aside, f"receipt_{number}")


def _taken_as(item_id: str | None) -> str:
    codebook = data.codebook()
    if item_id is None or item_id not in codebook.items:
        return ""
    item = codebook.items[item_id]
    if not item.skill_id:
        return item.item_id.replace("_", " ")
    return f"{codebook.skills[item.skill_id].name} ({'skill' if item.kind == 'proficiency' else 'SAMR'})"
