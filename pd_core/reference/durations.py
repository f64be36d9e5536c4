"""How long someone was there, as attendance files write it: `1h 5m 3s`, `1 Std. 5 Min.`, `1:05:03`, `65`."""

from __future__ import annotations

import re
from typing import Final

_PART = re.compile(r"(\d+(?:[.,]\d+)?)\s*([^\W\d_]+)\.?")
_CLOCK = re.compile(r"(\d{1,3}):(\d{2})(?::(\d{2}))?")
# The first letters of a unit in the languages of Teams; a duration with another unit is not read.
_UNITS: Final = {
    "h": 60.0, "st": 60.0, "or": 60.0, "u": 60.0, "t": 60.0, "小": 60.0, "時": 60.0, "ч": 60.0, "g": 60.0,
    "m": 1.0, "分": 1.0, "м": 1.0, "s": 1 / 60, "秒": 1 / 60, "с": 1 / 60,
}  # fmt: skip


def minutes_of(text: str, per_number: float = 1.0) -> float | None:
    """Minutes, 0 or more; null where the text is no duration. A number alone is in minutes, or in units of
    `per_number` minutes. A clock of two parts is hours and minutes."""
    text = text.strip().casefold()
    if clock := _CLOCK.fullmatch(text):
        parts = [int(part or 0) for part in clock.groups()]
        return parts[0] * 60 + parts[1] + parts[2] / 60
    try:
        number = float(text.replace(",", "."))
    except ValueError:
        pass
    else:
        return number * per_number if 0 <= number < 1e6 else None
    found = _PART.findall(text)
    if not found or _PART.sub("", text).strip(" ,;"):
        return None
    total = 0.0
    for number_text, unit in found:
        minutes = next((of for start, of in _UNITS.items() if unit.startswith(start)), None)
        if minutes is None:
            return None
        total += float(number_text.replace(",", ".")) * minutes
    return total


def has_units(text: str) -> bool:
    """Whether a text is a duration with its units, and not a number alone."""
    return minutes_of(text) is not None and not re.fullmatch(r"[\d.,\s]+", text.strip())
