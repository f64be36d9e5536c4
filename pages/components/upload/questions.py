"""Questions that a file leaves open: the order of its dates, its wave, and questions and answers to match."""

from __future__ import annotations

import streamlit as st

from pages.components import data
from pages.components.markdown import plain
from pages.components.session.current_visitor import current
from pages.components.upload import state
from pages.components.upload.schools import ADD
from pd_core.actions import form_mappings
from pd_core.ingestion import DATE_ORDERS, AmbiguousDates, Choices, DateOrder, Meaning, Preview
from pd_core.wording import plural

_ORDERS = {"mdy": "Month first: 10/5 is October 5", "dmy": "Day first: 10/5 is May 10", "ymd": "Year first: 26/10/5"}
_LEAVE = "+leave"
_MOST_QUESTIONS = 40
_MOST_ANSWERS = 30


def chosen(file_id: str) -> Choices:
    """The choices made about a file on this page so far."""
    session = st.session_state
    order = session.get(f"order_{file_id}")
    school_id = session.get(f"building_{file_id}")
    return Choices(
        wave_id=session.get(f"wave_{file_id}") or None,
        school_id=school_id if school_id and school_id != ADD else None,
        date_order=order if order in DATE_ORDERS else None,
        names=tuple(state.names_said(file_id).items()),
    )


def ask_dates(file_id: str, error: AmbiguousDates) -> None:
    """Ask for the order of day and month if a file can be read in two ways."""
    st.warning(f"The dates can be read in two ways, for example “{plain(error.example)}”.", icon=":material/event:")
    options: list[DateOrder | None] = list(error.orders)
    st.radio(
        "Dates in this file",
        options,
        index=None,
        format_func=lambda order: _ORDERS[order] if order else "",
        key=f"order_{file_id}",
    )


def ask_wave(file_id: str, preview: Preview) -> None:
    """Ask for the wave, suggested from the dates."""
    waves = list(dict.fromkeys([preview.wave_id, *data.real_waves()]))
    st.selectbox(
        "Wave",
        waves,
        index=0,
        key=f"wave_{file_id}",
        accept_new_options=current().mapping_owner is None,  # a new wave becomes the latest for the whole district
        help="One round of the survey, suggested from the dates. Choose another if it is wrong.",
    )


def ask_meaning(file_id: str, preview: Preview) -> None:
    """Match questions and answers whose wording is not in the codebook, once for all files of this form."""
    codebook = data.codebook()
    labels = {
        item.item_id: f"{codebook.skills[item.skill_id].name}: {'skill' if item.kind == 'proficiency' else 'SAMR'}"
        if item.skill_id
        else item.wordings[0]
        for item in codebook.items.values()
    }
    unknown = sum(len(found) for found in preview.unknown_answers.values())
    what = [
        plural(number, noun) for number, noun in ((len(preview.unmapped), "question"), (unknown, "answer")) if number
    ]
    verb = "needs" if len(preview.unmapped) + unknown == 1 else "need"
    label = f"{' and '.join(what)} {verb} matching" if what else "Answers that count as “Other”"
    with (
        st.expander(label, icon=":material/help:", expanded=bool(preview.blockers or unknown)),
        st.form(f"meaning_{file_id}", border=False),
    ):
        meaning = Meaning(_asked_items(file_id, preview, labels), _asked_answers(file_id, preview))
        if st.form_submit_button("Remember this for the form", icon=":material/save:"):
            form_mappings.remember(data.store(), current(), codebook, preview.form, meaning)
            st.rerun()


def _asked_items(file_id: str, preview: Preview, labels: dict[str, str]) -> dict[str, str | None]:
    """Ask which item each header is; returns header to item. Each item is offered once."""
    items: dict[str, str | None] = {}
    taken: set[str | None] = {column.item_id for column in preview.columns if column.item_id}
    for column in preview.unmapped[:_MOST_QUESTIONS]:
        options = [item for item in dict.fromkeys([*column.suggestions, *labels]) if item not in taken]
        proposed = next((item for item in column.suggestions if item in options), None)
        picked = st.selectbox(
            plain(" ".join(column.header.split())),
            [_LEAVE, *options],
            index=1 + options.index(proposed) if proposed else 0,
            format_func=lambda option: "Leave this question out" if option == _LEAVE else labels[option],
            key=f"item_{file_id}_{column.position}",
            help=f"Not matched, because {column.reason}.",
        )
        taken.add(proposed)
        items[column.header] = None if picked == _LEAVE else picked
    if len(preview.unmapped) > _MOST_QUESTIONS:
        st.caption(f"{plural(len(preview.unmapped) - _MOST_QUESTIONS, 'more question')} to match after these.")
    return items


def _asked_answers(file_id: str, preview: Preview) -> dict[str, dict[str, str | None]]:
    """Ask what each answer means; returns scale to answer to code, without the answers left undecided."""
    answers: dict[str, dict[str, str | None]] = {}
    for found, otherwise in (
        (preview.unknown_answers, "Undecided: rows with it are left out"),
        (_frequent(preview.other_answers), "Counted as “Other”"),
    ):
        for scale_id, unknown in found.items():
            codes = data.codebook().labels(scale_id)
            for answer, cells in list(unknown.items())[:_MOST_ANSWERS]:
                picked = st.selectbox(
                    f"The answer “{plain(answer)}” ({plural(cells, 'cell')}) means",
                    [_LEAVE, *codes],
                    format_func={_LEAVE: "No answer", **codes}.__getitem__,
                    key=f"answer_{file_id}_{scale_id}_{answer}",
                    index=None,
                    placeholder=otherwise,
                )
                if picked:
                    answers.setdefault(scale_id, {})[answer] = None if picked == _LEAVE else picked
    return answers


def has_others(preview: Preview) -> bool:
    """Whether any answers that several people gave count as “Other”."""
    return any(_frequent(preview.other_answers).values())


def _frequent(counts: dict[str, dict[str, int]]) -> dict[str, dict[str, int]]:
    """Answers that more than one person wrote; a single person's text is that person's own remark."""
    return {scale: {answer: n for answer, n in found.items() if n > 1} for scale, found in counts.items()}
