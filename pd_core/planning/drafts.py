"""What a solution of the hub model means: sessions without a trainer and slot yet, topics, minutes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pd_core.planning.eligibility import SLACK, Eligibility
from pd_core.planning.exact import share_out
from pd_core.planning.hub_variables import HubModel, Place, Topic, hub_way
from pd_core.planning.linear import Solution
from pd_core.planning.problem import (
    Option,
    Session,
)


@dataclass(frozen=True)
class Draft:
    """A session without trainer and slot yet: those of `trainer_ids` could give it."""

    session: Session
    trainer_ids: tuple[str, ...]


@dataclass(frozen=True)
class Spent:
    """What a relaxed solution uses: minutes of each trainer in each region, money of each building."""

    minutes: Mapping[tuple[str, str], float]
    money: Mapping[str, float]


def topics_used(model: HubModel, values: NDArray[np.float64], least: float = 0.01) -> set[Topic]:
    """The topics that a solution gives to buildings, if only in part."""
    return {topic for topic, column in model.topic.items() if values[column] > least}


def minutes_used(model: HubModel, values: NDArray[np.float64]) -> dict[tuple[str, str], float]:
    """Minutes that a solution uses of each trainer in each region."""
    about = model.about
    used: dict[tuple[str, str], float] = defaultdict(float)
    for (trainer_id, training_id, school_id), column in model.direct.items():
        minutes = about.trainings[training_id].minutes + 2 * about.way(trainer_id, school_id)
        used[trainer_id, about.schools[school_id].region] += minutes * float(values[column])
    for (trainer_id, training_id, region), column in model.away.items():
        way = hub_way(about, about.trainers[trainer_id], region)
        used[trainer_id, region] += (about.trainings[training_id].minutes + 2 * way) * float(values[column])
    return used


def money_used(model: HubModel, values: NDArray[np.float64]) -> dict[str, float]:
    """Money that a solution spends on the people of each building."""
    about, used = model.about, defaultdict[str, float](float)
    places = [(school_id, training_id, column) for (school_id, training_id), column in model.people.items()]
    places += [(school_id, training_id, column) for (school_id, _, training_id), column in model.shared_people.items()]
    for school_id, training_id, column in places:
        used[school_id] += float(values[column]) * about.problem.cost_per_person(about.trainings[training_id])
    return used


def drafts(model: HubModel, found: Solution) -> list[Draft]:
    """The sessions of a solution, with those who could give them."""
    assert found.values is not None
    about, values = model.about, found.values
    count = {key: round(float(values[column])) for key, column in model.shared.items()}
    sources = _sources(model, values)
    result: list[Draft] = []
    for (first, second, training_id), column in model.shared_people.items():
        held = count.get((first, second, training_id), 0) + count.get((second, first, training_id), 0)
        if first > second or not held:
            continue
        other = model.shared_people[second, first, training_id]
        totals = [int(values[column] + SLACK), int(values[other] + SLACK)]
        hosts = [first] * count.get((first, second, training_id), 0)
        hosts += [second] * (held - len(hosts))
        for host, people in zip(hosts, _shares(about, totals, held, training_id), strict=False):
            pair, there = ((first, second), people) if host == first else ((second, first), people[::-1])
            givers = sources[host, training_id].pop() if sources[host, training_id] else ()
            result.append(Draft(Session(Option(pair, training_id, "", ""), there), givers))
    for (school_id, training_id), column in model.people.items():
        left = sources[school_id, training_id]
        shares = _shares(about, [int(values[column] + SLACK)], len(left), training_id)
        for givers, people in zip(left, shares, strict=False):
            result.append(Draft(Session(Option((school_id,), training_id, "", ""), people), givers))
    return result


def _shares(about: Eligibility, totals: list[int], sessions: int, training_id: str) -> list[tuple[int, ...]]:
    """People shared out; over fewer sessions where rounding left too few for all."""
    fewest = max(1, about.problem.fewest, len(totals))
    while sessions and (sum(totals) < sessions * fewest or min(totals) < sessions):
        sessions -= 1
    return share_out(totals, sessions, about.trainings[training_id].seats, fewest) if sessions else []


def _sources(model: HubModel, values: NDArray[np.float64]) -> dict[Place, list[tuple[str, ...]]]:
    """For each session held at a building, who could give it."""
    about = model.about
    sources: dict[Place, list[tuple[str, ...]]] = defaultdict(list)
    for (trainer_id, training_id, school_id), column in model.direct.items():
        sources[school_id, training_id] += [(trainer_id,)] * round(float(values[column]))
    givers: dict[tuple[str, str], list[str]] = defaultdict(list)
    for (trainer_id, training_id, region), column in model.away.items():
        if values[column] > 0.5:
            givers[region, training_id].append(trainer_id)
    for (school_id, training_id), column in model.taken.items():
        hub = tuple(givers[about.schools[school_id].region, training_id])
        sources[school_id, training_id] += [hub] * round(float(values[column]))
    return sources
