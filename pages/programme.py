"""The people who carry the trainings: trainers, which schools have an MIE, where to recruit, whom to ask."""

from __future__ import annotations

import streamlit as st

from pages.components import clock, data, display, filters, headings, page_links
from pages.components.markdown import plain
from pages.components.programme import applicants, people
from pages.components.session import guard
from pd_core.access import DISTRICT
from pd_core.presentation import programme as presentation
from pd_core.reference.mie_badges import mie_badges

with guard.page("programme", "plan"):
    rows, schools, skills = people.rows(), people.schools(), people.skills()
    headings.opening(presentation.headline(rows))
    if line := presentation.next_line(rows, skills):
        st.markdown(f"**Next:** {plain(line)}")
    names, badges, today = people.trainers(), mie_badges(), clock.today()
    for section in presentation.sections(rows, schools, skills, names, badges, today):
        display.open_section(section)
    display.open_section(presentation.applicants_section(rows, schools))
    if not data.is_sample():
        applicants.load()
    if waves := data.waves():
        label = "Demand and supply of the coming plan"
        fold = st.expander(
            label, people.COMING_STARTS_OPEN, icon=":material/balance:", key="fold_coming", on_change="rerun"
        )
        if fold.open:
            with fold:
                display.open_section(people.coming(waves[0]))
                page_links.show(page_links.Link("plan.py", "Open the plan", "event_available"))
    display.open_section(presentation.standards_section(people.standards()))
    st.header("Borrow a strength")
    school_id = filters.school()
    skill_id = filters.one("Skill", "skill", skills)
    if school_id == DISTRICT:
        st.markdown("Choose a school to see which schools near it have people who could teach a skill.")
    else:
        found = people.lenders(school_id, skill_id)
        display.open_section(
            presentation.lending(found, schools, data.school_name(school_id), skills.get(skill_id, skill_id))
        )
