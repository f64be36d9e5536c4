"""How many people each school could have reached at most: what a search measures its shortfall by."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
from numpy.typing import NDArray

from pd_core.planning.eligibility import Eligibility
from pd_core.planning.hub_variables import HubModel
from pd_core.planning.problem import MAX_TOPICS


def two_topics(about: Eligibility) -> dict[str, float]:
    """People by weight of each building's two greatest topics: no plan reaches more there."""
    people: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for (school_id, skill_id, kind), need in about.needs.items():
        if (skill_id, kind) in about.trainings_of:
            people[school_id][skill_id] += need * about.problem.weight(school_id, skill_id)
    return {school_id: sum(sorted(topics.values())[-MAX_TOPICS:]) for school_id, topics in people.items()}


def relaxed_reach(model: HubModel, values: NDArray[np.float64]) -> dict[str, float]:
    """People by weight whom the relaxed model reaches at each building that it serves."""
    reached: dict[str, float] = defaultdict(float)
    columns = [(school_id, column) for (school_id, _), column in model.people.items()]
    columns += [(school_id, column) for (school_id, *_), column in model.shared_people.items()]
    for school_id, column in columns:
        reached[school_id] += float(values[column]) * model.program.gains[column]
    return {school_id: people for school_id, people in reached.items() if people > 0}
