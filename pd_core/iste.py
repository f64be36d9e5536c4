"""The ISTE Standards for Educators, 2024: numbers and names only, none of their text."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

YEAR: Final = 2024
STANDARDS: Final[Mapping[str, str]] = {
    "2.1": "Learner", "2.2": "Leader", "2.3": "Citizen", "2.4": "Collaborator", "2.5": "Designer", "2.6": "Facilitator",
    "2.7": "Analyst",
}  # fmt: skip
_NUMBERS: Final = {name.casefold(): number for number, name in STANDARDS.items()}
_PART: Final = re.compile(r"[;,|/]")


def standards_in(text: str) -> tuple[list[str], list[str]]:
    """The standards that a cell names by number (2.5, 2.5.a, 5) or name, and its parts that are none."""
    found: dict[str, None] = {}
    unknown = []
    for part in filter(None, (one.strip() for one in _PART.split(text))):
        number = re.fullmatch(r"(?:2\.)?([1-7])(?:\.?[a-e])?", part, re.IGNORECASE)
        if number:
            found[f"2.{number[1]}"] = None
        elif part.casefold() in _NUMBERS:
            found[_NUMBERS[part.casefold()]] = None
        else:
            unknown.append(part)
    return sorted(found), unknown
