"""Hours of each person, for payroll: for an administrator who has the staff list at hand, which is not stored."""

from __future__ import annotations

from typing import Final

import polars as pl

from pd_core.access import EVERYTHING, Visitor
from pd_core.errors import RefusedFile
from pd_core.pseudonyms import respondent_codes
from pd_core.reference.attendance_file import read_attendance
from pd_core.storage import Store
from pd_core.storage.deliveries import minutes_by_person
from pd_core.summaries.held import delivery_rows
from pd_core.summaries.money import Funds
from pd_core.summaries.years import year_of

PAYROLL: Final = {
    "email": pl.String, "sessions": pl.Int64, "hours": pl.Float64, "paid_hours": pl.Float64, "cost": pl.Float64,
}  # fmt: skip


def payroll(store: Store, visitor: Visitor, year: str, file: str, data: bytes, key: bytes) -> pl.DataFrame:
    """A row per address of a staff list with hours in a year: email, sessions, hours, paid_hours (up to the most that
    the year's funds pay a person for, the earliest first), cost (dollars; null: no rate is set).

    People are known by codes alone, and a code can't be turned back into an address: only those of the file are found.
    Nothing is stored. Raises RefusedAccess, RefusedFile.
    """
    visitor.require("administer")
    addresses = [one.addresses[0] for one in read_attendance(file, data).people if one.addresses]
    codes = {code: address for address, code in respondent_codes(addresses, key).items() if code}
    if not codes:
        raise RefusedFile(f"{file} holds no e-mail address.", "Expected the staff list with a column of addresses.")
    funds = Funds(store)
    held = {row["session_id"]: row for row in delivery_rows(store, EVERYTHING).iter_rows(named=True)}
    of_person: dict[str, list[tuple[object, float, str]]] = {}
    for person, session_id, minutes in minutes_by_person(store, list(codes)).iter_rows():
        row = held.get(session_id)
        if row is not None and year_of(row["delivered_on"]) == year:
            spent = row["minutes"] if minutes is None else minutes
            of_person.setdefault(person, []).append((row["delivered_on"], spent / 60, row["training_id"]))
    rows = []
    for person, sessions in of_person.items():
        paid, cost = 0.0, None
        for _, hours, training_id in sorted(sessions, key=lambda one: str(one[0])):
            fund = funds.of(year, training_id)
            counted = min(hours, max(0.0, fund.hours_each - paid)) if fund else 0.0
            paid += counted
            cost = (cost or 0.0) + counted * fund.rate if fund else cost
        total = sum(hours for _, hours, _ in sessions)
        rows.append((codes[person], len(sessions), round(total, 2), round(paid, 2), cost and round(cost, 2)))
    return pl.DataFrame(rows, schema=PAYROLL, orient="row").sort("email")
