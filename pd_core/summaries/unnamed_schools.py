"""How schools outside a scope appear in comparisons: by name, without a name, or not at all."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from pd_core.access import DISTRICT
from pd_core.survey.beyond_scope import unscoped
from pd_core.survey.scoped_survey import Survey

UNNAMED = ""
"""The id of every school that appears in a comparison without its name."""
FEWEST_UNNAMED = 5
"""The fewest unnamed schools that are shown. With fewer, someone who knows the headcounts could try which order of
their shares gives the district's."""
STEP = 0.05
"""What unnamed schools' shares are rounded to, for the same reason; an exact share of few people reveals their number.
"""
_TELLING = ("respondents", "proficient", "answered", "share_low", "share_high")
_LEVEL = pl.col("level").to_physical()


def comparable_schools(survey: Survey) -> pl.DataFrame:
    """The schools that appear in comparisons by name: school_id, name, level, region."""
    schools = unscoped(survey, "schools") if survey.scope.others == "named" else survey.schools
    return schools.select("school_id", "name", "level", "region")


def compared_schools(
    survey: Survey, *, levels: Sequence[str] = (), regions: Sequence[str] = (), school_ids: Sequence[str] = ()
) -> list[str]:
    """The ids of `comparable_schools` that filters keep; an empty filter keeps all."""
    schools = comparable_schools(survey)
    for column, kept in (("level", levels), ("region", regions), ("school_id", school_ids)):
        if kept:
            schools = schools.filter(pl.col(column).is_in(list(kept)))
    return schools["school_id"].to_list()


def compared_samr(survey: Survey) -> pl.DataFrame:
    """The rows of `Survey.samr_levels`, with schools outside the scope if they appear by name."""
    others = unscoped(survey, "samr_levels")
    return survey.coarse(others) if survey.scope.others == "named" else survey.samr_levels


def unnamed_skills(survey: Survey, skill_id: str) -> pl.DataFrame:
    """The shares of a skill in unnamed schools: the columns of `Survey.skill_summary`.

    `school_id` is `UNNAMED`; school_name is “Another school 1” and so on, largest share first. Shares are in steps of
    5%, and all other numbers null. Hidden schools are absent.
    """
    rows = _unnamed(survey, unscoped(survey, "skill_summary"), skill_id)
    rows = rows.with_columns(_in_steps(pl.col("share"))).sort("share", descending=True)
    return _without_names(rows, rows.select("school_id"))


def unnamed_samr(survey: Survey, skill_id: str) -> pl.DataFrame:
    """The SAMR profiles of a skill in unnamed schools: the columns of `Survey.samr_levels`, otherwise as
    `unnamed_skills`; the profile with the most people at the highest level first.
    """
    rows = _unnamed(survey, unscoped(survey, "samr_levels"), skill_id).sort("school_id", _LEVEL)
    # Their ends are rounded, so that the steps of a profile still add up to all.
    ends = _in_steps(pl.col("share").cum_sum())
    rows = rows.with_columns((ends - ends.shift(1, fill_value=0)).round(2).over("school_id"))
    if rows.is_empty():
        return rows
    levels = rows["level"].unique().sort(descending=True).to_list()
    profiles = rows.pivot(on="level", index="school_id", values="share").sort(levels, descending=True)
    return _without_names(rows, profiles.select("school_id"))


def _unnamed(survey: Survey, frame: pl.DataFrame, skill_id: str) -> pl.DataFrame:
    """The rows of a skill in unnamed schools; none if someone could work out which schools they are.

    All of them or none: a filter by level, region or school would narrow down which they are. So would a filter by
    role, since people know which schools have that role; then there are none. A table has them for one skill only, in
    an order of its own: a school that could be followed from skill to skill would soon be recognized.
    """
    if survey.scope.others != "unnamed" or survey.scope.school_ids is None or survey.role is not None:
        return frame.clear()
    is_other = ~pl.col("school_id").is_in([*survey.scope.school_ids, DISTRICT])
    rows = frame.filter((pl.col("skill_id") == skill_id) & pl.col("share").is_not_null() & is_other)
    return rows if rows["school_id"].n_unique() >= FEWEST_UNNAMED else rows.clear()


def _in_steps(share: pl.Expr) -> pl.Expr:
    return ((share / STEP).round() * STEP).round(2)


def _without_names(rows: pl.DataFrame, order: pl.DataFrame) -> pl.DataFrame:
    """Replace a school's name with its place in `order`, and remove what reveals which school it is."""
    numbered = order.lazy().with_columns(place=pl.int_range(1, pl.len() + 1))
    return (
        rows.lazy()
        .join(numbered, on="school_id", how="left", maintain_order="left")
        .sort("place", maintain_order=True)
        .with_columns(pl.lit(None).cast(rows.schema[name]).alias(name) for name in rows.columns if name in _TELLING)
        .with_columns(school_id=pl.lit(UNNAMED), school_name="Another school " + pl.col("place").cast(pl.String))
        .select(rows.columns)
        .collect()
    )
