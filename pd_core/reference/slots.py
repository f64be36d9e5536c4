"""Reads the times at which trainings can be held from CSV or XLSX files."""

from __future__ import annotations

from datetime import datetime, timedelta

import polars as pl

from pd_core.codebook import Codebook, fold
from pd_core.errors import RefusedFile
from pd_core.reference.list_files import read_rows, refuse_rows
from pd_core.storage.training_lists import COLUMNS
from pd_core.wording import plural

SLOT_FILE = ("slot_id", "starts_at", "ends_at", "time")
LONGEST = timedelta(days=1)
MOST_SLOTS = 500
YEARS = range(2000, 2100)
"""A slot of any other year must be a typo."""


def read_slots(file: str, data: bytes, codebook: Codebook) -> pl.DataFrame:
    """The slots of a list: slot_id, starts_at, ends_at (local time), time (a code of the form's question about times,
    or empty). Raises RefusedFile that names every bad row."""
    file, rows = read_rows(file, data, SLOT_FILE, required=SLOT_FILE[:3])
    if len(rows) > MOST_SLOTS:
        raise RefusedFile(
            f"{file} lists {len(rows):,} slots; at most {MOST_SLOTS} can be planned with.",
            f"Delete {plural(len(rows) - MOST_SLOTS, 'row')}, the past ones first.",
        )
    times = {fold(name): code for code, label in codebook.labels("times").items() for name in (code, label)}
    problems: list[str] = []
    slots: list[dict[str, object]] = []
    seen: dict[str, int] = {}
    for number, row in rows:
        starts_at, ends_at = _moment(row["starts_at"]), _moment(row["ends_at"])
        time = times.get(fold(row["time"])) if row["time"] else ""
        found = []
        if not row["slot_id"]:
            found.append("slot_id is empty.")
        elif ";" in row["slot_id"]:
            found.append(f"slot_id “{row['slot_id']}” has a “;”, which separates slots in the list of trainers.")
        if row["slot_id"] in seen:
            found.append(f"slot_id “{row['slot_id']}” is already in row {seen[row['slot_id']]}.")
        for name, moment in (("starts_at", starts_at), ("ends_at", ends_at)):
            if moment is None:
                found.append(f"{name} is “{row[name]}”; expected local time such as 2027-01-19 15:30.")
        if starts_at and ends_at and not starts_at < ends_at <= starts_at + LONGEST:
            found.append(
                f"ends_at “{row['ends_at']}” is not after starts_at “{row['starts_at']}” and within a day of it."
            )
        if time is None:
            found.append(f"time is “{row['time']}”; expected {', '.join(codebook.labels('times'))}, or nothing.")
        seen.setdefault(row["slot_id"], number)
        problems += [f"row {number}: {problem}" for problem in found]
        slots.append({"slot_id": row["slot_id"], "starts_at": starts_at, "ends_at": ends_at, "time": time or ""})
    refuse_rows(file, problems, "Correct these rows and load the slots again. Nothing was changed.")
    if not slots:
        raise RefusedFile(f"{file} lists no slots.", f"Expected a row for each slot: {', '.join(SLOT_FILE)}.")
    return pl.DataFrame(slots, schema=COLUMNS["slot"])


def _moment(text: str) -> datetime | None:
    """A local time, year first; null where it is none, is in no likely year, or names a time zone."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is None and moment.year in YEARS else None
