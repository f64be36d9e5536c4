"""Schools on the upload page: which one a name means, which one a file is from, and what is known of each."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages.components import data
from pages.components.markdown import plain
from pages.components.session.current_visitor import current
from pages.components.upload import state
from pd_core.access import can
from pd_core.actions.schools import add_school, change_school, match_school
from pd_core.ingestion import Preview
from pd_core.ingestion.reading import Table
from pd_core.wording import plural

ADD, _LEAVE = "+add", "+leave"
_MOST_NAMES = 30
_LABELS = {ADD: "A new school: add it", _LEAVE: "None: leave these rows aside"}
_COLUMNS: dict[str, Any] = {
    "name": st.column_config.TextColumn("School", required=True),
    "headcount": st.column_config.NumberColumn("Staff who could answer", min_value=1, step=1),
    "level": "Level",
    "region": "Region",
}


def say_whose() -> None:
    """For whom a visitor uploads who has schools, and what becomes of the rows of others."""
    if current().upload_scope.school_ids is None:
        return
    mine = ", ".join(data.real_schools().values())
    st.caption(f"You upload for {plain(mine or 'no building yet')}. Rows of other schools are left to them.")


def ask_building(file_id: str, table: Table) -> None:
    """The school of a file that does not ask for the school."""
    schools = data.real_schools()
    options = [*schools, ADD] if _may_add() else list(schools)
    choice = st.selectbox(
        f"{plain(table.file)} does not ask for the school. Which school is it from?",
        options,
        index=0 if len(options) == 1 else None,
        format_func=lambda option: _LABELS.get(option) or schools[option],
        key=f"building_{file_id}",
        placeholder="Choose a school",
    )
    if choice == ADD:
        _add(f"new_{file_id}", "")


def ask_schools(file_id: str, preview: Preview) -> None:
    """Names of schools that no one knows: kept for good by whoever keeps the schools, by others for one file."""
    _say_names(file_id)
    if not preview.unknown_schools:
        return
    if _may_add():
        _ask_for_good(file_id, preview)
    else:
        _ask_for_this_file(file_id, preview)


def _may_add() -> bool:
    return can(current().actor, "schools")


def _ask_for_good(file_id: str, preview: Preview) -> None:
    """Names matched to schools all at once, or added one by one; a name that is none is so for this file alone."""
    schools = data.real_schools()
    matched: dict[str, str] = {}
    left: dict[str, str] = {}
    st.markdown("**Schools that are not known yet.** Say once what each name means; it is remembered.")
    names = list(preview.unknown_schools.items())
    more = len(names) - _MOST_NAMES
    for place, (name, rows) in enumerate(names[:_MOST_NAMES]):
        near = data.near_schools(name)
        others = [school_id for school_id in schools if school_id not in near]
        with st.container(border=True):
            choice = _ask_name(file_id, name, rows, [*near, ADD, *others, _LEAVE])
            if choice == ADD:
                _add(f"match_{file_id}_{name}", name)
            elif choice == _LEAVE:
                left[name] = ""
            else:
                matched[name] = choice
        if choice == ADD and not near and place + 1 < len(names):
            # The names that follow may well be other spellings of this one: they are easier to tell once it is known.
            st.caption(f"{plural(len(names) - place - 1, 'more name')} follow when this one is settled.")
            more = 0
            break
    _say_more(more)
    if (matched or left) and st.button("Remember these names", key=f"names_{file_id}", icon=":material/save:"):
        for name, school_id in matched.items():
            match_school(data.store(), current(), name, school_id)
        state.say_names(file_id, {**state.names_said(file_id), **left})
        st.rerun()


def _ask_for_this_file(file_id: str, preview: Preview) -> None:
    """Names that are one of the visitor's own schools or none of them; the district's schools stay as they are."""
    schools = data.real_schools()
    st.markdown("**Schools that are not known.** Say for this file which of them is yours.")
    names = state.names_said(file_id).copy()
    asked = list(preview.unknown_schools.items())
    for name, rows in asked[:_MOST_NAMES]:
        near = data.near_schools(name)
        others = [school_id for school_id in schools if school_id not in near]
        with st.container(border=True):
            choice = _ask_name(file_id, name, rows, [*near, _LEAVE, *others])
        names[name] = "" if choice == _LEAVE else choice
    _say_more(len(asked) - _MOST_NAMES)
    if st.button("Use these names for this file", key=f"say_{file_id}", icon=":material/check:"):
        state.say_names(file_id, names)
        st.rerun()


def _say_names(file_id: str) -> None:
    """What was said of names for this file alone, and taking it back."""
    names = state.names_said(file_id)
    if not names:
        return
    schools = data.real_schools()
    none = "no school of the district" if _may_add() else "none of your schools"
    told = [f"“{name}” is {schools.get(school_id) or none}" for name, school_id in names.items()]
    more = f"; and {plural(len(told) - _MOST_NAMES, 'more name')}" if len(told) > _MOST_NAMES else ""
    st.text(f"For this file: {'; '.join(told[:_MOST_NAMES])}{more}.")
    if st.button("Ask for these names again", key=f"unsay_{file_id}", icon=":material/undo:"):
        state.say_names(file_id, {})
        st.rerun()


def _say_more(names: int) -> None:
    if names > 0:
        verb = "follows" if names == 1 else "follow"
        st.caption(f"{plural(names, 'more name')} {verb} when these are settled.")


def _ask_name(file_id: str, name: str, rows: int, options: list[str]) -> str:
    schools = data.real_schools()
    st.text(f"{name} ({plural(rows, 'row')})")
    return st.selectbox(
        "This is",
        options,
        format_func=lambda option: _LABELS.get(option) or schools[option],
        key=f"match_{file_id}_{name}_{len(schools)}",
    )


def directory() -> None:
    """What is known of each school, to be filled in or mended by whoever keeps the schools."""
    known = data.real_school_rows() if _may_add() else []
    if not known:
        return
    with st.expander("Schools and their staff", icon=":material/school:"):
        st.caption("The number of staff tells how many of a school have answered. A staff list goes before it.")
        edited = st.data_editor(
            known, hide_index=True, column_order=list(_COLUMNS), column_config=_COLUMNS, key=f"schools_{data.version()}"
        )
        changed = [row for row, before in zip(edited, known, strict=True) if row != before]
        if st.button("Save the schools", disabled=not changed, icon=":material/save:"):
            for row in changed:
                change_school(data.store(), current(), row)
            st.rerun()


def _add(key: str, name: str) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        new_name = st.text_input("Name of the school", name, key=f"{key}_name")
        staff = st.number_input(
            "Staff who could answer", min_value=1, value=None, step=1, key=f"{key}_staff", placeholder="if you know it"
        )
        if st.button("Add the school", key=f"{key}_add", icon=":material/add:") and new_name.strip():
            school_id = add_school(data.store(), current(), new_name, headcount=int(staff) if staff else None)
            if name and new_name.split() != name.split():
                match_school(data.store(), current(), name, school_id)
            st.rerun()
