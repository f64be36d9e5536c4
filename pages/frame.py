"""The frame around every page: its look, who is here, and the navigation. app.py serves it."""

from __future__ import annotations

import streamlit as st

from pages.components import navigation, page_links
from pages.components.browser import hand_over
from pages.components.session import guard, new_answers, rights, sidebar
from pd_core.access import Action, can_somewhere

# Before the navigation, which would have the browser fetch the page's own icon from elsewhere.
st.set_page_config(page_title="PD Pulse", page_icon=navigation.ICON, layout="centered", initial_sidebar_state="auto")
st.logo(navigation.LOGO, size="large")

with guard.frame() as visitor:

    def page(file: str, title: str, icon: str, action: Action = "view", *, default: bool = False) -> navigation.Entry:
        """A page, in the menu of those who may use it. Its address works for everyone; others read there why not."""
        is_theirs = visitor is not None and can_somewhere(visitor.actor, action)
        return navigation.page(file, title, icon, is_shown=is_theirs, default=default)

    pages = {
        "": [
            page(page_links.HOME, "Overview", "home", default=True),
            page("responses.py", "Responses", "how_to_reg"),
            page("school_comparison.py", "School comparison", "grid_on"),
            page("samr_distribution.py", "SAMR distribution", "stacked_bar_chart"),
            page("growth.py", "Growth", "trending_up"),
            page("impact.py", "Impact", "query_stats", "outcomes"),
            page("training_planning.py", "Training planning", "event_note"),
            page("plan.py", "Plan", "event_available"),
            page("sessions.py", "Sessions", "checklist", "decide"),
            page("hours.py", "Hours and money", "schedule", "plan"),
            page("programme.py", "Trainers", "diversity_3", "plan"),
            page("credentials.py", "Credentials", "workspace_premium", "plan"),
        ],
        "Data": [
            page("survey.py", "Survey", "quiz", "decide"),
            page("upload.py", "Upload", "upload_file", "upload"),
            page("training_lists.py", "Training lists", "list_alt", "plan"),
            page("administration.py", "Administration", "admin_panel_settings", "administer"),
            page("methods.py", "Methods", "menu_book"),
        ],
    }
    chosen = navigation.chosen(pages)
    st.set_page_config(page_title=f"{chosen.title} · PD Pulse")
    if visitor:
        st.sidebar.html(navigation.menu(pages, chosen) + sidebar.own_computer(visitor))
        with guard.errors():
            sidebar.show(visitor)
            rights.watch(visitor)
        new_answers.watch(visitor)
    chosen.run()
    if visitor:
        hand_over.page_link()
