"""What follows from sums because numbers of people are whole, not negative, and no more than there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import block_diag, csr_array, hstack
from scipy.sparse.csgraph import connected_components

from pd_core.attack.linear_sums import NONE, Numbers, alike, follow, row_space
from pd_core.disclosure.suppression import FEWEST, Counts, Flags

_NEARLY_WHOLE = 1e-6
DIRECTIONS = 4
"""In how many directions corners are looked for before sets are looked at one by one: the first is random."""


@dataclass(frozen=True)
class Puzzle:
    """What is shown of one answer: the `values` of `rows` (group, cell) of `people` (cell), one number a cell unknown.

    How many people a hidden cell has is not published; that it is hidden for being small says that they are 4 at most.

    Cells whose number follows from a sum that all or none of its people are in, and from what these leave of others,
    are left out: that all of five or more agree is shown, as in any group.
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


@dataclass(frozen=True)
class _Open:
    """The sets (set, cell) of the puzzle in this place that may still be fixed; `truth` has numbers that fit, by the
    puzzle's cells."""

    place: int
    puzzle: Puzzle
    truth: Counts
    sets: Flags

    @property
    def marks(self) -> Flags:
        """The sets, by the puzzle's cells."""
        return self.sets[:, self.puzzle.cells]

    def without(self, cleared: Flags) -> _Open:
        """As it is without the sets that are `cleared`."""
        return replace(self, sets=self.sets[~cleared])


def fixed(puzzles: Sequence[Puzzle], wanted: Sequence[Flags], truths: Sequence[Counts]) -> list[tuple[int, Flags]]:
    """Which `wanted` sets (of each puzzle: set, cell) have the same sum in all numbers that fit: puzzle, set.

    Without those that follow once the cells are known which all or none of a larger sum leave: see `Puzzle`. `truths`
    are what the numbers are (of each puzzle: cell); a set whose sum is another in any other numbers that fit is
    cleared. Looked for are such with one person more and one fewer, then corners of what fits in random directions;
    the rest are looked at one by one, by a solver of whole numbers. Sets of a puzzle that the truth does not fit are
    all found.
    """
    found = []
    left = []
    for place, (whole, sets, truth) in enumerate(zip(puzzles, wanted, truths, strict=True)):
        one = _near(place, whole, sets, truth)
        if not _fits(one):
            found += [(place, cells) for cells in one.sets]
        elif len(one.sets):
            left.append(_near(place, whole, one.without(_may_be_traded(one)).sets, truth))
    random = np.random.default_rng(0)
    for direction in range(DIRECTIONS):
        left = [one for one in left if len(one.sets)]
        if not left:
            return found
        aims = [
            random.standard_normal(one.puzzle.cells.size)
            if direction < 1
            else -one.marks.sum(axis=0) * random.uniform(0.5, 1, one.puzzle.cells.size)  # most in truth have few
            for one in left
        ]
        left = _not_cleared(left, np.concatenate(aims))
    left = [one for one in left if len(one.sets)]
    if not left:
        return found
    zero = _must_be_0([one.puzzle for one in left])
    full = _must_be_0([_others(one.puzzle) for one in left])
    for one, is_zero, is_full in zip(left, zero, full, strict=True):
        alone = one.without(_follow(one, ~(is_zero | is_full)))
        found += [(one.place, cells) for cells in alone.without(_have_other_numbers(alone)).sets]
    return found


def _near(place: int, puzzle: Puzzle, sets: Flags, truth: Counts) -> _Open:
    """The sets that the puzzle says anything of, with the parts of it that do."""
    sets = sets[sets[:, puzzle.cells].any(axis=1)]
    near = puzzle.near(sets)
    return _Open(place, near, truth[near.cells], sets)


def _fits(one: _Open) -> bool:
    off = np.abs(one.puzzle.rows @ one.truth - one.puzzle.values).max(initial=0)
    return bool(off < NONE and (one.truth >= 0).all() and (one.truth <= one.puzzle.most).all())


