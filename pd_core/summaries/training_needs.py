"""What a school's staff need and want: classes by need, topics and times by choice."""

from __future__ import annotations

import polars as pl

from pd_core.needs.needs import needs
from pd_core.survey.preferences import Wish, wishes
from pd_core.survey.scoped_survey import Survey


def needs_of(survey: Survey, school_id: str, training: str) -> pl.DataFrame:
    """A school's needs of one kind of training, greatest first: the columns of `needs`."""
    return needs(survey, [school_id]).filter(pl.col("training") == training)


def wishes_of(survey: Survey, school_id: str, wish: Wish) -> pl.DataFrame:
    """What a school's staff chose, most chosen first: the columns of `wishes`. Choices without people are left out."""
    rows = wishes(survey, wish).filter(pl.col("school_id") == school_id)
    return rows.filter(pl.col("suppressed") | (pl.col("respondents") > 0))
