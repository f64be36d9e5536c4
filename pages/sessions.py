"""Sessions: what was decided, what comes next, and what each session still needs."""

from __future__ import annotations

import streamlit as st

from pages.components import clock, data, filters, headings, notices, page_links
from pages.components.markdown import plain
from pages.components.session import guard
from pages.components.session.current_visitor import current
from pages.components.sessions import board, change, files, record, views
from pd_core.access import DISTRICT
from pd_core.presentation import session_views
from pd_core.presentation import sessions as presentation

with guard.page("sessions", "decide"):
    plan, lists, now = record.on_record(), record.lists(), clock.now()
    own_trainer = record.own_trainer()
    trainers = {one.trainer_id: one.name for one in lists.trainers}
    head = st.container()
    view = views.choose_view(own_trainer)
    school_id, trainer_id = DISTRICT, own_trainer
    if view != presentation.MINE:
        with st.container(horizontal=True):
            school_id = filters.school()
            trainer_id = filters.one("Trainer", "trainer", {"": "All trainers", **trainers})
    layout = filters.one("As", "as", session_views.LAYOUTS, noun="View", as_buttons=True)
    sessions = presentation.chosen_sessions(plan, school_id, trainer_id, view, now)
    name = trainers.get(trainer_id) or ("Whole district" if school_id == DISTRICT else data.school_name(school_id))

    with head:
        headings.opening(presentation.headline(name, sessions, now))
    if layout != "list" or not plan.sessions():
        notices.show(record.NOTICE)
    if not plan.sessions():
        st.markdown("Sessions come from a proposal: open the plan, and put it on record when people agree.")
        page_links.show(page_links.Link("plan.py", "Open the plan", "event_available"))
        guard.end_page()
    if view == presentation.MINE:
        next_line = presentation.next_to_teach(sessions, lists, now)
    else:
        next_line = presentation.advice(sessions, now)
    if next_line:
        st.markdown(f"**Next:** {plain(next_line)}")
    cards = presentation.cards(plan, lists, sessions)
    is_read_only = record.is_read_only()
    if (
        not is_read_only
        and current().may("plan")
        and st.button("Add a session", icon=":material/add:", key="session_add")
    ):
        change.new(lists)
    if layout == "list":
        board.show(cards, lists)
    elif layout == "board":
        everything = presentation.chosen_sessions(plan, school_id, trainer_id, "all", now)
        views.board(lists, everything, school_id)
    else:
        views.calendar(lists, sessions, layout, now)
    if is_read_only:
        st.caption(
            "These sessions belong to the made-up sample district. Yours come from a plan once answers are stored."
        )
    else:
        files.section(plan, lists, sessions, presentation.message(name, cards), school_id, trainer_id)
