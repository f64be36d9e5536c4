"""The hub model of a whole district searched at once: by two processes, each for half of the regions, then by one.

Both build the same model and start from the same solution. What regions share, facilitators' hours above all, each half
keeps to what its own regions use at the start and its part of what is left: so both halves' solutions fit together.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from pd_core.planning.bound import parts_of
from pd_core.planning.drafts import Draft, drafts, topics_used
from pd_core.planning.eligibility import Eligibility
from pd_core.planning.groups import near_relaxed
from pd_core.planning.hub import hub_model
from pd_core.planning.hub_search import made_better
from pd_core.planning.hub_variables import Topic
from pd_core.planning.improve import promising_topics
from pd_core.planning.linear import Solution
from pd_core.planning.relaxed import Relaxed

SEARCHED_AT_ONCE = 400
"""Buildings: of a larger district the relaxed model, and a solution near it, take a minute."""


def topics_to_search(about: Eligibility, first: Relaxed, most: int = 1) -> set[Topic]:
    """The topics that the relaxed solution uses, and the `most` of each building's greatest needs."""
    topics = topics_used(first.model, first.values)
    for school in about.problem.schools:
        topics |= {(school.school_id, skill) for skill in promising_topics(about, school.school_id, most)}
    return topics


class WholeSearch:
    """One process's search; `solution` is the best so far."""

    def __init__(
        self, about: Eligibility, topics: Collection[Topic], one_each: Collection[str], seconds: float
    ) -> None:
        ids = [school.school_id for school in about.problem.schools]
        self.model = hub_model(about, ids, topics=topics, one_each=one_each)
        relaxed, _ = self.model.program.relax(seconds)
        if relaxed.is_infeasible and one_each:
            self.model = hub_model(about, ids, topics=topics)
            relaxed, _ = self.model.program.relax(seconds)
        self._relaxed = relaxed.values
        self.solution = Solution(None, 0.0, relaxed.bound)
        if relaxed.values is not None:
            self.solution = replace(near_relaxed(self.model, relaxed.values, seconds), bound=relaxed.bound)
        self._is_second = self._second_half()

    def drafts(self) -> list[Draft]:
        """The solution's sessions, without slots."""
        return [] if self.solution.values is None else drafts(self.model, self.solution)

    def search(self, deadline: float) -> None:
        """Make the solution better until `deadline` (monotonic seconds)."""
        if self._relaxed is not None:
            self.solution = made_better(self.model, self.solution, self._relaxed, deadline)

    def search_half(self, is_second: bool, deadline: float) -> NDArray[np.float64] | None:
        """Make one half of the solution better until a deadline; its values (null: there are no two halves)."""
        values = self.solution.values
        if self._relaxed is None or values is None or self._is_second.all() or not self._is_second.any():
            return None
        is_own = self._is_second == is_second
        own = [one for (one, _), column in self.model.topic.items() if is_own[column]]
        half = replace(self.model, program=replace(self.model.program, row_highs=self._left_to(is_own, values)))
        found = made_better(half, self.solution, self._relaxed, deadline, set(own))
        self.solution = replace(found, bound=self.solution.bound)
        return found.values

    def join(self, second: NDArray[np.float64]) -> None:
        """Take over the second half of another process's solution where all keeps to the limits then."""
        if self.solution.values is None or len(second) != len(self.solution.values):
            return
        values = np.where(self._is_second, second, self.solution.values)
        total = float(np.dot(self.model.program.gains, values))
        if total > self.solution.total and self.model.program.holds(values):
            self.solution = replace(self.solution, values=values, total=total)

    def _second_half(self) -> NDArray[np.bool_]:
        """The columns of the second half: each region, the largest first, is put where there are fewer so far."""
        parts = parts_of(self.model)
        sizes = {part: int((parts == part).sum()) for part in sorted(set(parts.tolist()))}
        halves: tuple[set[int], set[int]] = (set(), set())
        for part in sorted(sizes, key=lambda one: (-sizes[one], one)):
            min(halves, key=lambda half: sum(sizes[one] for one in half)).add(part)
        return np.isin(parts, sorted(halves[1]))

    def _left_to(self, is_own: NDArray[np.bool_], values: NDArray[np.float64]) -> list[float]:
        """Each row's upper end for one half: of what is left, as large a part as of what is used."""
        matrix, highs = self.model.program.matrix(), np.array(self.model.program.row_highs)
        own, used = matrix @ np.where(is_own, values, 0.0), matrix @ values
        of_own, of_other = abs(matrix) @ is_own.astype(float), abs(matrix) @ (~is_own).astype(float)
        for row in np.flatnonzero((of_own > 0) & (of_other > 0) & np.isfinite(highs)):
            part = min(1.0, max(0.0, own[row] / used[row])) if used[row] > 0 else 0.5
            highs[row] -= (1.0 - part) * max(0.0, highs[row] - used[row])
        return [float(high) for high in highs]
