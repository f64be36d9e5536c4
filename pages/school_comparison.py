"""School comparison: how do schools compare, and which differences are more than chance?"""

from __future__ import annotations

from typing import cast

import streamlit as st

from pages.components import data, display, filters, guess_form, headings, page_links
from pages.components.markdown import plain
from pages.components.session import guard
from pd_core.presentation import school_comparison
from pd_core.presentation.school_order import BY_NAME, ORDERS, by_skill, chosen_line
from pd_core.summaries.school_comparison import COMPARED_WITH, ComparedWith
from pd_core.summaries.unnamed_schools import comparable_schools, compared_schools

with guard.page("school_comparison"):
    codebook = data.codebook()
    head = st.container()
    controls = st.container(horizontal=True, vertical_alignment="bottom")
    with controls:
        wave_id = filters.wave()
    everybody = data.wave_survey(wave_id)
    for own in data.own_schools():
        guess_form.before_results(everybody, own)
    schools = comparable_schools(everybody).to_dicts()
    mine = data.own_schools()
    levels, regions, chosen = [], [], []
    groups = {str(group): label for group, label in COMPARED_WITH.items()}
    with controls:
        compared_with = cast(
            ComparedWith, filters.one("Compare with", "with", groups, noun="Comparison", as_buttons=True)
        )
    everyone = tuple(compared_schools(everybody))
    may_sort = school_comparison.is_long(everybody, everyone, compared_with)
    label = "Find, sort and filter" if may_sort else "Filter"
    unknown: filters.Unknown = []
    more = controls.popover(label, icon=":material/filter_list:", key="narrow")
    with more:
        ordering = st.container()
        role = filters.role(unknown)
        if len(schools) > 1:
            levels, regions = filters.level(schools, unknown), filters.region(schools, unknown)
            chosen = filters.schools(schools, unknown)
    survey = data.wave_survey(wave_id, role)
    school_ids = tuple(compared_schools(survey, levels=levels, regions=regions, school_ids=chosen))
    asked = school_comparison.asked_skills(survey, school_ids, compared_with)
    order, found, orders = BY_NAME, "", ORDERS
    if is_long := school_comparison.is_long(survey, school_ids, compared_with):
        with ordering:
            orders = ORDERS | by_skill(codebook, asked)
            found = filters.find_school([row for row in schools if row["school_id"] in school_ids], unknown)
            order = filters.one("Sort by", "sort", orders, noun="Skill", unknown=unknown)
    for name, value in unknown:
        filters.say_unknown(name, value)
    first = tuple(filter(None, [found, *mine]))
    grid = school_comparison.grid_section(survey, school_ids, compared_with, order, first)

    with head:
        people = f"role: {codebook.labels('role')[role]}" if role else "all staff"
        number = f"{len(school_ids)} of {len(schools)} schools, " if len(schools) > 1 else ""
        names = {str(row["school_id"]): str(row["name"]) for row in schools}
        line = chosen_line(levels, regions, [names[one] for one in chosen], orders[order], names.get(found, ""))
        headings.opening(grid.sentence, place=f"{wave_id}, {number}{people}")
        with headings.announced("chosen"):
            headings.sentences([line] if line else [])
        if line:
            unfiltered = filters.address("with", "role")
            page_links.show(page_links.Link("school_comparison.py", "Show all schools", "filter_list_off", unfiltered))
    if not grid.drawing:
        st.info(plain(grid.note or ""), icon=":material/info:")
        guard.end_page()
    with st.container(key="on_a_wide_screen" if is_long else None):
        display.section(grid)
    if is_long:
        with st.container(key="on_a_phone"):
            st.caption(school_comparison.ON_A_PHONE)

    needed = next((skill_id for skill_id in school_comparison.most_needed(everybody) if skill_id in asked), None)
    below = st.container()
    skill_id = filters.skill(asked, default=needed)
    small: school_comparison.SmallSchools = "pooled"
    if school_comparison.has_small_schools(survey, skill_id, school_ids, compared_with):
        options = {str(way): label for way, label in school_comparison.SMALL.items()}
        small = cast(
            school_comparison.SmallSchools,
            filters.one("Small schools", "small", options, noun="View", as_buttons=True),
        )
    skill = school_comparison.skill_section(survey, skill_id, school_ids, compared_with, small, first)
    with below:
        headings.header(plain(skill.heading), skill.name)
    display.section(skill, is_headed=True)
