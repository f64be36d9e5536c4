"""Credentials: what staff earned, by month, issuer, school and skill, and which standards that covers."""

from __future__ import annotations

import streamlit as st

from pages.components import display, headings
from pages.components.credentials import files, meanings, tables
from pages.components.session import guard
from pd_core.presentation import credentials as presentation
from pd_core.presentation.programme import standards_section

with guard.page("credentials", "plan"):
    rows, schools, skills = tables.rows(), tables.schools(), tables.skills()
    headings.opening(presentation.title(rows))
    if months := presentation.months_section(rows):
        st.caption(presentation.HIDDEN)
        display.section(months)
        display.open_section(presentation.schools_section(rows, schools))
        named = {**skills, "": presentation.NO_SKILL}
        display.open_section(presentation.named_section(rows, "skill_id", "By skill", named))
        display.open_section(presentation.named_section(rows, "issuer", "By issuer", {"": "No issuer"}))
        display.open_section(presentation.named_section(rows, "credential", "By credential", {}))
        display.open_section(presentation.cells_section(rows, schools, skills))
    display.open_section(standards_section(tables.standards()))
    files.section()
    meanings.section()
