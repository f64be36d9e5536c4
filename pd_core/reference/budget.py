"""Reads what training may cost: the rate and the funds of each year, from CSV or XLSX files."""

from __future__ import annotations

from typing import Final

import polars as pl

from pd_core.errors import RefusedFile
from pd_core.reference.list_files import read_rows, refuse_rows
from pd_core.reference.list_values import number_in, parts
from pd_core.reference.periods import read_period
from pd_core.storage.training_lists import COLUMNS

BUDGET_FILE: Final = ("year", "fund", "rate", "amount", "hours_each", "trainings")
HOURS_EACH: Final = 7.0
"""The optional hours that a person is paid for in a year, where the list does not say."""
_MOST_MONEY: Final = 1e9


def read_budget(file: str, data: bytes) -> pl.DataFrame:
    """The rows of a list: year (2026-27, July to June), fund, rate (dollars for an hour of one person), amount (dollars
    of the fund), hours_each (the most hours that a person is paid for; empty: seven), trainings (ids separated by `;`;
    empty: all that no other fund names). Raises RefusedFile that names every bad row."""
    file, rows = read_rows(file, data, BUDGET_FILE, required=("year", "rate", "amount"))
    problems: list[str] = []
    found: list[tuple[object, ...]] = []
    seen: dict[tuple[str, str], int] = {}
    paid_by: dict[tuple[str, str], int] = {}
    for number, row in rows:
        period, rate = read_period(row["year"]), number_in(row["rate"].lstrip("$"), 0, 10_000)
        amount = number_in(row["amount"].lstrip("$").replace(",", ""), 0, _MOST_MONEY)
        hours = number_in(row["hours_each"] or str(HOURS_EACH), 0, 2_000)
        year, fund = period[0] if period and period[1] == "school year" else "", row["fund"] or "All funds"
        said = []
        if not year:
            said.append(f"year is “{row['year']}”; expected a school year such as 2026-27.")
        if rate is None:
            said.append(f"rate is “{row['rate']}”; expected dollars for an hour, such as 42.50.")
        if amount is None:
            said.append(f"amount is “{row['amount']}”; expected dollars, such as 25000.")
        if hours is None:
            said.append(f"hours_each is “{row['hours_each']}”; expected hours, or nothing for seven.")
        if (year, fund) in seen:
            said.append(f"{fund} of {year} is already in row {seen[year, fund]}.")
        seen.setdefault((year, fund), number)
        trainings = parts(row["trainings"])
        for training_id in trainings or [""]:
            if (year, training_id) in paid_by:
                what = training_id or "every other training"
                said.append(f"{what} of {year} is already paid for by row {paid_by[year, training_id]}.")
            paid_by.setdefault((year, training_id), number)
        problems += [f"row {number}: {one}" for one in said]
        found.append((year, fund, rate or 0.0, amount or 0.0, hours or 0.0, ";".join(trainings)))
    refuse_rows(file, problems, "Correct these rows and load the list again. Nothing was changed.")
    if not found:
        raise RefusedFile(f"{file} lists no funds.", f"Expected a row for each: {', '.join(BUDGET_FILE)}.")
    return pl.DataFrame(found, schema=COLUMNS["budget"], orient="row")
