"""Outcomes of students by school and period, and people trained outside the plan."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import polars as pl

from pd_core.access import DISTRICT
from pd_core.storage.change import Change, Reader
from pd_core.storage.store import Store

OUTCOME_KEY = ["school_id", "period", "measure", "student_group"]
OUTCOME_VALUES = {
    "value": pl.Float64,
    "n": pl.Int64,
    "numerator": pl.Float64,
    "lower": pl.Float64,
    "upper": pl.Float64,
    "suppressed": pl.Boolean,
    "is_share": pl.Boolean,
}
OUTCOME_SCHEMA = dict.fromkeys(OUTCOME_KEY, pl.String) | OUTCOME_VALUES
DELIVERY_KEY = ["school_id", "training_id", "period"]
DELIVERY_SCHEMA = dict.fromkeys(DELIVERY_KEY, pl.String) | {"people": pl.Int32}


class Stored(NamedTuple):
    """Rows that were new, that were there with the same values, and that took the place of other values."""

    added: int
    existing: int
    replaced: int


def outcomes(store: Reader) -> pl.DataFrame:
    """Every outcome that counts, the columns of `OUTCOME_SCHEMA`, by measure, school, period and group."""
    return _latest(store, "outcome", OUTCOME_SCHEMA, OUTCOME_KEY).sort(
        "measure", "school_id", "period", "student_group"
    )


def measures(store: Reader) -> dict[str, str]:
    """Measure to the way that is good (higher, lower), for measures where it is known."""
    found = _latest(store, "outcome_measure", {"measure": pl.String, "good": pl.String}, ["measure"])
    return dict(found.sort("measure").iter_rows())


def outside_deliveries(store: Reader) -> pl.DataFrame:
    """Every delivery outside the plan that counts: school_id, training_id, period, people."""
    return _latest(store, "outside_delivery", DELIVERY_SCHEMA, DELIVERY_KEY).sort(DELIVERY_KEY)


def put_outcomes(
    store: Store, rows: pl.DataFrame, good: Mapping[str, str], file: str, actor: str, *, dry_run: bool = False
) -> Stored:
    """Stores outcomes (columns of `OUTCOME_SCHEMA`, one row a key) and which way of their measures is good."""

    def action(change: Change) -> Stored:
        stored, new = _compared(rows, outcomes(change), OUTCOME_KEY)
        if not dry_run:
            change.insert("outcome", new)
            said = {name: way for name, way in good.items() if measures(change).get(name) != way}
            if said:
                change.insert("outcome_measure", pl.DataFrame({"measure": list(said), "good": list(said.values())}))
            change.school_ids, change.subject = {DISTRICT}, f"{file}: {new.height} outcomes"
        return stored

    return store.write("outcomes", actor, action)


def put_outside_deliveries(store: Store, rows: pl.DataFrame, file: str, actor: str, *, dry_run: bool = False) -> Stored:
    """Stores deliveries outside the plan (columns of `DELIVERY_SCHEMA`, one row a key)."""

    def action(change: Change) -> Stored:
        stored, new = _compared(rows, outside_deliveries(change), DELIVERY_KEY)
        if not dry_run:
            change.insert("outside_delivery", new)
            change.school_ids, change.subject = {DISTRICT}, f"{file}: {new.height} deliveries"
        return stored

    return store.write("outside deliveries", actor, action)


def _latest(store: Reader, table: str, schema: Mapping[str, type[pl.DataType]], key: list[str]) -> pl.DataFrame:
    found = store.frame(
        f"""select {", ".join(schema)} from store.{table}
        qualify row_number() over (partition by {", ".join(key)} order by number desc) = 1"""
    )
    return found.cast(dict(schema))  # type: ignore[arg-type]


def _compared(rows: pl.DataFrame, known: pl.DataFrame, key: list[str]) -> tuple[Stored, pl.DataFrame]:
    """What storing `rows` would do, and those of them that are to be stored."""
    is_known = rows.join(known, on=key, how="semi").height
    new = rows.join(known, on=rows.columns, how="anti", nulls_equal=True, maintain_order="left")
    replaced = new.join(known, on=key, how="semi").height
    return Stored(rows.height - is_known, is_known - replaced, replaced), new
