"""Schools that were trained, with their outcomes, and an answer to what the training moved."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl

from pd_core.storage import Store, outcomes, reference
from pd_core.summaries.impact_answers import Answer

TODAY = date(2026, 11, 29)
MONTHS = [f"{2024 + (8 + month) // 12}-{(8 + month) % 12 + 1:02d}" for month in range(18)]
FOUND = Answer(
    measure="attendance", training_id="all", is_share=True, good="higher", verdict="higher", reason="", lacking=(),
    schools_treated=30, schools_not_yet=30, periods=("2024-09", "2026-02"), first_start="December 2024",
    effect=0.021, low=0.004, high=0.038, p=0.01, smallest=0.017, rank=None, placebos=None, events=pl.DataFrame(),
    checks=pl.DataFrame(), notes=(),
)  # fmt: skip


def fill(
    store: Store,
    values: np.ndarray,
    starts: np.ndarray,
    training: str = "teams-entry",
    measure: str = "attendance",
    staff: int | None = 20,
) -> None:
    """Outcomes (in per cents) of schools with so many staff, 8 of them trained from their start on."""
    schools = [f"s{number:02d}" for number in range(len(values))]
    listed = [(school, school.title(), "", "High", "North", staff) for school in schools]
    schema = dict.fromkeys(reference.SCHOOL_COLUMNS, pl.String) | {"headcount": pl.Int64}
    reference.set_schools(store, pl.DataFrame(listed, schema=schema, orient="row"), "test")
    rows = [
        (school, month, measure, "", value / 100, 200, None, None, None, False, True)
        for school, own in zip(schools, values, strict=True)
        for month, value in zip(MONTHS, own, strict=False)
    ]
    frame = pl.DataFrame(rows, schema=outcomes.OUTCOME_SCHEMA, orient="row")
    outcomes.put_outcomes(store, frame, {measure: "higher"}, "o.csv", "test")
    given = [
        (school, training, MONTHS[start], 8)
        for school, start in zip(schools, starts.tolist(), strict=True)
        if start < values.shape[1]
    ]
    if given:
        delivered = pl.DataFrame(given, schema=outcomes.DELIVERY_SCHEMA, orient="row")
        outcomes.put_outside_deliveries(store, delivered, "d.csv", "test")
