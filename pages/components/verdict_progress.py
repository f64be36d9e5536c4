"""All schools' verdicts of a survey: at once for most districts, in the background for a very large one."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages.components import progress
from pages.components.session import guard
from pd_core.background import MOST_SCHOOLS_AT_ONCE
from pd_core.needs import background
from pd_core.needs.verdicts import are_known
from pd_core.needs.verdicts import verdicts as verdicts_of
from pd_core.survey.scoped_survey import Survey


def verdicts(survey: Survey) -> Any:
    """The verdicts, as in `needs.verdicts.verdicts`, of all schools in scope.

    For a very large district, those worked out so far: the page says so, and runs again when all are there.
    """
    if are_known(survey):
        return verdicts_of(survey)
    if survey.schools.height <= MOST_SCHOOLS_AT_ONCE:
        with st.spinner("Working out how sure the answers are …"):
            return verdicts_of(survey)
    progress.watch(lambda: background.progress(survey), words, guard.place())
    return verdicts_of(survey, wait=False)


def words(done: int, of: int) -> str:
    """How many schools' verdicts are worked out."""
    return f"Working out how sure the answers are: {done:,} of {of:,} schools."
