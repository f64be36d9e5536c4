"""Overview: how is my school doing, can I trust the numbers, what do we do next?"""

from __future__ import annotations

from typing import cast

import streamlit as st

from pages.components import data, display, filters, growth_progress, guess_form, headings, page_links, verdict_progress
from pages.components.documents import take_away
from pages.components.markdown import plain
from pages.components.session import guard
from pages.components.session.current_visitor import current
from pages.components.sessions import record
from pd_core.access import DISTRICT, can_somewhere
from pd_core.presentation import explanations, growth, overview

NEXT_PAGES = {
    "remind": ("responses.py", "how_to_reg"),
    "plan": ("training_planning.py", "event_note"),
    "upload": ("upload.py", "upload_file"),
}

with guard.page("overview"):
    with st.container(horizontal=True):
        school_id = filters.school()
        wave_id = filters.wave()
    survey = data.wave_survey(wave_id)
    guess_form.before_results(survey, school_id)
    if school_id != DISTRICT:
        found = overview.opening(survey, school_id)
    else:
        leads_with_schools = survey.scope.school_ids is None
        found = overview.district_opening(survey, verdict_progress.verdicts(survey) if leads_with_schools else None)

    place = overview.place(found, school_id, wave_id)
    headings.opening(found.headline, about=explanations.of_verdict(found.verdict), place=place)
    boxes = []
    if pair := data.growth_since(wave_id):
        waves = {"school": school_id, "from": pair.earlier.wave_id, "to": wave_id}
        changed = growth.since_last(pair, school_id) if growth_progress.is_known(pair) else ""
        see = page_links.Link("growth.py", "See what changed, and how sure that is", address=waves)
        boxes.append(page_links.Box(changed, icon="trending_up", link=see))
    label = overview.next_page_label(found, to_staff=current().actor.role != "guest")
    next_page = None
    if label and (found.action != "upload" or can_somewhere(current().actor, "upload")):
        page, icon = NEXT_PAGES[found.action]
        next_page = page_links.Link(page, label, icon, {} if found.action == "upload" else {"school": school_id})
    boxes.append(page_links.Box(found.advice, lead="Next:", link=next_page))
    if coming := record.coming_up(school_id):
        coming_here = {"school": school_id, "view": "coming"}
        may_see = can_somewhere(current().actor, "decide")
        sessions = page_links.Link("sessions.py", "See the sessions", address=coming_here) if may_see else None
        boxes.append(page_links.Box(coming, icon="event", link=sessions))
    page_links.boxes(*boxes)

    display.figures(found.figures)
    lines = [f"**{plain(skill_name)}**: {plain(sentence)}" for skill_name, sentence in overview.need_lines(found)]
    lines += [plain(line) for line in (found.close_behind, found.tipping) if line]
    if lines:
        st.markdown("\n\n".join(lines))
    guess_form.beside_results(survey, school_id)
    if found.skills.height:
        headings.header(plain(found.strengths), "strengths")
        options = overview.DISTRICT_VIEWS if school_id == DISTRICT else overview.VIEWS
        view = cast(overview.View, filters.one("Show", "skills", options, noun="View", as_buttons=True))
        display.section(overview.skills_section(survey, school_id, view), is_headed=True)
        display.section(overview.samr_section(survey, school_id))
    take_away.section(school_id, wave_id)
