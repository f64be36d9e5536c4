"""The district's plan: its figures, its sessions by school, trainer or slot, and the needs that it leaves."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import polars as pl

from pd_core.access import EVERYTHING, Scope
from pd_core.codebook import Codebook
from pd_core.planning.comparison import Differences
from pd_core.planning.found import Found
from pd_core.planning.problem import MAX_TRAINING_MINUTES, Problem
from pd_core.planning.result import Plan
from pd_core.presentation.plan_words import KINDS, reason_sentence
from pd_core.presentation.section import Column, Columns, Figure, Section, Table
from pd_core.summaries.plan_tables import school_rows, session_rows, slot_rows, trainer_rows, unmet_rows
from pd_core.wording import plural

VIEWS = {"school": "By school", "trainer": "By trainer", "slot": "By slot"}
_SESSIONS: Columns = {
    "change": Column("Changed"),
    "session_id": Column("Session"),
    "starts_at": Column("Starts", "moment"),
    "schools": Column("School"),
    "title": Column("Class"),
    "trainer": Column("Taught by"),
    "reached": Column("People", "count"),
    "held_at": Column("Held at"),
    "why": Column("Why"),
}
_SCHOOLS: Columns = {
    "school_name": Column("School"),
    "sessions": Column("Sessions", "count"),
    "reached": Column("People reached", "count"),
    "in_need": Column("In need", "count"),
    "share": Column("Share reached", "share"),
    "skills": Column("Topics"),
    "first_at": Column("First session", "moment"),
    "note": Column("Note"),
}
_TRAINERS: Columns = {
    "trainer": Column("Trainer"),
    "role": Column("Role"),
    "home": Column("Works at"),
    "sessions": Column("Sessions", "count"),
    "reached": Column("People reached", "count"),
    "hours_used": Column("Hours, travel included", "hours"),
    "hours": Column("Hours there are", "hours"),
}
_SLOTS: Columns = {
    "starts_at": Column("Starts", "moment"),
    "ends_at": Column("Ends", "moment"),
    "sessions": Column("Sessions", "count"),
    "schools": Column("Schools", "count"),
    "reached": Column("People reached", "count"),
}
_UNMET: Columns = {
    "school_name": Column("School"),
    "skill_name": Column("Skill"),
    "class": Column("Class"),
    "people": Column("People not reached", "count"),
    "why": Column("What holds it back, and the smallest change that would help"),
}


@dataclass(frozen=True)
class Chosen:
    """The sessions that a view is narrowed to: of regions, trainers and skills; empty means all."""

    regions: Collection[str] = ()
    trainer_ids: Collection[str] = ()
    skill_ids: Collection[str] = ()


def figures(found: Found) -> tuple[Figure, ...]:
    """Hours and money: of trainers, of the people who attend, and what those cost."""
    problem, plan = found.problem, found.plan
    minutes = {one.training_id: one.minutes for one in problem.trainings}
    given = sum(one.minutes for one in problem.trainers) / 60
    attended = sum(one.reached * minutes[one.training_id] for one in plan.sessions) / 60
    longest = max(_hours_asked(problem, plan).values(), default=0.0)
    shown = [
        Figure("Trainer hours", f"{plan.trainer_hours:,.0f}", f"of {given:,.0f}, travel included"),
        Figure("Staff hours", f"{attended:,.0f}", "of everyone who attends"),
        Figure("Per person", f"{longest:g} h", f"at most, of {MAX_TRAINING_MINUTES / 60:g} paid"),
    ]
    if problem.rate:
        of = f"of {problem.budget:,.0f}" if problem.budget is not None else f"at {problem.rate:g} an hour"
        shown.append(Figure("Cost", f"{plan.cost:,.0f}", of))
    return tuple(shown)


def _hours_asked(problem: Problem, plan: Plan) -> dict[str, float]:
    """The most hours that a person of each school is asked for: its topics' longest classes."""
    trainings = {one.training_id: one for one in problem.trainings}
    longest: dict[tuple[str, str], float] = {}
    for session in plan.sessions:
        training = trainings[session.training_id]
        for school_id in session.school_ids:
            key = (school_id, training.skill_id)
            longest[key] = max(longest.get(key, 0.0), training.minutes / 60)
    found: dict[str, float] = {}
    for (school_id, _), hours in longest.items():
        found[school_id] = found.get(school_id, 0.0) + hours
    return found


