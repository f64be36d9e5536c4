"""Sessions: what was decided, what comes next, and what each session still needs."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from pages.components import data, filters
from pages.components.markdown import plain
from pages.components.session import guard
from pages.components.sessions import board, files, record
from pd_core.access import DISTRICT
from pd_core.presentation import sessions as presentation

with guard.page("sessions", "decide"):
    plan, lists = record.on_record(), record.lists()
    with st.container(horizontal=True):
        school_id = filters.school()
        trainers = {one.trainer_id: one.name for one in lists.trainers}
        trainer_id = filters.one("Trainer", "trainer", {"": "All trainers", **trainers})
    view = filters.one("Show", "view", presentation.VIEWS, as_buttons=True)
    now = datetime.now()
    name = "Whole district" if school_id == DISTRICT else data.school_name(school_id)
    sessions = presentation.chosen_sessions(plan, school_id, trainer_id, view, now)

    st.title(plain(presentation.headline(name, sessions, now)))
    if not plan.sessions():
        st.markdown("Sessions come from a proposal: open the plan, and put it on record when people agree.")
        st.page_link("plan.py", label="Open the plan", icon=":material/event_available:")
        st.stop()
    if line := presentation.advice(sessions, now):
        st.markdown(f"**Next:** {plain(line)}")
    cards = presentation.cards(plan, lists, sessions)
    board.show(cards, lists)
    files.section(plan, lists, sessions, presentation.message(name, cards))
