"""What follows from sums because numbers of people are whole, not negative, and no more than there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import block_diag, csr_array, hstack

from pd_core.attack.linear_sums import NONE, Numbers, null_space
from pd_core.disclosure.suppression import FEWEST, Counts, Flags

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
            row = int(np.flatnonzero(settled)[0])
            cells = np.flatnonzero(open_cells[row])
            numbers[cells] = left[row] if is_single[row] else 0 if is_empty[row] else people[cells]
            known[cells] = True
        touched = (rows & ~known).any(axis=0)
        cells = np.flatnonzero(touched)
        used = open_cells[:, cells]
        kept = used.any(axis=1)
        return Puzzle(used[kept], left[kept], people[cells], cells)

    @property
    def most(self) -> Counts:
        """The greatest number that each cell may have, as far as is shown."""
        most: Counts = np.where(self.people < FEWEST, FEWEST - 1, self.people.sum())
        return most


def fixed(puzzles: Sequence[Puzzle], wanted: Sequence[Flags]) -> list[tuple[int, Flags]]:
    """Which `wanted` sets (of each puzzle: set, cell) have the same sum in all numbers that fit: puzzle, set.

    Without those that follow once the cells are known which all or none of a larger sum leave: see `Puzzle`. The sums
    of a table have whole numbers at the corners of what fits, so that a solver of linear programs finds the smallest
    and the greatest. Corners in random directions clear nearly all; the rest are looked at one by one.
    """
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
        null = null_space(puzzle.rows[:, ~(is_zero | is_full)])
        marks = wanted[place][:, puzzle.cells]
        follows = np.abs(marks[:, ~(is_zero | is_full)] @ null).max(axis=1, initial=0) < NONE
        for number in np.flatnonzero(marks.any(axis=1) & ~follows):
            if _is_fixed(puzzle, marks[number]):
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
    one, other = (linprog(sign * aim, A_eq=sums, b_eq=values, bounds=bounds).x for sign in (1, -1))
    parts = np.split(one - other, np.cumsum([puzzle.cells.size for puzzle in chosen])[:-1])
    kept = list(wanted)
    for place, difference in zip(used, parts, strict=True):
        marks = wanted[place][:, puzzles[place].cells]
        kept[place] = wanted[place][marks.any(axis=1) & (np.abs(marks @ difference) < NONE)]
    return [place for place in used if len(kept[place])], kept


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


def _is_fixed(puzzle: Puzzle, marks: Flags) -> bool:
    rows, bounds = puzzle.rows.astype(np.float64), np.column_stack([np.zeros(puzzle.people.size), puzzle.most])
    wanted = marks.astype(np.float64)
    least, most = (linprog(sign * wanted, A_eq=rows, b_eq=puzzle.values, bounds=bounds) for sign in (1, -1))
    return bool(abs(least.fun + most.fun) < NONE)
