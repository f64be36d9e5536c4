"""The record of the plan as a table and as lines of text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import polars as pl

from pd_core.entities import PlanSession, SessionChange
from pd_core.planning.problem import Problem
from pd_core.planning.record import Record, differences
from pd_core.wording import hours_said, moment_said, people_said, plural


def plan_frame(record: Record, sessions: Sequence[PlanSession]) -> pl.DataFrame:
    """Sessions as a table with the columns of `reference.plan_file.PLAN_FILE`.

    Lists of schools are separated by semicolons, the one where it is held first; starts_at and ends_at are local,
    changed_at is UTC; base is the change to give back when the session is changed.
    """
    latest = [record.change_of(one.session_id) for one in sessions]
    return pl.DataFrame(
        {
            "session_id": [one.session_id for one in sessions],
            "state": [one.state for one in sessions],
            "school_ids": [";".join(one.school_ids) for one in sessions],
            "training_id": [one.training_id for one in sessions],
            "trainer_id": [one.trainer_id for one in sessions],
            "slot_id": [one.slot_id for one in sessions],
            "starts_at": pl.Series([one.starts_at for one in sessions], dtype=pl.Datetime("us")),
            "ends_at": pl.Series([one.ends_at for one in sessions], dtype=pl.Datetime("us")),
            "reached": pl.Series([one.reached for one in sessions], dtype=pl.Int64),
            "note": [one.note for one in sessions],
            "changed_by": [one.changed_by for one in latest],
            "changed_at": pl.Series([one.changed_at for one in latest], dtype=pl.Datetime("us")),
            "base": pl.Series([one.number for one in latest], dtype=pl.Int64),
        },
        schema_overrides=dict.fromkeys(
            ("session_id", "state", "school_ids", "training_id", "trainer_id", "slot_id", "note", "changed_by"),
            pl.String,
        ),
    )


def session_lines(lists: Problem, sessions: Sequence[PlanSession]) -> str:
    """A line for each session: when, where, what, by whom, for how many, and its state."""
    names = {one.school_id: one.name for one in lists.schools}
    titles = {one.training_id: one.title for one in lists.trainings}
    trainers = {one.trainer_id: one.name for one in lists.trainers}
    lines = []
    for one in sessions:
        where = " with ".join(names.get(school_id, school_id) for school_id in one.school_ids)
        lines.append(
            f"{one.session_id}  {one.state}: {hours_said(one.starts_at, one.ends_at)}, {where}: "
            f"{titles.get(one.training_id, one.training_id)}, {trainers.get(one.trainer_id, one.trainer_id)}, "
            f"{people_said(one.reached)}"
            + (f". Note: {one.note}" if one.note else "")
            + (f". Change asked for: {one.asked}" if one.asked else "")
        )
    return "\n".join(lines) or "There are no sessions in the plan."


def history_rows(record: Record, session_id: str | None = None) -> list[dict[str, object]]:
    """What changed, oldest first: change, session_id, state, what (a sentence), changed_by, changed_at (UTC), and
    is_lost for a change that another one at the same moment won against."""
    marked = [(change, False) for change in record.changes] + [(change, True) for change in record.lost]
    found: list[dict[str, object]] = []
    last: dict[str, SessionChange] = {}
    for change, is_lost in sorted(marked, key=lambda one: (one[0].number, one[0].session.session_id)):
        session = change.session
        before = last.get(session.session_id)
        if not is_lost:
            last[session.session_id] = change
        if session_id in (None, session.session_id):
            what = "; ".join(differences(before.session, session)) if before else "new"
            found.append(
                {
                    "change": change.number,
                    "session_id": session.session_id,
                    "state": session.state,
                    "what": what,
                    "changed_by": change.changed_by,
                    "changed_at": change.changed_at.isoformat(),
                    "is_lost": is_lost,
                }
            )
    return found


def change_labels(rows: Sequence[Mapping[str, object]]) -> dict[int, str]:
    """Each change of `history_rows` by its number, as a person picks it from a list, latest first."""
    found: dict[int, list[Mapping[str, object]]] = {}
    for row in reversed(rows):
        if not row["is_lost"]:
            found.setdefault(int(str(row["change"])), []).append(row)
    labels = {}
    for number, changed in found.items():
        at = moment_said(datetime.fromisoformat(str(changed[0]["changed_at"])))
        what = (
            f"{changed[0]['session_id']}, {changed[0]['what']}"
            if len(changed) == 1
            else plural(len(changed), "session")
        )
        labels[number] = f"{at}, {changed[0]['changed_by']}: {what}"
    return labels


def history_lines(rows: Sequence[Mapping[str, object]]) -> str:
    """`history_rows` as lines of text."""
    lines = []
    for row in rows:
        at = moment_said(datetime.fromisoformat(str(row["changed_at"])))
        lost = " (not taken: another change was faster)" if row["is_lost"] else ""
        lines.append(f"{row['change']}  {at}, {row['changed_by']}, {row['session_id']}: {row['what']}{lost}")
    return "\n".join(lines) or "Nothing has changed yet."