def sessions_section(
    found: Found, chosen: Chosen, changed: Differences | None, *, scope: Scope = EVERYTHING
) -> Section:
    """The sessions that are chosen, in order of time; with `changed`, which are new or moved."""
    rows = sessions(found, chosen, scope=scope)
    marks = [changed.mark(session_id) if changed else "" for session_id in rows["session_id"]]
    schools = pl.col("school_names").str.replace_all(";", " and ", literal=True)
    rows = rows.with_columns(change=pl.Series(marks, dtype=pl.String), schools=schools)
    shown = _SESSIONS if any(marks) else {name: column for name, column in _SESSIONS.items() if name != "change"}
    heading = plural(rows.height, "session")
    if rows.is_empty():
        return Section("sessions", "No session fits these filters.", heading=heading, lines=("No session fits.",))
    return Section("sessions", heading, heading=heading, table=Table("plan-sessions", rows, shown))


def sessions(found: Found, chosen: Chosen, *, scope: Scope = EVERYTHING) -> pl.DataFrame:
    """The sessions that are chosen, as `summaries.plan_tables.session_rows`."""
    rows = session_rows(found, scope)
    if chosen.regions:
        ids = {school.school_id for school in found.problem.schools if school.region in chosen.regions}
        there = [bool(ids & set(school_ids.split(";"))) for school_ids in rows["school_ids"]]
        rows = rows.filter(pl.Series(there, dtype=pl.Boolean))
    if chosen.trainer_ids:
        rows = rows.filter(pl.col("trainer_id").is_in(list(chosen.trainer_ids)))
    if chosen.skill_ids:
        rows = rows.filter(pl.col("skill_id").is_in(list(chosen.skill_ids)))
    return rows


def view_section(found: Found, view: str, codebook: Codebook) -> Section:
    """The plan summed up by school, trainer or slot (`VIEWS`)."""
    if view == "trainer":
        rows = trainer_rows(found)
        roles = rows["kind"].replace_strict({"mie": "MIE", "facilitator": "Facilitator"}, return_dtype=pl.String)
        busy = rows.filter(pl.col("sessions") > 0).height
        heading = f"{busy} of {plural(rows.height, 'trainer')} {'gives' if busy == 1 else 'give'} a session"
        return Section(
            "by-trainer",
            heading,
            heading=heading,
            table=Table("plan-trainers", rows.with_columns(role=roles), _TRAINERS),
        )
    if view == "slot":
        rows = slot_rows(found)
        busy = rows.filter(pl.col("sessions") > 0).height
        heading = f"{busy} of {plural(rows.height, 'slot')} {'has' if busy == 1 else 'have'} a session"
        return Section("by-slot", heading, heading=heading, table=Table("plan-slots", rows, _SLOTS))
    rows = school_rows(found)
    served = rows.filter(pl.col("sessions") > 0).height
    heading = f"{served} of {plural(rows.height, 'school')} {'gets' if served == 1 else 'get'} a session"
    topics = [_skills(topics, codebook) for topics in rows["topics"]]
    notes = [_note(row) for row in rows.to_dicts()]
    rows = rows.with_columns(
        share=pl.when(pl.col("in_need") > 0).then((pl.col("reached") / pl.col("in_need")).round(2)),
        skills=pl.Series(topics, dtype=pl.String), note=pl.Series(notes, dtype=pl.String),
    )  # fmt: skip
    return Section("by-school", heading, heading=heading, table=Table("plan-schools", rows, _SCHOOLS))


def unmet_section(found: Found, codebook: Codebook, *, scope: Scope = EVERYTHING) -> Section:
    """The needs that the plan leaves, most people first, each with what holds it back."""
    return found.kept(("unmet", scope), lambda: _unmet(found, codebook, scope))


def _unmet(found: Found, codebook: Codebook, scope: Scope) -> Section:
    rows = [
        {
            **row, "skill_name": _skills(str(row["skill_id"]), codebook), "class": KINDS[str(row["kind"])],
            "why": reason_sentence(row, change, found.problem, codebook),
        }
        for row, change in unmet_rows(found, scope)
    ]  # fmt: skip
    heading, everyone = "What the plan leaves, and why", "Everyone in need is reached."
    if not rows:
        return Section("unmet", everyone, heading=heading, lines=(everyone,))
    frame = pl.DataFrame(rows)
    people = frame["people"].sum()
    sentence = f"{people:,} people in need are not reached, each counted for each training that they need."
    table = Table("plan-not-reached", frame, _UNMET, label=f"The {plural(len(rows), 'need')} that are left")
    return Section("unmet", sentence, heading=heading, lines=(sentence,), table=table)


def _skills(skill_ids: str, codebook: Codebook) -> str:
    ids = [one for one in skill_ids.split(";") if one]
    return ", ".join(codebook.skills[one].name if one in codebook.skills else one for one in ids)


def _note(row: dict[str, object]) -> str:
    if not row["is_resend"]:
        return ""
    more = row["more_answers"]
    return f"Resend first: {more} more answers" if more else "Resend first"
