"""One value of an outcome as files write it: a share, a number, a bound, or nothing because it was suppressed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from pd_core.codebook import fold

_NUMBER = r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?"
_PLAIN = re.compile(rf"({_NUMBER})\s*(%?)")
_BOUND = re.compile(rf"(?:.*[:\-\s])?\s*(<=|>=|<|>|≤|≥)\s*({_NUMBER})\s*(%?)")
_BAND = re.compile(rf"({_NUMBER})\s*(%?)\s*(?:-|to)\s*({_NUMBER})\s*(%)")
_FEW = re.compile(r".*\bn\s*(?:<|<=|≤)\s*\d+.*|(?:.*[:\-\s])?<=?\s*\d+ students")
_WORDS = {"less than": "<", "fewer than": "<", "more than": ">", "greater than": ">", "at least": ">=", "at most": "<="}
_HIDES = ("suppressed", "redacted", "masked", "withheld", "cross student group", "cross organization")
_HIDDEN = {
    "", "*", "**", "***", "-", "--", "...", "#", "s", "ds", "nd", "ps", "na", "n/a", "#n/a", "nan", "null", "no data",
    "no students", "not available", "not reported", "no suppression",
}  # fmt: skip
_SHOWN = {"", "0", "false", "no", "n", "null", "none", "no suppression", "not suppressed", "unsuppressed"}


@dataclass(frozen=True)
class Value:
    """`value` is null if suppressed or only bounded; with a % sign it is a share (0-1), otherwise as written."""

    value: float | None = None
    lower: float | None = None
    upper: float | None = None
    has_percent: bool = False

    @property
    def is_bounded(self) -> bool:
        """Whether it has bounds alone."""
        return self.lower is not None or self.upper is not None


def read_value(text: str) -> Value | None:
    """A value; null for text that is none. `*`, `NULL`, `N<10` and the like hide it; `<4.4%` and `>72.7%` bound it."""
    text = fold(text)
    for words, sign in _WORDS.items():
        text = text.replace(words, sign)
    if text in _HIDDEN or _FEW.fullmatch(text):
        return Value()
    if (found := _PLAIN.fullmatch(text)) and found[1].strip("+-"):
        return Value(value=_number(found[1], found[2]), has_percent=bool(found[2]))
    if (found := _BAND.fullmatch(text)) and found[1] and found[3]:
        return Value(lower=_number(found[1], "%"), upper=_number(found[3], "%"), has_percent=True)
    if (found := _BOUND.fullmatch(text)) and found[2]:
        bound, has_percent = _number(found[2], found[3]), bool(found[3])
        if found[1] in ("<", "<=", "≤"):
            return Value(upper=bound, has_percent=has_percent)
        return Value(lower=bound, has_percent=has_percent)
    return Value() if text.startswith(_HIDES) else None


def says_hidden(text: str) -> bool:
    """Whether a cell of a column about suppression says that the value is hidden."""
    return fold(text) not in _SHOWN


def _number(text: str, percent: str) -> float:
    number = Decimal(text.replace(",", ""))
    return float(number / 100 if percent else number)
