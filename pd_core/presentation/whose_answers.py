"""Whose answers a picture shows, for the picture itself: it travels without its page."""

from __future__ import annotations

import polars as pl

from pd_core.access import DISTRICT
from pd_core.survey.scoped_survey import Survey


def whose_answers(survey: Survey, school_id: str) -> str:
    """“Cedar Hollow Elementary, Fall 2026: 34 of 42 staff answered”; the district's for a school that is not seen."""
    place = school_id if survey.scope.sees(school_id) else DISTRICT
    rate = survey.response_rates.filter(pl.col("school_id") == place).row(0, named=True)
    name = "The whole district" if place == DISTRICT else str(rate["school_name"])
    if survey.role is not None:
        name += f", {survey.codebook.labels('role')[survey.role]} only"
    answered, staff = rate["respondents"], rate["headcount"]
    if answered is None:
        return f"{name}, {survey.wave_id}"
    of = f"{answered:,} of {staff:,} staff" if staff is not None else f"{answered:,} people"
    return f"{name}, {survey.wave_id}: {of} answered"
