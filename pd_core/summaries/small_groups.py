"""Groups that are too small to show alone, next to the schools of a comparison."""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from pd_core.disclosure.suppressed_frames import OTHER_ROLES, SMALL_SCHOOLS
from pd_core.summaries.unnamed_schools import comparable_schools
from pd_core.survey.scoped_survey import Survey


def small_skills(survey: Survey, school_ids: Collection[str]) -> pl.DataFrame:
    """The columns of `Survey.skill_summary`: other roles together of these schools and, where they are all schools of
    the comparison, small schools together. Their names are the same for all skills."""
    rows = _of(survey, survey.small_groups.skill_summary, school_ids)
    return rows.with_columns(pl.col("school_name").str.replace(r" \(.*\)$", ""))


def small_samr(survey: Survey, skill_id: str, school_ids: Collection[str]) -> pl.DataFrame:
    """As `small_skills`, of one skill: the columns of `Survey.samr_levels`."""
    return _of(survey, survey.small_groups.samr_levels, school_ids).filter(pl.col("skill_id") == skill_id)


def _of(survey: Survey, rows: pl.DataFrame, school_ids: Collection[str]) -> pl.DataFrame:
    wanted = [school_id + OTHER_ROLES for school_id in school_ids]
    # A filter by school, level or region keeps its schools; who is in “small schools together” is not told.
    if set(comparable_schools(survey)["school_id"]) <= set(school_ids):
        wanted.append(SMALL_SCHOOLS)
    return rows.filter(pl.col("school_id").is_in(wanted))
