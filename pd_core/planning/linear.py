"""A linear program written row by row, to be made as large as it can be, and its solution by HiGHS."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csc_matrix, csr_matrix

INFINITY = float("inf")
MANY_VARIABLES = 12_000
"""From so many variables on, interior points are faster than the simplex."""
ROUNDED = 1e-6
"""How far a sum of rounded numbers may be beyond an end."""
Term = tuple[int, float]


@dataclass(frozen=True)
class Solution:
    """What a solver found: `values` a number a variable (null: nothing found), the sum that they reach, and a `bound`
    that no solution exceeds (infinite: not known). `is_infeasible`: there is proof that nothing fits."""

    values: NDArray[np.float64] | None
    total: float
    bound: float
    is_infeasible: bool = False


@dataclass
class Program:
    """Variables with their gains, and rows that bind them."""

    gains: list[float] = field(default_factory=list)
    lows: list[float] = field(default_factory=list)
    highs: list[float] = field(default_factory=list)
    wholes: list[bool] = field(default_factory=list)
    _columns: list[int] = field(default_factory=list)
    _factors: list[float] = field(default_factory=list)
    _starts: list[int] = field(default_factory=lambda: [0])
    row_lows: list[float] = field(default_factory=list)
    row_highs: list[float] = field(default_factory=list)

    def variable(self, gain: float = 0.0, low: float = 0.0, high: float = INFINITY, *, whole: bool = True) -> int:
        """A new variable between two ends, in whole numbers or not; returns its place."""
        self.gains.append(gain)
        self.lows.append(low)
        self.highs.append(high)
        self.wholes.append(whole)
        return len(self.gains) - 1

    def row(self, terms: Iterable[Term], *, low: float = -INFINITY, high: float = INFINITY) -> int:
        """A sum of variables with factors that stays between two ends; returns the row's place."""
        for column, factor in terms:
            self._columns.append(column)
            self._factors.append(factor)
        self._starts.append(len(self._columns))
        self.row_lows.append(low)
        self.row_highs.append(high)
        return len(self.row_lows) - 1

    def solve(self, seconds: float, gap: float = 0.0, nodes: int | None = None) -> Solution:
        """The best whole-number solution found in a time, or within a relative gap of the best there can be."""
        if not self.gains:
            return self._empty()
        options: dict[str, float | bool | int] = {"time_limit": max(seconds, 0.05), "mip_rel_gap": gap}
        if nodes is not None:
            options["node_limit"] = nodes
        found = milp(
            -np.array(self.gains),
            integrality=np.array(self.wholes, dtype=int),
            bounds=Bounds(np.array(self.lows), np.array(self.highs)),
            constraints=self._constraint(),
            options=options,
        )
        dual = getattr(found, "mip_dual_bound", None)
        bound = -float(dual) if dual is not None and np.isfinite(dual) else INFINITY
        if found.x is None:
            return Solution(None, -INFINITY, -INFINITY if found.status == 2 else bound, found.status == 2)
        values = np.where(self.wholes, np.round(found.x), found.x)
        total = float(np.dot(self.gains, values))
        if found.status == 0 and not any(self.wholes):
            bound = total
        return Solution(values, total, max(bound, total))

    def relax(self, seconds: float) -> tuple[Solution, NDArray[np.float64]]:
        """The best solution if nothing need be whole, and what one more of each row's upper end would bring."""
        if not self.gains:
            return self._empty(), np.zeros(len(self.row_lows))
        matrix, row_lows, row_highs = self.matrix(), np.array(self.row_lows), np.array(self.row_highs)
        is_upper, is_lower = np.isfinite(row_highs), np.isfinite(row_lows)
        rows = np.concatenate([np.flatnonzero(is_upper), np.flatnonzero(is_lower)])
        signs = np.concatenate([np.ones(is_upper.sum()), -np.ones(is_lower.sum())])
        ends = np.concatenate([row_highs[is_upper], -row_lows[is_lower]])
        found = linprog(
            -np.array(self.gains),
            A_ub=csr_matrix(matrix[rows].multiply(signs[:, None])) if len(rows) else None,
            b_ub=ends if len(rows) else None,
            bounds=np.column_stack([self.lows, self.highs]),
            method="highs" if len(self.gains) < MANY_VARIABLES else "highs-ipm",
            options={"time_limit": max(seconds, 0.05)},
        )
        prices = np.zeros(len(row_highs))
        if found.status != 0:
            is_infeasible = found.status == 2
            return Solution(None, -INFINITY, -INFINITY if is_infeasible else INFINITY, is_infeasible), prices
        prices[np.flatnonzero(is_upper)] = -found.ineqlin.marginals[: is_upper.sum()] if len(rows) else 0
        return Solution(found.x, -float(found.fun), -float(found.fun)), prices

    def near(self, values: NDArray[np.float64], more: int) -> Program:
        """The same program with whole variables close to a relaxed solution: at most `more` above it, one below. With 0
        above, what it leaves out stays out, which is fast; with 1, little is lost."""
        wholes = np.array(self.wholes)
        lows = np.where(wholes, np.maximum(self.lows, np.floor(values + 1e-6) - 1), self.lows)
        highs = np.where(wholes, np.minimum(self.highs, np.ceil(values - 1e-6) + more), self.highs)
        return replace(self, lows=lows.tolist(), highs=highs.tolist())

    def _empty(self) -> Solution:
        is_infeasible = any(low > 1e-9 for low in self.row_lows) or any(high < -1e-9 for high in self.row_highs)
        total = -INFINITY if is_infeasible else 0.0
        return Solution(None if is_infeasible else np.zeros(0), total, total, is_infeasible)

    @classmethod
    def of(
        cls,
        other: Program,
        columns: NDArray[np.int64],
        gains: NDArray[np.float64],
        rows: csr_matrix,
        row_lows: NDArray[np.float64],
        row_highs: NDArray[np.float64],
    ) -> Program:
        """Some columns of another program with gains of their own, bound by `rows` alone."""
        return cls(
            gains.tolist(),
            [other.lows[column] for column in columns],
            [other.highs[column] for column in columns],
            [other.wholes[column] for column in columns],
            rows.indices.tolist(),
            rows.data.tolist(),
            rows.indptr.tolist(),
            row_lows.tolist(),
            row_highs.tolist(),
        )

    def parts(self) -> Parts:
        """The program, to be solved a few variables at a time while the others stay."""
        return Parts(self)

    def holds(self, values: NDArray[np.float64]) -> bool:
        """Whether numbers keep to all rows."""
        sums, lows, highs = self.matrix() @ values, np.array(self.row_lows), np.array(self.row_highs)
        return bool((sums >= lows - ROUNDED).all() and (sums <= highs + ROUNDED).all())

    def matrix(self) -> csr_matrix:
        """The rows' factors."""
        shape = (len(self.row_lows), len(self.gains))
        matrix = csr_matrix((self._factors, self._columns, self._starts), shape=shape)
        matrix.sum_duplicates()
        return matrix

    def _constraint(self) -> list[LinearConstraint]:
        if not self.row_lows:
            return []
        return [LinearConstraint(self.matrix(), np.array(self.row_lows), np.array(self.row_highs))]


