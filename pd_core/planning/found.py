"""A plan that was found, with what it was found for and what is worked out of it once for everyone who looks at it."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import TypeVar

from pd_core.cache import Cache
from pd_core.planning.measure import Measure, measure
from pd_core.planning.problem import Problem
from pd_core.planning.result import Plan

MOST_RESULTS, MOST_BYTES = 200, 20_000_000
T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class Found:
    """A problem, its plan, and the plan's measure."""

    problem: Problem
    plan: Plan
    measure: Measure
    _results: Cache = field(default_factory=lambda: Cache(MOST_RESULTS, MOST_BYTES), repr=False)

    def kept(self, key: Hashable, make: Callable[[], T]) -> T:
        """What `make` gives, made once for the same key for as long as the plan is kept."""
        return self._results.get(key, make)


def found(problem: Problem, plan: Plan) -> Found:
    """A plan with its measure worked out."""
    return Found(problem, plan, measure(problem, plan))
