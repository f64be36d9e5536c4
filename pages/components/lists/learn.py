"""Modules of a saved Microsoft Learn catalog: chosen, completed by a person, and added to the catalog."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages.components import data
from pages.components.lists import files
from pages.components.markdown import plain
from pd_core.errors import UserError
from pd_core.reference.learn_catalog import read_modules, with_modules
from pd_core.wording import plural


def add() -> None:
    """Take a saved catalog, show its modules about skills of the survey, and add those that are chosen."""
    with st.expander("Take modules from a saved Microsoft Learn catalog", icon=":material/school:"):
        st.caption(
            "Title, minutes and link are as Microsoft states them. You choose the kind, the seats and what everyone "
            "does the next day."
        )
        file = st.file_uploader("Microsoft Learn catalog (JSON)", type=["json"], key="learn_file")
        if file is None:
            return
        try:
            modules = read_modules(file.name, file.getvalue(), data.codebook()).to_dicts()
        except UserError as error:
            st.error(plain(error.text()), icon=":material/error:")
            return
        st.markdown(f"{plural(len(modules), 'module')} about skills of the survey.")
        rows = [{"take": False, **row, "kind": "entry", "seats": 20, "actions": ""} for row in modules]
        changed: Any = st.data_editor(
            rows, hide_index=True, key="learn_rows", column_config=_COLUMNS, column_order=list(_COLUMNS),
            disabled=["title", "skill_id", "minutes"],
        )  # fmt: skip
        chosen = [row for row in changed if row["take"]]
        label = f"Add {plural(len(chosen), 'module')} to the catalog"
        if st.button(label, disabled=not chosen, type="primary", icon=":material/add:", key="learn_add"):
            try:
                content = with_modules(data.planning_list("training"), chosen)
                wanted = files.read("catalog", "catalog.csv", content)
            except UserError as error:
                st.error(plain(error.text()), icon=":material/error:")
                return
            files.replace("catalog", wanted, f"{plural(len(chosen), 'module')} added to the catalog.")


_COLUMNS: dict[str, Any] = {
    "take": "Add",
    "title": "Title",
    "skill_id": "Skill",
    "minutes": "Minutes",
    "kind": st.column_config.SelectboxColumn("Kind", options=["entry", "implementation"], required=True),
    "seats": st.column_config.NumberColumn("Seats", min_value=1, step=1, required=True),
    "actions": st.column_config.TextColumn("The next day (one or two, separated by ;)"),
}
