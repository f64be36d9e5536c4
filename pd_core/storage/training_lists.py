"""Keeps the lists that a training plan is made from: trainers, trainings, slots, goals, travel."""

from __future__ import annotations

from typing import Final, Literal

import polars as pl

from pd_core.access import DISTRICT
from pd_core.storage.migrate import quoted
from pd_core.storage.store import Change, Reader, Store

List = Literal["trainer", "training", "slot", "goal", "travel"]

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
    "travel": {"school_id": pl.String, "other_school_id": pl.String, "minutes": pl.Float64},
}  # fmt: skip
"""The columns of each list."""
_MAY_BE_EMPTY: Final = {"goal": "school_id", "travel": "school_id"}


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
        wanted = rows.select(list(COLUMNS[name])).cast(COLUMNS[name])  # type: ignore[arg-type]
        if training_list(change, name).equals(wanted):
            return
        if wanted.is_empty():
            texts = {one: "" if kind == pl.String else 0.0 for one, kind in COLUMNS[name].items()}
            wanted = pl.DataFrame([texts], schema=COLUMNS[name])
        change.insert(name, wanted.with_row_index("place").with_columns(pl.col("place").cast(pl.Int32)))
        change.school_ids, change.subject = {DISTRICT}, f"{rows.height} in the list: {name}"

    store.write("planning list", actor, action)
