"""Reads the sessions of a plan as a facilitator edited them in a spreadsheet."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from pd_core.codebook import fold
from pd_core.errors import RefusedFile
from pd_core.planning.record import STEPS
from pd_core.reference.list_files import read_rows, refuse_rows
from pd_core.reference.list_values import number_in, parts, unknown_school
from pd_core.school_names import SchoolNames

PLAN_FILE: Final = (
    "session_id", "state", "school_ids", "training_id", "trainer_id", "slot_id", "starts_at", "ends_at", "reached",
    "note", "changed_by", "changed_at", "base",
)  # fmt: skip
"""The columns of an exported plan. Of these, times follow from the slot, and who changed a session is not read."""
_REQUIRED: Final = ("session_id", "state", "school_ids", "training_id", "trainer_id", "slot_id")
_MAX_PEOPLE = 10_000
_UNPROTECTED = re.compile(r"^'(?=[=+\-@\t\r])")


@dataclass(frozen=True)
class PlanRow:
    """A session as a file has it. `session_id` is empty for a new one; null: the file does not say."""

    row: int
    session_id: str
    state: str
    school_ids: tuple[str, ...]
    training_id: str
    trainer_id: str
    slot_id: str
    reached: int | None
    note: str | None
    base: int | None


def read_plan(file: str, data: bytes, schools: SchoolNames) -> list[PlanRow]:
    """The sessions of a file with the columns of `PLAN_FILE`; base may be empty or missing.

    Raises RefusedFile that names every row with a session that is listed twice, an unknown state or school, or a number
    that is none.
    """
    file, rows = read_rows(file, data, PLAN_FILE, required=_REQUIRED)
    has_note = any(row["note"] for _, row in rows)  # a file without notes takes none away
    problems: list[str] = []
    found: list[PlanRow] = []
    seen: dict[str, int] = {}
    for number, row in rows:
        said = []
        state = fold(row["state"])
        if state not in STEPS:
            said.append(f"state is “{row['state']}”; expected {', '.join(one for one in STEPS if one != 'withdrawn')}.")
        school_ids = []
        for name in parts(row["school_ids"]):
            school_id = schools.find(name)
            if school_id is None:
                said.append(unknown_school("school_ids", name, schools))
            else:
                school_ids.append(school_id)
        reached, base = (number_in(row[name], 0, high) for name, high in (("reached", _MAX_PEOPLE), ("base", 2**62)))
        if row["reached"] and (reached is None or reached != int(reached)):
            said.append(f"reached is “{row['reached']}”; expected a whole number of people, {_MAX_PEOPLE:,} at most.")
        if row["base"] and base is None:
            said.append(f"base is “{row['base']}”; leave it as it was exported.")
        if row["session_id"] in seen:
            said.append(f"session {row['session_id']} is already in row {seen[row['session_id']]}.")
        if row["session_id"]:
            seen[row["session_id"]] = number
        problems += [f"row {number}: {one}" for one in said]
        if not said:
            found.append(
                PlanRow(
                    number,
                    row["session_id"],
                    state,
                    tuple(school_ids),
                    row["training_id"],
                    row["trainer_id"],
                    row["slot_id"],
                    None if reached is None else int(reached),
                    _UNPROTECTED.sub("", row["note"]) if has_note else None,
                    int(row["base"]) if base is not None else None,
                )
            )
    refuse_rows(file, problems, "Correct these rows and load the plan again. Nothing was changed.")
    if not found:
        raise RefusedFile(f"{file} lists no sessions.", f"Expected a row for each session: {', '.join(_REQUIRED)}.")
    return found
