"""School comparison: how do schools compare, and which differences are more than chance?"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Literal

import polars as pl

from pd_core.access import DISTRICT
from pd_core.charts import comparison
from pd_core.needs.estimates import ENTRY
from pd_core.needs.needs import needed
from pd_core.presentation import columns
from pd_core.presentation.comparison_sentences import (
    comparison_sentence,
    grid_sentence,
    marks_sentence,
    own_sentence,
    with_words,
)
from pd_core.presentation.hidden import hidden_note
from pd_core.presentation.school_order import BY_NAME, ordered
from pd_core.presentation.section import Column, Columns, Section, Table, drawn, kept_section
from pd_core.presentation.small_groups import counted_together
from pd_core.summaries.school_comparison import (
    FEW,
    LEAST_POINTS,
    MOST_RANKED,
    STRESS_POINTS,
    ComparedWith,
    district_share_of,
    grid,
    one_skill,
)
from pd_core.summaries.small_groups import small_skills
from pd_core.summaries.training_needs import needs_of
from pd_core.summaries.unnamed_schools import STEP, UNNAMED, comparable_schools
from pd_core.survey.scoped_survey import Survey
from pd_core.wording import listed, percent

SmallSchools = Literal["pooled", "raw"]
SMALL: dict[SmallSchools, str] = {"pooled": "Pooled with the district", "raw": "Only their own answers"}
NOTHING = "There is nothing to compare here"
ON_A_PHONE = "The map of all schools and skills needs a wider screen. Here is one skill at a time, school by school."
_MOST_NAMED = 3
_AS_SMALL: dict[SmallSchools, str] = {
    "pooled": "the mark is between their share and the district's, closer to theirs with each answer.",
    "raw": "each of them moves the mark a lot.",
}
_GRID: Columns = {
    "school_name": Column("School"),
    "skill_name": Column("Skill"),
    "word": Column("Compared"),
    **columns.SKILLS,
    "trust": Column("Why uncertain"),
}
_ONE_SKILL: Columns = {
    "school_name": Column("School"),
    "word": Column("Compared"),
    "rank_text": Column("Range of ranks"),
    "share": Column("Share", "share"),
    "share_alone": Column("Own answers only", "share"),
    "trust": Column("Why uncertain"),
    **columns.SKILLS,
    "compared_share": Column("Compared with", "share"),
    "difference": Column("Difference", "share"),
    "difference_low": Column("Difference, low", "share"),
    "difference_high": Column("Difference, high", "share"),
}
_CELLS = (
    "Proficient people use the application on their own, or could teach it. "
    "The district's share weighs each school by its staff. Uncertain cells are faded."
)
_RANGES = (
    "The line is the likely range of the share among all staff, if those who did not answer are like those who did; "
    "the thin line covers any answers they might give. A school is clearly above or below {group} if it is "
    f"{LEAST_POINTS} points apart or more, chance alone would rarely put it there, considering all schools and skills "
    f"on this page together, and it holds if those who did not answer are {STRESS_POINTS} points lower everywhere."
)
_RANKS = "A range of ranks is right 9 times in 10, if the others are like those who answered."
_GROUPS: dict[ComparedWith, str] = {
    "district": "the rest of the district",
    "like": "schools of its level with up to 50% more or a third fewer staff,",
}
_MARKS: dict[ComparedWith, str] = {"district": "rest of the district", "like": "similar schools"}


@kept_section
def grid_section(
    survey: Survey,
    school_ids: tuple[str, ...],
    compared_with: ComparedWith,
    order: str = BY_NAME,
    first: tuple[str, ...] = (),
) -> Section:
    """All schools and skills, in an `order` of `school_order.ordered`, the schools with ids in `first` before the rest.

    Its sentence is about the district, or about the visitor's school if that is the only one. When there is nothing to
    draw, the section has no chart and its note says why. `lines` say who has not answered and what the figures are
    based on.
    """
    cells = with_words(grid(survey, school_ids, compared_with), of_role=survey.role is not None)
    cells = ordered(survey, cells, order, first)
    rows = [row for row in cells.to_dicts() if row["school_id"] != DISTRICT]
    shown = [row for row in rows if row["share"] is not None]
    heading = "All schools and skills"
    if not school_ids:
        return Section("skills-by-school", NOTHING, note="No school matches these filters. Remove one of them.")
    if not rows:
        note = f"No one in these schools has answered in {survey.wave_id}. Choose others."
        return Section("skills-by-school", NOTHING, note=note)
    small = small_skills(survey, school_ids)
    if not shown and small.is_empty():
        reason = next(row["reason"] for row in rows if row["suppressed"])
        note = f"Every school here is hidden: {reason}. Choose all roles, or other schools."
        return Section("skills-by-school", NOTHING, note=note)
    own = cells.filter(pl.col("school_id").is_in(list(survey.scope.school_ids or ())))
    is_about_one = own["school_id"].n_unique() == 1
    together, names = _with_small_groups(cells, small, rows), _names(cells, first)
    return Section(
        "skills-by-school",
        own_sentence(own, compared_with) if is_about_one else grid_sentence(cells),
        heading=heading,
        drawing=drawn(comparison.heat_map(together, names)),
        cells=comparison.heat_table(together, names) if comparison.is_long_map(together) else None,
        table=Table("skills-by-school", together, _GRID),
        note=" ".join(filter(None, [_CELLS, hidden_note(rows, "school", "school_name"), counted_together(survey)])),
        lines=tuple(_lines(survey, school_ids, rows, shown)),
    )


def _names(rows: pl.DataFrame, school_ids: Collection[str]) -> list[str]:
    return rows.filter(pl.col("school_id").is_in(list(school_ids)))["school_name"].unique(maintain_order=True).to_list()


def _with_small_groups(cells: pl.DataFrame, small: pl.DataFrame, rows: Sequence[dict[str, Any]]) -> pl.DataFrame:
    """The schools, then the groups that are too small to show alone, of the same skills, then the district."""
    skills = {row["skill_id"] for row in rows}
    is_district = pl.col("school_id") == DISTRICT
    together = small.filter(pl.col("skill_id").is_in(skills))
    return pl.concat([cells.filter(~is_district), together, cells.filter(is_district)], how="diagonal")


def _lines(
    survey: Survey, school_ids: Sequence[str], rows: Sequence[dict[str, Any]], shown: Sequence[dict[str, Any]]
) -> list[str]:
    answered = {row["school_id"] for row in rows}
    names = dict(comparable_schools(survey).select("school_id", "name").iter_rows())
    silent = [str(names[school_id]) for school_id in school_ids if school_id not in answered]
    found = []
    if silent:
        where = listed(silent) if len(silent) <= _MOST_NAMED else f"{len(silent)} of these schools"
        found.append(f"No one{' with this role' if survey.role else ''} has answered at {where}.")
    if survey.role and all(row["share_low"] is None for row in shown):
        found.append("No staff list says how many have this role: figures describe respondents only, without a range.")
    elif survey.role:
        found.append("The number of people with this role comes from the staff list.")
    return found


@kept_section
def is_long(survey: Survey, school_ids: tuple[str, ...], compared_with: ComparedWith) -> bool:
    """Whether the map of these schools is longer than a screen, so that one wants to sort it and find a school."""
    return comparison.is_long_map(grid(survey, school_ids, compared_with))


@kept_section
def asked_skills(survey: Survey, school_ids: tuple[str, ...], compared_with: ComparedWith) -> tuple[str, ...]:
    """The skills in the grid, in its order."""
    rows = grid(survey, school_ids, compared_with)
    rows = rows.filter(rows["school_id"] != DISTRICT)
    return tuple(rows["skill_id"].unique(maintain_order=True))


@kept_section
def most_needed(survey: Survey) -> tuple[str, ...]:
    """The skills in which most people in the district need a class, greatest need first."""
    return tuple(needed(needs_of(survey, DISTRICT, ENTRY))["skill_id"].head(2))


@kept_section
def has_small_schools(survey: Survey, skill_id: str, school_ids: tuple[str, ...], compared_with: ComparedWith) -> bool:
    """Whether any compared school has so few answers that its share can be shown in two ways."""
    return bool(one_skill(survey, skill_id, school_ids, compared_with)["is_small"].any())


@kept_section
def skill_section(
    survey: Survey,
    skill_id: str,
    school_ids: tuple[str, ...],
    compared_with: ComparedWith,
    small: SmallSchools,
    first: tuple[str, ...] = (),
) -> Section:
    """One skill, school by school, the schools with ids in `first` before the others."""
    share = district_share_of(survey, skill_id)
    of_role = survey.role is not None
    schools = one_skill(survey, skill_id, school_ids, compared_with, pooled=small == "pooled")
    schools = with_words(schools, of_role=of_role)
    schools = schools.sort(~pl.col("school_id").is_in(list(first)), maintain_order=True)
    bold = _names(schools, first)
    name = survey.codebook.skills[skill_id].name
    sentence = comparison_sentence(schools, share, name, of_role=of_role, compared_with=compared_with)
    groups = small_skills(survey, school_ids).filter(pl.col("skill_id") == skill_id)
    together = pl.concat([schools, groups], how="diagonal").with_columns(pl.col("is_small").fill_null(False))
    if schools["compared_share"].count():
        chart = comparison.skill_intervals(together, None, _MARKS[compared_with], bold)
    else:  # the share of similar schools would reveal schools that the visitor may not see
        chart = comparison.skill_intervals(together, share if compared_with == "district" else None, bold=bold)
    notes = _skill_notes(schools.to_dicts(), compared_with, small)
    return Section(
        f"{skill_id}-by-school",
        sentence,
        heading=sentence,
        drawing=drawn(chart),
        table=Table(f"{skill_id}-by-school", together, _ONE_SKILL),
        note=" ".join(filter(None, [*notes, marks_sentence(schools, "school_name"), counted_together(survey)])),
    )


def _skill_notes(lines: Sequence[dict[str, Any]], compared_with: ComparedWith, small: SmallSchools) -> list[str]:
    notes = [_RANGES.format(group=_GROUPS[compared_with])]
    if any(line["rank_text"] for line in lines):
        notes.append(_RANKS)
    elif len(lines) > MOST_RANKED:
        notes.append(f"Ranks are shown for up to {MOST_RANKED} schools: use the filters.")
    if few := [str(line["school_name"]) for line in lines if line["is_small"]]:
        who = listed(few) if len(few) <= _MOST_NAMED else f"{len(few)} schools"
        notes.append(f"Fewer than {FEW} answered at {who}: {_AS_SMALL[small]}")
    notes.append(hidden_note(lines, "school", "school_name"))
    if any(line["school_id"] == UNNAMED for line in lines):
        notes.append(f"Unnamed schools are in a different order for each skill, in steps of {percent(STEP)}.")
    return [note for note in notes if note]
