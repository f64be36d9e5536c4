"""Training planning: what does a school need most, who teaches it, and when can its staff attend?"""

from __future__ import annotations

import streamlit as st

from pages.components import data, display, filters, guess_form, headings, page_links
from pages.components.markdown import plain
from pages.components.planning import left, schools
from pages.components.session import current_visitor, guard
from pd_core.access import DISTRICT
from pd_core.presentation import overview, training_planning

with guard.page("training_planning"):
    with st.container(horizontal=True):
        school_id, wave_id = filters.school(), filters.wave()
    survey = data.wave_survey(wave_id)
    guess_form.before_results(survey, school_id)
    building = overview.opening(survey, school_id)
    plan = training_planning.plan(survey, school_id)

    choose = [training_planning.CHOOSE] if school_id == DISTRICT else []
    headings.opening(plan.title, place=overview.place(building, school_id, wave_id), lines=choose)
    if school_id != DISTRICT and (building.verdict != "safe" or not plan.has_needs):
        first = f" {building.advice}" if building.action != "plan" else ""
        st.warning(plain(building.headline + first), icon=":material/warning:")
    if not plan.has_needs:
        guard.end_page()
    label = "See the proposed plan of all schools" if school_id == DISTRICT else "See the sessions proposed here"
    see = page_links.Link("plan.py", label, "event_available", filters.address())
    page_links.boxes(page_links.Box(plan.start, note=training_planning.SIZE, link=see))
    if school_id == DISTRICT:
        schools.show(survey)
        to_plan = st.container()

    for needs in plan.classes:
        display.section(needs)
    for wishes in plan.wishes:
        display.open_section(wishes)
    if current_visitor.current().may("comments", school_id):
        display.open_section(training_planning.comments_section(survey, school_id))
    if school_id == DISTRICT:
        with to_plan:  # last: the page is there while it is worked out
            left.show(wave_id)
