"""Training planning: what does a building need most, who teaches it, and when does it suit its staff?"""

from __future__ import annotations

import streamlit as st

from pages.components import data, display, filters, guess_form
from pages.components.markdown import plain
from pages.components.session import current_visitor, guard
from pd_core.access import DISTRICT
from pd_core.charts import planning
from pd_core.needs.estimates import ENTRY, IMPLEMENTATION
from pd_core.summaries.advice import start_with
from pd_core.summaries.overview import overview
from pd_core.summaries.views import needs_of, needs_sentence, wishes_of, wishes_sentence
from pd_core.survey.comments import comments

CLASSES = {
    ENTRY: (
        "Entry classes, taught by the MIE",
        "For people who do not use the application, or need help with it.",
        "Nobody needs an entry class.",
    ),
    IMPLEMENTATION: (
        "Implementation classes, taught by the facilitator",
        "For people who use the application well themselves, but not with students, or only in place of paper.",
        "Nobody waits for an implementation class.",
    ),
}
WISHES = {"topics": "Topics that staff asked for", "times": "Times that suit"}
NEEDS = {
    "skill_name": "Skill",
    "sentence": "For",
    "people": st.column_config.NumberColumn("People", format="%.0f"),
    "people_low": st.column_config.NumberColumn("From", format="%.0f"),
    "people_high": st.column_config.NumberColumn("To", format="%.0f"),
    "top_two": display.percent("Among the two greatest"),
    "headcount": "Staff",
    "respondents": "Answered",
    "trainer": "Taught by",
    "reason": "Hidden because",
}

RANGE = (
    "The line is the range in which the number lies four times out of five, if those who did not answer are like their "
    "colleagues. The per cent say how sure it is that the class is among the two that most people need."
)
SIZE = "One training is one or two topics, and ends with one or two things that everyone does the next day."

with guard.page("training_planning"):
    head = st.container()
    with st.container(horizontal=True):
        school_id, wave_id = filters.school(), filters.wave()
    survey = data.wave_survey(wave_id)
    guess_form.before_results(survey, school_id)
    building = overview(survey, school_id)
    needs = {training: needs_of(survey, school_id, training) for training in CLASSES}
    wishes = {wish: wishes_of(survey, school_id, wish) for wish in WISHES}
    sentences = {
        training: needs_sentence(needs[training], words[2], building.decision) for training, words in CLASSES.items()
    }
    shown = [row for rows in needs.values() for row in rows.to_dicts() if row["people"] is not None]

    with head:
        st.title(sentences[ENTRY] if shown else "There is nothing to plan on yet")
        st.caption(plain(f"{'The whole district' if school_id == DISTRICT else building.name}, {wave_id}"))
        display.sample_note()
    if school_id == DISTRICT:
        st.info("Choose a building: trainings are planned for one. Until then, here is the whole district.")
    elif building.decision != "safe" or not shown:
        first = f" {building.advice}" if building.action != "plan" else ""
        st.warning(plain(building.verdict + first), icon=":material/warning:")
    if not shown:
        st.stop()
    with st.container(border=True):
        st.markdown(start_with(needs[ENTRY], wishes["topics"], wishes["times"]))
        st.caption(SIZE)

    for training, (title, who, _) in CLASSES.items():
        st.header(title)
        st.markdown(f"{who} {sentences[training]}.")
        chart, alt = planning.need_bars(needs[training]), f"{title}: {sentences[training]}."
        display.chart(chart, alt, needs[training], NEEDS, name=f"{training}-needs", note=RANGE)
    for wish, title in WISHES.items():
        st.header(title)
        chosen = [row for row in wishes[wish].to_dicts() if row["respondents"]]
        if chosen:
            lines = [{"Answer": row["label"], "People": f"{row['respondents']} of {row['answered']}"} for row in chosen]
            st.table(lines, border="horizontal", hide_index=True, alt=f"{title}, most chosen first")
            display.downloads(wishes[wish], name=wish)
        else:
            st.markdown(wishes_sentence(wishes[wish], "Nobody has answered this question") + ".")

    if current_visitor.current().may("comments", school_id):
        st.header("In their own words")
        found = comments(survey, school_id)
        written = [row for row in found.to_dicts() if not row["suppressed"]]
        why = next((row["reason"] for row in found.to_dicts() if row["suppressed"]), "")
        if written:
            st.caption("For facilitators and administrators alone, in the order of the alphabet.")
            display.rows(written, column_order=["comment"], column_config={"comment": "Comment"})
            display.downloads(found, name="comments")
        else:
            st.markdown(f"Hidden: {why}." if why else "Nobody wrote a comment.")
