"""The hub model: which buildings get which trainings, before anybody is put into a slot.

Within a region every way is the same, so that it doesn't matter which of its trainers goes to which building: those
who leave home give their sessions to the region's hub, and buildings take sessions from it. Slots are only counted.
What is left is small, and never stricter than the limits: its bound holds for every plan.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from pd_core.planning.eligibility import SLACK, Eligibility
from pd_core.planning.exact import share_out
from pd_core.planning.linear import Program, Solution, Term
from pd_core.planning.problem import (
    FARTHEST_MIE_MINUTES,
    MAX_TOPICS,
    MAX_TRAINING_MINUTES,
    OTHER_REGION_MINUTES,
    SAME_REGION_MINUTES,
    TEACHES,
    Option,
    Session,
    Trainer,
    Training,
)

Topic = tuple[str, str]
Place = tuple[str, str]
"""A building and a training."""


@dataclass(frozen=True)
class Draft:
    """A session without trainer and slot yet: those of `trainer_ids` could give it."""

    session: Session
    trainer_ids: tuple[str, ...]


@dataclass
class HubModel:
    """The program, with what its variables mean.

    `direct`: sessions of a trainer at a building with a way of its own (home, or listed). `away`: a trainer's sessions
    given to a region's hub; `taken`: a building's from it. `shared`: sessions of two buildings, by where they are held.
    `named_rows`: those that bind several regions, which are the same rows in a model of fewer topics.
    """

    about: Eligibility
    school_ids: Collection[str]
    topics: Collection[Topic] | None
    minutes: Mapping[str, float]
    program: Program = field(default_factory=Program)
    direct: dict[tuple[str, str, str], int] = field(default_factory=dict)
    away: dict[tuple[str, str, str], int] = field(default_factory=dict)
    taken: dict[Place, int] = field(default_factory=dict)
    shared: dict[tuple[str, str, str], int] = field(default_factory=dict)
    people: dict[Place, int] = field(default_factory=dict)
    shared_people: dict[tuple[str, str, str], int] = field(default_factory=dict)
    topic: dict[Topic, int] = field(default_factory=dict)
    named_rows: dict[tuple[str, ...], int] = field(default_factory=dict)

    def has(self, school_id: str, training: Training) -> bool:
        """Whether a building needs a training and may have it, and its topic is looked at."""
        is_asked = self.topics is None or (school_id, training.skill_id) in self.topics
        is_needed = (school_id, training.skill_id, training.kind) in self.about.needs
        return is_asked and is_needed and not self.about.is_closed_to(school_id, training)


def hub_model(
    about: Eligibility,
    school_ids: Sequence[str],
    *,
    topics: Collection[Topic] | None = None,
    minutes: Mapping[str, float] | None = None,
    one_each: Collection[str] = (),
) -> HubModel:
    """The model for some buildings, for `topics` (building, skill; null: all), each trainer with `minutes` (null: all
    they have; who is missing has none). Each of `one_each` gets a session."""
    minutes = {one.trainer_id: one.minutes for one in about.problem.trainers} if minutes is None else minutes
    model = HubModel(about, frozenset(school_ids), topics, minutes)
    supplied = _supply(model)
    _demand(model, supplied)
    _needs(model)
    _trainers(model)
    _buildings(model, one_each)
    _money(model)
    _locks(model)
    return model


def _supply(model: HubModel) -> dict[Place, list[int]]:
    """Sessions that can be held at each building: variables of those who come there directly, and of its hub."""
    about, program = model.about, model.program
    supplied: dict[Place, list[int]] = defaultdict(list)
    hubs: dict[tuple[str, str], list[int]] = defaultdict(list)
    regions = sorted({about.schools[school_id].region for school_id in model.school_ids})
    schools = [school.school_id for school in about.problem.schools if school.school_id in model.school_ids]
    for trainings in about.trainings_of.values():
        for training in trainings:
            at = dict.fromkeys(school_id for school_id in schools if model.has(school_id, training))
            wanted = {about.schools[school_id].region for school_id in at}
            for trainer in _teachers(model, training):
                most = _most_sessions(model, trainer, training, 0.0)
                for school_id in about.ways_from(trainer.home):
                    way = 0.0 if school_id == trainer.home else about.listed_way(trainer.home or "", school_id)
                    if school_id in at and way is not None and _can_go(model, trainer, training, way):
                        column = program.variable(high=min(most, _most_sessions(model, trainer, training, way)))
                        model.direct[trainer.trainer_id, training.training_id, school_id] = column
                        supplied[school_id, training.training_id].append(column)
                for region in regions:
                    way = hub_way(about, trainer, region)
                    if region in wanted and _can_go(model, trainer, training, way):
                        column = program.variable(high=_most_sessions(model, trainer, training, way))
                        model.away[trainer.trainer_id, training.training_id, region] = column
                        hubs[region, training.training_id].append(column)
            taken: dict[str, list[int]] = defaultdict(list)
            for school_id in at:
                region = about.schools[school_id].region
                if (region, training.training_id) in hubs:
                    column = program.variable(high=float(len(about.open_slots)))
                    model.taken[school_id, training.training_id] = column
                    supplied[school_id, training.training_id].append(column)
                    taken[region].append(column)
            for region, columns in taken.items():
                given = [(column, 1.0) for column in hubs[region, training.training_id]]
                program.row([*given, *((column, -1.0) for column in columns)], low=0.0)
    return supplied


def hub_way(about: Eligibility, trainer: Trainer, region: str) -> float:
    """Minutes from a trainer's home to a building of a region whose way isn't listed."""
    is_near = trainer.home is None or about.schools[trainer.home].region == region
    return SAME_REGION_MINUTES if is_near else OTHER_REGION_MINUTES


def _teachers(model: HubModel, training: Training) -> list[Trainer]:
    return [
        trainer
        for trainer in model.about.problem.trainers
        if trainer.kind == TEACHES[training.kind]
        and training.skill_id in trainer.skills
        and model.minutes.get(trainer.trainer_id, 0.0) > 0
        and model.about.slots_for(trainer.trainer_id, training)
        and not model.about.is_barred(trainer, training)
    ]


def _can_go(model: HubModel, trainer: Trainer, training: Training, way: float) -> bool:
    is_far = trainer.kind == "mie" and way > FARTHEST_MIE_MINUTES
    return not is_far and training.minutes + 2 * way <= model.minutes[trainer.trainer_id] + SLACK


def _most_sessions(model: HubModel, trainer: Trainer, training: Training, way: float) -> float:
    by_hours = int((model.minutes[trainer.trainer_id] + SLACK) / (training.minutes + 2 * way))
    return float(min(by_hours, model.about.most_at_once_apart(model.about.slots_for(trainer.trainer_id, training))))


def _demand(model: HubModel, supplied: Mapping[Place, list[int]]) -> None:
    """What is supplied is held for one building or shared by two; seats and the fewest hold for each."""
    about, program = model.about, model.program
    fewest = max(1, about.problem.fewest)
    pairs = [(a, b) for a in about.neighbors for b in about.neighbors[a] if a < b and {a, b} <= set(model.school_ids)]
    hosted: dict[Place, list[int]] = defaultdict(list)
    for first, second in pairs:
        for trainings in about.trainings_of.values():
            for training in trainings:
                key = training.training_id
                hosts = [(host, guest) for host, guest in ((first, second), (second, first)) if (host, key) in supplied]
                is_wanted = model.has(first, training) and model.has(second, training)
                if not hosts or not is_wanted or not about.is_enough((first, second), training):
                    continue
                columns = []
                for host, guest in hosts:
                    columns.append(program.variable(high=float(len(about.open_slots))))
                    model.shared[host, guest, key] = columns[-1]
                    hosted[host, key].append(columns[-1])
                held = [(column, -1.0) for column in columns]
                reached = []
                for school_id, other in ((first, second), (second, first)):
                    gain = about.problem.weight(school_id, training.skill_id)
                    reached.append(
                        program.variable(gain, high=float(_need_of(about, school_id, training)), whole=False)
                    )
                    model.shared_people[school_id, other, key] = reached[-1]
                    program.row([(reached[-1], 1.0), *held], low=0.0)
                together = [(column, 1.0) for column in reached]
                program.row([*together, *((column, -float(fewest)) for column in columns)], low=0.0)
                program.row([*together, *((column, -float(training.seats)) for column in columns)], high=0.0)
    for (school_id, training_id), columns in supplied.items():
        training = about.trainings[training_id]
        alone = [(column, 1.0) for column in columns]
        alone += [(column, -1.0) for column in hosted.get((school_id, training_id), ())]
        program.row(alone, low=0.0)
        gain = about.problem.weight(school_id, training.skill_id)
        people = program.variable(gain, whole=False)
        model.people[school_id, training_id] = people
        program.row([(people, 1.0), *((column, -fewest * factor) for column, factor in alone)], low=0.0)
        program.row([(people, 1.0), *((column, -training.seats * factor) for column, factor in alone)], high=0.0)


def _need_of(about: Eligibility, school_id: str, training: Training) -> int:
    return about.needs.get((school_id, training.skill_id, training.kind), 0)


def sessions_at(model: HubModel) -> dict[Place, list[Term]]:
    """How many sessions of a training a building takes part in: held there, or as a guest."""
    found: dict[Place, list[Term]] = defaultdict(list)
    for (_, training_id, school_id), column in model.direct.items():
        found[school_id, training_id].append((column, 1.0))
    for place, column in model.taken.items():
        found[place].append((column, 1.0))
    for (_, guest, training_id), column in model.shared.items():
        found[guest, training_id].append((column, 1.0))
    return found


def _needs(model: HubModel) -> None:
    """At most two topics a building; of each no more people than need it, and none without a session for each step of
    the seats."""
    about, program = model.about, model.program
    people: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    part: dict[tuple[str, str, str], list[Term]] = defaultdict(list)
    seats: dict[tuple[str, str, str], int] = defaultdict(int)
    for (school_id, training_id), column in model.people.items():
        people[_need(about, school_id, training_id)].append(column)
    for (school_id, _, training_id), column in model.shared_people.items():
        people[_need(about, school_id, training_id)].append(column)
    for (school_id, training_id), terms in sessions_at(model).items():
        need = _need(about, school_id, training_id)
        part[need] += terms
        seats[need] = max(seats[need], about.trainings[training_id].seats)
    by_school: dict[str, dict[str, int]] = defaultdict(dict)
    for school_id, skill_id, _ in people:
        if skill_id not in by_school[school_id]:
            by_school[school_id][skill_id] = model.topic[school_id, skill_id] = program.variable(high=1.0)
    for topics in by_school.values():
        program.row([(column, 1.0) for column in topics.values()], high=float(MAX_TOPICS))
    for need, columns in people.items():
        terms, topic = [(column, 1.0) for column in columns], model.topic[need[0], need[1]]
        program.row([*terms, (topic, -float(about.needs[need]))], high=0.0)
        full, rest = divmod(about.needs[need], max(1, seats[need]))
        if rest and part[need]:
            steps = [(column, -float(rest) * factor) for column, factor in part[need]]
            program.row([*terms, *steps, (topic, -float(full * (seats[need] - rest)))], high=0.0)


def _need(about: Eligibility, school_id: str, training_id: str) -> tuple[str, str, str]:
    training = about.trainings[training_id]
    return (school_id, training.skill_id, training.kind)


def _trainers(model: HubModel) -> None:
    """Hours, travel included (also rounded down to whole sessions), and as many sessions as slots of their length."""
    about, program = model.about, model.program
    own: dict[str, list[tuple[int, Training, float]]] = defaultdict(list)
    for (trainer_id, training_id, school_id), column in model.direct.items():
        way = about.way(trainer_id, school_id)
        own[trainer_id].append((column, about.trainings[training_id], way))
    for (trainer_id, training_id, region), column in model.away.items():
        way = hub_way(about, about.trainers[trainer_id], region)
        own[trainer_id].append((column, about.trainings[training_id], way))
    for trainer_id, sessions in own.items():
        costs = [(column, training.minutes + 2 * way) for column, training, way in sessions]
        left = model.minutes[trainer_id] + SLACK
        model.named_rows["hours", trainer_id] = program.row(costs, high=left)
        _rounded_hours(model, trainer_id, costs, left)
        _count_slots(model, [(column, 1.0, training.minutes) for column, training, _ in sessions], trainer_id)


def _rounded_hours(model: HubModel, trainer_id: str, costs: Sequence[Term], left: float) -> None:
    """What whole sessions fit into the hours: for a step of minutes, each counts as often as the step fits into it."""
    steps = {cost for _, cost in costs} | {left / (most + 1) + SLACK for most in range(1, 9)}
    seen: set[tuple[float, ...]] = set()
    for step in sorted(steps):
        rounded = tuple(float(int((cost + SLACK) / step)) for _, cost in costs)
        most = float(int(left / step))
        if any(rounded) and (*rounded, most) not in seen:
            seen.add((*rounded, most))
            terms = [(column, factor) for (column, _), factor in zip(costs, rounded, strict=True) if factor]
            model.named_rows["steps", trainer_id, f"{step:.3f}"] = model.program.row(terms, high=most)


def _count_slots(model: HubModel, sessions: Sequence[tuple[int, float, float]], trainer_id: str | None) -> None:
    """No more sessions than slots that are long enough, for each length of training."""
    about = model.about
    own = about.trainers[trainer_id].slots if trainer_id else None
    before = -1
    for least in sorted({minutes for *_, minutes in sessions}):
        slots = [
            slot.slot_id
            for slot in about.open_slots
            if slot.minutes >= least - SLACK and (own is None or slot.slot_id in own)
        ]
        most = about.most_at_once_apart(slots)
        if most != before:
            terms = [(column, factor) for column, factor, minutes in sessions if minutes >= least]
            row = model.program.row(terms, high=float(most))
            if trainer_id:
                model.named_rows["slots", trainer_id, f"{least:.3f}"] = row
        before = most


def _buildings(model: HubModel, one_each: Collection[str]) -> None:
    """A building's sessions fit into slots, its topics into seven hours; those of `one_each` have one."""
    about, program = model.about, model.program
    part: dict[str, list[tuple[int, float, float]]] = defaultdict(list)
    for (school_id, training_id), terms in sessions_at(model).items():
        minutes = about.trainings[training_id].minutes
        part[school_id] += [(column, factor, minutes) for column, factor in terms]
    for school_id, sessions in part.items():
        _count_slots(model, sessions, None)
        if school_id in one_each:
            program.row([(column, factor) for column, factor, _ in sessions], low=1.0)
    _seven_hours(model)


