"""What is left to plan: of the people in need, those who were trained, those who have a place, and the rest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import polars as pl

from pd_core.codebook import Codebook
from pd_core.entities import PlanSession
from pd_core.planning.measure import in_need
from pd_core.planning.problem import Problem
from pd_core.presentation.plan_words import KINDS
from pd_core.presentation.section import Column, Columns, Section, Table
from pd_core.wording import listed, plural

_LEFT: Columns = {
    "skill_name": Column("Skill"),
    "class": Column("Class"),
    "in_need": Column("In need", "count"),
    "trained": Column("Trained since", "count"),
    "placed": Column("Have a place", "count"),
    "left": Column("Left to plan", "count"),
}
_NOTE = (
    "Trained: in sessions held since the first answers of this wave; small numbers that are hidden are not taken off. "
    "A place: in sessions that are agreed or scheduled. A canceled session gives its people, hours and time back to "
    "the next proposal."
)


def left_section(problem: Problem, decided: Sequence[PlanSession], codebook: Codebook) -> Section:
    """What is left to plan, by skill and class; `decided` are the sessions that people agreed to."""
    rows = _rows(problem, decided, codebook)
    left, need = int(rows["left"].sum()), int(rows["in_need"].sum())
    said = []
    if problem.trained:
        said.append(f"{_people(rows, 'trained')} trained since this wave began")
    if decided:
        coming = [one for one in decided if one.starts_at > problem.now]
        said.append(f"{_people(rows, 'placed')} with a place in {plural(len(coming), 'session')} to come")
    done = f": {listed(said)}" if said else ", since no session was held or agreed to yet"
    sentence = (
        f"{left:,} of {need:,} people in need are left to plan{done}. Each is counted for each class that they need, "
        "and each need at the low end of its range."
    )
    table = Table("plan-left", rows, _LEFT)
    return Section("plan-left", sentence, "What is left to plan", lines=(sentence, _NOTE), table=table)


def _people(rows: pl.DataFrame, name: str) -> str:
    return f"{int(rows[name].sum()):,}"


def _rows(problem: Problem, decided: Sequence[PlanSession], codebook: Codebook) -> pl.DataFrame:
    kinds = {one.training_id: (one.skill_id, one.kind) for one in problem.trainings}
    known = {school.school_id for school in problem.schools}
    needs, trained, seats = Counter[tuple[str, str]](), Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for counted, people_of in ((needs, problem.needs), (trained, problem.trained)):
        for (school_id, skill_id, kind), people in people_of.items():
            counted[skill_id, kind] += people if school_id in known else 0
    for one in decided:
        if one.training_id in kinds and one.starts_at > problem.now:
            seats[kinds[one.training_id]] += one.reached or 0
    rows = [
        (
            codebook.skills[skill_id].name if skill_id in codebook.skills else skill_id, KINDS.get(kind, kind),
            needs[skill_id, kind] + trained[skill_id, kind], trained[skill_id, kind],
            min(seats[skill_id, kind], needs[skill_id, kind]),
        )
        for skill_id, kind in sorted({*needs, *trained})
    ]  # fmt: skip
    schema = {"skill_name": pl.String, "class": pl.String, **dict.fromkeys(("in_need", "trained", "placed"), pl.Int64)}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    frame = frame.with_columns(left=pl.col("in_need") - pl.col("trained") - pl.col("placed"))
    return frame.sort("left", descending=True, maintain_order=True)


def trained_sentence(problem: Problem) -> str:
    """How many people no longer count as in need because they were trained; empty where none were."""
    trained = sum(problem.trained.values())
    if not trained:
        return ""
    return (
        f"{trained:,} people were trained in sessions held since this wave began, and are not counted as in need; "
        f"{in_need(problem):,} are left."
    )
