"""A school's skills: its answers level by level, and its shares compared with the rest of the district."""

from __future__ import annotations

import polars as pl

from pd_core.access import DISTRICT
from pd_core.summaries.school_comparison import grid
from pd_core.survey.scoped_survey import Survey


def levels_by_skill(survey: Survey, school_id: str) -> pl.DataFrame:
    """How a school's staff answered on each skill, level by level: skill_name, level (0-3), level_label, share (0-1),
    people, respondents (who answered about the skill), suppressed, reason.

    Skills without answers are left out.
    """
    is_answered = pl.col("suppressed") | (pl.col("answered") > 0)
    return survey.skill_levels.filter((pl.col("school_id") == school_id) & is_answered).select(
        "skill_name", "level", "level_label", "share", "suppressed", "reason", people="respondents",
        respondents="answered",
    )  # fmt: skip


def compared_skills(survey: Survey, school_id: str) -> pl.DataFrame:
    """A school's skills, largest share first: the columns of `school_comparison.grid` and district_share (0-1).

    district_share is the share of the rest of the district; null for the district itself.
    """
    rows = grid(survey, [school_id], "district")
    district = rows.filter(pl.col("school_id") == DISTRICT).select("skill_id", district_share="share")
    if school_id == DISTRICT:
        district = district.clear()
    own = rows.filter(pl.col("school_id") == school_id)
    own = own.join(district, on="skill_id", how="left", maintain_order="left")
    # The mark is what the comparison's word refers to.
    own = own.with_columns(district_share=pl.coalesce("compared_share", "district_share"))
    return own.sort("share", descending=True, nulls_last=True, maintain_order=True)
