"""The district's plan for the people who plan: figures, views, what changed, and arguing with it."""

from __future__ import annotations

import streamlit as st

from pages.components import clock, data, display, filters
from pages.components.markdown import plain
from pages.components.planning import address, argue, on_record, take_away, what_if
from pd_core.actions.proposals import Asked, Proposals, usual_seconds
from pd_core.planning.comparison import Differences, differences
from pd_core.planning.feasibility import NoPlan
from pd_core.planning.found import Found
from pd_core.presentation import plan as shown
from pd_core.presentation.plan_left import left_section
from pd_core.presentation.plan_limits import limits_section
from pd_core.presentation.plan_words import COUNTED, PROPOSAL, difference_sentence, how_good, measure_sentences


def show(kept: Proposals, asked: Asked, found: Found) -> None:
    """Show the plan: how good it is, its figures, its sessions, what it leaves; and ways to change it."""
    st.markdown(how_good(found.plan))
    st.caption(f"{PROPOSAL} {COUNTED}")
    display.figures(shown.figures(found))
    changed = _changed(kept, asked, found)
    if found.problem.trained or kept.decided:
        display.open_section(left_section(found.problem, kept.decided, data.codebook()))
    view = filters.one("Look at it", "by", shown.VIEWS, noun="View", as_buttons=True)
    display.open_section(shown.view_section(found, view, data.codebook()))
    sessions = shown.sessions_section(found, _chosen(found), changed)
    display.open_section(sessions)
    argue.session(found, list(sessions.table.frame["session_id"]) if sessions.table else [])
    argue.rules(found.problem, asked)
    argue.conditions(asked, usual_seconds(found.problem))
    display.section(shown.unmet_section(found, data.codebook()))
    display.section(limits_section(found))
    what_if.section(kept, asked, found)
    st.header("Compared with a plan by hand")
    for sentence in measure_sentences(found.measure):
        st.markdown(plain(sentence))
    take_away.section(found, asked)
    on_record.section(found)


def _chosen(found: Found) -> shown.Chosen:
    """The regions, trainers and skills to which the sessions are narrowed."""
    trainers = {one.trainer_id: one.name for one in found.problem.trainers}
    skills = {one.skill_id: one.name for one in data.codebook().skills.values()}
    with st.container(horizontal=True):
        return shown.Chosen(
            filters.region(data.schools()),
            filters.several("Trainers", "trainer", trainers, placeholder="All trainers", noun="Trainer"),
            filters.several("Skills", "skills", skills, placeholder="All skills", noun="Skill"),
        )


def _changed(kept: Proposals, asked: Asked, found: Found) -> Differences | None:
    """What changed since the plan before, said on the page (null: there was none)."""
    earlier = address.before()
    before = kept.known(clock.now(), earlier) if earlier is not None and earlier != asked else None
    if before is None or not before.is_done:
        return None
    try:
        old = before.result().plan
    except NoPlan:
        return None
    changed = differences(old, found.plan)
    st.info(plain(difference_sentence(changed, old, found.plan)), icon=":material/difference:")
    return changed
