"""A plan's tables as a scope may see them: its sessions, the needs it leaves, and its schools, trainers and slots.

A plan rests only on numbers that can be taken away themselves (`summaries.planning_problem`). A scope of some schools
sees of a session that a neighbor shares only its own people, and by name only where it is held: people must find it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import polars as pl

from pd_core.access import Scope
from pd_core.planning.changes import Change, Changes, sessions_of
from pd_core.planning.eligibility import Eligibility
from pd_core.planning.explanation import why
from pd_core.planning.found import Found
from pd_core.planning.measure import people_by_school
from pd_core.planning.problem import Problem
from pd_core.planning.result import Plan

_Schema = Mapping[str, type[pl.DataType] | pl.DataType]
_SESSION: _Schema = {
    **dict.fromkeys(("session_id", "school_ids", "training_id", "trainer_id", "slot_id"), pl.String),
    "reached": pl.Int64,
    **dict.fromkeys(("reached_by_school", "why", "school_names", "held_at", "title", "skill_id", "kind"), pl.String),
    "minutes": pl.Float64, "seats": pl.Int64, "trainer": pl.String,
    "starts_at": pl.Datetime("us"), "ends_at": pl.Datetime("us"), "actions": pl.String, "url": pl.String,
}  # fmt: skip


def session_rows(found: Found, scope: Scope) -> pl.DataFrame:
    """A row per session that a scope sees, in order of time.

    First the columns of the command, lists separated by `;`: session_id, school_ids, training_id, trainer_id, slot_id,
    reached, reached_by_school (`school:people`), why. Then school_names, held_at, title, skill_id, kind (entry,
    implementation), minutes, seats, trainer, starts_at, ends_at (local time), actions, url.
    """
    return found.kept(("session_rows", scope), lambda: _session_rows(found.problem, found.plan, scope))


def _session_rows(problem: Problem, plan: Plan, scope: Scope) -> pl.DataFrame:
    names = {school.school_id: school.name for school in problem.schools}
    trainings = {one.training_id: one for one in problem.trainings}
    trainers = {one.trainer_id: one.name for one in problem.trainers}
    slots = {one.slot_id: one for one in problem.slots}
    about = Eligibility(problem)
    rows = []
    for one, session in zip(plan.sessions, sessions_of(plan), strict=True):
        seen = [school_id for school_id in one.school_ids if scope.sees(school_id)]
        if not seen:
            continue
        training, slot = trainings[one.training_id], slots[one.slot_id]
        reached = {school_id: one.reached_by_school[school_id] for school_id in seen}
        rows.append(
            (
                one.session_id, ";".join(seen), one.training_id, one.trainer_id, one.slot_id, sum(reached.values()),
                ";".join(f"{school_id}:{people}" for school_id, people in reached.items()),
                one.why if len(seen) == len(one.school_ids) else why(about, session, seen),
                ";".join(names[school_id] for school_id in seen), names[one.school_ids[0]], training.title,
                training.skill_id, training.kind, training.minutes, training.seats, trainers[one.trainer_id],
                slot.starts_at, slot.ends_at, ";".join(training.actions), training.url,
            )
        )  # fmt: skip
    return pl.DataFrame(rows, schema=_SESSION, orient="row")


def unmet_rows(found: Found, scope: Scope) -> list[tuple[dict[str, object], Change | None]]:
    """Each need that a plan leaves and that a scope sees, most people first: school_id, school_name, skill_id, kind,
    people, reason; with the limit that binds where the reason is “limits”."""
    return found.kept(("unmet_rows", scope), lambda: _unmet_rows(found.problem, found.plan, scope))


def _unmet_rows(problem: Problem, plan: Plan, scope: Scope) -> list[tuple[dict[str, object], Change | None]]:
    names = {school.school_id: school.name for school in problem.schools}
    changes = Changes(problem, plan)
    rows: list[tuple[dict[str, object], Change | None]] = []
    for one in sorted(plan.unmet, key=lambda one: (-one.people, one.school_id, one.skill_id, one.kind)):
        if scope.sees(one.school_id):
            row: dict[str, object] = {
                "school_id": one.school_id, "school_name": names[one.school_id], "skill_id": one.skill_id,
                "kind": one.kind, "people": one.people, "reason": one.reason,
            }  # fmt: skip
            limit = changes.smallest(one.school_id, one.skill_id, one.kind) if one.reason == "limits" else None
            rows.append((row, limit))
    return rows


def school_rows(found: Found) -> pl.DataFrame:
    """A row per school, by name: school_id, school_name, region, in_need (people, each counted for each training that
    they need), reached, sessions, topics, first_at (local time, null: none), is_resend, more_answers."""
    return found.kept(("school_rows",), lambda: _school_rows(found.problem, found.plan))


def _school_rows(problem: Problem, plan: Plan) -> pl.DataFrame:
    in_need, waiting = people_by_school(problem.needs), {one.school_id: one.more_answers for one in plan.resend}
    skills = {one.training_id: one.skill_id for one in problem.trainings}
    starts = {one.slot_id: one.starts_at for one in problem.slots}
    reached: dict[str, int] = defaultdict(int)
    times: dict[str, list[object]] = defaultdict(list)
    topics: dict[str, set[str]] = defaultdict(set)
    for session in plan.sessions:
        for school_id, people in session.reached_by_school.items():
            reached[school_id] += people
            times[school_id].append(starts[session.slot_id])
            topics[school_id].add(skills[session.training_id])
    rows = [
        (
            one.school_id, one.name, one.region, in_need.get(one.school_id, 0), reached[one.school_id],
            len(times[one.school_id]), ";".join(sorted(topics[one.school_id])),
            times[one.school_id][0] if times[one.school_id] else None, one.school_id in waiting,
            waiting.get(one.school_id),
        )
        for one in problem.schools
    ]  # fmt: skip
    schema: _Schema = {
        **dict.fromkeys(("school_id", "school_name", "region"), pl.String), "in_need": pl.Int64, "reached": pl.Int64,
        "sessions": pl.Int64, "topics": pl.String, "first_at": pl.Datetime("us"), "is_resend": pl.Boolean,
        "more_answers": pl.Int64,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row").sort("school_name", maintain_order=True)


def trainer_rows(found: Found) -> pl.DataFrame:
    """A row per trainer, in the order of the list: trainer_id, trainer, kind (mie, facilitator), home (a school's name,
    or empty), sessions, reached, hours_used (ways included), hours."""
    return found.kept(("trainer_rows",), lambda: _trainer_rows(found.problem, found.plan))


def _trainer_rows(problem: Problem, plan: Plan) -> pl.DataFrame:
    names = {school.school_id: school.name for school in problem.schools}
    about = Eligibility(problem)
    used: dict[str, float] = defaultdict(float)
    held: dict[str, int] = defaultdict(int)
    reached: dict[str, int] = defaultdict(int)
    for session in sessions_of(plan):
        trainer_id = session.option.trainer_id
        used[trainer_id] += about.session_minutes(session.option) / 60
        held[trainer_id] += 1
        reached[trainer_id] += sum(session.people)
    rows = [
        (
            one.trainer_id, one.name, one.kind, names.get(one.home or "", ""), held[one.trainer_id],
            reached[one.trainer_id], round(used[one.trainer_id], 2), one.minutes / 60,
        )
        for one in problem.trainers
    ]  # fmt: skip
    schema: _Schema = {
        **dict.fromkeys(("trainer_id", "trainer", "kind", "home"), pl.String), "sessions": pl.Int64,
        "reached": pl.Int64, "hours_used": pl.Float64, "hours": pl.Float64,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")


def slot_rows(found: Found) -> pl.DataFrame:
    """A row per slot, in order of time: slot_id, starts_at, ends_at (local time), sessions, schools, reached."""
    return found.kept(("slot_rows",), lambda: _slot_rows(found.problem, found.plan))


def _slot_rows(problem: Problem, plan: Plan) -> pl.DataFrame:
    rows = []
    for slot in sorted(problem.slots, key=lambda slot: (slot.starts_at, slot.ends_at, slot.slot_id)):
        held = [session for session in plan.sessions if session.slot_id == slot.slot_id]
        schools = {school_id for session in held for school_id in session.school_ids}
        reached = sum(session.reached for session in held)
        rows.append((slot.slot_id, slot.starts_at, slot.ends_at, len(held), len(schools), reached))
    schema: _Schema = {
        "slot_id": pl.String, "starts_at": pl.Datetime("us"), "ends_at": pl.Datetime("us"),
        **dict.fromkeys(("sessions", "schools", "reached"), pl.Int64),
    }  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")
