"""Reads who applied to become an MIE or a facilitator, from CSV or XLSX files."""

from __future__ import annotations

from typing import Final

import polars as pl

from pd_core.codebook import fold
from pd_core.reference.credential_row import first_day
from pd_core.reference.list_files import read_rows, refuse_rows
from pd_core.school_names import SchoolNames
from pd_core.storage.training_lists import COLUMNS

APPLICANT_FILE: Final = ("name", "kind", "school_id", "applied_on", "status")
KINDS: Final = ("mie", "facilitator")
STATUSES: Final = ("applied", "accepted", "declined", "withdrawn")


def read_applicants(file: str, data: bytes, names: SchoolNames) -> pl.DataFrame:
    """The rows of a list: name, kind (mie, facilitator; empty: mie), school_id (a facilitator's may be empty),
    applied_on, status (applied, accepted, declined, withdrawn; empty: applied). Someone may apply again on another day.
    Raises RefusedFile that names every bad row."""
    file, rows = read_rows(file, data, APPLICANT_FILE, required=("name", "applied_on"))
    problems: list[str] = []
    found: list[tuple[object, ...]] = []
    seen: dict[tuple[str, object], int] = {}
    for number, row in rows:
        kind, status = fold(row["kind"]) or KINDS[0], fold(row["status"]) or STATUSES[0]
        school_id = (names.find(row["school_id"]) or "") if row["school_id"] else ""
        day, said = first_day(row["applied_on"]), []
        if not row["name"]:
            said.append("name is empty.")
        if kind not in KINDS:
            said.append(f"kind is “{row['kind']}”; expected mie or facilitator.")
        if row["school_id"] and not school_id:
            said.append(f"school_id “{row['school_id']}” is no school of the list.")
        if not row["school_id"] and kind == KINDS[0]:
            said.append("school_id is empty; expected the school of an MIE.")
        if day is None:
            said.append(f"applied_on is “{row['applied_on']}”; expected a day such as 2026-11-06.")
        if status not in STATUSES:
            said.append(f"status is “{row['status']}”; expected applied, accepted, declined or withdrawn.")
        if (key := (fold(row["name"]), day)) in seen:
            said.append(f"{row['name']} of this day is already in row {seen[key]}.")
        seen.setdefault(key, number)
        problems += [f"row {number}: {one}" for one in said]
        found.append((row["name"], kind, school_id, day, status))
    refuse_rows(file, problems, "Correct these rows and load the list again. Nothing was changed.")
    return pl.DataFrame(found, schema=COLUMNS["applicant"], orient="row")
