"""All schools' verdicts of a survey: at once for most districts, in the background for a very large one."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages.components.session import guard
from pd_core.needs.background import progress
from pd_core.needs.verdicts import are_known
from pd_core.needs.verdicts import verdicts as verdicts_of
from pd_core.survey.scoped_survey import Survey

MOST_AT_ONCE = 200
"""Up to this many schools a page waits for the verdicts: two or three seconds, once after each upload."""


def verdicts(survey: Survey) -> Any:
    """The verdicts, as in `needs.verdicts.verdicts`, of all schools in scope.

    For a very large district, those worked out so far: the page says so, and runs again when all are there.
    """
    if are_known(survey):
        return verdicts_of(survey)
    if survey.schools.height <= MOST_AT_ONCE:
        with st.spinner("Working out how sure the answers are …"):
            return verdicts_of(survey)
    _watch(survey)
    return verdicts_of(survey, wait=False)


@st.fragment(run_every=2)
def _watch(survey: Survey) -> None:
    with guard.page("verdicts"):
        done, of = progress(survey)
        if done == of:
            st.rerun()
        st.progress(done / of, text=f"Working out how sure the answers are: {done:,} of {of:,} schools.")
