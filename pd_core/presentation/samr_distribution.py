"""SAMR distribution: how much does technology change lessons? Level by level, never averaged."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import polars as pl

from pd_core.access import DISTRICT
from pd_core.charts import samr
from pd_core.codebook import Codebook
from pd_core.presentation import columns
from pd_core.presentation.hidden import hidden_note
from pd_core.presentation.section import Column, Section, Table, drawn, kept_section
from pd_core.presentation.small_groups import counted_together
from pd_core.summaries.samr import samr_by_school, samr_by_skill
from pd_core.summaries.unnamed_schools import compared_schools
from pd_core.survey.scoped_survey import Survey
from pd_core.wording import percent

By = Literal["skill", "school"]
VIEWS = {"skill": "Skills of a school", "school": "Schools for a skill"}
LETTERS_HEADING = "What the letters mean"
LETTERS_NOTE = "The letters describe a task, not a teacher: a substitution can be the right choice for a lesson."
_CHANGED, _NOT_USED = ("M", "R"), ("none",)
"""The SAMR levels that change a task, and the level of not using the application with students."""
_CHANGE = "redesign tasks or make new ones"
_COLUMNS = {"school_name": Column("School"), **columns.SAMR}
_NOTE = "Of those who answered, from not used (pale) to redefined (dark). Levels are never averaged."


@kept_section
def profile_section(survey: Survey, by: By, subject_id: str) -> Section:
    """The SAMR profile of a school (`subject_id`) by skill, or of a skill by school.

    When there is nothing to draw, the section has no chart and its note says why.
    """
    row: Literal["skill_name", "school_name"]
    if by == "skill":
        row, noun, profile = "skill_name", "skill", samr_by_skill(survey, subject_id)
    else:
        row, noun = "school_name", "school"
        profile = samr_by_school(survey, subject_id, compared_schools(survey))
    together = counted_together(survey) if by == "school" or subject_id == DISTRICT else ""
    sentence = samr_sentence(profile, row)
    own = [line for line in profile.to_dicts() if not line["is_district"]]
    name = f"samr-by-{noun}"
    if not own:
        return Section(
            name, sentence, note=f"No one has answered this in {survey.wave_id}. Choose another wave or school."
        )
    if all(line["share"] is None for line in own):
        reason = next(line["reason"] for line in own if line["suppressed"])
        return Section(name, sentence, note=f"This is hidden: {reason}. Choose the whole district instead.")
    return Section(
        name,
        sentence,
        drawing=drawn(samr.samr_profile(profile, row)),
        table=Table(name, profile, _COLUMNS),
        note=" ".join(filter(None, [_NOTE, hidden_note(own, noun, row), together])),
    )


def samr_sentence(profile: pl.DataFrame, row: str = "skill_name") -> str:
    """With which skill tasks change most, and which one is used least with students, of `samr_by_skill`.

    Of `samr_by_school`, what the district's profile says, or that of the only school: no school is called first, since
    chance alone makes one the first.
    """
    own = profile.filter(~pl.col("is_district") & pl.col("share").is_not_null())
    if own.is_empty():
        return "No SAMR profile can be shown yet"
    if row == "school_name":
        district = profile.filter(pl.col("is_district") & pl.col("share").is_not_null())
        is_one = own["school_name"].n_unique() == 1
        if not is_one and district.is_empty():
            return "The district's profile is hidden; those of its schools are below"
        where, of = (f"At {own['school_name'][0]}", own) if is_one else ("In the district", district)
        return f"{where}, {_people_at(of, _CHANGED)} {_CHANGE}; {_people_at(of, _NOT_USED)} do not use it with students"
    changed, unused = (
        own.filter(pl.col("level").is_in(levels))
        .group_by(row, maintain_order=True)
        .agg(pl.col("share").sum())
        .sort("share", descending=True, maintain_order=True)[row][0]
        for levels in (_CHANGED, _NOT_USED)
    )
    most, least = (own.filter(pl.col(row) == skill) for skill in (changed, unused))
    change = f"Tasks change most with {changed}: {_people_at(most, _CHANGED)} {_CHANGE}"
    return f"{change}; {_people_at(least, _NOT_USED)} do not use {unused} with students"


def _people_at(profile: pl.DataFrame, levels: Sequence[str]) -> str:
    """How many of one profile are at these levels: of a school as people, of the weighted district as a percentage.

    A school's share of six people would mislead without their number.
    """
    there = profile.filter(pl.col("level").is_in(list(levels)))
    share, people, answered = float(there["share"].sum()), there["people"].sum(), profile["respondents"][0]
    if answered is None or abs(people / answered - share) > 1e-6:
        return percent(share)
    return f"{people:,} of {answered:,}"


def letters(codebook: Codebook) -> list[tuple[str, str]]:
    """Each SAMR level: its letter (a dash for not used) and its meaning."""
    return [(choice.code if len(choice.code) == 1 else "–", choice.label) for choice in codebook.scales["samr"]]
