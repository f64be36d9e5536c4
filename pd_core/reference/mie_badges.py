"""The badges that MIEs get for the people they trained, from a file that a facilitator edits."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pd_core.config import ROOT
from pd_core.reference.list_files import read_rows, refuse_rows
from pd_core.reference.list_values import number_in

BADGES = ROOT / "data" / "catalogue" / "mie_badges.csv"
_MOST_PEOPLE = 1_000_000


@dataclass(frozen=True)
class MieBadge:
    """A badge reached with more people than `more_than`, by the rule of `year` (empty: not said)."""

    name: str
    more_than: int
    year: str


def mie_badges(file: Path = BADGES) -> list[MieBadge]:
    """The badges of the file, fewest people first. Raises RefusedFile that names every bad row."""
    name, rows = read_rows(file.name, file.read_bytes(), ("badge", "more_than", "year"), ("badge", "more_than"))
    found, problems = [], []
    for number, row in rows:
        people = number_in(row["more_than"], 0, _MOST_PEOPLE)
        if not row["badge"]:
            problems.append(f"row {number}: badge is empty; expected its name.")
        if people is None or people != int(people):
            problems.append(f"row {number}: more_than is “{row['more_than']}”; expected a number of people.")
        found.append(MieBadge(row["badge"], int(people or 0), row["year"]))
    refuse_rows(name, problems, "Correct these rows.")
    return sorted(found, key=lambda one: one.more_than)
