"""Keeps the lists that a training plan is made from: trainers, trainings, slots, goals, travel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final, Literal

import polars as pl

from pd_core.access import DISTRICT
from pd_core.storage.change import Change, Reader
from pd_core.storage.migrate import quoted
from pd_core.storage.store import Store
from pd_core.wording import plural

List = Literal["trainer", "training", "slot", "goal", "school_goal", "travel", "budget", "credential_map", "applicant"]

COLUMNS: Final[dict[List, dict[str, type[pl.DataType] | pl.DataType]]] = {
    "trainer": {
        **dict.fromkeys(("trainer_id", "name", "kind", "home_school_id", "skills"), pl.String),
        "hours": pl.Float64, "slots": pl.String,
    },
    "training": {
        **dict.fromkeys(("training_id", "title", "skill_id", "kind"), pl.String),
        "minutes": pl.Float64, "seats": pl.Int32, "actions": pl.String, "url": pl.String,
    },
    "slot": {"slot_id": pl.String, "starts_at": pl.Datetime("us"), "ends_at": pl.Datetime("us"), "time": pl.String},
    "goal": {"school_id": pl.String, "skill_id": pl.String, "weight": pl.Float64},
    "school_goal": dict.fromkeys(("school_id", "goal_id", "words"), pl.String),
    "travel": {"school_id": pl.String, "other_school_id": pl.String, "minutes": pl.Float64},
    "budget": {
        "year": pl.String, "fund": pl.String,
        **dict.fromkeys(("rate", "amount", "hours_each"), pl.Float64), "trainings": pl.String,
    },
    "credential_map": dict.fromkeys(("credential", "skill_id", "iste"), pl.String),
    "applicant": {
        **dict.fromkeys(("name", "kind", "school_id"), pl.String), "applied_on": pl.Date, "status": pl.String
    },
}  # fmt: skip
"""The columns of each list."""
_MAY_BE_EMPTY: Final[dict[List, str]] = {
    "goal": "school_id", "school_goal": "school_id", "travel": "school_id", "credential_map": "credential",
    "applicant": "name",
}  # fmt: skip


def training_list(store: Reader, name: List) -> pl.DataFrame:
    """The list as it was loaded last, in the order of its file: the columns of `COLUMNS`; no rows where none was."""
    columns = ", ".join(map(quoted, COLUMNS[name]))
    table = f"store.{quoted(name)}"
    found = store.frame(
        f"select {columns} from {table} where number = (select max(number) from {table}) order by place"
    )
    found = found.cast(COLUMNS[name])  # type: ignore[arg-type]
    return found.filter(pl.col(_MAY_BE_EMPTY[name]) != "") if name in _MAY_BE_EMPTY else found


def set_training_list(store: Store, name: List, rows: pl.DataFrame, actor: str) -> None:
    """Makes `rows` (the columns of `COLUMNS`) the whole list, in place of the one before; the same again leaves no
    trace."""

    def action(change: Change) -> None:
        if _replaced(change, name, rows):
            change.school_ids, change.subject = {DISTRICT}, f"{rows.height} in the list: {name}"

    store.write("planning list", actor, action)


def put_school_goal(
    store: Store, school_id: str, goal_id: str, words: str, weights: Mapping[str, float], actor: str
) -> None:
    """Makes this a school's goal, and `weights` by skill (0 to 3; not listed: 1) what counts there; other schools keep
    theirs."""

    def action(change: Change) -> None:
        goals = training_list(change, "school_goal").filter(pl.col("school_id") != school_id)
        own = [(school_id, goal_id, words)] if goal_id or words else []
        counted = training_list(change, "goal").filter(pl.col("school_id") != school_id)
        new = [(school_id, skill_id, float(weight)) for skill_id, weight in weights.items()]
        changed = [
            _replaced(change, "school_goal", _with(goals, own, "school_goal")),
            _replaced(change, "goal", _with(counted, new, "goal")),
        ]
        if any(changed):
            change.school_ids, change.subject = {school_id}, f"goal with {plural(len(weights), 'weight')}"

    store.write("planning list", actor, action)


def _with(rows: pl.DataFrame, more: Sequence[tuple[object, ...]], name: List) -> pl.DataFrame:
    return pl.concat([rows, pl.DataFrame(more, schema=COLUMNS[name], orient="row")])


def _replaced(change: Change, name: List, rows: pl.DataFrame) -> bool:
    """Writes a whole list; tells whether it differs from the one before."""
    wanted = rows.select(list(COLUMNS[name])).cast(COLUMNS[name])  # type: ignore[arg-type]
    if training_list(change, name).equals(wanted):
        return False
    if wanted.is_empty():
        texts = {one: _nothing(kind) for one, kind in COLUMNS[name].items()}
        wanted = pl.DataFrame([texts], schema=COLUMNS[name])
    change.insert(name, wanted.with_row_index("place").with_columns(pl.col("place").cast(pl.Int32)))
    return True


def _nothing(kind: pl.DataType | type[pl.DataType]) -> object:
    return "" if kind == pl.String else date.min if kind == pl.Date else 0.0


def trainer_history(store: Reader) -> pl.DataFrame:
    """Everyone who was ever on the list of trainers, as they were there last: trainer_id, name, kind, home_school_id,
    skills, listed_on and last_on (days, UTC, of the first and the last list with them), is_current."""
    return store.frame(
        """select trainer_id, arg_max(name, number) as name, arg_max(kind, number) as kind,
            arg_max(home_school_id, number) as home_school_id, arg_max(skills, number) as skills,
            make_timestamp(min(number))::date as listed_on, make_timestamp(max(number))::date as last_on,
            max(number) = (select max(number) from store.trainer) as is_current
        from store.trainer group by trainer_id order by trainer_id"""
    )
