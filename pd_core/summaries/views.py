"""The rows of each page's charts, picked from a wave's tables in the order in which they are read, with a sentence."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from pd_core.access import DISTRICT
from pd_core.summaries.needs import needed, needs
from pd_core.summaries.others import (
    UNNAMED,
    comparable_schools,
    compared_samr,
    compared_skills,
    unnamed_samr,
    unnamed_skills,
)
from pd_core.summaries.overview import listed, need_sentence, percent
from pd_core.summaries.survey import Survey
from pd_core.summaries.wishes import Wish, wishes


def samr_by_skill(survey: Survey, school_id: str) -> pl.DataFrame:
    """A school's SAMR profile, skill by skill, the district's beside: school_name, skill_name, level, level_label,
    share, people, respondents, suppressed, reason, is_district. Skills that nobody answered about are left out.
    """
    rows = _samr(survey.samr_levels).filter(pl.col("school_id").is_in([school_id, DISTRICT]))
    own = rows.filter(pl.col("school_id") == school_id)
    answered = own.filter(pl.col("suppressed") | (pl.col("respondents") > 0))
    rows = rows.filter(pl.col("skill_id").is_in(answered["skill_id"].unique().to_list()))
    is_district = (pl.col("school_id") == DISTRICT) & (pl.lit(school_id) != DISTRICT)
    return rows.with_columns(is_district=is_district).drop("skill_id", "school_id")


def samr_by_school(survey: Survey, skill_id: str, school_ids: Sequence[str]) -> pl.DataFrame:
    """The SAMR profile of a skill, school by school, the district last: as `samr_by_skill`. Schools without answers are
    left out. Schools that stand here without a name come before the district, whatever `school_ids` are.
    """
    own = _samr(compared_samr(survey)).filter(pl.col("skill_id") == skill_id)
    own = own.filter(pl.col("suppressed") | (pl.col("respondents") > 0))
    is_district = pl.col("school_id") == DISTRICT
    schools = own.filter(pl.col("school_id").is_in(list(school_ids)) & ~is_district)
    rows = pl.concat([schools, _samr(unnamed_samr(survey, skill_id)), own.filter(is_district)])
    return rows.with_columns(is_district=is_district).drop("skill_id", "school_id")


def samr_sentence(profile: pl.DataFrame, row: str = "skill_name") -> str:
    """Where tasks change most, and where the application is used least with students; by skill or by school.

    A school that stands there without its name is not called by its number: it is another one for each skill.
    """
    own = profile.filter(~pl.col("is_district") & pl.col("share").is_not_null())
    if own.is_empty():
        return "No SAMR profile can be shown yet"
    changed = (
        own.filter(pl.col("level").is_in(["M", "R"]))
        .group_by(row, maintain_order=True)
        .agg(pl.col("share").sum(), is_unnamed=pl.col("respondents").is_null().any())
    )
    unused = own.filter(pl.col("level") == "none").select(row, "share")
    most = changed.sort("share", descending=True, maintain_order=True).row(0, named=True)
    least = unused.sort("share", descending=True, maintain_order=True).row(0)
    change = f"{percent(most['share'])} redesign tasks or make new ones"
    if row == "school_name":
        name = "another school" if most["is_unnamed"] else most[row]
        return f"Tasks change most at {name}: {change}" if changed.height > 1 else f"At {name}, {change}"
    return f"Tasks change most with {most[row]}: {change}; {percent(least[1])} do not use {least[0]} with students"


def needs_of(survey: Survey, school_id: str, training: str) -> pl.DataFrame:
    """A school's needs of one kind of training, greatest first: the columns of `needs` and `sentence`."""
    rows = needs(survey).filter((pl.col("school_id") == school_id) & (pl.col("training") == training))
    sentences = [need_sentence(row) for row in rows.to_dicts()]
    return rows.with_columns(sentence=pl.Series(sentences, dtype=pl.String))


def needs_sentence(rows: pl.DataFrame, nobody: str) -> str:
    """The two greatest needs of `needs_of`, in words; `nobody` where there are none."""
    found = needed(rows).head(2).to_dicts()
    if not found:
        reasons = rows.filter("suppressed")["reason"]
        return f"Hidden: {reasons[0]}" if reasons.len() and rows["people"].drop_nulls().is_empty() else nobody
    return listed([row["skill_name"] for row in found]) + (" are" if len(found) > 1 else " is") + " needed most"


def wishes_of(survey: Survey, school_id: str, wish: Wish) -> pl.DataFrame:
    """What a school's staff chose, most wanted first, without what nobody chose: the columns of `wishes`."""
    rows = wishes(survey, wish).filter(pl.col("school_id") == school_id)
    return rows.filter(pl.col("suppressed") | (pl.col("respondents") > 0))


