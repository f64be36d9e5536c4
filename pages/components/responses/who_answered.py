"""Who has answered: by role and grade band, day by day, and whether they are like the staff."""

from __future__ import annotations

from datetime import date
from typing import Any

import streamlit as st

from pages.components import data, display
from pages.components.markdown import plain
from pd_core.access import DISTRICT
from pd_core.charts import responses
from pd_core.needs.representativeness import (
    representation,
    representation_sentence,
    weighted_needs,
    weighted_sentence,
)
from pd_core.summaries.response_timeline import arrivals
from pd_core.survey.response_by_group import BY, behind_sentence, hidden_sentence, of_school, participation
from pd_core.survey.scoped_survey import Survey

_GROUPS = {
    "group_name": "Group",
    "respondents": "Answered",
    "headcount": "Staff",
    "rate": display.percent("Rate"),
    "told": "In words",
    "reason": "Hidden because",
}
_DAYS = {"day": "Day", "new": "Answered that day", "respondents": "Answered so far"}
_SHARES = {
    "group_name": "Group",
    "headcount": "Staff",
    "staff_share": display.percent("Share of staff"),
    "respondents": "Answered",
    "answer_share": display.percent("Share of answers"),
}
_WEIGHTED = {
    "skill_name": "Skill",
    "people": "People, as answered",
    "people_weighted": "People, weighted by role",
}
_NO_STAFF_LIST = (
    "There is no staff list, or it has nobody of this building. With one, it says here which roles and grade bands "
    "have answered; an administrator loads it."
)


def by_group(survey: Survey, school_id: str) -> None:
    """Which roles and grade bands have answered, against the target."""
    groups = {by: of_school(participation(survey, by), school_id) for by in BY}
    if not any(rows.height for rows in groups.values()):
        if school_id != DISTRICT:
            st.header("Which roles are behind cannot be told")
            st.markdown(_NO_STAFF_LIST)
        return
    for by, rows in groups.items():
        sentence = behind_sentence(rows, by)
        st.header(plain(sentence))
        hidden = hidden_sentence(rows)
        if rows["suppressed"].all():
            st.caption(plain(hidden or "The staff list has groups of fewer only."))
            continue
        chart = responses.rate_bars(rows, survey.target_share, "group_name")
        note = f"Of the staff list, by {BY[by]}; the mark is the target. {hidden}"
        display.chart(chart, sentence, rows, _GROUPS, name=f"responses-by-{by}", note=note)


def by_day(survey: Survey, wave: Any, school_id: str) -> None:
    """How the answers came in, and where that leads; `wave` is what is set for it."""
    found = arrivals(survey, school_id, wave.closes_on, date.today())
    st.header(plain(found.sentence))
    if found.days.height:
        chart = responses.arrival_curve(found.days, found.target, found.expected)
        is_own = school_id == DISTRICT and survey.scope.school_ids is not None
        note = f"People who answered up to each day{' in your buildings' if is_own else ''}, as of the latest upload."
        display.chart(chart, found.sentence, found.days, _DAYS, name="arrivals", note=note)


def likeness(survey: Survey, wave: Any, school_id: str) -> None:
    """Whether those who answered are like a building's staff, and how far that could move its needs."""
    st.header("Are those who answered like the staff?")
    for by in BY:
        rows = representation(survey, school_id, by)
        st.markdown(plain(representation_sentence(rows, by)) + ".")
        if rows.height:
            display.behind(rows, _SHARES, name=f"representation-by-{by}", label=f"The shares by {BY[by]} as a table")
    if wave.asks_guesses and data.own_guesses(survey.wave_id, school_id) is None:
        st.caption("How far that could move the needs is told once you have guessed, on the overview.")
        return
    needs = weighted_needs(survey, school_id)
    st.markdown(plain(weighted_sentence(needs)) + ".")
    if needs.height:
        st.caption("The needs on the planning page draw those who have not answered from their own role already.")
        display.behind(needs, _WEIGHTED, name="needs-weighted-by-role", label="The needs weighted by role as a table")
