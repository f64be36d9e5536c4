"""The tables of growth and impact that can be taken away: of two waves, or of outcomes, and not of one wave."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from pd_core.access import DISTRICT, EVERYTHING, Scope
from pd_core.codebook import Codebook
from pd_core.disclosure.suppressed_frames import DISTRICT_NAME
from pd_core.errors import UserError
from pd_core.storage import Store, queries
from pd_core.summaries.growth import Growth, growth
from pd_core.summaries.impact import impact, outcome_rows
from pd_core.summaries.tables import GROWTH, IMPACT, OUTCOMES, TRANSITIONS, exported, named

_TAKES = {
    GROWTH: ("from_wave", "to_wave", "school", "skill", "role"),
    TRANSITIONS: ("from_wave", "to_wave", "school", "skill", "role"),
    IMPACT: ("measure", "training"),
    OUTCOMES: ("measure", "school"),
}


@dataclass(frozen=True)
class Filters:
    """What a table is asked for; null: everything. `wave` is for the tables of one wave, and refused here."""

    from_wave: str | None = None
    to_wave: str | None = None
    school: str | None = None
    skill: str | None = None
    role: str | None = None
    measure: str | None = None
    training: str | None = None
    wave: str | None = None

    def refuse_others(self, table: str) -> None:
        """Raises UserError for a filter that the table does not have."""
        taken = _TAKES[table]
        wrong = [name for name, value in vars(self).items() if value is not None and name not in taken]
        if wrong:
            options = ", ".join(f"--{name.removesuffix('_wave')}" for name in taken)
            raise UserError(f"The table {table} has no --{wrong[0].removesuffix('_wave')}.", f"It takes {options}.")


@dataclass(frozen=True)
class GrowthTable:
    """A table and the two waves that it compares; null for tables of outcomes."""

    frame: pl.DataFrame
    pair: Growth | None = None


def growth_table(
    store: Store, codebook: Codebook, table: str, filters: Filters, *, target_share: float, scope: Scope
) -> GrowthTable:
    """One of `GROWTH_TABLES`, with the rows of the schools that `scope` sees, and of the district.

    impact and outcomes are only for those who see the whole district. Raises UserError, UnknownName.
    """
    filters.refuse_others(table)
    if table in (IMPACT, OUTCOMES) and scope.school_ids is not None:
        raise UserError(f"The table {table} is for those who see the whole district.", "Ask your facilitator for it.")
    seen = [row for row in queries.schools(store, EVERYTHING).to_dicts() if scope.sees(row["school_id"])]
    schools = {row["school_id"]: row["name"] for row in seen} | {DISTRICT: DISTRICT_NAME}
    school_id = named("school", filters.school, schools) if filters.school else None
    pair: Growth | None = None
    if table == IMPACT:
        frame = impact(store, measure_name=filters.measure, training=filters.training)
    elif table == OUTCOMES:
        frame = outcome_rows(store)
        if filters.measure:
            known = frame["measure"].unique().sort().to_list()
            frame = frame.filter(pl.col("measure") == named("measure", filters.measure, {one: one for one in known}))
    else:
        role = named("role", filters.role, codebook.labels("role")) if filters.role else None
        pair = growth(
            store, codebook, from_wave=filters.from_wave, to_wave=filters.to_wave, role=role,
            target_share=target_share, scope=scope,
        )  # fmt: skip
        frame = pair.changes if table == GROWTH else pair.transitions
        if filters.skill:
            skills = {skill.skill_id: skill.name for skill in codebook.skills.values()}
            frame = frame.filter(pl.col("skill_id") == named("skill", filters.skill, skills))
    if school_id:
        frame = frame.filter(pl.col("school_id") == school_id)
    return GrowthTable(exported(frame), pair)
