"""Cells of the planning lists: parts, skills and numbers as people write them."""

from __future__ import annotations

import math

from pd_core.codebook import Codebook, fold
from pd_core.school_names import SchoolNames


def parts(cell: str) -> list[str]:
    """What a cell lists, separated by `;`, without empty parts and repeats."""
    return list(dict.fromkeys(part.strip() for part in cell.split(";") if part.strip()))


def skill_named(name: str, codebook: Codebook) -> str | None:
    """The skill of this id or name (null: there is none)."""
    for skill in codebook.skills.values():
        if fold(name) in (fold(skill.skill_id), fold(skill.name)):
            return skill.skill_id
    return None


def number_in(text: str, low: float, high: float) -> float | None:
    """A number between two ends, both included; null where the text is none."""
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        return None
    return value if math.isfinite(value) and low <= value <= high else None


def unknown_school(column: str, name: str, schools: SchoolNames) -> str:
    """The sentence for a name that is no school's."""
    return f"{column} “{name}” is not a school of the district.{schools.suggestion(name)}"
