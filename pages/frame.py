"""The frame around every page: its look and the navigation. app.py serves it."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

LOGO = Path(__file__).parent / "components" / "logo.svg"
ICON = Path(__file__).parent / "components" / "icon.png"

st.set_page_config(page_title="PD Pulse", page_icon=str(ICON), layout="centered", initial_sidebar_state="auto")
st.logo(str(LOGO), size="large")

PAGES = {
    "": [
        st.Page("overview.py", title="Overview", icon=":material/home:", default=True),
        st.Page("school_comparison.py", title="School comparison", icon=":material/grid_on:"),
        st.Page("samr_distribution.py", title="SAMR distribution", icon=":material/stacked_bar_chart:"),
        st.Page("training_planning.py", title="Training planning", icon=":material/event_note:"),
    ],
    "Data": [
        st.Page("upload.py", title="Upload", icon=":material/upload_file:"),
        st.Page("methods.py", title="Methods", icon=":material/menu_book:"),
    ],
}

st.navigation(PAGES).run()
