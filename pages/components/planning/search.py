"""The search for a plan as a page shows it: progress and the gap so far, canceling, and what went wrong."""

from __future__ import annotations

import streamlit as st

from pages.components import clock, data, progress, verdict_progress
from pages.components.markdown import plain
from pages.components.session import guard
from pages.components.session.current_visitor import current
from pd_core.actions import proposals
from pd_core.actions.proposals import Asked, Proposals
from pd_core.planning.background import Job
from pd_core.planning.feasibility import NoPlan

WAITING = "Another search is running on this server. This one begins when it ends."


def is_ready(wave_id: str) -> bool:
    """Whether it is known of every school if it should resend; for a very large district that takes a while, which the
    page shows."""
    if are_verdicts_known(wave_id):
        return True
    progress.watch(lambda: _verdicts_to_come(wave_id) or (1, 1), verdict_progress.words, "plan")
    return False


def are_verdicts_known(wave_id: str) -> bool:
    """Whether the verdicts of all schools are known, or there in a few seconds."""
    return _verdicts_to_come(wave_id) is None


def job(found: Proposals, asked: Asked) -> Job | None:
    """The search for what is asked. People who do not plan get the usual proposal, or one that is known (null: what
    they ask for is neither)."""
    now = clock.now()
    if asked == Asked() or current().may("plan"):
        return proposals.begin(found, current(), now, asked)
    return found.known(now, asked)


def usual(found: Proposals) -> Job:
    """The search for the usual proposal."""
    return proposals.begin(found, current(), clock.now(), Asked())


@st.fragment(run_every=1)
def show(search: Job) -> None:
    """Show how far a search is, until it ends; then the page runs again."""
    with guard.page("plan"):
        if search.is_done:
            st.rerun()
        best, elapsed = search.best, search.elapsed
        if elapsed is None:
            st.progress(0.0, text=WAITING)
        elif best is None:
            st.progress(min(elapsed / search.seconds, 1.0), text="Looking at what the lists allow …")
        else:
            gap = f", at most {100 * best.gap:.0f}% below the best there can be" if best.gap else ""
            text = f"Looking for the best plan: {len(best.sessions):,} sessions so far{gap}."
            st.progress(min(elapsed / search.seconds, 1.0), text=text)
        if current().may("plan"):
            label = "Stop and keep the best plan so far" if best is not None else "Cancel"
            st.button(label, on_click=search.cancel, icon=":material/stop_circle:", key="cancel_search")


def failed(found: Proposals, asked: Asked, error: NoPlan) -> None:
    """Say why there is no plan, and offer to search again. The reason names schools and what they need, so that only
    people who plan see it."""
    if not current().may("plan"):
        st.info("Your facilitator sees why, and can change what is asked for.")
        return
    st.error(plain(error.text()), icon=":material/error:")
    if st.button("Search again", icon=":material/refresh:", key="search_again"):
        proposals.begin(found, current(), clock.now(), asked, again=True)
        st.rerun()


def _verdicts_to_come(wave_id: str) -> tuple[int, int] | None:
    """As `actions.proposals.verdicts_to_come`."""
    shown, _ = data.shown_store()
    share = data.settings().target_share
    return proposals.verdicts_to_come(shown, current(), data.codebook(), wave_id, target_share=share)
