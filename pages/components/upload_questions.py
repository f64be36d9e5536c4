"""What a file leaves open, asked of a person: dates, building, wave, unknown names, questions and answers."""

from __future__ import annotations

import streamlit as st

from pages.components import data
from pages.components.upload_preview import said
from pd_core.ingestion import DATE_ORDERS, AmbiguousDates, Choices, DateOrder, Meaning, Preview
from pd_core.ingestion.reading import Table

_ORDERS = {"mdy": "Month first: 10/5 is 5 October", "dmy": "Day first: 10/5 is 10 May", "ymd": "Year first: 26/10/5"}
_ADD, _LEAVE, _SELF = "+add", "+leave", "+self"


def chosen(file_id: str) -> Choices:
    """What was decided about a file on this page so far."""
    state = st.session_state
    order = state.get(f"order_{file_id}")
    school_id = state.get(f"building_{file_id}")
    return Choices(
        wave_id=state.get(f"wave_{file_id}") or None,
        school_id=school_id if school_id and school_id != _SELF else None,
        date_order=order if order in DATE_ORDERS else None,
    )


def ask_dates(file_id: str, error: AmbiguousDates) -> None:
    """The order of day and month where a file can be read in two ways."""
    st.warning(f"The dates can be read in two ways, for example “{error.example}”.", icon=":material/event:")
    options: list[DateOrder | None] = list(error.orders)
    st.radio(
        "Dates in this file",
        options,
        index=None,
        format_func=lambda order: _ORDERS[order] if order else "",
        key=f"order_{file_id}",
    )


def ask_building(file_id: str, table: Table) -> None:
    """The building of a file that does not ask for the school."""
    schools = data.real_schools()
    if not schools:
        st.warning("This form does not ask for the school, and no school is known yet.", icon=":material/school:")
        _add_school(f"new_{file_id}", "")
        return
    st.selectbox(
        f"{table.file} does not ask for the school. Which building is it from?",
        list(schools),
        index=None,
        format_func=lambda school_id: schools.get(school_id, school_id),
        key=f"building_{file_id}",
        placeholder="Choose a school",
    )


def ask_wave(file_id: str, preview: Preview) -> None:
    """The wave, suggested from the dates."""
    waves = list(dict.fromkeys([preview.wave_id, *data.real_waves()]))
    st.selectbox(
        "Wave",
        waves,
        index=0,
        key=f"wave_{file_id}",
        accept_new_options=True,
        help="One round of the survey. It is suggested from the dates; choose another, or type a new name.",
    )


def ask_schools(file_id: str, preview: Preview) -> None:
    """Names of buildings that nobody knows yet: matched to a school, or added."""
    schools = data.real_schools()
    st.markdown("**Buildings that are not known yet.** Say once what each name means; it is remembered.")
    for number, (name, rows) in enumerate(list(preview.unknown_schools.items())[:20]):
        near = data.near_schools(name)
        options = [*near, _ADD, *(school_id for school_id in schools if school_id not in near), _LEAVE]
        labels = {_ADD: "A new building: add it", _LEAVE: "None: leave these rows aside"}
        key = f"match_{file_id}_{number}"
        with st.container(border=True):
            st.text(f"{name} ({rows} {'row' if rows == 1 else 'rows'})")
            choice = st.selectbox(
                "This is",
                options,
                format_func=lambda option, labels=labels: labels.get(option) or schools[option],
                key=key,
            )
            if choice == _ADD:
                _add_school(key, name)
            elif choice != _LEAVE and st.button("Remember this name", key=f"{key}_save", icon=":material/save:"):
                data.match_building(name, choice)
                st.rerun()


def ask_meaning(file_id: str, preview: Preview) -> None:
    """Questions and answers whose words are not the codebook's: said once for all files of this form."""
    codebook = data.codebook()
    labels = {
        item.item_id: f"{codebook.skills[item.skill_id].name}: {'skill' if item.kind == 'proficiency' else 'SAMR'}"
        if item.skill_id
        else item.wordings[0]
        for item in codebook.items.values()
    }
    items: dict[str, str | None] = {}
    answers: dict[str, dict[str, str | None]] = {}
    what = [said(len(preview.unmapped), "question")] if preview.unmapped else []
    unknown_answers = sum(len(unknown) for unknown in preview.unknown_answers.values())
    what += [said(unknown_answers, "answer")] if unknown_answers else []
    label = f"Not known yet: {' and '.join(what)}"
    with (
        st.expander(label, icon=":material/help:", expanded=bool(preview.blockers or unknown_answers)),
        st.form(f"meaning_{file_id}", border=False),
    ):
        taken = {column.item_id for column in preview.columns if column.item_id}
        for column in preview.unmapped:
            options = [item for item in dict.fromkeys([*column.suggestions, *labels]) if item not in taken]
            picked = st.selectbox(
                " ".join(column.header.split()),
                [_LEAVE, *options],
                index=1 if column.suggestions and options and options[0] in column.suggestions else 0,
                format_func=lambda option: "Leave this question out" if option == _LEAVE else labels[option],
                key=f"item_{file_id}_{column.position}",
                help=f"Not matched, because {column.reason}.",
            )
            items[column.header] = None if picked == _LEAVE else picked
        for scale_id, unknown in preview.unknown_answers.items():
            codes = codebook.labels(scale_id)
            for answer, cells in list(unknown.items())[:30]:
                picked = st.selectbox(
                    f"The answer “{answer}” ({cells} {'cell' if cells == 1 else 'cells'}) means",
                    [_LEAVE, *codes],
                    format_func=lambda code, codes=codes: (
                        "No answer: leave the cell empty" if code == _LEAVE else codes[code]
                    ),
                    key=f"answer_{file_id}_{scale_id}_{answer}",
                    index=None,
                    placeholder="Not decided: rows with it are set aside",
                )
                if picked:
                    answers.setdefault(scale_id, {})[answer] = None if picked == _LEAVE else picked
        if st.form_submit_button("Remember this for the form", icon=":material/save:"):
            data.remember(preview.form, Meaning(items, answers))
            st.rerun()


def _add_school(key: str, name: str) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom"):
        new_name = st.text_input("Name of the school", name, key=f"{key}_name")
        staff = st.number_input(
            "Staff who could answer", min_value=1, value=None, step=1, key=f"{key}_staff", placeholder="if you know it"
        )
        if st.button("Add the school", key=f"{key}_add", icon=":material/add:") and new_name.strip():
            data.add_building(new_name, int(staff) if staff else None)
            if name and new_name.strip() != name.strip():
                added = {label: school_id for school_id, label in data.real_schools().items()}
                data.match_building(name, added[" ".join(new_name.split())])
            st.rerun()
