"""Overview: how is my building, may I trust it, what do we do next?"""

from __future__ import annotations

import streamlit as st

from pages.components import data, filters, show
from pd_core.charts import samr, skills
from pd_core.summaries.overview import overview
from pd_core.summaries.survey import DISTRICT
from pd_core.summaries.views import samr_by_skill, samr_sentence

ICONS = {"on target": ":material/check_circle:", "hidden": ":material/visibility_off:"}

with show.page("overview"):
    with st.container(horizontal=True):
        school_id = filters.school()
        wave_id = filters.wave()
    survey = data.wave_survey(wave_id)
    building = overview(survey, school_id)

    st.title(building.verdict)
    st.caption(f"{'The whole district' if school_id == DISTRICT else building.name}, {wave_id}")
    show.sample_note()
    show.figures(building.figures)
    for need in building.needs:
        st.markdown(
            f"**{need.skill_name}**: {need.sentence[0].lower()}{need.sentence[1:]} do not use it on their own yet."
        )
    with st.container(border=True):
        st.markdown(f"**Next:** {building.advice}")
        target = "upload.py" if building.action == "upload" else "training_planning.py"
        if building.action == "plan":
            st.page_link(
                target, label="Open the training page", icon=":material/event_note:", query_params={"school": school_id}
            )

    st.subheader(building.strengths)
    show.chart(
        skills.skill_dots(building.skills),
        f"{building.strengths}. The dot is the share who use it on their own, the line its range, the tick the district.",
        building.skills,
        {
            "skill_name": "Skill",
            "respondents": "Answered",
            "proficient": "Proficient",
            "share": st.column_config.NumberColumn("Share", format="percent"),
            "share_low": st.column_config.NumberColumn("From", format="percent"),
            "share_high": st.column_config.NumberColumn("To", format="percent"),
            "district_share": st.column_config.NumberColumn("District", format="percent"),
            "reason": "Hidden because",
        },
        name="skills",
    )
    profile = samr_by_skill(survey, school_id)
    sentence = samr_sentence(profile)
    st.subheader(sentence)
    show.chart(
        samr.samr_profile(profile, "skill_name"),
        sentence,
        profile,
        {
            "skill_name": "Skill",
            "level": "SAMR level",
            "level_label": "What it means",
            "respondents": "People",
            "share": st.column_config.NumberColumn("Share", format="percent"),
            "reason": "Hidden because",
        },
        name="samr",
    )
