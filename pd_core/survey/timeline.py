"""When a wave's answers came in."""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from pd_core.storage import responses
from pd_core.survey.beyond_scope import store_of
from pd_core.survey.scoped_survey import Survey


def answers_by_day(survey: Survey, school_ids: Collection[str]) -> pl.DataFrame:
    """How many people at these schools answered on each day: day (date), new, respondents (all up to then).

    A person who answered again counts on the day of the answer that counts. Days without answers have no row.
    """
    return (
        responses.arrivals(store_of(survey), survey.wave_id)
        .filter(pl.col("school_id").is_in(list(school_ids)))
        .group_by("day")
        .agg(new=pl.col("respondents").sum())
        .sort("day")
        .with_columns(respondents=pl.col("new").cum_sum())
    )
