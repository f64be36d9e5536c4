"""A problem in numbers, for searches that try thousands of changes a second: ids become places, sets of slots bits."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection
from typing import NamedTuple

from pd_core.planning.eligibility import SLACK, Eligibility
from pd_core.planning.improve import promising_topics
from pd_core.planning.problem import MAX_TOPICS, MAX_TRAINING_MINUTES, Trainer, Training

Price = Callable[[Trainer, Training, float], float]
"""What a session of a trainer is worth elsewhere, in people by weight: of a training, for minutes with the way."""


class Giver(NamedTuple):
    """Someone who can give a training at a building: for `minutes` with the way, in `slots`, at a `price`."""

    trainer: int
    minutes: float
    slots: int
    price: float


class Numbers:
    """What doesn't change while plans do.

    A need is a skill and kind. `needs` and `weights` by building and need; `trainings` in the order of all lists by
    training; `near` the buildings that share sessions with each; `regions` the buildings of each building's region;
    `topics` the skills that are looked at in each building, and `wanted` how many people by weight they could reach.
    """

    def __init__(self, about: Eligibility, topics: Collection[tuple[str, str]], price: Price) -> None:
        self.about, self._price = about, price
        self.school_ids = [school.school_id for school in about.problem.schools]
        self.school = {school_id: place for place, school_id in enumerate(self.school_ids)}
        self.trainer_ids = [trainer.trainer_id for trainer in about.problem.trainers]
        self.trainer = {trainer_id: place for place, trainer_id in enumerate(self.trainer_ids)}
        self.minutes = [trainer.minutes + SLACK for trainer in about.problem.trainers]
        self.slot_ids = [slot.slot_id for slot in about.open_slots]
        self.slot = {slot_id: place for place, slot_id in enumerate(self.slot_ids)}
        self._set_trainings()
        self._set_slots()
        self.fewest = max(1, about.problem.fewest)
        self.needs = [[about.needs.get((one, *need), 0) for need in self.need_ids] for one in self.school_ids]
        self.weights = [[about.problem.weight(one, skill) for skill, _ in self.need_ids] for one in self.school_ids]
        self.near = [[self.school[other] for other in about.neighbors.get(one, ())] for one in self.school_ids]
        by_region: dict[str, list[int]] = defaultdict(list)
        for place, school in enumerate(about.problem.schools):
            by_region[school.region].append(place)
        self.regions = [by_region[school.region] for school in about.problem.schools]
        self._set_topics(topics)
        self._givers: list[list[list[Giver] | None]] = [[None] * len(self.trainings) for _ in self.school_ids]

    def _set_trainings(self) -> None:
        self.trainings = [training for own in self.about.trainings_of.values() for training in own]
        self.training = {training.training_id: place for place, training in enumerate(self.trainings)}
        self.need_ids = sorted({(training.skill_id, training.kind) for training in self.trainings})
        needs = {need: place for place, need in enumerate(self.need_ids)}
        self.skill_ids = sorted({training.skill_id for training in self.trainings})
        skills = {skill_id: place for place, skill_id in enumerate(self.skill_ids)}
        self.need_of = [needs[training.skill_id, training.kind] for training in self.trainings]
        self.skill_of = [skills[training.skill_id] for training in self.trainings]
        self.seats = [training.seats for training in self.trainings]
        self.of_skill: list[list[int]] = [[] for _ in self.skill_ids]
        for place, skill in enumerate(self.skill_of):
            self.of_skill[skill].append(place)
        longest = [max(self.trainings[one].minutes for one in own) for own in self.of_skill]
        self.hours_bind = sum(sorted(longest)[-MAX_TOPICS:]) > MAX_TRAINING_MINUTES + SLACK

    def _set_slots(self) -> None:
        slots = self.about.open_slots
        self.overlaps = [sum(1 << place for place, other in enumerate(slots) if one.overlaps(other)) for one in slots]
        self.slots_overlap = any(others != 1 << place for place, others in enumerate(self.overlaps))
        self.all_slots = (1 << len(slots)) - 1
        self.short_for = [
            sum(1 << place for place, slot in enumerate(slots) if slot.minutes < self._next_longer(training.minutes))
            for training in self.trainings
        ]
        """The slots that no longer training needs: those to use first."""

    def _next_longer(self, minutes: float) -> float:
        return min((one.minutes for one in self.trainings if one.minutes > minutes + SLACK), default=float("inf"))

    def _set_topics(self, topics: Collection[tuple[str, str]]) -> None:
        skills = {skill_id: place for place, skill_id in enumerate(self.skill_ids)}
        own: list[set[int]] = [
            {skills[skill_id] for skill_id in promising_topics(self.about, one, 1)} for one in self.school_ids
        ]
        for school_id, skill_id in topics:
            if skill_id in skills:
                own[self.school[school_id]].add(skills[skill_id])
        self.topics = [sorted(each) for each in own]
        people: list[list[float]] = [[0.0] * len(self.skill_ids) for _ in self.school_ids]
        for need, (skill_id, _) in enumerate(self.need_ids):
            for school, weights in enumerate(self.weights):
                people[school][skills[skill_id]] += self.needs[school][need] * weights[need]
        self.wanted = [
            [max(people[school][skill], 0.1) for skill in each] for school, each in enumerate(self.topics)
        ]  # fmt: skip

    def blocked(self, used: int) -> int:
        """The slots that can't be used next to those in use."""
        if not self.slots_overlap:
            return used
        found = 0
        while used:
            last = used & -used
            found |= self.overlaps[last.bit_length() - 1]
            used ^= last
        return found

    def givers(self, training: int, school: int) -> list[Giver]:
        """Who can give a training at a building, the least price first."""
        found = self._givers[school][training]
        if found is None:
            about, wanted, found = self.about, self.trainings[training], []
            for trainer_id, way in about.trainers_for(wanted, self.school_ids[school]):
                slots = sum(1 << self.slot[one] for one in about.slots_for(trainer_id, wanted))
                if slots:
                    minutes = wanted.minutes + 2 * way
                    price = self._price(about.trainers[trainer_id], wanted, minutes)
                    found.append(Giver(self.trainer[trainer_id], minutes, slots, price))
            found.sort(key=lambda one: one.price)
            self._givers[school][training] = found
        return found
