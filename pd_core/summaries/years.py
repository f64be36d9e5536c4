"""Years of money."""

from __future__ import annotations

from datetime import date
from typing import Final

FIRST_MONTH: Final = 7
"""A year of money begins in July."""


def year_of(day: date) -> str:
    """The year of money in which a day is: 2026-27."""
    first = day.year if day.month >= FIRST_MONTH else day.year - 1
    return f"{first}-{(first + 1) % 100:02}"
