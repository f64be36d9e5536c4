"""Responses: have enough people answered to decide, and if not, who is missing?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import streamlit as st

from pages.components import data, display, filters, verdict_progress
from pages.components.markdown import plain
from pages.components.responses import wave_settings, who_answered
from pages.components.session import current_visitor, guard
from pd_core.access import DISTRICT
from pd_core.charts import responses
from pd_core.needs.verdicts import verdict_of
from pd_core.summaries.overview import Figure, overview
from pd_core.summaries.reminders import (
    buildings_to_resend,
    coverage,
    coverage_sentence,
    reminder,
    resend_sentence,
)
from pd_core.survey.scoped_survey import Survey
from pd_core.wording import percent

MOST_BARS = 60
SCHOOLS = {
    "school_name": "School",
    "respondents": "Answered",
    "headcount": "Staff",
    "rate": display.percent("Rate"),
    "missing": "Missing to the target",
    "verdict_label": "Verdict",
    "probability": display.percent("How sure"),
    "more_answers": "More answers to be safe",
    "reason": "Hidden because",
}
RESEND = {
    "school_name": "School",
    "missing": "Missing to the target",
    "more_answers": "More answers to be safe",
    "missing_groups": "Roles behind",
    "respondents": "Answered",
    "headcount": "Staff",
    "verdict_label": "Verdict",
    "link": "Its link",
    "reminder": "Reminder",
}


def whole_district(survey: Survey, wave: Any) -> None:
    """All schools that are seen: which are behind, and which should get the form again."""
    found = verdict_progress.verdicts(survey)
    sentence = coverage_sentence(survey, found)
    st.title(plain(sentence or overview(survey).verdict))
    st.caption(plain(f"The whole district, {survey.wave_id}"))
    display.sample_note()
    if not sentence:
        return
    if is_staff():
        rows = buildings_to_resend(survey, found, wave, date.today())
        with st.container(border=True):
            st.markdown(f"**Next:** {plain(resend_sentence(rows))}")
            if rows.height:
                display.behind(
                    rows, RESEND, name="buildings-to-resend", label="Buildings to resend, with their reminders"
                )
    st.header("Who has answered, the school that is most behind first")
    schools = coverage(found)
    first = f"The {MOST_BARS} schools that are most behind; the table has all. " if schools.height > MOST_BARS else ""
    display.chart(
        responses.rate_bars(schools.head(MOST_BARS), survey.target_share),
        sentence,
        schools,
        SCHOOLS,
        name="responses",
        note=f"{first}The mark is the target. Safe to decide: those who have not answered would hardly change what is "
        "needed most.",
    )


def building(survey: Survey, wave: Any, school_id: str) -> None:
    """One building: may one decide, and what to send to whom."""
    verdict = verdict_of(survey, school_id)
    st.title(plain(str(verdict["sentence"])))
    st.caption(plain(f"{verdict['school_name']}, {survey.wave_id}"))
    display.sample_note()
    display.figures(figures(survey, verdict))
    text = reminder(survey, verdict, wave, date.today()) if is_staff() else ""
    if text:
        st.header("A reminder, ready for Teams or mail")
        st.text_area("The reminder; change it as you like", text, height="content")
        if not wave.form_link:
            here = (
                "below on this page" if current_visitor.current().may("waves") else "on this page: ask yours to do it"
            )
            st.caption(f"The form's link is not set yet. A facilitator sets it once for all buildings, {here}.")


def figures(survey: Survey, verdict: Mapping[str, object]) -> list[Figure]:
    """How many answered, how many miss to the target, how many more would make it safe."""
    answered, staff, rate = (verdict[name] for name in ("respondents", "headcount", "rate"))
    missing, more = verdict["missing"], verdict["more_answers"]
    target = f"to reach {percent(survey.target_share)}"
    is_safe = verdict["verdict"] == "safe"
    return [
        Figure(
            "Answered",
            percent(rate) if isinstance(rate, float) else f"{answered}",
            "the number of staff is not known" if staff is None else f"{answered} of {staff} staff",
        ),
        Figure("Missing", "–" if missing is None else f"{missing}", target),
        Figure(
            "To be safe",
            "0" if is_safe else "–" if more is None else f"{more}",
            "it is safe to decide" if is_safe else "not known yet" if more is None else "more answers, about",
        ),
    ]


def is_staff() -> bool:
    """Whether this is somebody of the district, who may write to a building's staff, and no guest of a link."""
    return current_visitor.current().actor.role != "guest"


with guard.page("responses"):
    with st.container(horizontal=True):
        school_id, wave_id = filters.school(), filters.wave()
    survey, wave = data.wave_survey(wave_id), data.wave_settings(wave_id)
    if school_id == DISTRICT:
        whole_district(survey, wave)
    else:
        building(survey, wave, school_id)
    who_answered.by_group(survey, school_id)
    if survey.schools.height:
        who_answered.by_day(survey, wave, school_id)
    if school_id != DISTRICT:
        who_answered.likeness(survey, wave, school_id)
    wave_settings.section(wave_id)
