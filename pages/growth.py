"""Growth: what changed at a school between two waves, how sure is that, and what was taught in between?"""

from __future__ import annotations

import streamlit as st

from pages.components import data, display, filters, growth_progress, guess_form, headings, page_links
from pages.components.markdown import plain
from pages.components.session import guard
from pd_core.access import DISTRICT
from pd_core.errors import UserError
from pd_core.presentation import growth, growth_merged, growth_people

with guard.page("growth"):
    with st.container(horizontal=True):
        school_id = filters.school()
        from_wave, to_wave = filters.two_waves()
    try:
        pair = data.growth(from_wave, to_wave)
    except UserError as error:
        headings.title("Growth cannot be shown yet")
        st.info(plain(error.text()), icon=":material/info:")
        guard.end_page()
    for wave in (pair.later, pair.earlier):
        guess_form.before_results(wave, school_id)
    if not growth_progress.is_known(pair, title=growth.WORKING):
        guard.end_page()
    found = growth.opening(pair, school_id)

    headings.opening(found.title, place=found.place, lines=found.lines)
    skills = growth.skills_asked(pair, school_id)
    if not skills:
        if became := growth_merged.successor(pair, school_id):
            address = {"school": became.school_id, "from": pair.earlier.wave_id, "to": pair.later.wave_id}
            page_links.show(page_links.Link("growth.py", f"See {became.name}", address=address))
        guard.end_page()

    display.section(growth.changes_section(pair, school_id))
    skill_id = filters.skill(skills, default=growth_people.first_shown(pair, school_id))
    if school_id == DISTRICT:
        display.section(growth.schools_section(pair, skill_id))
    display.section(growth_people.matched_section(pair, school_id, skill_id))
    if moves := growth_people.moves_section(pair, school_id):
        display.open_section(moves)
    if back := growth.looking_back_section(pair, school_id):
        display.open_section(back)
    display.section(growth.samr_section(pair, school_id))
    display.open_section(growth.taught_section(pair, school_id))
    display.open_section(growth_people.stayers_section(pair, school_id))
    if school_id != DISTRICT:
        display.section(growth.district_section(pair))
    display.section(growth.sure_section(pair, school_id))
