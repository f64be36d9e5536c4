"""Outcomes and deliveries from files: what would be stored, then store it or not."""

from __future__ import annotations

from typing import Literal

import streamlit as st

from pages.components import data, receipts
from pages.components.markdown import plain
from pages.components.session.current_visitor import current
from pd_core.actions import outcomes
from pd_core.errors import UserError
from pd_core.ingestion import Receipt
from pd_core.reference.outcomes import UnknownDirection

Kind = Literal["outcomes", "deliveries"]
COLUMNS = {
    "outcomes": "school_id, period, measure, value, n (and numerator, lower, upper, suppressed, group where known). "
    "Report Card files of OSPI and files of the Civil Rights Data Collection are read as they come.",
    "deliveries": "school_id, training_id, period, people: how many were newly trained in that period.",
}
LABELS = {"outcomes": "Outcomes of students (Excel or CSV)", "deliveries": "What was taught (Excel or CSV)"}
_RECEIPTS = "outcome_receipts"
_ROUND = "outcome_round"


def section() -> None:
    """Both kinds of files, and what became of those that were stored."""
    st.header("Outcomes and what was taught")
    for receipt in st.session_state.pop(_RECEIPTS, []):
        receipts.show(receipt, is_stored=True)
    _file("outcomes")
    _file("deliveries")


def _file(kind: Kind) -> None:
    dropped = st.file_uploader(LABELS[kind], type=["xlsx", "csv"], key=f"{kind}_{st.session_state.get(_ROUND, 0)}")
    st.caption(f"Columns: {COLUMNS[kind]}")
    if dropped is None:
        return
    content, name = dropped.getvalue(), dropped.name
    with st.container(border=True):
        good = period = None
        receipt = _tried(kind, name, content, good, period)
        if isinstance(receipt, UnknownDirection):
            good = _ask_direction(receipt)
            if good is None:
                return
            receipt = _tried(kind, name, content, good, period)
        if isinstance(receipt, Receipt) and _lacks_periods(receipt):
            period = st.text_input("The period of rows without one, such as 2025-26", key=f"period_{name}") or None
            receipt = _tried(kind, name, content, good, period)
        if isinstance(receipt, UserError):
            st.error(plain(receipt.text()), icon=":material/error:")
            return
        receipts.show(receipt, is_stored=False)
        if receipt.status == "committed" and st.button("Store these rows", type="primary", key=f"store_{kind}"):
            stored = _taken(kind, name, content, good, period, dry_run=False)
            st.session_state[_RECEIPTS] = [stored]
            st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1
            st.rerun()


def _lacks_periods(receipt: Receipt) -> bool:
    return any(problem["column"] == "period" and not problem["value"] for problem in receipt.problems)


def _tried(kind: Kind, name: str, content: bytes, good: str | None, period: str | None) -> Receipt | UserError:
    """What storing the file would do, or why it cannot be."""
    try:
        return _taken(kind, name, content, good, period, dry_run=True)
    except UserError as error:
        return error


def _taken(kind: Kind, name: str, content: bytes, good: str | None, period: str | None, *, dry_run: bool) -> Receipt:
    if kind == "deliveries":
        return outcomes.take_deliveries(data.store(), current(), name, content, dry_run=dry_run)
    return outcomes.take_outcomes(data.store(), current(), name, content, good=good, period=period, dry_run=dry_run)


def _ask_direction(error: UnknownDirection) -> str | None:
    st.markdown(plain(error.message))
    options = {"higher": "More is better", "lower": "Less is better"}
    # An answer is about these measures: another file in place of this one is asked about anew.
    return st.segmented_control(
        "Which way is good? You are asked once.", list(options), format_func=options.__getitem__,
        key=f"good_way_{'_'.join(error.measures)}",
    )  # fmt: skip
