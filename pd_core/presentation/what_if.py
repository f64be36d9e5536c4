"""The same district under other conditions, side by side."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from pd_core.planning.found import Found
from pd_core.planning.result import Plan
from pd_core.planning.what_if import FEWER_MINUTES, Variant
from pd_core.presentation.plan_words import percent_at_most
from pd_core.presentation.section import Column, Columns, Section, Table

HEADING = "What if …"
NAMES: Mapping[Variant, str] = {
    "facilitator": "One more facilitator",
    "fewer hours": f"{FEWER_MINUTES / 60:g} fewer hours for each trainer",
    "day": "One more day",
    "weights": "All goals left aside",
    "unfair": "Without one session each first",
}
MEANING = (
    "One more facilitator is certified for every skill and has the hours of the others. One more day is a slot like "
    "the last, a week later, for every trainer. A difference smaller than what another plan could still reach means "
    "nothing."
)
_COLUMNS: Columns = {
    "condition": Column("If"),
    "reached": Column("People reached", "count"),
    "more": Column("Compared with the plan", "signed"),
    "schools": Column("Schools with a session", "count"),
    "sessions": Column("Sessions", "count"),
    "trainer_hours": Column("Trainer hours", "hours"),
    "cost": Column("Cost", "money"),
    "note": Column("Note"),
}


def what_if_section(found: Found, others: Mapping[Variant, Plan | str]) -> Section:
    """The plan, and what would be reached under each other condition; a text says why there is no plan then."""
    plan = found.plan
    base = _row("As planned", plan, plan)
    rows = [base, *(_row(NAMES[name], other, plan) for name, other in others.items())]
    frame = pl.DataFrame(rows, schema_overrides={"reached": pl.Int64, "more": pl.Int64, "note": pl.String})
    shown = _COLUMNS if found.problem.rate else {name: column for name, column in _COLUMNS.items() if name != "cost"}
    return Section("what-if", _sentence(others, plan), heading=HEADING, table=Table("plan-what-if", frame, shown))


def _sentence(others: Mapping[Variant, Plan | str], plan: Plan) -> str:
    known = {name: _reached(other) - _reached(plan) for name, other in others.items() if isinstance(other, Plan)}
    if not known:
        return "No other condition has a plan."
    best = max(known, key=lambda name: known[name])
    if known[best] <= 0:
        return "None of these would reach more people."
    return f"Most would be gained by this: {NAMES[best][0].lower()}{NAMES[best][1:]}, {known[best]:,} more people."


def _row(name: str, other: Plan | str, plan: Plan) -> dict[str, object]:
    if isinstance(other, str):
        return {"condition": name, "note": other}
    more = percent_at_most(other.more_at_most) or "many"
    gap = "" if other.status == "optimal" else f"Another plan may reach {more} more"
    return {
        "condition": name,
        "reached": _reached(other),
        "more": _reached(other) - _reached(plan),
        "schools": len({school_id for session in other.sessions for school_id in session.school_ids}),
        "sessions": len(other.sessions),
        "trainer_hours": other.trainer_hours,
        "cost": other.cost,
        "note": gap,
    }


def _reached(plan: Plan) -> int:
    return sum(session.reached for session in plan.sessions)
