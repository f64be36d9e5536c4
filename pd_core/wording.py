"""Formatting that every page, file and command shares: numbers, shares, lists and dates as people read them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date, datetime


def whole(number: float) -> int:
    """The nearest whole number, halves rounded up, as in the charts."""
    return math.floor(number + 0.5)


def percent(share: float) -> str:
    """A share (0-1) as a whole percentage: 0.625 is 63%."""
    return f"{whole(100 * share)}%"


def listed(names: list[str], word: str = "and") -> str:
    """Names listed as in a sentence: A, B and C, or with another word before the last."""
    return f"{', '.join(names[:-1])} {word} {names[-1]}" if len(names) > 1 else "".join(names)


def chosen_said(chosen: Mapping[str, list[str]]) -> str:
    """What is chosen for each filter, label to words: Level: High or Middle. Region: North. Empty if nothing is."""
    return " ".join(f"{label}: {listed(words, 'or')}." for label, words in chosen.items() if words)


def with_capital(words: str) -> str:
    """Words with their first letter as a capital."""
    return words[:1].upper() + words[1:]


def within(sentence: str) -> str:
    """A sentence for use inside another: with its first letter in lower case."""
    return sentence[:1].lower() + sentence[1:]


def day_said(day: date) -> str:
    """A date without its year: November 6."""
    return f"{day:%B} {day.day}"


def date_said(day: date) -> str:
    """A date: November 6, 2026."""
    return f"{day_said(day)}, {day.year}"


def moment_said(at: datetime) -> str:
    """A time of this year: November 6, 2:05 p.m. UTC."""
    return f"{local_moment_said(at)} UTC"


def local_moment_said(at: datetime) -> str:
    """A local time of this year: November 6, 2:05 p.m."""
    return f"{day_said(at)}, {hour_said(at)}"


def hours_said(starts_at: datetime, ends_at: datetime) -> str:
    """When something is held, in local time: Tuesday, January 14, 2031, 3:30 p.m. to 5:00 p.m."""
    return f"{starts_at:%A}, {date_said(starts_at)}, {hour_said(starts_at)} to {hour_said(ends_at)}"


def hour_said(at: datetime) -> str:
    """A time of day: 2:05 p.m."""
    return f"{at.hour % 12 or 12}:{at:%M} {'a.m.' if at.hour < 12 else 'p.m.'}"


def plural(number: int, noun: str) -> str:
    """A number with its noun: 1 row, 2 rows."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def people_said(number: int | None) -> str:
    """A number of people: 1 person, 12 people; null: people."""
    return "people" if number is None else "1 person" if number == 1 else f"{number:,} people"


_IN_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def counted(number: int, noun: str) -> str:
    """A number with its noun as in running text, up to twelve in words: nine skills, 13 skills, no skills."""
    said = _IN_WORDS[number] if number < len(_IN_WORDS) else f"{number:,}"
    return f"{said} {noun}{'' if number == 1 else 's'}"


def points(change: float) -> str:
    """A change of a share (-1 to 1) without its sign, in whole percentage points: 0.12 is 12 points."""
    return plural(whole(100 * abs(change)), "point")
