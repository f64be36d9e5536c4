"""What the coming plan asks of the trainers: hours asked for and given, skills no one teaches, one more hour."""

from __future__ import annotations

import polars as pl

from pd_core.codebook import Codebook
from pd_core.planning.found import Found
from pd_core.planning.problem import Problem
from pd_core.planning.staffing import Staffing
from pd_core.presentation.plan_words import KINDS, TEACHERS
from pd_core.presentation.section import Column, Columns, Section, Table
from pd_core.wording import listed

_HOURS: Columns = {
    "class": Column("Class"),
    "people": Column("People in need", "count"),
    "asked": Column("Hours of classes asked for", "hours"),
    "trainers": Column("Trainers", "count"),
    "given": Column("Hours they have", "hours"),
}
_NOT_YET = "What one more hour brings is said once a plan was proposed on the Plan page."
_NOT_KNOWN = "What one more hour brings is worked out for small districts whose best plan is proved."
_MOST_NAMED = 3


def coming_section(problem: Problem, found: Staffing, proposed: Found | None, codebook: Codebook) -> Section:
    """Demand against supply; `proposed` is the usual proposal (null: it was not searched for yet)."""
    rows = [
        {
            "class": KINDS[one.kind], "people": one.people, "asked": one.asked, "given": one.given,
            "trainers": sum(trainer.kind == TEACHERS[one.kind].lower() for trainer in problem.trainers),
        }
        for one in found.hours
    ]  # fmt: skip
    short = [one for one in found.hours if one.given < one.asked]
    said = [
        f"{KINDS[one.kind]}es ask for {one.asked:,.0f} hours and their trainers have {one.given:,.0f}, travel included"
        for one in short
    ]
    sentence = f"{'; '.join(said)}." if said else "Trainers have the hours for everyone in need."
    untaught = [
        f"{codebook.skills[one.skill_id].name} ({one.people:,} people)"
        for one in found.uncovered
        if one.lacks == "trainer" and one.skill_id in codebook.skills
    ]
    lines = [sentence, f"No one can teach {listed(untaught)}." if untaught else "", _one_more(problem, proposed)]
    frame = pl.DataFrame(rows, schema_overrides={"asked": pl.Float64, "given": pl.Float64})
    table = Table("programme-hours", frame, _HOURS) if rows else None
    return Section("programme-hours", sentence, "Demand and supply", lines=tuple(filter(None, lines)), table=table)


def _one_more(problem: Problem, proposed: Found | None) -> str:
    if proposed is None:
        return _NOT_YET
    hours = [one for one in proposed.plan.binding if one.limit == "hours"]
    if not hours:
        return "No trainer's hours are used up in the proposed plan: more hours would bring no one."
    helpful = sorted((one for one in hours if one.effect), key=lambda one: -(one.effect or 0.0))[:_MOST_NAMED]
    names = {one.trainer_id: one.name for one in problem.trainers}
    if not helpful:
        known = any(one.effect is not None for one in hours)
        return "One more hour of any single trainer would bring no one." if known else _NOT_KNOWN
    said = [
        f"{names.get(one.subject, one.subject)} {one.effect:g} {'person' if one.effect == 1 else 'people'}"
        for one in helpful
    ]
    return f"One more hour would bring: with {listed(said)}."
