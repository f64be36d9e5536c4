"""Which of many overlapping counts of people are shown, so that no small one follows from the others."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

MIN_PEOPLE: Final = 5
"""Groups of fewer people are hidden."""
_ALMOST: Final = 1e-7
Flags = npt.NDArray[np.bool_]


def hidden_sums(groups: Flags, people: npt.NDArray[np.int64], kept: int = 0) -> Flags:
    """Which groups are hidden; those of no one are shown.

    `groups` (group, part) says of which parts a group is made up; `people` are the people of each part. A group of 1 to
    4 people is hidden, and so are the smallest of those from which one, or a part of 1 to 4 people, could be worked out
    by adding and subtracting; of those, the first `kept` groups only where there is no other.
    """
    totals = groups @ people
    hidden = (totals > 0) & (totals < MIN_PEOPLE)
    small = np.eye(people.size, dtype=np.bool_)[(people > 0) & (people < MIN_PEOPLE)]
    targets = np.unique(np.vstack([groups[hidden], small]), axis=0).astype(np.float64)
    while targets.size:
        shown = np.flatnonzero(~hidden & (totals > 0))
        weights, follows = _combinations(groups[shown].astype(np.float64), targets)
        if not follows.any():
            break
        for weight in weights[:, follows].T:
            used = shown[np.abs(weight) > 1e-6]
            others = used[used >= kept]
            among = others if others.size else used
            hidden[among[np.argmin(totals[among])]] = True
    return hidden


def follow(shown: Flags, targets: Flags) -> Flags:
    """Which of the target groups are sums and differences of the shown ones."""
    if not len(targets) or not len(shown):
        return np.zeros(len(targets), dtype=np.bool_)
    return _combinations(shown.astype(float), targets.astype(np.float64))[1]


def _combinations(
    shown: npt.NDArray[np.float64], targets: npt.NDArray[np.float64]
) -> tuple[npt.NDArray[np.float64], Flags]:
    """The weights (shown, target) that come nearest to each target, and whether they hit it."""
    weights = np.asarray(np.linalg.lstsq(shown.T, targets.T, rcond=None)[0], dtype=np.float64)
    missed: npt.NDArray[np.float64] = np.abs(shown.T @ weights - targets.T).max(axis=0, initial=0.0)
    follows: Flags = missed < _ALMOST
    return weights, follows
