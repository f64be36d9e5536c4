"""The order of schools in a comparison: by name, by need or by a skill, some of them first."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import polars as pl

from pd_core.access import DISTRICT
from pd_core.codebook import Codebook
from pd_core.needs.estimates import ENTRY
from pd_core.needs.needs import needs
from pd_core.survey.scoped_survey import Survey
from pd_core.wording import chosen_said, with_capital

BY_NAME, BY_NEED = "name", "need"
MOST_NAMED = 3
ORDERS = {BY_NAME: "Name, A–Z", BY_NEED: "Most people in need of a class"}
"""The orders besides those by a skill, which are named by its id."""


def by_skill(codebook: Codebook, skill_ids: Sequence[str]) -> dict[str, str]:
    """The orders by these skills, id to label."""
    return {skill_id: f"{codebook.skills[skill_id].name}, lowest first" for skill_id in skill_ids}


def chosen_line(levels: Sequence[str], regions: Sequence[str], schools: Sequence[str], order: str, first: str) -> str:
    """The levels, regions and names that schools are chosen by, the label of their order, and the name of the one that
    is looked for; empty where all schools are in their usual order."""
    named = list(schools) if len(schools) <= MOST_NAMED else [f"{len(schools):,} chosen"]
    chosen = {"Level": [*map(with_capital, levels)], "Region": [*map(with_capital, regions)], "Schools": named}
    sorted_by = f"Sorted by: {order}." if order != ORDERS[BY_NAME] else ""
    comes_first = f"{first} comes first, as you looked for it." if first else ""
    return " ".join(filter(None, [chosen_said(chosen), sorted_by, comes_first]))


def ordered(survey: Survey, rows: pl.DataFrame, by: str, first: Collection[str] = ()) -> pl.DataFrame:
    """The rows of `school_comparison.grid` with their schools in order, those with ids in `first` before the rest, the
    district last.

    `by` is `BY_NAME`, `BY_NEED` (the school whose greatest need for an entry class is of most people first) or the id
    of a skill (the lowest share first). Schools of which that is hidden or unknown come after the others.
    """
    schools = rows["school_id"].unique(maintain_order=True).to_list()
    keys = _needs(survey, schools) if by == BY_NEED else _shares(rows, by)
    place = {school_id: number for number, school_id in enumerate(schools)}

    def key(school_id: str) -> tuple[bool, bool, bool, float, int]:
        known = keys.get(school_id)
        unknown = known is None and by != BY_NAME
        return school_id == DISTRICT, school_id not in first, unknown, known or 0.0, place[school_id]

    order = {school_id: number for number, school_id in enumerate(sorted(schools, key=key))}
    return rows.sort(pl.col("school_id").replace_strict(order, return_dtype=pl.Int64), maintain_order=True)


def _shares(rows: pl.DataFrame, skill_id: str) -> dict[str, float]:
    shown = rows.filter((pl.col("skill_id") == skill_id) & pl.col("share").is_not_null())
    return dict(shown.select("school_id", "share").iter_rows())


def _needs(survey: Survey, school_ids: Sequence[str]) -> dict[str, float]:
    """Minus the people of each school's greatest need for an entry class, so that most comes first."""
    entry = needs(survey, school_ids).filter((pl.col("training") == ENTRY) & pl.col("people").is_not_null())
    return dict(entry.group_by("school_id").agg(-pl.col("people").max()).iter_rows())
