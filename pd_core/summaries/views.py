"""The rows of each page's charts, picked from a wave's tables in the order in which they are read, with a sentence."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from pd_core.access import DISTRICT
from pd_core.needs.needs import needs
from pd_core.summaries.need_sentences import need_sentence, needs_sentence
from pd_core.summaries.school_comparison import (
    ABOVE,
    BELOW,
    CANNOT_TELL,
    NO_GROUP,
    SAME,
    ComparedWith,
    grid,
    standing,
)
from pd_core.summaries.unnamed_schools import UNNAMED, comparable_schools, compared_samr, unnamed_samr, unnamed_skills
from pd_core.survey.preferences import Wish, wishes
from pd_core.survey.scoped_survey import Survey
from pd_core.wording import listed, percent

__all__ = [
    "compared_schools", "comparison_sentence", "district_share_of", "grid_sentence", "levels_by_skill",
    "levels_sentence", "needs_of", "needs_sentence", "one_skill", "samr_by_school", "samr_by_skill", "samr_sentence",
    "skill_grid", "wishes_of", "wishes_sentence",
]  # fmt: skip
CHANGED, NOT_USED = ("M", "R"), ("none",)
"""The SAMR levels at which a task is another one than before, and that of not using it with students."""
CHANGE = "redesign tasks or make new ones"


def levels_by_skill(survey: Survey, school_id: str) -> pl.DataFrame:
    """How a school's staff answered on each skill, level by level: skill_name, level (0-3), level_label, share, people,
    respondents (who answered about the skill), suppressed, reason. Skills that nobody answered about are left out.
    """
    is_answered = pl.col("suppressed") | (pl.col("answered") > 0)
    return survey.skill_levels.filter((pl.col("school_id") == school_id) & is_answered).select(
        "skill_name", "level", "level_label", "share", "suppressed", "reason", people="respondents",
        respondents="answered",
    )  # fmt: skip


def levels_sentence(levels: pl.DataFrame) -> str:
    """About which skills the lowest and the highest level was said most, of `levels_by_skill`."""
    shown = levels.filter(pl.col("share").is_not_null())
    if shown.is_empty():
        return "No levels can be shown yet"
    ends = [shown.filter(pl.col("level") == end) for end in (shown["level"].min(), shown["level"].max())]
    low, high = (end.sort("share", descending=True, maintain_order=True).row(0, named=True) for end in ends)
    return (
        f"“{low['level_label']}” was said most about {low['skill_name']} ({percent(low['share'])}), "
        f"“{high['level_label']}” about {high['skill_name']} ({percent(high['share'])})"
    )


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
    """Where tasks change most, and where the application is used least with students, by skill; by school, the
    district's profile or that of the only school. No school is called the first: chance alone makes one.
    """
    own = profile.filter(~pl.col("is_district") & pl.col("share").is_not_null())
    if own.is_empty():
        return "No SAMR profile can be shown yet"
    if row == "school_name":
        district = profile.filter(pl.col("is_district") & pl.col("share").is_not_null())
        is_one = own["school_name"].n_unique() == 1
        if not is_one and district.is_empty():
            return "The schools' profiles stand side by side; that of the district is hidden"
        where, of = (f"At {own['school_name'][0]}", own) if is_one else ("In the district", district)
        return f"{where}, {_said_of(of, CHANGED)} {CHANGE}; {_said_of(of, NOT_USED)} do not use it with students"
    changed, unused = (
        own.filter(pl.col("level").is_in(levels))
        .group_by(row, maintain_order=True)
        .agg(pl.col("share").sum())
        .sort("share", descending=True, maintain_order=True)[row][0]
        for levels in (CHANGED, NOT_USED)
    )
    most, least = (own.filter(pl.col(row) == skill) for skill in (changed, unused))
    change = f"Tasks change most with {changed}: {_said_of(most, CHANGED)} {CHANGE}"
    return f"{change}; {_said_of(least, NOT_USED)} do not use {unused} with students"


def _said_of(profile: pl.DataFrame, levels: Sequence[str]) -> str:
    """How many of one profile are at these levels: of a school in people, of the weighted district in per cent.

    A school's share from six people would mislead if it stood alone.
    """
    there = profile.filter(pl.col("level").is_in(list(levels)))
    share, people, answered = float(there["share"].sum()), there["people"].sum(), profile["respondents"][0]
    if answered is None or abs(people / answered - share) > 1e-6:
        return percent(share)
    return f"{people:,} of {answered:,}"


def needs_of(survey: Survey, school_id: str, training: str) -> pl.DataFrame:
    """A school's needs of one kind of training, greatest first: the columns of `needs` and `sentence`."""
    rows = needs(survey, [school_id]).filter(pl.col("training") == training)
    sentences = [need_sentence(row) for row in rows.to_dicts()]
    return rows.with_columns(sentence=pl.Series(sentences, dtype=pl.String))


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


def skill_grid(survey: Survey, school_ids: Sequence[str], compared_with: ComparedWith = "district") -> pl.DataFrame:
    """Schools by skills, the district last: the columns of `skill_summary` and those of `comparing.grid`. What nobody
    answered about is left out.

    No school stands here without its name: a row of all its skills would tell which it is.
    """
    return grid(survey, school_ids, compared_with)


