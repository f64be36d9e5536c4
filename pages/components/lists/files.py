"""A list as a page shows it: its table, a file to drop, what the file would change, and the receipt."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages.components import data, display, notices
from pages.components.markdown import plain
from pages.components.session import records
from pages.components.session.current_visitor import current
from pd_core.access import EVERYTHING
from pd_core.actions import training_lists
from pd_core.errors import UserError
from pd_core.presentation.training_lists import LISTS, ListName, change_sentence, list_file, list_table
from pd_core.reference.catalog import read_catalog
from pd_core.reference.goals import read_goals, read_travel
from pd_core.reference.slots import read_slots
from pd_core.reference.trainers import read_trainers
from pd_core.wording import plural

_ROUND, _NOTICE = "lists_round", "lists"


def show(name: ListName) -> None:
    """Show a list with its downloads, and take a file in its place."""
    about, rows = LISTS[name], data.planning_list(LISTS[name].stored)
    st.header(plural(len(rows), about.noun))
    st.markdown(about.about)
    notices.show(_NOTICE)
    if len(rows):
        skills = {skill_id: skill.name for skill_id, skill in data.codebook().skills.items()}
        schools = {str(row["school_id"]): str(row["name"]) for row in data.schools()}
        display.table(list_table(name, rows, skills, schools), list_file(name, rows))
    else:
        st.info(about.empty, icon=":material/info:")
    if is_read_only():
        st.caption("These lists belong to the made-up sample district. Yours can be loaded once answers are stored.")
        return
    _drop(name, rows)


def is_read_only() -> bool:
    """Whether the lists are those of the sample district, which stay as they are."""
    return data.is_sample()


def _drop(name: ListName, before: Any) -> None:
    about = LISTS[name]
    st.subheader("Replace the list by a file")
    st.caption(f"CSV or Excel, with the columns {', '.join(before.columns)}. It replaces the whole list.")
    key = f"list_{name}_{st.session_state.get(_ROUND, 0)}"
    file = st.file_uploader(f"{about.label} (Excel or CSV)", type=["xlsx", "csv"], key=key)
    if file is None:
        return
    try:
        after = read(name, file.name, file.getvalue())
    except UserError as error:
        st.error(plain(error.text(most_details=30)), icon=":material/error:")
        records.note("refused", f"list {name}")
        return
    st.markdown(plain(f"{file.name} has {change_sentence(name, before, after)}"))
    if st.button("Replace the list", type="primary", icon=":material/save:", key=f"list_save_{name}"):
        replace(name, after, f"{file.name}: {change_sentence(name, before, after)}")


def read(name: ListName, file: str, content: bytes) -> Any:
    """The rows of a file for a list. Raises RefusedFile that names every bad row."""
    codebook = data.codebook()
    if name == "catalog":
        return read_catalog(file, content, codebook)
    if name == "slots":
        return read_slots(file, content, codebook)
    names = data.school_finder(EVERYTHING)
    if name == "trainers":
        return read_trainers(file, content, codebook, names)
    return read_goals(file, content, codebook, names) if name == "goals" else read_travel(file, content, names)


def replace(name: ListName, rows: Any, said: str) -> None:
    """Make these rows the whole list, say so, and run the page again."""
    store, visitor = data.store(), current()
    warnings: list[str] = []
    if name == "catalog":
        training_lists.set_catalog(store, visitor, rows)
    elif name == "trainers":
        warnings = training_lists.set_trainers(store, visitor, rows)
    elif name == "slots":
        warnings = training_lists.set_slots(store, visitor, rows)
    elif name == "goals":
        training_lists.set_goals(store, visitor, rows)
    else:
        training_lists.set_travel(store, visitor, rows)
    st.session_state[_ROUND] = st.session_state.get(_ROUND, 0) + 1
    notices.say(_NOTICE, *map(plain, [said, *(f"Note: {warning}" for warning in warnings)]))
