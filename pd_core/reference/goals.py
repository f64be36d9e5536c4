"""Reads principals' goals (weights by skill) and the ways between buildings from CSV or XLSX files."""

from __future__ import annotations

import polars as pl

from pd_core.codebook import Codebook
from pd_core.reference.list_files import read_rows, refuse_rows
from pd_core.reference.list_values import number_in, skill_named, unknown_school
from pd_core.school_names import SchoolNames
from pd_core.storage.training_lists import COLUMNS

GOAL_FILE = ("school_id", "skill_id", "weight")
TRAVEL_FILE = ("school_id", "other_school_id", "minutes")
MOST_WEIGHT = 3
MOST_TRAVEL_MINUTES = 600


def read_goals(file: str, data: bytes, codebook: Codebook, schools: SchoolNames) -> pl.DataFrame:
    """How much a person of a building counts in a skill: school_id, skill_id, weight (0 to 3). Without rows: no goals.
    Raises RefusedFile that names every bad row."""
    file, rows = read_rows(file, data, GOAL_FILE, required=GOAL_FILE)
    problems: list[str] = []
    goals: list[tuple[str | None, str | None, float | None]] = []
    seen: dict[tuple[str, str], int] = {}
    for number, row in rows:
        school_id, skill_id = schools.find(row["school_id"]), skill_named(row["skill_id"], codebook)
        weight = number_in(row["weight"], 0, MOST_WEIGHT)
        found = [] if school_id else [unknown_school("school_id", row["school_id"], schools)]
        if skill_id is None:
            found.append(f"skill_id “{row['skill_id']}” is not in the codebook.")
        if weight is None:
            found.append(f"weight is “{row['weight']}”; expected a number from 0 to {MOST_WEIGHT}.")
        if school_id and skill_id:
            if (school_id, skill_id) in seen:
                found.append(f"{school_id} and {skill_id} are already in row {seen[school_id, skill_id]}.")
            seen.setdefault((school_id, skill_id), number)
        problems += [f"row {number}: {problem}" for problem in found]
        goals.append((school_id, skill_id, weight))
    refuse_rows(file, problems, "Correct these rows and load the goals again. Nothing was changed.")
    return pl.DataFrame(goals, schema=COLUMNS["goal"], orient="row")


def read_travel(file: str, data: bytes, schools: SchoolNames) -> pl.DataFrame:
    """Minutes between two buildings: school_id, other_school_id, minutes; each row holds both ways. Raises RefusedFile
    that names every bad row, such as two that give the way there and the way back different minutes."""
    file, rows = read_rows(file, data, TRAVEL_FILE, required=TRAVEL_FILE)
    problems: list[str] = []
    ways: list[tuple[str | None, str | None, float | None]] = []
    seen: dict[frozenset[str], tuple[int, float]] = {}
    for number, row in rows:
        ends = [schools.find(row[name]) for name in TRAVEL_FILE[:2]]
        minutes = number_in(row["minutes"], 0, MOST_TRAVEL_MINUTES)
        found = [
            unknown_school(name, row[name], schools)
            for name, school_id in zip(TRAVEL_FILE, ends, strict=False)
            if school_id is None
        ]
        if minutes is None:
            found.append(f"minutes is “{row['minutes']}”; expected a number from 0 to {MOST_TRAVEL_MINUTES}.")
        if ends[0] and ends[0] == ends[1]:
            found.append(f"both ends are {ends[0]}; expected two buildings.")
        elif ends[0] and ends[1] and minutes is not None:
            before = seen.setdefault(frozenset((ends[0], ends[1])), (number, minutes))
            if before[1] != minutes:
                found.append(
                    f"{ends[0]} to {ends[1]} is {minutes:g} minutes, but row {before[0]} has {before[1]:g} for the "
                    "same two buildings. A way counts in both directions: keep one number."
                )
            elif before[0] == number:
                ways.append((ends[0], ends[1], minutes))
        problems += [f"row {number}: {problem}" for problem in found]
    refuse_rows(file, problems, "Correct these rows and load the ways again. Nothing was changed.")
    return pl.DataFrame(ways, schema=COLUMNS["travel"], orient="row")