class Parts:
    """A program of which a few variables are solved at a time: only they and their rows go to the solver, which would
    otherwise read and take away all others each time."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self._matrix = csc_matrix(program.matrix())
        self._gains, self._wholes = np.array(program.gains), np.array(program.wholes)
        self._row_lows, self._row_highs = np.array(program.row_lows), np.array(program.row_highs)

    def solve(
        self, is_free: NDArray[np.bool_], values: NDArray[np.float64], seconds: float, gap: float = 0.0
    ) -> Solution:
        """The best solution found in a time in which all but the free variables keep their `values`, which keep to all
        rows."""
        settled = np.where(self._wholes, np.round(values), values)
        columns, stay = np.flatnonzero(is_free), np.flatnonzero(~is_free)
        used = self._matrix[:, stay] @ settled[stay]
        own = csr_matrix(self._matrix[:, columns])
        rows = np.flatnonzero(np.diff(own.indptr))
        part = Program.of(
            self.program, columns, self._gains[columns], own[rows],
            self._row_lows[rows] - used[rows], self._row_highs[rows] - used[rows],
        )  # fmt: skip
        found = part.solve(seconds, gap)
        if found.values is None:
            return found
        settled[columns] = found.values
        total = float(np.dot(self._gains, settled))
        return Solution(settled, total, found.bound + total - found.total)
