"""A hub model's solution made better a few buildings at a time, while all others keep their sessions.

Whole groups take a solver long: trainers are much alike, and its search tree sees each of their orders. Four buildings
with all others settled are solved in a fraction of a second, from any start, and few rounds of them reach as much.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from pd_core.planning.could_reach import relaxed_reach
from pd_core.planning.hub_variables import HubModel
from pd_core.planning.linear import Program, Solution

BUILDINGS_AT_ONCE = 4
SECONDS_EACH = 1.0
CLOSE_ENOUGH = 1e-3
"""Of all that a few buildings' model reaches: a solution so close to its best ends its search."""
ROUNDS = 2
"""How often each building is tried again since something near it last changed."""
_SEED = 17


def made_better(model: HubModel, start: Solution, relaxed: NDArray[np.float64], deadline: float) -> Solution:
    """A solution that reaches at least as many people as `start`; ends at `deadline` (monotonic seconds), or when
    planning any few buildings again brings nothing. Buildings that fall farthest short of `relaxed` come first."""
    if start.values is None or not model.topic:
        return start
    owners = _owners(model)
    could_reach = relaxed_reach(model, relaxed)
    around = _Around(model, np.random.default_rng(_SEED))
    best, tries = start, dict.fromkeys(around.school_ids, 0)
    while time.monotonic() < deadline and (fewest := min(tries.values())) < ROUNDS:
        assert best.values is not None
        reached = relaxed_reach(model, best.values)
        short = {one: could_reach.get(one, 0.0) - reached.get(one, 0.0) for one in tries}
        seed = max((one for one in tries if tries[one] == fewest), key=lambda one: (short[one], one))
        chosen = around.some(seed, short)
        tries[seed] += 1
        again = _with_others_settled(model, owners, best.values, chosen)
        found = again.solve(min(SECONDS_EACH, deadline - time.monotonic()), CLOSE_ENOUGH)
        if found.values is not None and found.total > best.total + 1e-6:
            best = replace(found, bound=start.bound)
            tries.update(dict.fromkeys(chosen, 0))
    return best


def _owners(model: HubModel) -> list[frozenset[str]]:
    """For each variable the buildings that all have to be planned again for it to change; none for others."""
    owners = [frozenset[str]()] * len(model.program.gains)
    for (_, _, school_id), column in model.direct.items():
        owners[column] = frozenset({school_id})
    for (school_id, _), column in (*model.taken.items(), *model.topic.items()):
        owners[column] = frozenset({school_id})
    for (first, second, _), column in model.shared.items():
        owners[column] = frozenset({first, second})
    return owners


def _with_others_settled(
    model: HubModel, owners: Sequence[frozenset[str]], values: NDArray[np.float64], chosen: Sequence[str]
) -> Program:
    """The program with the sessions of all buildings but the chosen as they are. Who of a region gives those that are
    given away is open for the regions of the chosen."""
    free, regions = set(chosen), {model.about.schools[one].region for one in chosen}
    is_settled = np.array([bool(own) and not own <= free for own in owners])
    for (_, _, region), column in model.away.items():
        is_settled[column] = region not in regions
    program = model.program
    settled = np.round(values)
    lows = np.where(is_settled, settled, program.lows)
    highs = np.where(is_settled, settled, program.highs)
    return replace(program, lows=lows.tolist(), highs=highs.tolist())


class _Around:
    """Draws buildings to plan again together: a seed, its neighbors, others near, now and then from elsewhere."""

    def __init__(self, model: HubModel, random: np.random.Generator) -> None:
        about = model.about
        self.about, self.random = about, random
        self.school_ids = sorted({school_id for school_id, _ in model.topic})
        self.by_region: dict[str, list[str]] = defaultdict(list)
        for school_id in self.school_ids:
            self.by_region[about.schools[school_id].region].append(school_id)

    def some(self, seed: str, short: Mapping[str, float]) -> list[str]:
        near = [one for one in self.about.neighbors.get(seed, ()) if one in short][:1]
        same = [one for one in self.by_region[self.about.schools[seed].region] if one != seed and one not in near]
        is_local = len(same) >= BUILDINGS_AT_ONCE and self.random.random() < 0.85
        pool = same if is_local else [one for one in self.school_ids if one != seed and one not in near]
        wanted = min(BUILDINGS_AT_ONCE - 1 - len(near), len(pool))
        if wanted <= 0:
            return [seed, *near]
        weights = np.array([max(short[one], 0.0) + 1.0 for one in pool])
        drawn = self.random.choice(len(pool), size=wanted, replace=False, p=weights / weights.sum())
        return [seed, *near, *(pool[int(index)] for index in drawn)]
