"""SAMR distribution: how far does technology change the lessons? Level by level, and never as a mean."""

from __future__ import annotations

import streamlit as st

from pages.components import data, display, filters, guess_form
from pages.components.markdown import plain
from pages.components.session import guard
from pd_core.access import DISTRICT
from pd_core.charts import samr
from pd_core.summaries.views import compared_schools, samr_by_school, samr_by_skill, samr_sentence

BY = {"skill": "Skills of a school", "school": "Schools for a skill"}
COLUMNS = {"school_name": "School", **display.SAMR_COLUMNS}

NOTE = "Of those who answered, from not used (pale) to redefined (dark). Levels are never averaged into one number."

with guard.page("samr_distribution"):
    codebook = data.codebook()
    head = st.container()
    by = filters.one("Show", "by", BY, as_buttons=True)
    with st.container(horizontal=True):
        if by == "skill":
            school_id = filters.school()
        else:
            skill_id = filters.skill([item.skill_id for item in codebook.items_of("samr")])
        wave_id = filters.wave()
    survey = data.wave_survey(wave_id)
    if by == "skill":
        guess_form.before_results(survey, school_id)
        row, noun, subject = "skill_name", "skill", "The whole district"
        profile = samr_by_skill(survey, school_id)
        if school_id != DISTRICT:
            subject = next(str(school["name"]) for school in data.schools() if school["school_id"] == school_id)
    else:
        for own in data.own_schools():
            guess_form.before_results(survey, own)
        row, noun, subject = "school_name", "school", codebook.skills[skill_id].name
        profile = samr_by_school(survey, skill_id, compared_schools(survey))
    sentence = samr_sentence(profile, row)

    with head:
        st.title(plain(sentence))
        st.caption(plain(f"{subject}, {wave_id}"))
        display.sample_note()
    own = [line for line in profile.to_dicts() if not line["is_district"]]
    if not own:
        st.info(f"Nobody has answered this in {plain(wave_id)}. Choose another wave or school.", icon=":material/info:")
    elif all(line["share"] is None for line in own):
        reason = next(line["reason"] for line in own if line["suppressed"])
        st.info(f"This is hidden: {reason}. Look at the whole district instead.", icon=":material/visibility_off:")
    else:
        chart = samr.samr_profile(profile, row)
        note = f"{NOTE} {display.hidden(own, noun, row)}"
        display.chart(chart, sentence, profile, COLUMNS, name=f"samr-by-{noun}", note=note)

    st.header("What the letters mean")
    letters = [(choice.code if len(choice.code) == 1 else "–", choice.label) for choice in codebook.scales["samr"]]
    st.markdown("\n".join(f"- **{letter}** {meaning}" for letter, meaning in letters))
    st.caption("The letters describe a task, not a teacher: a substitution can be the right choice for a lesson.")
