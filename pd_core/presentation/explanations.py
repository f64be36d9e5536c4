"""One line of help for a word or a number that people meet for the first time."""

from __future__ import annotations

from pd_core.needs.verdicts import LEANING, LEAST_SHARE, SAFE
from pd_core.wording import percent

_VERDICTS = {
    "safe": f"At least {percent(SAFE)} sure, {percent(LEAST_SHARE)} of the staff or more answered, and the next need "
    "is well behind: the two greatest needs will most likely stay the same when everyone has answered.",
    "leaning": f"At least {percent(LEANING)} sure, but not safe yet: the next need is too close behind, or too few "
    "answered. Probably right, but get a few more answers.",
    "too early": "Not sure enough: the answers still to come may well change what is needed most.",
}
_FIGURES = {
    "How sure": "In how many of 100 cases these would still be the two greatest needs if everyone had answered.",
    "Skills in hand": "Skills that half of those who answered, or more, use on their own.",
}


def of_verdict(verdict: str) -> str | None:
    """What a verdict (see `needs.verdicts`) means; null for one that its sentence explains."""
    return _VERDICTS.get(verdict)


def of_figure(label: str) -> str | None:
    """What the number with this label means; null if its note says enough."""
    return _FIGURES.get(label)