def _seven_hours(model: HubModel) -> None:
    about, program = model.about, model.program
    by_school: dict[str, dict[str, list[tuple[Training, list[Term]]]]] = defaultdict(lambda: defaultdict(list))
    for (school_id, training_id), terms in sessions_at(model).items():
        training = about.trainings[training_id]
        by_school[school_id][training.skill_id].append((training, terms))
    for topics in by_school.values():
        longest = {skill: max(training.minutes for training, _ in own) for skill, own in topics.items()}
        if sum(sorted(longest.values())[-MAX_TOPICS:]) <= MAX_TRAINING_MINUTES + SLACK:
            continue
        columns = {skill: program.variable(high=minutes, whole=False) for skill, minutes in longest.items()}
        most = float(len(about.open_slots))
        for skill, own in topics.items():
            for training, terms in own:
                is_given = program.variable(high=1.0)
                program.row([*terms, (is_given, -most)], high=0.0)
                program.row([(is_given, training.minutes), (columns[skill], -1.0)], high=0.0)
        program.row([(column, 1.0) for column in columns.values()], high=MAX_TRAINING_MINUTES + SLACK)


def _money(model: HubModel) -> None:
    about = model.about
    if about.problem.budget is not None and about.problem.rate > 0:
        places = [(training_id, column) for (_, training_id), column in model.people.items()]
        places += [(training_id, column) for (*_, training_id), column in model.shared_people.items()]
        terms = [(column, about.problem.cost_per_person(about.trainings[one])) for one, column in places]
        model.named_rows["money",] = model.program.row(terms, high=about.problem.budget + SLACK)