def wishes_sentence(rows: pl.DataFrame, nobody: str) -> str:
    """The three most wanted answers of `wishes_of`, in words."""
    shown = rows.filter(pl.col("respondents").is_not_null())
    if shown.is_empty():
        return "Hidden: " + rows["reason"][0] if rows.height else nobody
    return listed([f"{row['label']} ({row['respondents']} of {row['answered']})" for row in shown.head(3).to_dicts()])


def compared_schools(
    survey: Survey, *, levels: Sequence[str] = (), regions: Sequence[str] = (), school_ids: Sequence[str] = ()
) -> list[str]:
    """Of the schools that stand in comparisons by name, those that filters keep; an empty filter keeps all."""
    schools = comparable_schools(survey)
    for column, kept in (("level", levels), ("region", regions), ("school_id", school_ids)):
        if kept:
            schools = schools.filter(pl.col(column).is_in(list(kept)))
    return schools["school_id"].to_list()


def skill_grid(survey: Survey, school_ids: Sequence[str]) -> pl.DataFrame:
    """Schools by skills, the district last: the columns of `skill_summary`. What nobody answered about is left out.

    No school stands here without its name: a row of all its skills would tell which it is.
    """
    rows = compared_skills(survey).filter(pl.col("school_id").is_in([*school_ids, DISTRICT]))
    rows = rows.filter(
        pl.col("suppressed").any().over("school_id") | (pl.col("respondents").sum().over("school_id") > 0)
    )
    return rows.filter(pl.col("suppressed").any().over("skill_id") | (pl.col("respondents").sum().over("skill_id") > 0))


def one_skill(survey: Survey, skill_id: str, school_ids: Sequence[str]) -> pl.DataFrame:
    """One skill, school by school, largest share first, hidden schools last, no district: as `skill_summary`.

    Schools that stand here without a name are among them (`school_id` is `UNNAMED`), whatever `school_ids` are.
    """
    rows = skill_grid(survey, school_ids)
    rows = rows.filter((pl.col("skill_id") == skill_id) & (pl.col("school_id") != DISTRICT))
    rows = rows.filter(pl.col("suppressed") | (pl.col("respondents") > 0))
    rows = pl.concat([rows, unnamed_skills(survey, skill_id)])
    return rows.sort("share", descending=True, nulls_last=True, maintain_order=True)


def district_share_of(survey: Survey, skill_id: str) -> float | None:
    """The district's share of proficient people for a skill; null where it is hidden or nobody answered."""
    rows = survey.skill_summary
    found = rows.filter((pl.col("school_id") == DISTRICT) & (pl.col("skill_id") == skill_id))["share"]
    return None if found.is_empty() else found.item()


def comparison_sentence(
    rows: pl.DataFrame, district_share: float | None, skill_name: str, *, of_role: bool = False
) -> str:
    """Which schools stand apart from the district: those whose whole range lies above or below its share.

    With `of_role`, the rows are of one role's people and not of all staff.
    """
    if district_share is None or rows["share"].drop_nulls().is_empty():
        return f"{skill_name} cannot be compared yet"
    above = rows.filter(pl.col("share_low") > district_share)["school_name"].to_list()
    below = rows.filter(pl.col("share_high") < district_share)["school_name"].to_list()
    parts = [f"{_counted(names)} {word} the district" for names, word in ((above, "above"), (below, "below")) if names]
    people = "those staff" if of_role else "the district's staff"
    start = f"{skill_name}: {percent(district_share)} of {people} use it on their own"
    named = rows.filter((pl.col("school_id") != UNNAMED) & pl.col("share").is_not_null())
    if not parts and named.height:
        parts = [_nobody_apart(named)]
    others = rows.filter(pl.col("school_id") == UNNAMED).height
    if others:
        parts.append(f"{others} other schools stand beside without their names")
    return "; ".join([start, *parts])


def grid_sentence(rows: pl.DataFrame) -> str:
    """The district's strongest and weakest skills, in words."""
    district = rows.filter((pl.col("school_id") == DISTRICT) & pl.col("share").is_not_null()).sort(
        "share", descending=True
    )
    if district.is_empty():
        return "Nothing can be compared yet"
    names = district["skill_name"].to_list()
    if len(names) < 4:
        return f"{names[0]} is the district's strongest skill, {names[-1]} its weakest"
    return f"{listed(names[:2])} are the district's strengths; fewest people use {listed(names[-2:])} on their own"


def _nobody_apart(named: pl.DataFrame) -> str:
    if named["share_low"].drop_nulls().is_empty():
        return "how sure that is cannot be told without a staff list"
    if named.height == 1:
        return f"{named['school_name'][0]} does not clearly stand apart"
    return "no school clearly stands apart"


def _samr(levels: pl.DataFrame) -> pl.DataFrame:
    return levels.select(
        "school_id", "school_name", "skill_id", "skill_name", pl.col("level").cast(pl.String), "level_label", "share",
        "suppressed", "reason", people="respondents", respondents="answered",
    )  # fmt: skip


def _counted(names: list[str]) -> str:
    return listed(names) + (" is" if len(names) == 1 else " are") if len(names) <= 3 else f"{len(names)} schools are"
