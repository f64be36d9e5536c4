"""Questions that a file leaves open: the order of its dates, its wave, and questions and answers to match."""

from __future__ import annotations

import streamlit as st

from pages.components import data
from pages.components.markdown import plain
from pages.components.session.current_visitor import current
from pages.components.upload import state
from pages.components.upload.schools import ADD
from pd_core.actions import form_mappings
from pd_core.ingestion import DATE_ORDERS, Choices, DateOrder, Meaning, Preview
from pd_core.ingestion.suggestions import by_rank
from pd_core.presentation import uploads
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


def ask_dates(file_id: str) -> None:
    """Ask for the order of day and month if a file was found to be readable in two ways; the answer stays there, to be
    changed, as long as the file does."""
    error = state.doubtful_dates(file_id)
    if error is None:
        return
    said = f"The dates can be read in two ways, for example “{plain(error.example)}”."
    if st.session_state.get(f"order_{file_id}"):
        st.caption(said)
    else:
        st.warning(said, icon=":material/event:")
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
    codebook = data.real_codebook()
    label = uploads.open_questions(preview)
    with (
        st.expander(label or "Answers that count as “Other”", icon=":material/help:", expanded=bool(label)),
        st.form(f"meaning_{file_id}", border=False),
    ):
        items, guessed = _asked_items(file_id, preview)
        answers, more = _asked_answers(file_id, preview)
        is_checked = not guessed + more or st.checkbox(uploads.CHECK, key=f"checked_{file_id}")
        if st.form_submit_button("Remember this for the form", icon=":material/save:"):
            if is_checked:
                form_mappings.remember(data.store(), current(), codebook, preview.form, Meaning(items, answers))
                st.rerun()
            st.warning(uploads.CHECK_FIRST, icon=":material/fact_check:")


def _asked_items(file_id: str, preview: Preview) -> tuple[dict[str, str | None], int]:
    """Ask which item each header is; returns header to item, without those left undecided, and the number of guesses.

    Each item is guessed once.
    """
    labels = uploads.item_labels(data.real_codebook())
    items: dict[str, str | None] = {}
    guesses = 0
    taken: set[str | None] = {column.item_id for column in preview.columns if column.item_id}
    for column in preview.unmapped[:_MOST_QUESTIONS]:
        options = [item for item in dict.fromkeys([*column.suggestions, *labels]) if item not in taken]
        guess = next((item for item in column.suggestions if item in options), None)
        picked = st.selectbox(
            plain(" ".join(column.header.split())),
            [_LEAVE, *options],
            index=1 + options.index(guess) if guess else None,
            format_func=lambda option: "Leave this question out" if option == _LEAVE else labels[option],
            key=f"item_{file_id}_{column.position}",
            placeholder="Not decided: left out of this file",
            help=f"Not matched, because {column.reason}.",
        )
        st.caption(plain(f"{'A guess, please check. ' if guess else ''}{uploads.samples(preview, column)}"))
        taken.add(guess)
        guesses += guess is not None
        if picked:
            items[column.header] = None if picked == _LEAVE else picked
    if len(preview.unmapped) > _MOST_QUESTIONS:
        st.caption(f"{plural(len(preview.unmapped) - _MOST_QUESTIONS, 'more question')} to match after these.")
    return items, guesses


def _asked_answers(file_id: str, preview: Preview) -> tuple[dict[str, dict[str, str | None]], int]:
    """Ask what each answer means; returns scale to answer to code, without those left undecided, and the guesses."""
    answers: dict[str, dict[str, str | None]] = {}
    guesses = 0
    for found, otherwise in (
        (preview.unknown_answers, "Undecided: rows with it are left out"),
        (_frequent(preview.other_answers), "Counted as “Other”"),
    ):
        for scale_id, unknown in found.items():
            codes = data.real_codebook().labels(scale_id)
            ranked = by_rank(scale_id, list(unknown))
            for answer, cells in list(unknown.items())[:_MOST_ANSWERS]:
                guess = ranked.get(answer)
                picked = st.selectbox(
                    f"The answer “{plain(answer)}” ({plural(cells, 'cell')}) means",
                    [_LEAVE, *codes],
                    format_func={_LEAVE: "No answer", **codes}.__getitem__,
                    key=f"answer_{file_id}_{scale_id}_{answer}",
                    index=1 + list(codes).index(guess) if guess else None,
                    placeholder=otherwise,
                )
                if guess:
                    st.caption("A guess, please check: it follows the order of the numbers.")
                guesses += guess is not None
                if picked:
                    answers.setdefault(scale_id, {})[answer] = None if picked == _LEAVE else picked
    return answers, guesses


def has_others(preview: Preview) -> bool:
    """Whether any answers that several people gave count as “Other”."""
    return any(_frequent(preview.other_answers).values())


def _frequent(counts: dict[str, dict[str, int]]) -> dict[str, dict[str, int]]:
    """Answers that more than one person wrote; a single person's text is that person's own remark."""
    return {scale: {answer: n for answer, n in found.items() if n > 1} for scale, found in counts.items()}