def _locks(model: HubModel) -> None:
    """What of a lock can be said without slots: its building takes part, its trainer gives it."""
    for rule in model.about.locks:
        if rule.school_id in model.school_ids:
            terms = [
                term
                for (school_id, training_id), own in sessions_at(model).items()
                if school_id == rule.school_id and rule.training_id in ("", training_id)
                for term in own
            ]
            model.program.row(terms, low=1.0)
        elif not rule.school_id and len(model.school_ids) == len(model.about.schools):
            given = {**model.direct, **model.away}
            model.program.row(
                [
                    (column, 1.0)
                    for (trainer_id, training_id, _), column in given.items()
                    if rule.trainer_id in ("", trainer_id) and rule.training_id in ("", training_id)
                ],
                low=1.0,
            )


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


def rounded_drafts(model: HubModel, values: NDArray[np.float64]) -> list[Draft]:
    """Sessions as a relaxed solution nearly has them, none shared: for each building's two strongest topics the nearest
    whole number, with those who give any part of them. They may be more than hours and slots allow."""
    about = model.about
    strongest: dict[str, list[tuple[float, str]]] = defaultdict(list)
    for (school_id, skill_id), column in model.topic.items():
        strongest[school_id].append((-float(values[column]), skill_id))
    topics = {(school_id, skill) for school_id, own in strongest.items() for _, skill in sorted(own)[:MAX_TOPICS]}
    givers: dict[tuple[str, str], list[str]] = defaultdict(list)
    for (trainer_id, training_id, place), column in (*model.direct.items(), *model.away.items()):
        if values[column] > 0.01:
            givers[place, training_id].append(trainer_id)
    left, result = dict(about.needs), list[Draft]()
    for (school_id, training_id), terms in sessions_at(model).items():
        training = about.trainings[training_id]
        need = (school_id, training.skill_id, training.kind)
        number = round(sum(float(values[column]) * factor for column, factor in terms))
        if number < 1 or (school_id, training.skill_id) not in topics:
            continue
        people = min(left[need], number * training.seats)
        here = givers[school_id, training_id] + givers[about.schools[school_id].region, training_id]
        for share in _shares(about, [people], number, training_id):
            left[need] -= share[0]
            session = Session(Option((school_id,), training_id, "", ""), share)
            result.append(Draft(session, tuple(dict.fromkeys(here))))
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
