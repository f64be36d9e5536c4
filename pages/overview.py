"""Overview: how is my building, may I trust it, what do we do next?"""

from __future__ import annotations

import streamlit as st

from pages.components import data, filters, guard, show
from pages.components.wording import plain
from pd_core.access import DISTRICT
from pd_core.charts import samr, skills
from pd_core.summaries.overview import overview, within
from pd_core.summaries.views import samr_by_skill, samr_sentence

with guard.page("overview"):
    with st.container(horizontal=True):
        school_id = filters.school()
        wave_id = filters.wave()
    survey = data.wave_survey(wave_id)
    building = overview(survey, school_id)

    st.title(plain(building.verdict))
    st.caption(plain(f"{'The whole district' if school_id == DISTRICT else building.name}, {wave_id}"))
    show.sample_note()
    show.figures(building.figures)
    for need in building.needs:
        st.markdown(f"**{need.skill_name}**: {within(need.sentence)} do not use it on their own yet.")
    with st.container(border=True):
        st.markdown(f"**Next:** {plain(building.advice)}")
        if building.action == "plan":
            st.page_link(
                "training_planning.py",
                label="Open the training page",
                icon=":material/event_note:",
                query_params={"school": school_id},
            )
        elif building.action == "upload":
            st.page_link("upload.py", label="Open the upload page", icon=":material/upload_file:")

    st.header(plain(building.strengths))
    district = "" if school_id == DISTRICT else ", the tick the district"
    show.chart(
        skills.skill_dots(building.skills),
        building.strengths,
        building.skills,
        show.SKILL_COLUMNS,
        name="skills",
        note=f"How many use it on their own. The line is the likely range{district}.",
    )
    profile = samr_by_skill(survey, school_id)
    sentence = samr_sentence(profile)
    st.header(plain(sentence))
    show.chart(
        samr.samr_profile(profile, "skill_name"),
        sentence,
        profile,
        show.SAMR_COLUMNS,
        name="samr",
        note="What students do with it, from not used (pale) to new tasks (dark).",
    )
