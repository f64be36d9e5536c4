"""Plan: which training is proposed where, by whom and when, and how people change it until it is theirs."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.components import clock, data, display, filters, headings, page_links
from pages.components.planning import address, argue, district, school, search
from pages.components.planning.proposals import proposals
from pages.components.session import current_visitor, guard
from pd_core.access import DISTRICT
from pd_core.actions.proposals import Asked, Proposals, usual_seconds
from pd_core.planning.background import Job
from pd_core.planning.feasibility import NoPlan
from pd_core.planning.problem import Problem
from pd_core.presentation.plan_coverage import coverage_section, missing_lists
from pd_core.presentation.plan_words import headline
from pd_core.wording import listed

Entitle = Callable[[str], None]


def without_lists(missing: tuple[str, ...]) -> None:
    """Say which lists are needed before anything can be planned."""
    st.markdown(
        f"A plan needs lists of {listed(['trainings', 'trainers', 'slots'])}. Missing: {listed(list(missing))}."
    )
    if may_plan():
        page_links.show(page_links.Link("training_lists.py", "Load the lists", "list_alt"))
    else:
        st.caption("Your facilitator loads them.")


def whole_or_school(entitle: Entitle, school_id: str, kept: Proposals, asked: Asked, job: Job) -> None:
    """Shows a plan that was found, as the visitor may see it: the district's, or a school's part. Raises NoPlan."""
    found = job.result()
    if school_id != DISTRICT:
        part = school.plan_of(found, school_id)
        entitle(part.title)
        school.show(part)
        if may_plan():
            argue.session(found, [card.session_id for card in part.cards])
            argue.rules(found.problem, asked)
    elif may_plan():
        entitle(headline(found.problem, found.plan))
        district.show(kept, asked, found)
    else:
        entitle("A plan is proposed")
        own, other = "Choose your school to see its sessions.", "Each school sees its own sessions."
        st.info(own if data.own_schools() else other)


def without_plan(entitle: Entitle, kept: Proposals, asked: Asked, problem: Problem, error: NoPlan) -> None:
    """Says why no plan keeps all limits, with what was decided, to change it."""
    entitle("No plan keeps all limits")
    search.failed(kept, asked, error)
    if may_plan():
        argue.rules(problem, asked)
        argue.conditions(asked, usual_seconds(problem))


def proposed(entitle: Entitle, school_id: str, wave_id: str) -> None:
    """Shows the plan that the address asks for, or the search for it."""
    kept, asked = proposals(wave_id), address.asked()
    problem = kept.at(clock.now(), asked)[0]
    if missing := missing_lists(problem):
        entitle("No plan can be proposed yet")
        without_lists(missing)
        return
    job = search.job(kept, asked)
    if job is None:
        st.info("This link is to a plan that is no longer kept. Here is the usual proposal.")
        asked, job = Asked(), search.usual(kept)
    if not job.is_done:
        entitle("Looking for the best plan")
        search.show(job)
    else:
        try:
            whole_or_school(entitle, school_id, kept, asked, job)
        except NoPlan as error:
            without_plan(entitle, kept, asked, problem, error)
    if may_plan() and school_id == DISTRICT:
        display.section(coverage_section(problem, kept.staffing(clock.now()), data.codebook()))


def put_title(head: DeltaGenerator, wave_id: str, title: str) -> None:
    """Puts the title above the filters as soon as it is known; a browser shows it while the rest is made."""
    with head:
        headings.opening(title, place=wave_id)


def may_plan() -> bool:
    """Whether this person plans for the district, and may change what a plan is searched under."""
    return current_visitor.current().may("plan")


with guard.page("plan"):
    head = st.container()
    with st.container(horizontal=True):
        school_id, wave_id = filters.school(), filters.wave()
    entitle = partial(put_title, head, wave_id)
    if search.is_ready(wave_id):
        proposed(entitle, school_id, wave_id)
    else:
        entitle("Working out which schools have answered enough")
