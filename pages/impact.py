"""Impact: which trainings moved attendance, discipline or achievement, and if that cannot be told, why not?"""

from __future__ import annotations

from functools import partial

import streamlit as st

from pages.components import clock, data, display, filters, growth_progress, headings, progress
from pages.components.impact import figures, outcome_files
from pages.components.session import guard
from pd_core.errors import UserError
from pd_core.presentation import impact as presentation
from pd_core.summaries import impact_background
from pd_core.summaries.growth import Growth
from pd_core.summaries.impact_board import questions_asked
from pd_core.summaries.impact_figures import ALL, MOST_OUTCOMES


def growth_or_none() -> Growth | None:
    """The last two waves as a pair; null where there are not two, or only the sample's."""
    if data.is_sample() and not data.outcome_store()[1]:
        return None
    try:
        return data.growth(None, None)
    except UserError:
        return None


with guard.page("impact", "outcomes"):
    outcomes, trainings = figures.outcome_names(), figures.training_titles()
    has = {"has_outcomes": bool(outcomes), "has_deliveries": bool(trainings)}
    head = st.container()
    named: list[str] = []
    training_id = ALL
    if outcomes and trainings:
        with st.container(horizontal=True):
            training_id = filters.one("Training", "training", {ALL: "All trainings together", **trainings})
            named = filters.several(
                "Outcomes", "outcome", outcomes, placeholder="Up to three", most=MOST_OUTCOMES, noun="Outcome"
            )
    impact = figures.impact(tuple(named), training_id)
    how_far = partial(impact_background.progress, impact.store, questions_asked(impact))
    done, of = how_far()
    if done < of:
        with head:
            headings.title(presentation.WORKING)
        progress.watch(how_far, presentation.working, "impact", "outcomes")
        guard.end_page()
    with head:
        begin = headings.opening if data.outcome_store()[1] else headings.title
        begin(presentation.title(impact, **has))
    headings.sentences([] if named else presentation.what_is_needed(**has))
    for section in presentation.answer_sections(impact):
        if section.drawing:
            display.section(section)
        else:
            display.open_section(section)
    if trainings:
        board = st.container()
        rate = st.number_input(
            "Pay of a person's hour where no fund has one, in dollars", 0.0, 1000.0, 0.0, key="rate",
            bind="query-params",
        )  # fmt: skip
        with board:
            today = clock.today()
            pair = growth_or_none()
            if pair is None or growth_progress.is_known(pair, "outcomes"):
                display.open_section(presentation.board_section(impact, pair, today, rate))
    outcome_files.section()
    for name in named or outcomes:
        display.section(presentation.series_section(impact, name))
