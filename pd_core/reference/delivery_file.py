"""Reads which sessions were held, and how, from CSV or XLSX files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from pd_core.reference.list_files import read_rows
from pd_core.reference.list_values import number_in

DELIVER_FILE: Final = ("session_id", "delivered_on", "attended", "minutes", "note")
OUTSIDE: Final = ("school_id", "training_id", "trainer_id")
"""Further columns, for a training outside the plan: its id is one that the plan does not have."""
MOST_MINUTES: Final = 24 * 60
MOST_PEOPLE: Final = 10_000
_WAYS: Final = ("%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S")


@dataclass(frozen=True)
class DeliverRow:
    """A row of the file. `attended` null: a list follows; `minutes` null: as long as planned."""

    row: int
    session_id: str
    delivered_on: date
    attended: int | None
    minutes: float | None
    note: str
    school_id: str = ""
    training_id: str = ""
    trainer_id: str = ""


def read_deliver(file: str, data: bytes) -> tuple[str, int, list[DeliverRow], list[dict[str, Any]]]:
    """A file's name, how many rows it has, those that can be used, and a problem for each of the others (row, column,
    value, reason, suggestion). Raises RefusedFile."""
    file, rows = read_rows(file, data, (*DELIVER_FILE, *OUTSIDE), required=("session_id", "delivered_on"))
    found: list[DeliverRow] = []
    problems: list[dict[str, Any]] = []
    for number, row in rows:
        day = read_day(row["delivered_on"])
        attended = number_in(row["attended"], 0, MOST_PEOPLE) if row["attended"] else None
        minutes = number_in(row["minutes"], 0, 1e9) if row["minutes"] else None
        if not row["session_id"]:
            column, reason = "session_id", "expected the session's id, as the plan has it"
        elif day is None:
            column, reason = "delivered_on", "expected the day it was held, such as 2026-11-06 or 11/06/2026"
        elif row["attended"] and (attended is None or attended != int(attended)):
            column, reason = "attended", "expected the number of people, or nothing where a list follows"
        elif row["minutes"] and minutes is None:
            column, reason = "minutes", "expected the minutes that it took"
        elif minutes == 0:
            column, reason = "minutes", "a session of no minutes was not held; expected more than 0"
        elif minutes is not None and minutes > MOST_MINUTES:
            column, reason = "minutes", "longer than 24 hours; expected the minutes that it took each person"
        else:
            more = {name: row[name] for name in OUTSIDE}
            people = None if attended is None else int(attended)
            found.append(DeliverRow(number, row["session_id"], day, people, minutes, row["note"], **more))
            continue
        problems.append(problem(number, column, row[column], reason))
    return file, len(rows), found, problems


def problem(row: int, column: str, value: str, reason: str, suggestion: str = "") -> dict[str, Any]:
    """A row that is set aside, as receipts have it."""
    return {"row": row, "column": column, "value": value, "reason": reason, "suggestion": suggestion}


def read_day(text: str) -> date | None:
    """A day as ISO or American dates write it; null where the text is none."""
    for way in _WAYS:
        try:
            return datetime.strptime(text.strip(), way).date()
        except ValueError:
            continue
    return None
