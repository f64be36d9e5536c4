"""A bound that no plan exceeds: the hub model cut into regions.

Rows that bind several regions (a facilitator's hours, the budget) are dropped, and what they bind is priced instead, by
what one more of them is worth in the relaxed model. Each region alone is then solved in whole numbers. Whatever the
prices, the sum of the regions' bounds and of what the dropped rows hold at their price is a bound for the whole
(Lagrangian relaxation; Fisher 1981, Management Science 27).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pd_core.planning.eligibility import Eligibility
from pd_core.planning.hub_variables import HubModel
from pd_core.planning.linear import Program, Solution

SECONDS_A_PIECE = 20.0
"""A region is relaxed in a twentieth of a second; this is for a machine that has no time."""
Prices = Mapping[tuple[str, ...], float]


@dataclass
class Piece:
    """One part of a district: its program, the columns of the whole model that it has, and its relaxed solution."""

    program: Program
    columns: NDArray[np.int64]
    relaxed: Solution


@dataclass
class Pieces:
    """A district cut apart: no plan reaches more than `constant` and the pieces' bounds together. `prices`: those that
    it was cut at, and what one more of a row of one piece alone is worth there."""

    model: HubModel
    constant: float
    pieces: list[Piece]
    prices: Prices

    @property
    def relaxed_bound(self) -> float:
        """The bound with every piece relaxed."""
        return self.constant + sum(piece.relaxed.bound for piece in self.pieces)

    @property
    def values(self) -> NDArray[np.float64]:
        """The relaxed pieces' solutions together: a number for each column of the whole model."""
        values = np.zeros(len(self.model.program.gains))
        for piece in self.pieces:
            if piece.relaxed.values is not None:
                values[piece.columns] = piece.relaxed.values
        return values

    def prove(self, seconds: float, say: Callable[[float], None]) -> None:
        """Solve every piece in whole numbers, as far as that gets in about `seconds`; says the bound after each."""
        end, total = time.monotonic() + seconds, self.relaxed_bound
        small_first = sorted(self.pieces, key=lambda piece: len(piece.columns))  # what they leave is for larger ones
        for number, piece in enumerate(small_first):
            seconds = (end - time.monotonic()) / (len(self.pieces) - number)
            total += _whole_bound(piece, seconds) - piece.relaxed.bound
            say(total)


def prices_of(model: HubModel, row_prices: NDArray[np.float64]) -> dict[tuple[str, ...], float]:
    """What one more of each named row is worth."""
    return {name: float(row_prices[row]) for name, row in model.named_rows.items() if row_prices[row] > 1e-9}


def cut(model: HubModel, prices: Prices, deadline: float = float("inf")) -> Pieces:
    """A district cut into regions that share no neighbors, each of them relaxed; by `deadline` (monotonic seconds), or
    with bounds that are infinite where that is over."""
    labels = parts_of(model)
    program, matrix = model.program, model.program.matrix()
    lengths = np.diff(matrix.indptr)
    owners = labels[matrix.indices]
    rows_of = np.repeat(np.arange(matrix.shape[0]), lengths)
    least = np.full(matrix.shape[0], labels.max() + 1)
    most = np.full(matrix.shape[0], -1)
    np.minimum.at(least, rows_of, owners)
    np.maximum.at(most, rows_of, owners)
    is_shared = least < most
    constant, gains = 0.0, np.array(program.gains)
    for name, price in prices.items():
        row = model.named_rows.get(name)
        if row is not None and is_shared[row]:
            part = slice(matrix.indptr[row], matrix.indptr[row + 1])
            constant += price * program.row_highs[row]
            gains[matrix.indices[part]] -= price * matrix.data[part]
    lows, highs = np.array(program.row_lows), np.array(program.row_highs)
    pieces, named = [], {row: name for name, row in model.named_rows.items()}
    all_prices = dict(prices)
    for label in sorted(set(labels.tolist())):
        columns, rows = np.flatnonzero(labels == label), np.flatnonzero((least == label) & ~is_shared)
        own = Program.of(program, columns, gains[columns], matrix[rows][:, columns], lows[rows], highs[rows])
        relaxed, row_prices = own.relax(min(SECONDS_A_PIECE, deadline - time.monotonic()))
        for row, price in zip(rows.tolist(), row_prices.tolist(), strict=True):
            if row in named:
                all_prices[named[row]] = price
        pieces.append(Piece(own, columns, relaxed))
    return Pieces(model, constant, pieces, all_prices)


def _whole_bound(piece: Piece, seconds: float) -> float:
    if seconds <= 0.05:
        return piece.relaxed.bound
    return min(piece.relaxed.bound, piece.program.solve(seconds, 1e-3).bound)


def parts_of(model: HubModel) -> NDArray[np.int64]:
    """For each column the number of its part of the district."""
    about = model.about
    number = clusters(about)
    labels = np.full(len(model.program.gains), -1, dtype=np.int64)
    for (_, _, region), column in model.away.items():
        labels[column] = number[region]
    by_school = [(key[2], column) for key, column in model.direct.items()]
    by_school += [(key[0], column) for key, column in model.taken.items()]
    by_school += [(key[0], column) for key, column in model.shared.items()]
    by_school += [(key[0], column) for key, column in model.people.items()]
    by_school += [(key[0], column) for key, column in model.shared_people.items()]
    by_school += [(key[0], column) for key, column in model.topic.items()]
    for school_id, column in by_school:
        labels[column] = number[about.schools[school_id].region]
    if (labels < 0).any():  # helpers of the seven hours: they go where the rows do that they stand in
        matrix = model.program.matrix()
        for row in range(matrix.shape[0]):
            columns = matrix.indices[matrix.indptr[row] : matrix.indptr[row + 1]]
            if len(columns) and (labels[columns] < 0).any():
                labels[columns] = np.where(labels[columns] < 0, labels[columns].max(), labels[columns])
        labels[labels < 0] = 0
    return labels


def clusters(about: Eligibility) -> dict[str, int]:
    """For each region the number of the part that it belongs to: regions with a neighbor across are one part."""
    regions = sorted({school.region for school in about.problem.schools})
    part = {region: place for place, region in enumerate(regions)}
    for school_id, others in about.neighbors.items():
        for other in others:
            first, second = part[about.schools[school_id].region], part[about.schools[other].region]
            if first != second:
                part = {region: min(first, second) if one in (first, second) else one for region, one in part.items()}
    return part
