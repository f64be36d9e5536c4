"""What follows from sums because numbers of people are whole, not negative, and no more than there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import block_diag, csr_array, hstack
from scipy.sparse.csgraph import connected_components

from pd_core.attack.linear_sums import NONE, Numbers, follow, row_space
from pd_core.disclosure.suppression import FEWEST, Counts, Flags

_NEARLY_WHOLE = 1e-6
DIRECTIONS = 6
"""In how many directions corners are looked for before a set is looked at alone: two random, then those of the sets."""


@dataclass(frozen=True)
class Puzzle:
    """What is shown of one answer: the `values` of `rows` (group, cell) of `people` (cell), one number a cell unknown.

    How many people a hidden cell has is not published; that it is hidden for being small says that they are 4 at most.

    Cells whose number follows from a sum that all or none of its people are in, and from what these leave of others,
    are left out: that everybody of five or more agrees is shown, as in any group.
    """

    rows: Flags
    values: Numbers
    people: Counts
    cells: Counts

    @staticmethod
    def of(groups: Flags, values: Numbers, people: Counts) -> Puzzle:
        """The puzzle of groups (group, cell) with these values; `people` by cell."""
        rows = groups & (people > 0)
        known = people == 0
        numbers = np.zeros(people.size)
        while True:
            left = values - rows @ numbers
            open_cells = rows & ~known
            room = open_cells @ people
            is_empty, is_full = np.abs(left) < NONE, np.abs(left - room) < NONE
            is_single = open_cells.sum(axis=1) == 1
            settled = (is_empty | is_full | is_single) & open_cells.any(axis=1)
            if not settled.any():
                break
            for row in np.flatnonzero(settled):
                cells = np.flatnonzero(open_cells[row])
                numbers[cells] = left[row] if is_single[row] else 0 if is_empty[row] else people[cells]
                known[cells] = True
        touched = (rows & ~known).any(axis=0)
        cells = np.flatnonzero(touched)
        used = open_cells[:, cells]
        kept = used.any(axis=1)
        return Puzzle(used[kept], left[kept], people[cells], cells)

    @cached_property
    def part(self) -> Counts:
        """The part of the puzzle that each cell is in: parts have no row in common."""
        if not self.cells.size:
            return self.cells
        sums = csr_array(self.rows.astype(np.int64))
        _, part = connected_components(csr_array(sums.T @ sums), directed=False)
        return np.asarray(part, dtype=np.int64)

    def near(self, sets: Flags) -> Puzzle:
        """The parts of the puzzle that these sets (set, cell) are in."""
        kept = np.isin(self.part, self.part[sets[:, self.cells].any(axis=0)])
        rows = self.rows[:, kept].any(axis=1)
        return Puzzle(self.rows[np.ix_(rows, kept)], self.values[rows], self.people[kept], self.cells[kept])

    @property
    def most(self) -> Counts:
        """The greatest number that each cell may have, as far as is shown."""
        most: Counts = np.where(self.people < FEWEST, FEWEST - 1, self.people.sum())
        return most


def fixed(puzzles: Sequence[Puzzle], wanted: Sequence[Flags]) -> list[tuple[int, Flags]]:
    """Which `wanted` sets (of each puzzle: set, cell) have the same sum in all numbers that fit: puzzle, set.

    Without those that follow once the cells are known which all or none of a larger sum leave: see `Puzzle`. Corners of
    what fits, in random directions, clear nearly all where their numbers are whole, as those of a plain table are; the
    rest are looked at one by one, by a solver of whole numbers.
    """
    puzzles = [puzzle.near(sets) for puzzle, sets in zip(puzzles, wanted, strict=True)]
    used = [place for place, puzzle in enumerate(puzzles) if wanted[place][:, puzzle.cells].any()]
    if not used:
        return []
    random = np.random.default_rng(0)
    for direction in range(DIRECTIONS):
        aims = [
            random.standard_normal(puzzles[place].cells.size)
            if direction < 2
            else wanted[place][:, puzzles[place].cells].sum(axis=0) * random.uniform(0.5, 1, puzzles[place].cells.size)
            for place in used
        ]
        used, wanted = _not_cleared(puzzles, wanted, used, np.concatenate([*aims, []]))
        if not used:
            return []
    zero = _must_be_0([puzzles[place] for place in used])
    full = _must_be_0([_others(puzzles[place]) for place in used])
    found = []
    for place, is_zero, is_full in zip(used, zero, full, strict=True):
        puzzle = puzzles[place]
        marks, is_open = wanted[place][:, puzzle.cells], ~(is_zero | is_full)
        for number in np.flatnonzero(marks.any(axis=1)):
            cells = np.isin(puzzle.part, puzzle.part[marks[number]])
            rows: Flags = np.asarray(puzzle.rows[:, cells].any(axis=1), dtype=np.bool_)
            left = cells & is_open
            follows = follow(marks[number : number + 1, left], row_space(puzzle.rows[np.ix_(rows, left)]))
            if not follows.all() and _is_fixed(puzzle, marks[number], rows, cells):
                found.append((place, wanted[place][number]))
    return found


def _not_cleared(
    puzzles: Sequence[Puzzle], wanted: Sequence[Flags], used: list[int], aim: Numbers
) -> tuple[list[int], Sequence[Flags]]:
    """The puzzles, and of each the sets, that have the same sum at both corners of the direction `aim`."""
    chosen = [puzzles[place] for place in used]
    sums = block_diag([puzzle.rows.astype(np.float64) for puzzle in chosen], format="csr")
    values = np.concatenate([puzzle.values for puzzle in chosen])
    most = np.concatenate([puzzle.most for puzzle in chosen])
    bounds = np.column_stack([np.zeros(most.size), most])
    ends = np.cumsum([puzzle.cells.size for puzzle in chosen])[:-1]
    corners = [np.split(linprog(sign * aim, A_eq=sums, b_eq=values, bounds=bounds).x, ends) for sign in (1, -1)]
    kept = list(wanted)
    for place, one, other in zip(used, *corners, strict=True):
        marks = wanted[place][:, puzzles[place].cells]
        # Cells of parts that have nothing to do with each other may be of different corners.
        is_whole = _in_whole_parts(puzzles[place], one) & _in_whole_parts(puzzles[place], other)
        is_cleared = np.abs(marks[:, is_whole] @ (one - other)[is_whole]) > NONE
        kept[place] = wanted[place][marks.any(axis=1) & ~is_cleared]
    return [place for place in used if len(kept[place])], kept


def _in_whole_parts(puzzle: Puzzle, numbers: Numbers) -> Flags:
    """Which cells are in a part of the puzzle in which all numbers are whole."""
    is_broken = np.abs(numbers - np.rint(numbers)) > _NEARLY_WHOLE
    whole: Flags = ~np.isin(puzzle.part, puzzle.part[is_broken])
    return whole


def _others(puzzle: Puzzle) -> Puzzle:
    """The puzzle of those who did not give the answer."""
    return Puzzle(puzzle.rows, puzzle.rows @ puzzle.people - puzzle.values, puzzle.people, puzzle.cells)


def _must_be_0(puzzles: Sequence[Puzzle]) -> list[Flags]:
    """Which cells of each puzzle are 0 in all numbers that fit, none negative, whatever the people; as in `Sums`."""
    sums = block_diag([puzzle.rows.astype(np.float64) for puzzle in puzzles], format="csr")
    values = csr_array(np.concatenate([puzzle.values for puzzle in puzzles])[:, None])
    cells = sums.shape[1]
    solved = linprog(
        np.concatenate([-np.ones(cells), np.zeros(cells + 1)]),
        A_eq=hstack([sums, sums, -values], format="csr"),
        b_eq=np.zeros(sums.shape[0]),
        bounds=[(0, 1)] * cells + [(0, None)] * cells + [(1, None)],
    )
    return np.split(solved.x[:cells] < 0.5, np.cumsum([puzzle.cells.size for puzzle in puzzles])[:-1])


def _is_fixed(puzzle: Puzzle, marks: Flags, rows: Flags, cells: Flags) -> bool:
    values = puzzle.values[rows]
    sums = LinearConstraint(puzzle.rows[np.ix_(rows, cells)].astype(np.float64), values, values)
    bounds, whole = Bounds(0, puzzle.most[cells]), np.ones(cells.sum())
    wanted = marks[cells].astype(np.float64)
    least, most = (milp(sign * wanted, constraints=sums, integrality=whole, bounds=bounds) for sign in (1, -1))
    if least.x is None or most.x is None:  # not solved: it may be fixed
        return True
    return bool(round(float(least.fun + most.fun)) == 0)
