"""The limits that hold a plan back, with what one more of each would bring; and what came second to a session."""

from __future__ import annotations

import polars as pl

from pd_core.planning.found import Found
from pd_core.planning.runner_up import runner_up
from pd_core.presentation.section import Column, Columns, Section, Table
from pd_core.wording import plural

HEADING = "What holds the plan back"
MOST_SAID = 3
_COLUMNS: Columns = {
    "limit": Column("Limit"),
    "subject": Column("Of"),
    "left": Column("Left"),
    "effect": Column("One more would bring", "signed"),
}
_LIMITS = {"hours": "Hours", "seats": "Seats", "slots": "Slots", "topics": "Two topics", "money": "Budget"}
_UNITS = {"hours": "hour for", "seats": "seat in"}


def limits_section(found: Found) -> Section:
    """The limits that are used up while people are left, those whose one more brings most first."""
    names = {one.trainer_id: one.name for one in found.problem.trainers}
    names |= {one.training_id: f"“{one.title}”" for one in found.problem.trainings}
    names |= {one.school_id: one.name for one in found.problem.schools}
    rows = sorted(found.plan.binding, key=lambda one: (-(one.effect or 0.0), one.effect is None))
    if not rows:
        nothing = "No limit is used up."
        return Section("limits", nothing, heading=HEADING, lines=(nothing,))
    helpful = [one for one in rows if one.effect]
    said = [
        f"One more {_UNITS[one.limit]} {names.get(one.subject, one.subject)} would bring {one.effect:g} more "
        f"{'person' if one.effect == 1 else 'people'}."
        for one in helpful[:MOST_SAID]
    ]
    if not said:
        known = any(one.effect is not None for one in rows)
        said = [
            "One more hour or seat alone would bring no one."
            if known
            else "What one more hour or seat would bring is worked out for small districts whose best plan is proved."
        ]
    frame = pl.DataFrame(
        [
            {
                "limit": _LIMITS[one.limit], "subject": names.get(one.subject, one.subject),
                "left": f"{one.slack:g}" if one.slack else "none", "effect": one.effect,
            }
            for one in rows
        ],
        schema_overrides={"effect": pl.Float64},
    )  # fmt: skip
    table = Table("plan-limits", frame, _COLUMNS, label=f"All {plural(len(rows), 'limit')} that are used up")
    return Section("limits", said[0], heading=HEADING, lines=tuple(said), table=table)


def second_sentence(found: Found, session_id: str) -> str:
    """What the trainer could give at this time instead, and by how much it loses."""
    second = runner_up(found.problem, found.plan, session_id)
    if second is None:
        return "No other session could take its place: this trainer could give nothing else at this time."
    titles = {one.training_id: one.title for one in found.problem.trainings}
    names = {one.school_id: one.name for one in found.problem.schools}
    lost = "as many"
    if second.fewer:
        lost = f"{second.fewer:g} fewer" if second.fewer > 0 else f"{-second.fewer:g} more: search again with more time"
    return (
        f"Next best for this trainer and time, the rest staying: “{titles[second.training_id]}” at "
        f"{names[second.school_id]}, {second.people:,} people, {lost}."
    )
