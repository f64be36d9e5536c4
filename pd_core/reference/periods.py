"""Periods as outcome files write them: months, school years and their terms."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Literal

Kind = Literal["month", "school year", "term"]
_YEAR = re.compile(r"(\d{4})\s*[-–/]\s*(\d{2}|\d{4})")
_FIRST_DAY = re.compile(r"(\d{4}-\d{2})-01(?:[T ]00:00(?::00)?(?:\.0+)?)?")
"""What a spreadsheet makes of a month."""
_TERM = re.compile(r"(\d{4})\s*[-–/]\s*(\d{2}|\d{4})\s*[, ]\s*([A-Z]{0,3})\s*(\d)", re.IGNORECASE)
FIRST_MONTH = 9
"""A school year begins in September."""
EXPECTED = "a month (2025-09), a school year (2025-26) or a term (2025-26 T1)"


def read_period(text: str) -> tuple[str, Kind] | None:
    """A period in one spelling, and its kind; null for what is none. Text in the spelling sorts by time.

    2025-09 is a month and 2025-26 a school year; where both could be meant (2009-10), it is the school year.
    """
    text = _FIRST_DAY.sub(r"\1", " ".join(text.split()))
    if found := _TERM.fullmatch(text):
        year = _school_year(found[1], found[2])
        return (f"{year} {(found[3] or 'T').upper()}{found[4]}", "term") if year else None
    if found := _YEAR.fullmatch(text):
        if year := _school_year(found[1], found[2]):
            return year, "school year"
        if len(found[2]) == 2 and 1 <= int(found[2]) <= 12:
            return f"{found[1]}-{found[2]}", "month"
    return None


def kind_of(period: str) -> Kind:
    """The kind of a period as `read_period` spells it."""
    found = read_period(period)
    return found[1] if found else "month"


def converted(period: str, kind: Kind) -> str | None:
    """A period as one of another kind that holds it: a month or a term as its school year; null where none does."""
    own = kind_of(period)
    if own == kind:
        return period
    if kind != "school year":
        return None
    if own == "term":
        return period[:7]
    year, month = int(period[:4]), int(period[5:])
    first = year if month >= FIRST_MONTH else year - 1
    return f"{first}-{(first + 1) % 100:02d}"


def span(period: str) -> tuple[date, date]:
    """The first and the last day of a period as `read_period` spells it; of a term those of its school year, since
    terms have no dates."""
    if kind_of(period) == "month":
        year, month = int(period[:4]), int(period[5:])
        return date(year, month, 1), _first_of_month(year, month + 1) - timedelta(days=1)
    year = int(period[:4])
    return date(year, FIRST_MONTH, 1), _first_of_month(year + 1, FIRST_MONTH) - timedelta(days=1)


def _first_of_month(year: int, month: int) -> date:
    return date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)


def said(period: str) -> str:
    """A period as people say it: September 2025, the school year 2025-26, term 1 of 2025-26."""
    kind = kind_of(period)
    if kind == "month":
        return f"{date(int(period[:4]), int(period[5:]), 1):%B %Y}"
    return f"the school year {period}" if kind == "school year" else f"{period[8:]} of {period[:7]}"


def _school_year(first: str, second: str) -> str | None:
    follows = int(first) + 1
    return f"{first}-{follows % 100:02d}" if int(second) in (follows, follows % 100) and len(second) != 1 else None
