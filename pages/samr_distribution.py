"""SAMR distribution: how much does technology change lessons? Level by level, never averaged."""

from __future__ import annotations

from typing import cast

import streamlit as st

from pages.components import data, display, filters, guess_form, headings
from pages.components.markdown import plain
from pages.components.session import guard
from pd_core.access import DISTRICT
from pd_core.presentation import samr_distribution

with guard.page("samr_distribution"):
    codebook = data.codebook()
    with st.container(horizontal=True):
        by = cast(
            samr_distribution.By, filters.one("Show", "by", samr_distribution.VIEWS, noun="View", as_buttons=True)
        )
        if by == "skill":
            subject_id = filters.school()
        else:
            subject_id = filters.skill([item.skill_id for item in codebook.items_of("samr")])
        wave_id = filters.wave()
    survey = data.wave_survey(wave_id)
    if by == "school":
        subject = codebook.skills[subject_id].name
    else:
        subject = "The whole district" if subject_id == DISTRICT else data.school_name(subject_id)
    for school_id in [subject_id] if by == "skill" else data.own_schools():
        guess_form.before_results(survey, school_id)
    found = samr_distribution.profile_section(survey, by, subject_id)

    headings.opening(found.sentence, place=f"{subject}, {wave_id}")
    if found.drawing:
        display.section(found)
    else:
        st.info(plain(found.note or ""), icon=":material/info:")

    st.header(samr_distribution.LETTERS_HEADING)
    letters = samr_distribution.letters(codebook)
    st.markdown("\n".join(f"- **{letter}** {plain(meaning)}" for letter, meaning in letters))
    st.caption(samr_distribution.LETTERS_NOTE)
