"""Overview: how is my building, may I trust it, what do we do next?"""

from __future__ import annotations

import streamlit as st

from pages.components import data, display, filters, guess_form, verdict_progress
from pages.components.markdown import plain
from pages.components.session import guard
from pd_core.access import DISTRICT
from pd_core.charts import samr, skills
from pd_core.summaries.overview import overview
from pd_core.summaries.views import levels_by_skill, levels_sentence, samr_by_skill, samr_sentence
from pd_core.wording import within

BY = {"share": "Who uses it on their own", "worst": "At worst and at best", "levels": "All four levels"}
OF_THE_DISTRICT = {"share": BY["share"], "levels": BY["levels"]}
RANGES = {
    "share": "How many use it on their own. The line is the likely range, if the others are like those who answered.",
    "worst": "The faint line goes from none of those who did not answer using it on their own to all of them.",
}

with guard.page("overview"):
    with st.container(horizontal=True):
        school_id = filters.school()
        wave_id = filters.wave()
    survey = data.wave_survey(wave_id)
    guess_form.before_results(survey, school_id)
    leads_with_schools = school_id == DISTRICT and survey.scope.school_ids is None
    building = overview(survey, school_id, verdict_progress.verdicts(survey) if leads_with_schools else None)

    st.title(plain(building.verdict))
    st.caption(plain(f"{'The whole district' if school_id == DISTRICT else building.name}, {wave_id}"))
    display.sample_note()
    with st.container(border=True):
        st.markdown(f"**Next:** {plain(building.advice)}")
        if building.action == "remind":
            st.page_link(
                "responses.py",
                label="See who is missing, and the reminder",
                icon=":material/how_to_reg:",
                query_params={"school": school_id},
            )
        elif building.action == "plan":
            st.page_link(
                "training_planning.py",
                label="Open the training page",
                icon=":material/event_note:",
                query_params={"school": school_id},
            )
        elif building.action == "upload":
            st.page_link("upload.py", label="Open the upload page", icon=":material/upload_file:")

    display.figures(building.figures)
    for need in building.needs:
        sure = f", {need.sureness}" if need.sureness else ""
        st.markdown(f"**{need.skill_name}**: {within(need.sentence)} do not use it on their own yet{sure}.")
    if building.close_behind:
        st.markdown(plain(building.close_behind))
    guess_form.beside_results(survey, school_id)
    if not building.skills.height:
        st.stop()
    st.header(plain(building.strengths))
    by = filters.one("Show", "skills", BY if school_id != DISTRICT else OF_THE_DISTRICT, as_buttons=True)
    if by == "levels":
        levels = levels_by_skill(survey, school_id)
        sentence = levels_sentence(levels)
        display.chart(skills.level_bars(levels), sentence, levels, display.LEVEL_COLUMNS, name="levels")
    else:
        shares = building.skills if by == "worst" else building.skills.drop("share_worst_low", "share_worst_high")
        display.chart(
            skills.skill_dots(shares),
            building.strengths,
            building.skills,
            display.SKILL_COLUMNS,
            name="skills",
            note=RANGES[by] + ("" if school_id == DISTRICT else " The tick is the rest of the district."),
        )
    profile = samr_by_skill(survey, school_id)
    sentence = samr_sentence(profile)
    st.header(plain(sentence))
    display.chart(
        samr.samr_profile(profile, "skill_name"),
        sentence,
        profile,
        display.SAMR_COLUMNS,
        name="samr",
        note="What students do with it, from not used (pale) to new tasks (dark).",
    )
