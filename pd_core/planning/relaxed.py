"""The relaxed hub model of a whole district: whom and what it uses where, its bound, and what hours are worth in it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pd_core.planning.bound import Pieces, Prices, cut, prices_of
from pd_core.planning.drafts import topics_used
from pd_core.planning.eligibility import Eligibility
from pd_core.planning.hub import hub_model
from pd_core.planning.hub_variables import HubModel
from pd_core.planning.improve import promising_topics

MANY_BUILDINGS, TOO_MANY_BUILDINGS = 100, 600
"""From so many buildings on the model is relaxed with fewer topics, or only a region at a time."""
TOPICS_OF_MANY = 3
"""The topics of each building's greatest needs that are looked at in any case."""
USUAL_PRICES = {"hours": 0.01, "slots": 4.0}
"""People by weight that a minute, and a slot, of a trainer who serves several regions is usually worth."""


@dataclass(frozen=True)
class Relaxed:
    """`whole`: the model of all topics. `model` and `values`: what was relaxed, and its solution. `prices`: what one
    more of what regions share is worth in it. No plan exceeds `bound`."""

    whole: HubModel
    model: HubModel
    values: NDArray[np.float64]
    prices: Prices
    bound: float

    def pieces(self) -> Pieces:
        """The district cut into regions at these prices."""
        return cut(self.whole, self.prices)


def relaxed(about: Eligibility, seconds: float, say: Callable[[float], None] = lambda bound: None) -> Relaxed:
    """The relaxed model of a district, in about some seconds; of a large one with the topics that regions alone use at
    usual prices, since all regions together need facilitators to be shared out. `say` hears of the first bound."""
    end, ids = time.monotonic() + seconds, [school.school_id for school in about.problem.schools]
    whole = hub_model(about, ids)
    if len(ids) <= MANY_BUILDINGS:
        solution, row_prices = whole.program.relax(seconds)
        if solution.values is not None:
            say(solution.bound)
            return Relaxed(whole, whole, solution.values, prices_of(whole, row_prices), solution.bound)
    usual = {name: USUAL_PRICES.get(name[0], 0.0) for name in whole.named_rows}
    apart = cut(whole, usual, end)
    say(apart.relaxed_bound)
    alone = Relaxed(whole, whole, apart.values, apart.prices, apart.relaxed_bound)
    if len(ids) > TOO_MANY_BUILDINGS or time.monotonic() >= end:
        return alone
    topics = topics_used(whole, apart.values)
    topics |= {(one, skill) for one in ids for skill in promising_topics(about, one, TOPICS_OF_MANY)}
    fewer = hub_model(about, ids, topics=topics)
    solution, row_prices = fewer.program.relax(end - time.monotonic())
    if solution.values is None:
        return alone
    return Relaxed(whole, fewer, solution.values, prices_of(fewer, row_prices), apart.relaxed_bound)
