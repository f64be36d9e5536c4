"""Schools on the upload page: which school a name means, which one a file is from, and the list of schools."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages.components import data, display
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
_LABELS = {ADD: "A new school: add it", _LEAVE: "None of these: leave out its rows"}
_COLUMNS: dict[str, Any] = {
    "name": st.column_config.TextColumn("School", required=True),
    "headcount": st.column_config.NumberColumn("Staff who could answer", min_value=1, step=1),
    "level": "Level",
    "region": "Region",
}


def say_whose() -> None:
    """Say which schools the visitor uploads for, and what happens to rows from other schools."""
    if current().upload_scope.school_ids is None:
        return
    mine = ", ".join(data.real_schools().values())
    st.caption(f"You upload for {plain(mine or 'no school yet')}. Rows from other schools are left out.")


def ask_building(file_id: str, table: Table) -> None:
    """Ask for the school of a file whose form has no school question."""
    schools = data.real_schools()
    options = [*schools, ADD] if _may_add() else list(schools)
    choice = st.selectbox(
        f"{plain(table.file)} has no school question. Which school is it from?",
        options,
        index=0 if len(options) == 1 else None,
        format_func=lambda option: _LABELS.get(option) or schools[option],
        key=f"building_{file_id}",
        placeholder="Choose a school",
    )
    if choice == ADD:
        _add(f"new_{file_id}", "")


def ask_schools(file_id: str, preview: Preview) -> None:
    """Ask about unknown school names: remembered if the visitor manages schools, otherwise for this file only."""
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
    """Match names to schools all at once, or add schools one by one; a name that is no school is left out this time."""
    schools = data.real_schools()
    matched: dict[str, str] = {}
    left: dict[str, str] = {}
    st.markdown("**Unknown school names.** Say once what each name means; PD Pulse remembers it.")
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
            # The next names may be other spellings of this one, which is easier to see once it is added.
            st.caption(f"{plural(len(names) - place - 1, 'more name')} to match after this one.")
            more = 0
            break
    _say_more(more)
    if (matched or left) and st.button("Remember these names", key=f"names_{file_id}", icon=":material/save:"):
        for name, school_id in matched.items():
            match_school(data.store(), current(), name, school_id)
        state.say_names(file_id, {**state.names_said(file_id), **left})
        st.rerun()


def _ask_for_this_file(file_id: str, preview: Preview) -> None:
    """Match names to one of the visitor's own schools or to none; the district's list does not change."""
    schools = data.real_schools()
    st.markdown("**Unknown school names.** Say which of them is yours, for this file.")
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
    """Show the names matched for this file only, and let the visitor match them again."""
    names = state.names_said(file_id)
    if not names:
        return
    schools = data.real_schools()
    none = "none of the district's schools" if _may_add() else "none of your schools"
    told = [f"“{name}” is {schools.get(school_id) or none}" for name, school_id in names.items()]
    more = f"; and {plural(len(told) - _MOST_NAMES, 'more name')}" if len(told) > _MOST_NAMES else ""
    st.text(f"For this file: {'; '.join(told[:_MOST_NAMES])}{more}.")
    if st.button("Match these names again", key=f"unsay_{file_id}", icon=":material/undo:"):
        state.say_names(file_id, {})
        st.rerun()


def _say_more(names: int) -> None:
    if names > 0:
        st.caption(f"{plural(names, 'more name')} to match after these.")


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
    """Show the list of schools, to be completed or corrected by people who manage it."""
    known = data.real_school_rows() if _may_add() else []
    if not known:
        return
    folded = display.fold("Schools and their staff", "school", "schools")
    if not folded.open:
        return
    with folded:
        st.caption("Response rates need the number of staff. A staff list takes precedence over it.")
        edited = st.data_editor(
            known, hide_index=True, column_order=list(_COLUMNS), column_config=_COLUMNS, key=f"schools_{data.version()}"
        )
        changed = [row for row, before in zip(edited, known, strict=True) if row != before]
        if st.button("Save the schools", disabled=not changed, icon=":material/save:"):
            for row in changed:
                change_school(data.store(), current(), row)
            st.rerun()


def _add(key: str, name: str) -> None:
    # A form, or leaving a field would run the page again under the click.
    with st.form(f"{key}_form", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        new_name = st.text_input("Name of the school", name, key=f"{key}_name")
        staff = st.number_input(
            "Staff who could answer", min_value=1, value=None, step=1, key=f"{key}_staff", placeholder="if you know it"
        )
        is_said = st.form_submit_button("Add the school", key=f"{key}_add", icon=":material/add:")
        if is_said and new_name.strip():
            school_id = add_school(data.store(), current(), new_name, headcount=int(staff) if staff else None)
            if name and new_name.split() != name.split():
                match_school(data.store(), current(), name, school_id)
            st.rerun()
