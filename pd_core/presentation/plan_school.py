"""One school's part of a plan: its sessions one after the other, its goal, and what is left."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import polars as pl

from pd_core.access import Scope
from pd_core.codebook import Codebook
from pd_core.planning.found import Found
from pd_core.planning.measure import people_by_school
from pd_core.planning.problem import Problem
from pd_core.presentation import plan as district_plan
from pd_core.presentation.plan import Chosen
from pd_core.presentation.plan_words import KINDS
from pd_core.presentation.section import Section, Table
from pd_core.summaries.plan_tables import session_rows
from pd_core.wording import hours_said, listed, plural


@dataclass(frozen=True)
class Card:
    """A session as it is read on a phone: when, what, who and where, why, what to do the next day (may be empty), and a
    page about it (may be empty)."""

    session_id: str
    when: str
    title: str
    who: str
    why: str
    actions: tuple[str, ...]
    url: str


@dataclass(frozen=True)
class SchoolPlan:
    """A school's part of a plan; `goal` is empty where none is set, `notice` where the school need not resend."""

    title: str
    goal: str
    notice: str
    cards: tuple[Card, ...]
    unmet: Section
    sessions: Table


def school_plan(found: Found, school_id: str, goal: str, codebook: Codebook) -> SchoolPlan:
    """A school's part of a plan; of a session that a neighbor shares, its own people. `goal` in its principal's words
    (may be empty)."""
    problem, plan = found.problem, found.plan
    scope = Scope(frozenset({school_id}))
    name = next(school.name for school in problem.schools if school.school_id == school_id)
    rows = session_rows(found, scope)
    resend = next((one for one in plan.resend if one.school_id == school_id), None)
    notice = ""
    if resend is not None:
        more = f" {plural(resend.more_answers, 'more answer')} would probably be enough." if resend.more_answers else ""
        notice = f"Too few have answered to plan sessions here. Send the form again first.{more}"
    return SchoolPlan(
        title=_title(name, rows, people_by_school(problem.needs).get(school_id, 0)),
        goal=goal_sentence(problem, school_id, goal, codebook),
        notice=notice,
        cards=tuple(_card(row, name) for row in rows.to_dicts()),
        unmet=district_plan.unmet_section(found, codebook, scope=scope),
        sessions=Table("plan-sessions", district_plan.sessions(found, Chosen(), scope=scope), {}),
    )


def _title(name: str, rows: pl.DataFrame, in_need: int) -> str:
    reached = int(rows["reached"].sum())
    if rows.is_empty():
        return f"{name}: no session is proposed yet"
    verb = "reaches" if rows.height == 1 else "reach"
    return f"{name}: {plural(rows.height, 'session')} {verb} {reached:,} of {in_need:,} people in need"


def goal_sentence(problem: Problem, school_id: str, words: str, codebook: Codebook) -> str:
    """A school's goal and how it counts: skills that count more or less than others. Empty where nothing is set."""
    counts = [
        f"{codebook.skills[skill_id].name} counts {weight:g} times"
        for (of, skill_id), weight in problem.weights.items()
        if of == school_id and weight != 1 and skill_id in codebook.skills
    ]
    parts = [f"Goal: {words.rstrip('.')}." if words else "", f"In the plan, {listed(counts)}." if counts else ""]
    return " ".join(part for part in parts if part)


def _card(row: dict[str, object], name: str) -> Card:
    starts_at, ends_at = row["starts_at"], row["ends_at"]
    assert isinstance(starts_at, datetime) and isinstance(ends_at, datetime)
    where = "" if row["held_at"] == name else f", at {row['held_at']}"
    people = int(str(row["reached"]))
    return Card(
        session_id=str(row["session_id"]),
        when=hours_said(starts_at, ends_at),
        title=str(row["title"]),
        who=f"{KINDS[str(row['kind'])]} for {people:,} {'person' if people == 1 else 'people'}, taught by "
        f"{row['trainer']}{where}.",
        why=str(row["why"]),
        actions=tuple(one for one in str(row["actions"]).split(";") if one),
        url=str(row["url"]),
    )
