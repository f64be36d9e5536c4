"""A plan made better a few buildings at a time: their sessions are planned again, exactly, while the others stay."""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from pd_core.planning.eligibility import Eligibility
from pd_core.planning.exact import best_sessions
from pd_core.planning.problem import Session

ROUNDS = ((3, 3), (4, 2), (6, 1))
"""Buildings planned again at once, and the topics of their greatest needs that are looked at next to what they have: in
each round more of those, and fewer of these, so that it takes about as long."""
SECONDS_EACH = 1.0
_SEED = 12


def improve(
    about: Eligibility,
    sessions: Sequence[Session],
    *,
    most_buildings: int,
    could_reach: Mapping[str, float],
    deadline: float,
    keep: Callable[[list[Session]], None],
    is_enough: Callable[[], bool],
) -> list[Session]:
    """Sessions that reach at least as many people by weight, within all limits; ends at `deadline` (monotonic seconds),
    when `is_enough` says so, or when planning any few again brings nothing. `keep` hears of each better plan.

    `could_reach`: people by weight that each building could have; those who fall shortest of it come first.
    """
    random = np.random.default_rng(_SEED)
    current, tried = list(sessions), dict[str, int]()
    regions: dict[str, list[str]] = defaultdict(list)
    for school in about.problem.schools:
        if school.school_id in could_reach:
            regions[school.region].append(school.school_id)
    rounds = 0
    while time.monotonic() < deadline and rounds < len(ROUNDS) and not is_enough():
        short = _shortfall(about, current, could_reach)
        waiting = [one for one in short if tried.get(one, 0) <= rounds and short[one] > 1e-6]
        if not waiting:
            rounds += 1
            continue
        seed = max(waiting, key=lambda one: (short[one], one))
        tried[seed] = rounds + 1
        at_once, topics = ROUNDS[rounds]
        chosen = _around(about, seed, regions, short, random, at_once)
        better = _again(about, current, chosen, most_buildings, deadline, topics)
        if better is not None:
            current = better
            keep(current)
            for one in chosen:
                tried[one] = min(tried.get(one, 0), rounds)
            tried[seed] = rounds + 1
    return current


def _shortfall(about: Eligibility, sessions: Sequence[Session], could_reach: Mapping[str, float]) -> dict[str, float]:
    short = dict(could_reach)
    for session in sessions:
        skill_id = about.trainings[session.option.training_id].skill_id
        for school_id, people in zip(session.option.school_ids, session.people, strict=True):
            if school_id in short:
                short[school_id] -= people * about.problem.weight(school_id, skill_id)
    return short


def _around(
    about: Eligibility,
    seed: str,
    regions: Mapping[str, list[str]],
    short: Mapping[str, float],
    random: np.random.Generator,
    at_once: int,
) -> list[str]:
    """Some buildings to plan again together: the seed, its neighbors, others of its region, now and then of another."""
    near = [one for one in about.neighbors.get(seed, ()) if one in short][:2]
    same = [one for one in regions[about.schools[seed].region] if one != seed and one not in near]
    pool = same if len(same) >= at_once and random.random() < 0.8 else [one for one in short if one != seed]
    pool = [one for one in pool if one not in near]
    weights = np.array([max(short[one], 0.0) + 1.0 for one in pool])
    wanted = min(at_once - 1 - len(near), len(pool))
    if wanted <= 0:
        return [seed, *near]
    drawn = random.choice(len(pool), size=wanted, replace=False, p=weights / weights.sum())
    return [seed, *near, *(pool[int(index)] for index in drawn)]


def _again(
    about: Eligibility,
    current: Sequence[Session],
    chosen: Sequence[str],
    most_buildings: int,
    deadline: float,
    most_topics: int,
) -> list[Session] | None:
    free = set(chosen)
    fixed = [one for one in current if not set(one.option.school_ids) <= free]
    old = [one for one in current if set(one.option.school_ids) <= free]
    topics = {
        (school_id, about.trainings[one.option.training_id].skill_id)
        for one in old
        for school_id in one.option.school_ids
    } | {(school_id, skill_id) for school_id in chosen for skill_id in promising_topics(about, school_id, most_topics)}
    options = list(about.options(free, skills=topics))
    before = sum(map(about.session_gain, old))
    found, _ = best_sessions(
        about,
        options,
        fixed=fixed,
        most_buildings=most_buildings,
        seconds=min(SECONDS_EACH, deadline - time.monotonic()),
        gap=1e-3,
    )
    if found is None or sum(map(about.session_gain, found)) <= before + 1e-6:
        return None
    return [*fixed, *found]


def promising_topics(about: Eligibility, school_id: str, most: int) -> list[str]:
    """The skills of which most people of a building, by weight, need a training that is given."""
    people: dict[str, float] = defaultdict(float)
    for skill_id, kind in about.trainings_of:
        need = about.needs.get((school_id, skill_id, kind), 0)
        people[skill_id] += need * about.problem.weight(school_id, skill_id)
    wanted = [skill_id for skill_id in people if people[skill_id] > 0]
    return sorted(wanted, key=lambda skill_id: (-people[skill_id], skill_id))[:most]
