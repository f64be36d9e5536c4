"""A list that a file replaces as a whole: the file, its rows, and a button to use them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from pages.components.markdown import plain
from pd_core.errors import UserError


def load(
    name: str,
    label: str,
    columns: Sequence[str],
    use: str,
    read: Callable[[str, bytes], Any],
    keep: Callable[[Any], None],
) -> None:
    """Take a file in place of the list before: `read` gives its rows or refuses it, `keep` stores them once the button
    `use` was clicked. `name` tells the list from others of the page."""
    turn = st.session_state.get(f"{name}_round", 0)  # a new key empties the field in the browser
    file = st.file_uploader(f"{label} (Excel or CSV)", ["xlsx", "csv"], key=f"{name}_{turn}")
    st.caption(f"Columns: {', '.join(columns)}. It replaces the whole list.")
    if file is None:
        return
    try:
        rows = read(file.name, file.getvalue())
    except UserError as error:
        st.error(plain(error.text(most_details=30)), icon=":material/error:")
        return
    st.dataframe(rows, hide_index=True, key=f"table_{name}_new")
    if st.button(use, type="primary", icon=":material/save:", key=f"{name}_yes"):
        keep(rows)
        st.session_state[f"{name}_round"] = turn + 1
        st.rerun()
