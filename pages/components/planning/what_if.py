"""What if …: plans of the same district under other conditions, searched for on request and shown side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import streamlit as st

from pages.components import clock, display
from pages.components.session import guard
from pages.components.session.current_visitor import current
from pd_core.actions import proposals
from pd_core.actions.proposals import Asked, Proposals
from pd_core.planning.background import Job
from pd_core.planning.feasibility import NoPlan
from pd_core.planning.found import Found
from pd_core.planning.result import Plan
from pd_core.planning.what_if import Variant
from pd_core.presentation import what_if

NAME = "compare"
"""In the address: whether the other conditions are shown."""


def section(kept: Proposals, asked: Asked, found: Found) -> None:
    """Offer the comparison, or show it once it is asked for."""
    if st.query_params.get(NAME) != "yes":
        st.header(what_if.HEADING)
        st.caption(
            "One more facilitator, fewer hours, another day, no goals, no fairness rule: what would each change?"
        )
        st.button("Compare", on_click=_ask, icon=":material/compare_arrows:", key="plan_compare")
        return
    now = clock.now()
    jobs: dict[Variant, Job] = {
        name: proposals.begin(kept, current(), now, replace(asked, variant=name)) for name in what_if.NAMES
    }
    if not all(job.is_done for job in jobs.values()):
        st.header(what_if.HEADING)
        _watch(jobs)
        return
    display.open_section(what_if.what_if_section(found, {name: _plan(job) for name, job in jobs.items()}))
    st.caption(what_if.MEANING)


def _ask() -> None:
    st.query_params[NAME] = "yes"


@st.fragment(run_every=1)
def _watch(jobs: Mapping[Variant, Job]) -> None:
    with guard.page("plan"):
        done = sum(job.is_done for job in jobs.values())
        if done == len(jobs):
            st.rerun()
        st.progress(done / len(jobs), text=f"Looking for other plans: {done} of {len(jobs)}.")


def _plan(job: Job) -> Plan | str:
    try:
        return job.result().plan
    except NoPlan as error:
        return error.message
