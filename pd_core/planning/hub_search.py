"""A hub model's solution made better a few buildings at a time, while all others keep their sessions.

Whole groups take a solver long: trainers are much alike, and its search tree sees each of their orders. Four buildings
with all others settled are solved in a fraction of a second, from any start, and few rounds of them reach as much.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from pd_core.planning.could_reach import relaxed_reach
from pd_core.planning.hub_variables import HubModel
from pd_core.planning.linear import Solution

BUILDINGS_AT_ONCE = (4, 6, 9)
"""At first, and when so many bring nothing more."""
SECONDS_EACH = 0.25
"""For each of them."""
CLOSE_ENOUGH = 3e-3
"""Of all that a few buildings' model reaches, one person in 300: a solution so close to its best ends its search."""
ROUNDS = 2
"""How often each building is tried again since something near it last changed."""
_SEED = 17


def made_better(
    model: HubModel,
    start: Solution,
    relaxed: NDArray[np.float64],
    deadline: float,
    among: Collection[str] | None = None,
) -> Solution:
    """A solution that reaches at least as many people as `start`; ends at `deadline` (monotonic seconds), or when
    planning any few buildings again brings nothing. Buildings that fall farthest short of `relaxed` come first.
    `among`: all other buildings keep what they have (null: none does)."""
    if start.values is None or not model.topic:
        return start
    parts = model.program.parts()
    owners = _owners(model)
    could_reach = relaxed_reach(model, relaxed)
    around = _Around(model, np.random.default_rng(_SEED), among)
    best, tries, sizes = start, dict.fromkeys(around.school_ids, 0), list(BUILDINGS_AT_ONCE)
    while tries and time.monotonic() < deadline:
        assert best.values is not None
        if (fewest := min(tries.values())) == ROUNDS:
            tries, fewest = dict.fromkeys(tries, 0), 0
            del sizes[0]
            if not sizes or sizes[0] > len(tries):
                break
        reached = relaxed_reach(model, best.values)
        short = {one: could_reach.get(one, 0.0) - reached.get(one, 0.0) for one in tries}
        seed = max((one for one in tries if tries[one] == fewest), key=lambda one: (short[one], one))
        chosen = around.some(seed, short, sizes[0])
        tries[seed] += 1
        is_free = _may_change(model, owners, chosen)
        seconds = min(SECONDS_EACH * sizes[0], deadline - time.monotonic())
        found = parts.solve(is_free, best.values, seconds, CLOSE_ENOUGH)
        if found.values is not None and found.total > best.total + 1e-6:
            best = replace(found, bound=start.bound)
            tries.update(dict.fromkeys(chosen, 0))
    return best


def _owners(model: HubModel) -> list[frozenset[str]]:
    """For each variable the buildings that all have to be planned again for it to change; none for others."""
    owners = [frozenset[str]()] * len(model.program.gains)
    for (_, _, school_id), column in model.direct.items():
        owners[column] = frozenset({school_id})
    for (school_id, _), column in (*model.taken.items(), *model.topic.items(), *model.people.items()):
        owners[column] = frozenset({school_id})
    for (first, second, _), column in model.shared.items():
        owners[column] = frozenset({first, second})
    return owners


def _may_change(model: HubModel, owners: Sequence[frozenset[str]], chosen: Sequence[str]) -> NDArray[np.bool_]:
    """The variables of the chosen buildings. Who of a region gives those sessions that are given away is open for the
    regions of the chosen."""
    free, regions = set(chosen), {model.about.schools[one].region for one in chosen}
    is_free = np.array([own <= free for own in owners])
    for (first, second, _), column in model.shared_people.items():
        is_free[column] = first in free or second in free
    for (_, _, region), column in model.away.items():
        is_free[column] = region in regions
    return is_free


class _Around:
    """Draws buildings to plan again together: a seed, its neighbors, others near, now and then from elsewhere."""

    def __init__(self, model: HubModel, random: np.random.Generator, among: Collection[str] | None) -> None:
        about = model.about
        self.about, self.random = about, random
        self.school_ids = sorted({one for one, _ in model.topic if among is None or one in among})
        self.by_region: dict[str, list[str]] = defaultdict(list)
        for school_id in self.school_ids:
            self.by_region[about.schools[school_id].region].append(school_id)

    def some(self, seed: str, short: Mapping[str, float], most: int) -> list[str]:
        """The seed with others, up to `most` in all."""
        near = [one for one in self.about.neighbors.get(seed, ()) if one in short][:1]
        same = [one for one in self.by_region[self.about.schools[seed].region] if one != seed and one not in near]
        is_local = len(same) >= most and self.random.random() < 0.85
        pool = same if is_local else [one for one in self.school_ids if one != seed and one not in near]
        wanted = min(most - 1 - len(near), len(pool))
        if wanted <= 0:
            return [seed, *near]
        weights = np.array([max(short[one], 0.0) + 1.0 for one in pool])
        drawn = self.random.choice(len(pool), size=wanted, replace=False, p=weights / weights.sum())
        return [seed, *near, *(pool[int(index)] for index in drawn)]
