"""Takes outcomes of students and trainings outside the plan: read, checked, stored, with a receipt for each file."""

from __future__ import annotations

from typing import Any, Final

import polars as pl

from pd_core.access import EVERYTHING, Visitor
from pd_core.ingestion import Receipt
from pd_core.ingestion.receipt import Status
from pd_core.reference.outcomes import ReadFile, read_deliveries, read_outcomes
from pd_core.school_names import SchoolNames
from pd_core.storage import Store, outcomes, queries
from pd_core.wording import plural

_MOST_DOUBTS: Final = 3


def take_outcomes(
    store: Store,
    visitor: Visitor,
    file: str,
    data: bytes,
    *,
    good: str | None = None,
    period: str | None = None,
    dry_run: bool = False,
) -> Receipt:
    """Store a file of outcomes; the same value again changes nothing, a different value replaces the old one.

    `good` says which way (higher, lower) is good for measures where this is not known yet; `period` is for rows without
    one. Raises RefusedFile, and RefusedAccess if `visitor` may not change the district's data.
    """
    visitor.require("outcomes")
    names = SchoolNames(queries.schools(store, EVERYTHING))
    stored, known = outcomes.outcomes(store), outcomes.measures(store)
    read = read_outcomes(file, data, names, stored, known, good=good, period=period)
    done = outcomes.put_outcomes(store, read.rows, read.good, read.file, visitor.audit_name, dry_run=dry_run)
    return _receipt(read, done, dry_run=dry_run)


def take_deliveries(store: Store, visitor: Visitor, file: str, data: bytes, *, dry_run: bool = False) -> Receipt:
    """Store who was newly trained outside the plan, as `take_outcomes` stores outcomes. Rows that make more people
    trained than a school has staff are taken, and the receipt asks to check them."""
    visitor.require("outcomes")
    schools = queries.schools(store, EVERYTHING)
    read = read_deliveries(file, data, SchoolNames(schools))
    known = outcomes.outside_deliveries(store).join(read.rows, on=outcomes.DELIVERY_KEY, how="anti")
    done = outcomes.put_outside_deliveries(store, read.rows, read.file, visitor.audit_name, dry_run=dry_run)
    return _receipt(read, done, _doubts(read.rows, known, schools), dry_run=dry_run)


def _doubts(rows: pl.DataFrame, known: pl.DataFrame, schools: pl.DataFrame) -> str:
    """What to check where more people were newly trained than work at a school, with those of `known` rows."""
    by = ["school_id", "training_id"]
    everybody = pl.concat([known, rows.select(known.columns)]).group_by(by).agg(pl.col("people").sum())
    found = everybody.join(rows, on=by, how="semi").join(schools.select("school_id", "headcount"), on="school_id")
    found = found.filter(pl.col("people") > pl.col("headcount")).sort(by)
    said = [
        f"Check {training} at {school}: {people:,} people newly trained in all, and it has {staff:,} staff."
        for school, training, people, staff in found.head(_MOST_DOUBTS).iter_rows()
    ]
    more = found.height - len(said)
    return " ".join([*said, *([f"{more:,} more like that."] if more else [])])


def _receipt(read: ReadFile, done: outcomes.Stored, doubts: str = "", *, dry_run: bool = False) -> Receipt:
    is_new = done.added + done.replaced > 0
    schools: dict[str, Any] = dict(read.rows["school_id"].value_counts().sort("school_id").iter_rows())
    status: Status = "committed" if is_new else "rejected" if read.rows_read and not read.rows.height else "unchanged"
    return Receipt(
        read.file, status, None, "", read.layout, read.rows_read, done.added, done.existing + read.repeated,
        done.replaced, read.set_aside, problems=read.problems, schools=schools,
        message=" ".join(filter(None, [_message(read, done, dry_run), doubts])),
    )  # fmt: skip


def _message(read: ReadFile, done: outcomes.Stored, dry_run: bool) -> str:
    if not read.rows_read:
        return f"{read.file} holds no rows. Nothing was changed."
    if not read.rows.height:
        return f"No row of {read.file} can be used. Correct the rows below and try again. Nothing was changed."
    parts = []
    if done.added + done.replaced == 0:
        parts.append(f"Every row of {read.file} was already stored. Nothing was changed.")
    elif dry_run:
        parts.append("This was a trial: nothing was stored.")
    if "measure" in read.rows.columns:
        measures = read.rows["measure"].unique().sort().to_list()
        periods = read.rows["period"].unique().sort().to_list()
        parts.append(f"{', '.join(measures)}: {plural(len(periods), 'period')}, {periods[0]} to {periods[-1]}.")
        hidden = int(read.rows["value"].null_count())
        parts.append(f"{plural(hidden, 'value')} suppressed or bounded: missing, never 0." if hidden else "")
    parts.append(f"{plural(read.set_aside, 'row')} set aside." if read.set_aside else "")
    return " ".join(filter(None, parts))
