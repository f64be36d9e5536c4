"""Very few treated schools: each set against a mix of others that moved as it did before, ranked among placebos.

Source: Abadie, Diamond and Hainmueller (2010), Synthetic control methods for comparative case studies. Weights use the
outcomes before the start alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice, product
from typing import Final

import numpy as np
from scipy.optimize import nnls

from pd_core.measures.staggered import MIN_BEFORE, MIN_NOT_YET, Numbers, Starts

_SUM_TO_ONE: Final = 1_000.0
"""Weight of the condition that a mix's shares add up to 1, in standard deviations of the outcome."""
_MAX_PLACEBOS: Final = 999


@dataclass(frozen=True)
class Placebo:
    """`effect` is the mean gap after the start, in the outcome's unit; `rank` its place by size among `placebos` others
    (1: the largest), which pretend that schools without the training had started in the same periods."""

    effect: float
    rank: int
    placebos: int

    @property
    def p(self) -> float:
        """The share of all, itself included, that are at least as large."""
        return self.rank / (self.placebos + 1)


def placebo_rank(outcomes: Numbers, starts: Starts, *, seed: int = 15) -> Placebo | None:
    """The rank of the treated schools' mean gap, as `staggered` has outcomes and starts; null where there is none.

    Only schools known in every period are used. Needs a treated school with `MIN_BEFORE` periods before its start and
    more than `MIN_NOT_YET` schools that never start.
    """
    periods = outcomes.shape[1]
    known = ~np.isnan(outcomes).any(axis=1)
    donors = np.flatnonzero(known & (starts >= periods))
    treated = np.flatnonzero(known & (starts >= MIN_BEFORE) & (starts < periods))
    if len(donors) <= MIN_NOT_YET or not len(treated):
        return None
    effect = float(np.mean([_gap(outcomes, school, donors, int(starts[school])) for school in treated.tolist()]))
    gaps = {
        start: np.array([_gap(outcomes, school, donors[donors != school], start) for school in donors.tolist()])
        for start in sorted({int(start) for start in starts[treated]})
    }
    by_school = np.stack([gaps[int(starts[school])] for school in treated])
    placebos = _placebo_means(by_school, seed)
    rank = 1 + int((np.abs(placebos) >= abs(effect) - 1e-12).sum())
    return Placebo(effect, rank, len(placebos))


def _placebo_means(gaps: Numbers, seed: int) -> Numbers:
    """Means over the treated schools' starts, each with a donor of its own: all ways where they are few, else some."""
    starts, donors = gaps.shape
    if donors**starts <= 4 * _MAX_PLACEBOS:
        ways = [way for way in product(range(donors), repeat=starts) if len(set(way)) == starts]
    else:
        random = np.random.default_rng(seed)
        ways = [tuple(random.permutation(donors)[:starts].tolist()) for _ in range(_MAX_PLACEBOS)]
    return np.array([gaps[range(starts), way].mean() for way in islice(ways, 4 * _MAX_PLACEBOS)])


def _gap(outcomes: Numbers, school: int, donors: Starts, start: int) -> float:
    """The school's mean distance from its mix of donors, from the start on."""
    before, own = outcomes[donors, :start].T, outcomes[school, :start]
    scale = float(outcomes[donors].std()) or 1.0
    weights, _ = nnls(
        np.vstack([before, np.full(len(donors), _SUM_TO_ONE * scale)]), np.append(own, _SUM_TO_ONE * scale)
    )
    return float((outcomes[school, start:] - weights @ outcomes[donors, start:]).mean())
