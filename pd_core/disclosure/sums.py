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
Floats = npt.NDArray[np.float64]


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
    targets = np.unique(groups[hidden], axis=0)
    is_shown = ~hidden & (totals > 0)
    while (follows := follow(groups[is_shown], targets)).any():
        targets = targets[follows]  # the others can't follow from fewer
        space = RowSpace(groups[is_shown], targets)
        space.follow[:] = True  # as was just found, whatever rounding says
        while space.follow.any():
            shown = np.flatnonzero(is_shown)
            for weight in space.weights(groups[shown]):
                used = shown[np.abs(weight) > _USED]
                if hidden[used].any() or not len(used):
                    continue
                strength = np.abs(weight[np.abs(weight) > _USED]).round(6)
                first = np.lexsort((totals[used], -strength, worth[used]))[0]
                hidden[used[first]] = True
                space.leave(groups[used[first]])
            if not hidden[is_shown].any():
                break  # rounding errors have added up: it is worked out anew
            is_shown &= ~hidden
    # What follows from the shown ones all the same tells nothing more.
    others = np.flatnonzero(hidden & ~too_small)
    hidden[others[follow(groups[~hidden & (totals > 0)], groups[others])]] = False
    return hidden


def follow(shown: Flags, targets: Flags) -> Flags:
    """Which of the target groups are sums and differences of the shown ones."""
    follows = np.zeros(len(targets), dtype=np.bool_)
    if not len(targets) or not len(shown):
        return follows
    # A part that is shown by itself is known, and so is one that is left of a group without the known ones.
    is_open = shown.any(axis=0)
    while len(alone := np.flatnonzero(shown[:, is_open].sum(axis=1) == 1)):
        is_open &= ~shown[alone].any(axis=0)
    left = shown[:, is_open]
    left = left[left.any(axis=1)]
    maybe = np.flatnonzero(~targets[:, ~shown.any(axis=0)].any(axis=1))
    follows[maybe] = RowSpace(left, targets[np.ix_(maybe, is_open)]).follow if len(left) else True
    return follows


class RowSpace:
    """All that follows from some shown groups by adding and subtracting, and which of the targets are among it; kept
    while one group after the other is hidden, so that it is not worked out anew for each."""

    def __init__(self, shown: Flags, targets: Flags) -> None:
        rows, self._targets = shown.astype(np.float64), targets.astype(np.float64)
        is_wide = len(rows) < rows.shape[1]  # the smaller of the two matrices is taken apart
        values, vectors = np.linalg.eigh(rows @ rows.T if is_wide else rows.T @ rows)
        is_seen = values > _ALMOST
        values, vectors = values[is_seen], vectors[:, is_seen]
        if is_wide:
            vectors = rows.T @ (vectors / np.sqrt(values))
        self._inverse: Floats = (vectors / values) @ vectors.T
        apart = (self._targets @ vectors) @ vectors.T - self._targets
        self.follow: Flags = np.abs(apart).max(axis=1, initial=0.0) < _ALMOST

    def weights(self, shown: Flags) -> Floats:
        """For each target that follows, how often each of the shown groups counts in it: the least that add up."""
        found: Floats = (self._targets[self.follow] @ self._inverse) @ shown.astype(np.float64).T
        return found

    def leave(self, group: Flags) -> None:
        """Hide one of the shown groups."""
        row = group.astype(np.float64)
        along = self._inverse @ row
        rest = 1.0 - float(row @ along)
        if rest > _ALMOST:  # it follows from the others all the same (Sherman and Morrison, 1950)
            self._inverse += np.outer(along / rest, along)
            return
        along /= np.linalg.norm(along)  # a direction that no shown group has any more (Meyer, 1973)
        lost = self._inverse @ along
        self._inverse += np.outer(along * float(along @ lost) - lost, along) - np.outer(along, lost)
        self.follow &= np.abs(self._targets @ along) < _ALMOST
