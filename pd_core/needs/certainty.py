"""How sure it is which two classes of a kind a school needs most, and what follows from that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from pd_core.measures import polya_posterior

SAFE, LEANING = 0.90, 0.70
"""The certainty that no other need is greater, from which a school is safe to decide on, or is leaning."""
LEAST_SHARE = 0.4
"""The share of staff that must have answered to be safe, even if they agree: a few do not speak for everyone."""
LEAST_LEAD = 0.2
"""The share of those missing who must need the next class unexpectedly to change the two: at least this to be safe."""
ENOUGH = polya_posterior.Enough(SAFE, LEAST_SHARE, LEAST_LEAD)
NEAR = 0.2
"""A need is nearly tied with the two greatest if it is one of them with at least this probability."""
Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Certainty:
    """How sure it is which two classes of a kind most people need; every class of that kind is shown and drawn.

    - `probability` that no other class is needed by more people than the smaller of the two: 0 to 1 in whole percents,
      rounded down, at most 0.99 while someone has not answered.
    - `shown`: the skill_ids of the two, the greater need first.
    - `next_skill`: the greatest need behind them (null: none); `lead`: how many people it is behind (infinite: none).
    - `near_ties`: how many classes are among the two greatest in at least `NEAR` of the draws.
    - `verdict`: safe, leaning or too early.
    - `in_top_two` (skills,): the probability that each is among the two greatest or tied with them, as `probability`.
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

    `answered` of the `staff` have answered; `most` (0-1) is the greatest probability that may be shown.
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
    """Whole percents, rounded down (0.8996 is not yet 0.90), at most `most`."""
    return np.minimum(np.floor(probability * 100 + 1e-9) / 100, most)
