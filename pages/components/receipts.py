"""The receipt of a file: a sentence with counts that add up, and the rows with problems."""

from __future__ import annotations

import streamlit as st

from pages.components import display
from pages.components.markdown import plain
from pd_core.ingestion import Receipt
from pd_core.presentation.receipts import receipt_said


def show(receipt: Receipt, *, is_stored: bool) -> None:
    """Show what was stored, or what would be."""
    message = plain(receipt_said(receipt))
    if is_stored:
        st.success(message, icon=":material/check_circle:")
    elif receipt.status == "rejected":
        st.error(message, icon=":material/error:")
    else:
        st.markdown(message)
    if receipt.problems:
        with st.expander("Rows with problems", icon=":material/table_rows:"):
            display.rows(receipt.problems)
