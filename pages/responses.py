"""Responses: have enough people answered to decide, and if not, who is missing?"""

from __future__ import annotations

import streamlit as st

from pages.components import clock, data, display, filters, headings, page_links, verdict_progress
from pages.components.browser import hand_over
from pages.components.markdown import mail_to, plain
from pages.components.responses import wave_settings
from pages.components.session import current_visitor, guard
from pd_core.access import DISTRICT
from pd_core.entities import Wave
from pd_core.presentation import explanations, representativeness, responses, staff_list
from pd_core.presentation.response_by_group import group_sections
from pd_core.presentation.response_timeline import timeline_section
from pd_core.survey.scoped_survey import Survey

REMINDER = "reminder"


def whole_district(survey: Survey, wave: Wave) -> None:
    """All schools in scope: which are behind, and which should get the form again."""
    verdicts = verdict_progress.verdicts(survey)
    found = responses.district_coverage(survey, verdicts, wave, clock.today(), to_staff=is_staff())
    headings.opening(found.title, place=f"The whole district, {survey.wave_id}")
    if found.advice:
        page_links.boxes(page_links.Box(found.advice, lead="Next:"))
        if found.resend:
            display.behind(found.resend)
    if found.schools:
        display.section(found.schools)


def one_building(survey: Survey, wave: Wave, school_id: str) -> None:
    """One school: is it safe to decide, and what to send to whom."""
    found = responses.building(survey, school_id, wave, clock.today())
    headings.opening(found.title, about=explanations.of_verdict(found.verdict), place=found.place)
    display.figures(found.figures)
    if found.reminder and is_staff():
        st.header("A reminder, ready for Teams or e-mail")
        with st.container(key=REMINDER):
            st.text_area("Reminder (edit as you like)", found.reminder, height="content")
            hand_over.text(REMINDER, f"Our technology survey, {survey.wave_id}")
        if not wave.form_link:
            may_set = current_visitor.current().may("waves")
            here = "Set it once for all schools, below." if may_set else "Ask your facilitator to set it on this page."
            st.caption(f"The link to the form is not set yet. {here}")


def likeness(survey: Survey, wave: Wave, school_id: str) -> None:
    """Whether those who answered are like the staff, and how far that could move the needs."""
    st.header(representativeness.HEADING)
    for section in representativeness.likeness_sections(survey, school_id):
        display.section(section)
    if wave.asks_guesses and data.own_guesses(survey.wave_id, school_id) is None:
        st.caption(representativeness.GUESS_FIRST)
    else:
        display.section(representativeness.weighted_section(survey, school_id))


def who_is_missing() -> None:
    """Say, once, what to send to whom so that the page can tell who is missing."""
    st.header(staff_list.HEADING)
    st.markdown(plain(staff_list.UNKNOWN))
    if current_visitor.current().may("administer"):
        st.markdown(staff_list.LOAD)
    elif is_staff():
        administrators = " or ".join(mail_to(email) for email in sorted(data.settings().administrators))
        st.markdown(f"Send {administrators or staff_list.ADMINISTRATOR} {plain(staff_list.SEND)}")


def is_staff() -> bool:
    """Whether this person may write to a school's staff; guests of a share link may not."""
    return current_visitor.current().actor.role != "guest"


with guard.page("responses"):
    with st.container(horizontal=True):
        school_id, wave_id = filters.school(), filters.wave()
    survey, wave = data.wave_survey(wave_id), data.wave_settings(wave_id)
    if school_id == DISTRICT:
        whole_district(survey, wave)
    else:
        one_building(survey, wave, school_id)
    has_staff_list = staff_list.says_who_is_missing(survey, school_id)
    if has_staff_list:
        for section in group_sections(survey, school_id):
            display.section(section)
    elif survey.schools.height:
        who_is_missing()
    if survey.schools.height:
        display.section(timeline_section(survey, school_id, wave, clock.today()))
    if school_id != DISTRICT and has_staff_list:
        likeness(survey, wave, school_id)
    wave_settings.section(wave_id)