def one_skill(
    survey: Survey,
    skill_id: str,
    school_ids: Sequence[str],
    compared_with: ComparedWith = "district",
    *,
    pooled: bool = True,
) -> pl.DataFrame:
    """One skill, school by school, largest share first, hidden schools last, no district: the columns of `skill_grid`
    and those of `comparing.standing`, where `pooled` says whose share is the urn's.

    Schools that stand here without a name are among them (`school_id` is `UNNAMED`), whatever `school_ids` are, with
    nothing but a share.
    """
    named = standing(survey, skill_id, school_ids, compared_with, pooled=pooled)
    unnamed = unnamed_skills(survey, skill_id)
    if unnamed.is_empty():
        return named
    rows = pl.concat([named, unnamed], how="diagonal")
    rows = rows.with_columns(pl.col("trust").fill_null(""), pl.col("is_small").fill_null(False))
    return rows.sort("share", descending=True, nulls_last=True, maintain_order=True)


def district_share_of(survey: Survey, skill_id: str) -> float | None:
    """The district's share of proficient people for a skill; null where it is hidden or nobody answered."""
    rows = survey.skill_summary
    found = rows.filter((pl.col("school_id") == DISTRICT) & (pl.col("skill_id") == skill_id))["share"]
    return None if found.is_empty() else found.item()


def comparison_sentence(
    rows: pl.DataFrame,
    district_share: float | None,
    skill_name: str,
    *,
    of_role: bool = False,
    compared_with: ComparedWith = "district",
) -> str:
    """Which schools of `one_skill` stand clearly apart from those they are compared with, and for how many that cannot
    be told. With `of_role`, the rows are of one role's people and not of all staff.
    """
    if district_share is None or rows["share"].drop_nulls().is_empty():
        return f"{skill_name} cannot be compared yet"
    people = "staff of that role" if of_role else "staff"
    share = percent(district_share)
    parts = [f"{skill_name}: {share} of this year's {people} use it on their own, going by those who answered"]
    named = rows.filter((pl.col("school_id") != UNNAMED) & pl.col("share").is_not_null())
    if named.height and named["share_low"].drop_nulls().is_empty():
        parts.append("how sure that is cannot be told without a staff list")
    elif named.height:
        parts += _apart(named, compared_with)
    others = rows.filter(pl.col("school_id") == UNNAMED).height
    if others:
        parts.append(f"{others} other schools stand beside without their names")
    return "; ".join(parts)


def grid_sentence(rows: pl.DataFrame) -> str:
    """The district's strongest and weakest skills, in words: those whose whole range lies above, or below, the share of
    its middle skill."""
    district = rows.filter((pl.col("school_id") == DISTRICT) & pl.col("share").is_not_null()).sort(
        "share", descending=True
    )
    if district.is_empty():
        return "Nothing can be compared yet"
    if district["share_low"].drop_nulls().is_empty():
        return "Which skills stand apart cannot be told without a staff list"
    middle = district["share"].median()
    above = district.filter(pl.col("share_low") > middle)["skill_name"].to_list()
    below = district.filter(pl.col("share_high") < middle)["skill_name"].to_list()[::-1]
    strengths = "is the district's strength" if len(above) == 1 else "are the district's strengths"
    parts = [f"{_some(above)} {strengths}"] if above else []
    if below:
        parts.append(f"fewer people use {_some(below)} on their own than most other skills")
    sentence = "; ".join(parts) or "no skill of the district clearly stands apart"
    return sentence[0].upper() + sentence[1:]


def _apart(named: pl.DataFrame, compared_with: ComparedWith) -> list[str]:
    """Who is clearly above and below the group, how many are about the same, and for how many that cannot be told."""

    def with_word(word: str) -> list[str]:
        return named.filter(pl.col("word") == word)["school_name"].to_list()

    def group(names: list[str]) -> str:
        like = "schools like it" if len(names) == 1 else "schools like them"
        return "the rest of the district" if compared_with == "district" else like

    apart: list[str] = []
    for word in (ABOVE, BELOW):
        if names := with_word(word):
            apart.append(f"{_counted(names)} {word}{'' if apart else f' {group(names)}'}")
    parts = [", ".join(apart)] if apart else []
    if names := with_word(SAME):
        parts.append(f"{_number(names)} {'is' if len(names) == 1 else 'are'} {SAME}")
        parts[-1] += "" if apart else f" as {group(names)}"
    if names := with_word(CANNOT_TELL):
        parts.append(f"for {_number(names)} it cannot be told yet")
    if names := with_word(NO_GROUP[compared_with]):
        nobody = "is no other school to compare with" if compared_with == "district" else f"are too few {group(names)}"
        parts.append(f"for {_number(names)} there {nobody}")
    return parts


def _samr(levels: pl.DataFrame) -> pl.DataFrame:
    return levels.select(
        "school_id", "school_name", "skill_id", "skill_name", pl.col("level").cast(pl.String), "level_label", "share",
        "suppressed", "reason", people="respondents", respondents="answered",
    )  # fmt: skip


def _counted(names: list[str]) -> str:
    if len(names) > 3:
        return f"{names[0]} and {len(names) - 1} more are"
    return listed(names) + (" is" if len(names) == 1 else " are")


def _some(names: list[str]) -> str:
    return listed(names) if len(names) < 4 else f"{names[0]}, {names[1]} and {len(names) - 2} more"


def _number(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{len(names)} schools"
