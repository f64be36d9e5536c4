"""Reads the district's trainers (MIEs and facilitators) from CSV or XLSX files."""

from __future__ import annotations

import polars as pl

from pd_core.codebook import Codebook, fold
from pd_core.errors import RefusedFile
from pd_core.reference.list_files import read_rows, refuse_rows
from pd_core.reference.list_values import number_in, parts, skill_named, unknown_school
from pd_core.school_names import SchoolNames
from pd_core.storage.training_lists import COLUMNS
from pd_core.wording import plural

TRAINER_FILE = ("trainer_id", "name", "kind", "home_school_id", "skills", "hours", "slots")
MOST_HOURS = 2_000
"""More hours than anyone works in a year must be a typo."""
_KINDS = {"mie": "mie", "facilitator": "facilitator", "instructional facilitator": "facilitator"}


def read_trainers(file: str, data: bytes, codebook: Codebook, schools: SchoolNames) -> pl.DataFrame:
    """The trainers of a list: trainer_id, name, kind (mie, facilitator), home_school_id (empty: none), skills, hours
    still to give, slots (empty: all).

    An MIE needs a home. Raises RefusedFile that names every bad row.
    """
    file, rows = read_rows(file, data, TRAINER_FILE, required=("trainer_id", "kind", "hours"))
    problems: list[str] = []
    trainers: list[dict[str, object]] = []
    seen: dict[str, int] = {}
    for number, row in rows:
        kind, hours = _KINDS.get(fold(row["kind"])), number_in(row["hours"], 0, MOST_HOURS)
        home = schools.find(row["home_school_id"]) if row["home_school_id"] else ""
        skills = {name: skill_named(name, codebook) for name in parts(row["skills"])}
        found = list(_problems(row, kind, hours, home, schools))
        found += [
            f"skill “{name}” is not in the codebook; expected ids such as {', '.join(list(codebook.skills)[:3])}."
            for name, skill_id in skills.items()
            if skill_id is None
        ]
        if row["trainer_id"] in seen:
            found.append(f"trainer_id “{row['trainer_id']}” is already in row {seen[row['trainer_id']]}.")
        seen.setdefault(row["trainer_id"], number)
        problems += [f"row {number}: {problem}" for problem in found]
        trainers.append(
            {
                "trainer_id": row["trainer_id"], "name": row["name"] or row["trainer_id"], "kind": kind or "",
                "home_school_id": home or "", "skills": ";".join(dict.fromkeys(filter(None, skills.values()))),
                "hours": hours or 0.0, "slots": ";".join(parts(row["slots"])),
            }
        )  # fmt: skip
    refuse_rows(file, problems, "Correct these rows and load the list again. Nothing was changed.")
    if not trainers:
        raise RefusedFile(f"{file} lists no trainers.", f"Expected a row for each trainer: {', '.join(TRAINER_FILE)}.")
    return pl.DataFrame(trainers, schema=COLUMNS["trainer"])


def slots_not_listed(trainers: pl.DataFrame, slots: pl.DataFrame) -> list[str]:
    """A sentence for each trainer with slots that the list of slots doesn't have; those slots count for nothing."""
    known, found = set(slots["slot_id"]), list[str]()
    if not known:
        waiting = trainers.filter(pl.col("slots") != "").height
        return [f"{plural(waiting, 'trainer')} with slots of their own: no slots are listed yet."] if waiting else []
    for trainer_id, named in trainers.select("trainer_id", "slots").iter_rows():
        if unknown := [slot_id for slot_id in parts(named) if slot_id not in known]:
            found.append(f"{trainer_id}: slot {', '.join(unknown)} is not in the list of slots.")
    return found


def _problems(
    row: dict[str, str], kind: str | None, hours: float | None, home: str | None, schools: SchoolNames
) -> list[str]:
    found = []
    if not row["trainer_id"]:
        found.append("trainer_id is empty.")
    if kind is None:
        found.append(f"kind is “{row['kind']}”; expected mie or facilitator.")
    if home is None:
        found.append(unknown_school("home_school_id", row["home_school_id"], schools))
    if kind == "mie" and home == "":
        found.append("an MIE needs a home_school_id: the school where the MIE works.")
    if hours is None:
        found.append(f"hours is “{row['hours']}”; expected the hours still to give, from 0 to {MOST_HOURS:,}.")
    return found
