"""Buildings on the upload page: which one a name means, which one a file is from, and what is known of each."""

from __future__ import annotations

import streamlit as st

from pages.components import data
from pages.components.wording import plain, said
from pd_core.ingestion import Preview
from pd_core.ingestion.reading import Table

ADD, _LEAVE = "+add", "+leave"
_LABELS = {ADD: "A new building: add it", _LEAVE: "None: leave these rows aside"}
_COLUMNS = {
    "name": st.column_config.TextColumn("School", required=True),
    "headcount": st.column_config.NumberColumn("Staff who could answer", min_value=1, step=1),
    "level": "Level",
    "region": "Region",
}


def ask_building(file_id: str, table: Table) -> None:
    """The building of a file that does not ask for the school."""
    schools = data.real_schools()
    choice = st.selectbox(
        f"{plain(table.file)} does not ask for the school. Which building is it from?",
        [*schools, ADD],
        index=None if schools else 0,
        format_func=lambda option: _LABELS.get(option) or schools[option],
        key=f"building_{file_id}",
        placeholder="Choose a school",
    )
    if choice == ADD:
        _add(f"new_{file_id}", "")


def ask_schools(file_id: str, preview: Preview) -> None:
    """Names of buildings that nobody knows yet, matched to schools all at once, or added one by one."""
    schools = data.real_schools()
    matched: dict[str, str] = {}
    st.markdown("**Buildings that are not known yet.** Say once what each name means; it is remembered.")
    names = list(preview.unknown_schools.items())
    for place, (name, rows) in enumerate(names):
        near = data.near_schools(name)
        others = [school_id for school_id in schools if school_id not in near]
        with st.container(border=True):
            st.text(f"{name} ({said(rows, 'row')})")
            choice = st.selectbox(
                "This is",
                [*near, ADD, *others, _LEAVE],
                format_func=lambda option: _LABELS.get(option) or schools[option],
                key=f"match_{file_id}_{name}_{len(schools)}",
            )
            if choice == ADD:
                _add(f"match_{file_id}_{name}", name)
            elif choice != _LEAVE:
                matched[name] = choice
        if choice == ADD and not near and place + 1 < len(names):
            # The names that follow may well be other spellings of this one: they are easier to tell once it is known.
            st.caption(f"{said(len(names) - place - 1, 'more name')} follow when this one is settled.")
            break
    if matched and st.button("Remember these names", key=f"names_{file_id}", icon=":material/save:"):
        for name, school_id in matched.items():
            data.match_building(name, school_id)
        st.rerun()


def directory() -> None:
    """What is known of each school, to be filled in or mended."""
    known = data.real_school_rows()
    if not known:
        return
    with st.expander("Schools and their staff", icon=":material/school:"):
        st.caption("The number of staff tells how many of a building have answered. A staff list goes before it.")
        edited = st.data_editor(
            known, hide_index=True, column_order=list(_COLUMNS), column_config=_COLUMNS, key=f"schools_{data.version()}"
        )
        changed = [row for row, before in zip(edited, known, strict=True) if row != before]
        if st.button("Save the schools", disabled=not changed, icon=":material/save:"):
            for row in changed:
                data.change_building(row)
            st.rerun()


def _add(key: str, name: str) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        new_name = st.text_input("Name of the school", name, key=f"{key}_name")
        staff = st.number_input(
            "Staff who could answer", min_value=1, value=None, step=1, key=f"{key}_staff", placeholder="if you know it"
        )
        if st.button("Add the school", key=f"{key}_add", icon=":material/add:") and new_name.strip():
            school_id = data.add_building(new_name, int(staff) if staff else None)
            if name and new_name.split() != name.split():
                data.match_building(name, school_id)
            st.rerun()
