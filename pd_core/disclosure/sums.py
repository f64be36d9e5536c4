"""Which of many overlapping counts of people are shown, so that no small one follows from the others."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt

MIN_PEOPLE: Final = 5
"""Groups of fewer people are hidden."""
_ALMOST: Final = 1e-7
_USED: Final = 1e-5
Flags = npt.NDArray[np.bool_]


def hidden_sums(
    groups: Flags,
    people: npt.NDArray[np.int64],
    kept: int = 0,
    *,
    small: Flags | None = None,
    worth: npt.NDArray[np.int64] | None = None,
) -> Flags:
    """Which groups are hidden; those of no one are shown.

    `groups` (group, part) says of which parts a group is made up; `people` are the people of each part. A group of 1 to
    4 people is hidden. Where one could be worked out by adding and subtracting others, that which counts most in it is
    hidden too, of equals the smallest; the first `kept` groups only where there is no other, or with `worth` those of
    the least worth first. `small` marks further groups that are too small themselves.
    """
    totals = groups @ people
    hidden = (totals > 0) & (totals < MIN_PEOPLE)
    hidden = hidden if small is None else hidden | small
    too_small = hidden.copy()
    worth = (np.arange(len(groups)) < kept).astype(np.int64) if worth is None else worth
    targets = np.unique(groups[hidden], axis=0).astype(np.float64)
    while targets.size:
        shown = np.flatnonzero(~hidden & (totals > 0))
        weights, follows = _combinations(groups[shown].astype(np.float64), targets)
        if not follows.any():
            break
        for weight in weights[:, follows].T:
            used = shown[np.abs(weight) > _USED]
            if hidden[used].any():
                continue
            strength = np.abs(weight[np.abs(weight) > _USED]).round(6)
            first = np.lexsort((totals[used], -strength, worth[used]))[0]
            hidden[used[first]] = True
        targets = targets[follows]  # the others can't follow from fewer
    # What follows from the shown ones all the same tells nothing more.
    others = np.flatnonzero(hidden & ~too_small)
    hidden[others[follow(groups[~hidden & (totals > 0)], groups[others])]] = False
    return hidden


def follow(shown: Flags, targets: Flags) -> Flags:
    """Which of the target groups are sums and differences of the shown ones."""
    if not len(targets) or not len(shown):
        return np.zeros(len(targets), dtype=np.bool_)
    return _combinations(shown.astype(np.float64), targets.astype(np.float64))[1]


def _combinations(
    shown: npt.NDArray[np.float64], targets: npt.NDArray[np.float64]
) -> tuple[npt.NDArray[np.float64], Flags]:
    """The weights (shown, target) that come nearest to each target, and whether they hit it."""
    if len(shown) < shown.shape[1]:
        return _by_groups(shown, targets)
    values, vectors = np.linalg.eigh(shown.T @ shown)
    is_seen = values > _ALMOST
    seen = vectors[:, is_seen]
    inside = targets @ seen
    follows: Flags = np.abs(inside @ seen.T - targets).max(axis=1, initial=0.0) < _ALMOST
    weights: npt.NDArray[np.float64] = shown @ (seen @ (inside / values[is_seen]).T)
    return weights, follows


def _by_groups(
    shown: npt.NDArray[np.float64], targets: npt.NDArray[np.float64]
) -> tuple[npt.NDArray[np.float64], Flags]:
    """The same where groups are fewer than parts: the smaller of the two matrices is taken apart."""
    values, vectors = np.linalg.eigh(shown @ shown.T)
    is_seen = values > _ALMOST
    seen = vectors[:, is_seen]
    weights: npt.NDArray[np.float64] = seen @ ((seen.T @ (shown @ targets.T)) / values[is_seen][:, None])
    follows: Flags = np.abs(shown.T @ weights - targets.T).max(axis=0, initial=0.0) < _ALMOST
    return weights, follows
