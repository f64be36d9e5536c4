"""Effects that take a while to work out: at once where they are known, with a bar where they are not."""

from __future__ import annotations

import streamlit as st

from pages.components.session import guard
from pd_core.summaries.impact_background import progress
from pd_core.summaries.impact_board import questions_asked
from pd_core.summaries.impact_figures import Impact


def is_done(impact: Impact) -> bool:
    """Whether all effects are worked out; begins the work if not, and waits a moment for it."""
    done, of = progress(impact.store, questions_asked(impact))
    return done == of


@st.fragment(run_every=1)
def watch(impact: Impact) -> None:
    """Show how far the work is, and run the page again when it is done."""
    with guard.page("impact", "outcomes"):
        done, of = progress(impact.store, questions_asked(impact))
        if done == of:
            st.rerun()
        text = f"Working out effects, each compared with 999 random starts: {done} of {of} questions."
        st.progress(done / of, text=text)
