"""How sure it is which two classes of a kind a school needs most, and what follows of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from pd_core.measures import polya_posterior

SAFE, LEANING = 0.90, 0.70
"""From which certainty that no other need is greater a school is safe to decide for, or leans to it."""
LEAST_SHARE = 0.4
"""The share of staff who must have answered to be safe, however much they agree: a few do not speak for everyone."""
LEAST_LEAD = 0.2
"""To be safe, it must take so many of those missing, needing the next class unexpectedly, to change the two."""
ENOUGH = polya_posterior.Enough(SAFE, LEAST_SHARE, LEAST_LEAD)
NEAR = 0.2
"""How probable it is at least that a need is among the two greatest, to be nearly tied with them."""
Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Certainty:
    """How sure it is which two classes of a kind most people need, where every class of that kind is shown and drawn.

    `probability` (0-1, whole per cent, rounded down, at most 0.99 while somebody has not answered) is that of no class
    being needed by more people than the smaller of the two; `shown` their skill_ids, the greatest first; `next_skill`
    that of the greatest need behind them (null: none), `lead` how many people it is behind (infinite where none);
    `near_ties` how many classes are among the two greatest in at least `NEAR` of the draws; `verdict` safe, leaning or
    too early; `in_top_two` (skills,) how probable it is that each is among the two greatest or tied with them, as
    whole per cents as `probability`.
    """

    probability: float
    shown: tuple[str, ...]
    next_skill: str | None
    lead: float
    near_ties: int
    verdict: str
    in_top_two: Numbers = field(default_factory=lambda: np.zeros(0), compare=False)


def certainty_of(draws: Numbers, skills: Sequence[str], answered: int, staff: int, most: float) -> Certainty:
    """The certainty of a kind of class: draws (draws, skills) of all its classes, none nan.

    `answered` of the `staff` did; `most` (0-1) is the greatest probability that may be told.
    """
    among = polya_posterior.in_top_two(draws)
    stand = polya_posterior.standing(draws)
    probability = float(percent_down(np.asarray(polya_posterior.both_top_two(draws, stand.shown)), most))
    if ENOUGH.is_met(probability, answered, staff, stand.lead):
        verdict = "safe"
    else:
        verdict = "leaning" if probability >= LEANING else "too early"
    return Certainty(
        probability=probability,
        shown=tuple(skills[place] for place in stand.shown),
        next_skill=None if stand.next is None else skills[stand.next],
        lead=stand.lead,
        in_top_two=percent_down(among, most),
        near_ties=int((among >= NEAR).sum()),
        verdict=verdict,
    )


def percent_down(probability: Numbers, most: float) -> Numbers:
    """Whole per cents, rounded down (0.8996 is not yet 0.90), and `most` at most: nothing is sure before it is seen."""
    return np.minimum(np.floor(probability * 100 + 1e-9) / 100, most)
