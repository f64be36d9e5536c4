"""The variables of the hub model: sessions that trainers give, sessions that buildings take, and people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from pd_core.planning.eligibility import SLACK, Eligibility
from pd_core.planning.linear import Program, Term
from pd_core.planning.problem import (
    FARTHEST_MIE_MINUTES,
    OTHER_REGION_MINUTES,
    SAME_REGION_MINUTES,
    TEACHES,
    Trainer,
    Training,
)

Topic = tuple[str, str]
Place = tuple[str, str]
"""A building and a training."""


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
    budget: float | None = None
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


def add_supply(model: HubModel) -> dict[Place, list[int]]:
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


def add_demand(model: HubModel, supplied: Mapping[Place, list[int]]) -> None:
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