def _may_be_traded(one: _Open) -> Flags:
    """Which sets could have one person more or fewer than in truth, and a cell outside that is in the same rows the
    other way."""
    if not one.puzzle.cells.size:
        return np.zeros(len(one.sets), dtype=np.bool_)
    _, kind = alike(one.puzzle.rows.T)
    kinds = np.eye(kind.max() + 1)[kind]
    marks, most = one.marks, one.puzzle.most
    fewer, more = one.truth > 0, one.truth < most
    inside_fewer, inside_more = (marks & fewer) @ kinds, (marks & more) @ kinds
    outside_fewer, outside_more = (~marks & fewer) @ kinds, (~marks & more) @ kinds
    traded = (inside_fewer > 0) & (outside_more > 0) | (inside_more > 0) & (outside_fewer > 0)
    return np.asarray(traded.any(axis=1), dtype=np.bool_)


def _follow(one: _Open, is_open: Flags) -> Flags:
    """Which sets follow once the cells that are not open are known."""
    puzzle = one.puzzle
    found = []
    for of_set in one.marks:
        cells = np.isin(puzzle.part, puzzle.part[of_set])
        rows = puzzle.rows[:, cells].any(axis=1)
        left = cells & is_open
        found.append(follow(of_set[None, left], row_space(puzzle.rows[np.ix_(rows, left)])).all())
    return np.array(found, dtype=np.bool_)


def _have_other_numbers(one: _Open) -> Flags:
    """Which sets have another sum than in truth in some whole numbers that fit, looked for one by one."""
    puzzle, marks = one.puzzle, one.marks
    is_cleared = np.zeros(len(marks), dtype=np.bool_)
    for number, of_set in enumerate(marks):
        if not is_cleared[number]:
            cells = np.isin(puzzle.part, puzzle.part[of_set])
            others = _other_numbers(one, of_set, marks[~is_cleared].sum(axis=0), cells)
            if others is not None:
                is_cleared |= marks[:, cells] @ (others - one.truth[cells]) != 0
    return is_cleared


def _not_cleared(left: Sequence[_Open], aim: Numbers) -> list[_Open]:
    """What is left without the sets whose sum is another at the corner of what fits in the direction `aim`."""
    sums = block_diag([one.puzzle.rows.astype(np.float64) for one in left], format="csr")
    values = np.concatenate([one.puzzle.values for one in left])
    most = np.concatenate([one.puzzle.most for one in left])
    corner = linprog(aim, A_eq=sums, b_eq=values, bounds=np.column_stack([np.zeros(most.size), most])).x
    if corner is None:  # the solver gave up: nothing is cleared
        return list(left)
    kept = []
    for one, numbers in zip(
        left, np.split(corner, np.cumsum([one.puzzle.cells.size for one in left])[:-1]), strict=True
    ):
        # Cells of parts that have nothing to do with each other may be of different corners.
        is_whole = _in_whole_parts(one.puzzle, numbers)
        kept.append(one.without(np.abs(one.marks[:, is_whole] @ (numbers - one.truth)[is_whole]) > NONE))
    return kept


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


def _other_numbers(one: _Open, marks: Flags, others: Counts, cells: Flags) -> Numbers | None:
    """Whole numbers of these cells that fit, with another sum of the marked ones than in truth; null if there are none,
    or the solver gives up: then the sum may be fixed. Of several, one that moves the `others` too, if it is easy."""
    rows = one.puzzle.rows[:, cells].any(axis=1)
    values = one.puzzle.values[rows]
    sums = LinearConstraint(one.puzzle.rows[np.ix_(rows, cells)].astype(np.float64), values, values)
    bounds, whole = Bounds(0, one.puzzle.most[cells]), np.ones(cells.sum())
    wanted, truth = marks[cells].astype(np.float64), one.truth[cells]
    # Less than one person all together, so that the marked ones come first.
    little = others[cells] / (2 * float(others[cells] @ one.puzzle.most[cells]) + 1)
    for sign in (-1, 1) if not wanted @ truth else (1, -1):
        numbers = milp(sign * (wanted + little), constraints=sums, integrality=whole, bounds=bounds).x
        if numbers is None:
            return None
        numbers = np.rint(numbers)
        if wanted @ numbers != wanted @ truth:
            return np.asarray(numbers, dtype=np.float64)
    return None
