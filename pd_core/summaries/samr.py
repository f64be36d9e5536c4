"""SAMR profiles: of a school by skill, and of a skill by school."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from pd_core.access import DISTRICT
from pd_core.summaries.small_groups import small_samr
from pd_core.summaries.unnamed_schools import compared_samr, unnamed_samr
from pd_core.survey.scoped_survey import Survey


def samr_by_skill(survey: Survey, school_id: str) -> pl.DataFrame:
    """A school's SAMR profile by skill, with the district's: school_name, skill_name, level, level_label, share (0-1),
    people, respondents, suppressed, reason, is_district.

    Skills without answers are left out.
    """
    rows = _columns(survey.samr_levels).filter(pl.col("school_id").is_in([school_id, DISTRICT]))
    own = rows.filter(pl.col("school_id") == school_id)
    answered = own.filter(pl.col("suppressed") | (pl.col("respondents") > 0))
    rows = rows.filter(pl.col("skill_id").is_in(answered["skill_id"].unique().to_list()))
    is_district = (pl.col("school_id") == DISTRICT) & (pl.lit(school_id) != DISTRICT)
    return rows.with_columns(is_district=is_district).drop("skill_id", "school_id")


def samr_by_school(survey: Survey, skill_id: str, school_ids: Sequence[str]) -> pl.DataFrame:
    """The SAMR profile of a skill by school, the district last: the columns of `samr_by_skill`.

    Schools without answers are left out. Small schools together and unnamed schools come before the district.
    """
    own = _columns(compared_samr(survey)).filter(pl.col("skill_id") == skill_id)
    own = own.filter(pl.col("suppressed") | (pl.col("respondents") > 0))
    is_district = pl.col("school_id") == DISTRICT
    schools = own.filter(pl.col("school_id").is_in(list(school_ids)) & ~is_district)
    others = _columns(small_samr(survey, skill_id, school_ids)), _columns(unnamed_samr(survey, skill_id))
    rows = pl.concat([schools, *others, own.filter(is_district)])
    return rows.with_columns(is_district=is_district).drop("skill_id", "school_id")


def _columns(levels: pl.DataFrame) -> pl.DataFrame:
    return levels.select(
        "school_id", "school_name", "skill_id", "skill_name", pl.col("level").cast(pl.String), "level_label", "share",
        "suppressed", "reason", people="respondents", respondents="answered",
    )  # fmt: skip
