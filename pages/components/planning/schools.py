"""All schools in one table on Training planning: to find, filter, sort and take along."""

from __future__ import annotations

import streamlit as st

from pages.components import display, filters, headings, page_links, sorted_table, verdict_progress
from pages.components.markdown import plain
from pd_core.presentation.schools_at_a_glance import FILTERS, HEADS, Arrangement, glance, schools_at_a_glance
from pd_core.survey.scoped_survey import Survey


def show(survey: Survey) -> None:
    """Show the table of the schools in scope."""
    verdicts = verdict_progress.verdicts(survey)
    schools = schools_at_a_glance(survey, verdicts)
    opens = schools.opening
    headings.header(plain(opens.heading), opens.name)
    headings.sentences(opens.lines)
    unknown: filters.Unknown = []
    with st.popover("Find and filter", icon=":material/filter_list:", key="find_and_filter"):
        found = filters.find_school(schools.names, unknown)
        chosen = {
            name: filters.several(FILTERS[name][0], name, options, placeholder="All", unknown=unknown)
            for name, options in schools.choices.items()
        }
    for label, value in unknown:
        filters.say_unknown(label, value)
    among = tuple((name, tuple(sorted(ids))) for name, ids in chosen.items() if ids)
    by, is_reversed = filters.order(HEADS, "school_name")
    shown = glance(survey, verdicts, schools, Arrangement(by, is_reversed, found, among))
    with headings.announced("schools"):
        headings.sentences([shown.shown])
    if found or among:
        unfiltered, here = filters.address(filters.SORT), f"section-{opens.name}"
        page_links.show(
            page_links.Link("training_planning.py", "Show all schools", "filter_list_off", unfiltered, here)
        )
    sorted_table.show(opens.name, opens.heading, HEADS, shown.rows, by, is_reversed=is_reversed)
    display.downloads(shown.table.frame, name=shown.table.name, columns=shown.table.columns)
