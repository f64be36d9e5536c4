"""What follows from sums because numbers of people are whole, not negative, and no more than there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import block_diag

from pd_core.attack.linear_sums import NONE, Numbers
from pd_core.disclosure.suppression import Counts, Flags


@dataclass(frozen=True)
class Puzzle:
    """What is shown of one answer: the `values` of `rows` (group, cell) of `people` (cell), one number a cell unknown.

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


def fixed(puzzles: Sequence[Puzzle], wanted: Sequence[Flags]) -> list[tuple[int, int]]:
    """Which `wanted` sets (of each puzzle: set, cell) have the same sum in all numbers that fit: (puzzle, set).

    The sums of a table have whole numbers at the corners of what fits, so that a solver of linear programs finds the
    smallest and the greatest. Two corners in random directions clear nearly all; the rest are looked at one by one.
    """
    used = [place for place, puzzle in enumerate(puzzles) if puzzle.cells.size]
    if not used:
        return []
    one, other = _corners([puzzles[place] for place in used])
    found, start = [], 0
    for place in used:
        puzzle = puzzles[place]
        stop = start + puzzle.cells.size
        difference = (one - other)[start:stop]
        start = stop
        marks = wanted[place][:, puzzle.cells]
        for number in np.flatnonzero(marks.any(axis=1) & (np.abs(marks @ difference) < NONE)):
            if _is_fixed(puzzle, marks[number]):
                found.append((place, int(number)))
    return found


def _corners(puzzles: Sequence[Puzzle]) -> tuple[Numbers, Numbers]:
    sums = block_diag([puzzle.rows.astype(np.float64) for puzzle in puzzles], format="csr")
    values = np.concatenate([puzzle.values for puzzle in puzzles])
    people = np.concatenate([puzzle.people for puzzle in puzzles])
    direction = np.random.default_rng(0).standard_normal(people.size)
    bounds = np.column_stack([np.zeros(people.size), people])
    corners = [linprog(sign * direction, A_eq=sums, b_eq=values, bounds=bounds, method="highs") for sign in (1, -1)]
    return corners[0].x, corners[1].x


def _is_fixed(puzzle: Puzzle, marks: Flags) -> bool:
    rows, bounds = puzzle.rows.astype(np.float64), np.column_stack([np.zeros(puzzle.people.size), puzzle.people])
    wanted = marks.astype(np.float64)
    least, most = (linprog(sign * wanted, A_eq=rows, b_eq=puzzle.values, bounds=bounds) for sign in (1, -1))
    return bool(abs(least.fun + most.fun) < NONE)
