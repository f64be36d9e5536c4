"""Sessions: what was decided, what comes next, and what each session still needs."""

from __future__ import annotations

from datetime import datetime

import streamlit as st

from pages.components import data, filters
from pages.components.markdown import plain
from pages.components.session import guard
from pages.components.sessions import board, files
from pd_core.access import DISTRICT
from pd_core.presentation import sessions as presentation

with guard.page("sessions", "decide"):
    record, lists = data.plan_record(), data.plan_lists()
    with st.container(horizontal=True):
        school_id = filters.school()
        trainers = {one.trainer_id: one.name for one in lists.trainers}
        trainer_id = filters.one("Trainer", "trainer", {"": "All trainers", **trainers})
    view = filters.one("Show", "view", presentation.VIEWS, as_buttons=True)
    now = datetime.now()
    name = "Whole district" if school_id == DISTRICT else data.school_name(school_id)
    sessions = presentation.chosen_sessions(record, school_id, trainer_id, view, now)

    st.title(plain(presentation.headline(name, sessions, now)))
    if not record.sessions():
        st.markdown("Sessions come from a proposal: open the plan, and put it on record when people agree.")
        st.page_link("plan.py", label="Open the plan", icon=":material/event_available:")
        st.stop()
    if line := presentation.advice(sessions, now):
        st.markdown(f"**Next:** {plain(line)}")
    cards = presentation.cards(record, lists, sessions)
    board.show(cards, lists)
    files.section(record, lists, sessions, presentation.message(name, cards))
