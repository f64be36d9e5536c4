"""What follows from sums of hidden numbers: the part of an attack that is only arithmetic."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

import numpy as np
import numpy.typing as npt
from scipy.linalg import qr
from scipy.optimize import linprog

from pd_core.disclosure.suppression import FEWEST, Counts, Flags

NONE = 1e-7
"""Sums closer to 0 than this are 0: they are made of numbers near 1."""
_NOTHING = 1e-9
Numbers = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]


class Sums:
    """What follows from shown groups (group, and the axes of `people`): all sums of multiples of them."""

    def __init__(self, people: Counts, groups: Flags) -> None:
        self.people = people.ravel()
        answered = self.people > 0
        rows = distinct(groups.reshape(len(groups), self.people.size) & answered)
        self.known: Flags = rows[rows.sum(axis=1) == 1].any(axis=0)
        self.unknown: Places = np.flatnonzero(answered & ~self.known)
        self.rows: Flags = distinct(rows[:, self.unknown])

    @cached_property
    def base(self) -> Numbers:
        """A base of all sums of multiples of the rows."""
        return row_space(self.rows)

    def follow(self, groups: Flags, among: Flags | None = None) -> Flags:
        """Whether each group follows; with `among` (of the unknown cells), once all others are known."""
        marks = groups.reshape(len(groups), self.people.size)[:, self.unknown]
        base = self.base
        if among is not None:
            marks, base = marks[:, among], row_space(self.rows[:, among])
        return follow(marks, base)

    def few_together(self, among: Flags | None = None) -> list[list[int]]:
        """Sets of cells (places in `people`, raveled), 1 to 4 people together, that follow; `among` limits the cells.

        Sets that hold a smaller one of them are left out, and so may be others like one that is given.
        """
        is_few = (self.people > 0) & (self.people < FEWEST)
        is_few = is_few if among is None else is_few & among.ravel()
        found = [[int(cell)] for cell in np.flatnonzero(is_few & self.known)]
        places = np.flatnonzero(is_few[self.unknown])
        if not places.size:
            return found
        marks = np.eye(self.unknown.size)[places]
        for few in _zero_sums(left_over(marks, self.base), self.people[self.unknown][places]):
            found.append(self.unknown[places[few]].tolist())
        return found

    def can_be_more_than_0(self, groups: Flags, values: Numbers) -> Flags:
        """Which of the unknown cells are more than 0 in any numbers, none negative, that give `groups` these `values`.

        Numbers that fit do so for the values times anything too; so a solution is looked for in which as many cells as
        can be are 1 or more.
        """
        groups = groups.reshape(len(groups), self.people.size) & (self.people > 0)
        alone = groups.sum(axis=1) == 1
        known = np.zeros(self.people.size)
        known[groups[alone].argmax(axis=1)] = values[alone]
        left = values - groups @ known
        rows = groups[:, self.unknown].astype(np.float64)
        rows, left = rows[rows.any(axis=1)], left[rows.any(axis=1)]
        cells = self.unknown.size
        if not left.any():
            more: Flags = rows.sum(axis=0) == 0
            return more
        solved = linprog(
            np.concatenate([-np.ones(cells), np.zeros(cells + 1)]),
            A_eq=np.hstack([rows, rows, -left[:, None]]),
            b_eq=np.zeros(len(rows)),
            bounds=[(0, 1)] * cells + [(0, None)] * cells + [(1, None)],
        )
        if solved.x is None:  # the solver gave up: nothing is learned
            return np.ones(cells, dtype=np.bool_)
        more = solved.x[:cells] > 0.5
        return more


def distinct(rows: Flags) -> Flags:
    """The rows, each once."""
    return rows[np.sort(alike(rows)[0])]


def alike(rows: Flags) -> tuple[Places, Places]:
    """The places of rows that differ from each other, and of each row the number of the one that it is like."""
    if not rows.size:
        none = np.zeros(len(rows), dtype=np.int64)
        return none[:1], none
    packed = np.ascontiguousarray(np.packbits(rows, axis=1))
    _, places, like = np.unique(packed.view(f"V{packed.shape[1]}").ravel(), return_index=True, return_inverse=True)
    return places, like.ravel()


def row_space(rows: npt.NDArray[np.generic]) -> Numbers:
    """A base (rows, at right angles) of all sums of multiples of the rows."""
    if not rows.size:
        return np.zeros((0, rows.shape[1]))
    base, sizes, _ = qr(rows.T.astype(np.float64), mode="economic", pivoting=True, check_finite=False)
    rank = int((np.abs(np.diag(sizes)) > _NOTHING).sum())
    return np.asarray(base[:, :rank].T, dtype=np.float64)


def left_over(marks: Flags | Numbers, base: Numbers) -> Numbers:
    """What is left of each mark (row) without its part in the space of `base`."""
    numbers = marks.astype(np.float64)
    left: Numbers = numbers - (numbers @ base.T) @ base
    return left


def follow(marks: Flags | Numbers, base: Numbers) -> Flags:
    """Whether each mark (row) is a sum of multiples of the rows that `base` is of."""
    follows: Flags = np.abs(left_over(marks, base)).max(axis=1, initial=0) < NONE
    return follows


def _zero_sums(vectors: Numbers, people: Counts) -> Iterator[list[int]]:
    """Sets of vectors with fewer than FEWEST people that add up to 0.

    A set has 4 vectors at most, so it is two sets of 2 at most: they are looked up by their sums' places on one line.
    """
    line = vectors @ np.random.default_rng(0).standard_normal(vectors.shape[1])
    alone = np.abs(vectors).max(axis=1, initial=0) < NONE
    yield from ([int(one)] for one in np.flatnonzero(alone))
    rest = np.flatnonzero(~alone)
    first, second = np.triu_indices(rest.size, 1)
    pairs = np.column_stack([rest[first], rest[second]])
    pairs = pairs[people[pairs].sum(axis=1) < FEWEST]
    is_zero = np.abs(line[pairs].sum(axis=1)) < NONE
    yield from (pair.tolist() for pair in pairs[is_zero] if _is_zero(vectors, pair))
    pairs = pairs[~is_zero & (people[pairs].sum(axis=1) < FEWEST - 1)]
    sums = line[pairs].sum(axis=1)
    order = np.argsort(sums)
    singles = rest[people[rest] < FEWEST - 1][:, None]
    for others in (singles, pairs):
        wanted = -line[others].sum(axis=1)
        start, stop = (np.searchsorted(sums[order], wanted + by) for by in (-NONE, NONE))
        for place in np.flatnonzero(stop > start):
            for match in order[start[place] : stop[place]]:
                both = np.unique(np.concatenate([others[place], pairs[match]]))
                is_whole = both.size == others.shape[1] + 2 and people[both].sum() < FEWEST
                if is_whole and _is_zero(vectors, both):
                    yield both.tolist()
                    break


def _is_zero(vectors: Numbers, places: npt.NDArray[np.int64]) -> bool:
    return bool(np.abs(vectors[places].sum(axis=0)).max(initial=0) < NONE)
