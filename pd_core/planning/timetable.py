"""A plan in numbers that changes thousands of times a second: sessions held, buildings cleared, changes undone at once.

People are counted by need, not by session: all sessions of a building alone for one need reach what their seats hold,
up to the need. `sessions` shares them out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from pd_core.planning.numbers import Numbers
from pd_core.planning.problem import MAX_TOPICS, MAX_TRAINING_MINUTES, SESSIONS_BEFORE_FAIRNESS, Option, Session


class Held(NamedTuple):
    """A session: `host` and `guest` (-1: none) are buildings; of a shared one, how many people of each it reaches."""

    training: int
    trainer: int
    slot: int
    host: int
    guest: int
    of_host: int
    of_guest: int
    minutes: float


@dataclass(slots=True)
class Building:
    """What a building has: its sessions; how many of each skill; slots in use, and those blocked by them; by need the
    seats of sessions alone, their number, and the people reached in shared ones."""

    seats: list[int]
    alone: list[int]
    shared: list[int]
    held: list[Held] = field(default_factory=list)
    topics: dict[int, int] = field(default_factory=dict)
    used: int = 0
    blocked: int = 0

    def copy(self) -> Building:
        """The same, to go back to."""
        return Building(
            self.seats.copy(), self.alone.copy(), self.shared.copy(), self.held.copy(), self.topics.copy(), self.used,
            self.blocked,
        )  # fmt: skip


class Timetable:
    """The sessions so far, and what they reach (`total`: people by weight). `minutes` and `busy` are what they leave of
    each trainer's hours, and the slots blocked."""

    def __init__(self, numbers: Numbers, sessions: Sequence[Session] = ()) -> None:
        self.numbers = numbers
        self.buildings = [self._empty() for _ in numbers.school_ids]
        self.minutes = list(numbers.minutes)
        self.busy = [0] * len(self.minutes)
        self._used = [0] * len(self.minutes)
        self.served = self.often = 0
        """Buildings with a session, and with more than come before fairness."""
        self.total = 0.0
        self.pinned: set[Held] = set()
        """Sessions that stay: those that a lock speaks of."""
        self.begin()
        for session in sessions:
            held = self._of(session)
            self.add(held)
            if any(rule.fits(session.option) for rule in numbers.about.locks):
                self.pinned.add(held)
        self.begin()

    def _empty(self) -> Building:
        needs = len(self.numbers.need_ids)
        return Building([0] * needs, [0] * needs, [0] * needs)

    def _of(self, session: Session) -> Held:
        option, numbers = session.option, self.numbers
        host, *guests = (numbers.school[school_id] for school_id in option.school_ids)
        of_host, of_guest = session.people if guests else (0, 0)
        return Held(
            numbers.training[option.training_id], numbers.trainer[option.trainer_id], numbers.slot[option.slot_id],
            host, guests[0] if guests else -1, of_host, of_guest, numbers.about.session_minutes(option),
        )  # fmt: skip

    def begin(self) -> None:
        """Begin a change that can be undone."""
        self._before: dict[int, Building] = {}
        self._trainers_before: dict[int, tuple[float, int, int]] = {}
        self._sums_before = (self.total, self.served, self.often)

    def undo(self) -> None:
        """Undo all since `begin`."""
        for school, building in self._before.items():
            self.buildings[school] = building
        for trainer, (minutes, used, busy) in self._trainers_before.items():
            self.minutes[trainer], self._used[trainer], self.busy[trainer] = minutes, used, busy
        self.total, self.served, self.often = self._sums_before
        self.begin()

    def add(self, held: Held) -> None:
        """Hold a session."""
        numbers, trainer = self.numbers, held.trainer
        self._keep_trainer(trainer)
        self._used[trainer] |= 1 << held.slot
        self.busy[trainer] |= numbers.overlaps[held.slot]
        self.minutes[trainer] -= held.minutes
        need = numbers.need_of[held.training]
        if held.guest < 0:
            building = self._take_part(held.host, held)
            self._count(held.host, need, building, numbers.seats[held.training], 0)
            building.alone[need] += 1
        else:
            self._count(held.host, need, self._take_part(held.host, held), 0, held.of_host)
            self._count(held.guest, need, self._take_part(held.guest, held), 0, held.of_guest)

    def clear(self, school: int) -> set[int]:
        """Take all sessions of a building away but those that stay; returns the buildings that shared one."""
        partners, old = set[int](), self.buildings[school]
        self._before.setdefault(school, old)
        for need, people in enumerate(old.shared):
            if people or old.seats[need]:
                reached = min(people + old.seats[need], self.numbers.needs[school][need])
                self.total -= reached * self.numbers.weights[school][need]
        self.served -= bool(old.held)
        self.often -= len(old.held) > SESSIONS_BEFORE_FAIRNESS
        self.buildings[school] = self._empty()
        for held in old.held:
            self._free(held)
            if held.guest >= 0:
                partner = held.guest if held.host == school else held.host
                partners.add(partner)
                self._leave(partner, held)
        for held in old.held:
            if held in self.pinned:
                self.add(held)
        return partners

    def _keep_trainer(self, trainer: int) -> None:
        if trainer not in self._trainers_before:
            self._trainers_before[trainer] = (self.minutes[trainer], self._used[trainer], self.busy[trainer])

    def _keep(self, school: int) -> Building:
        building = self.buildings[school]
        if school not in self._before:
            self._before[school] = building
            building = self.buildings[school] = building.copy()
        return building

    def _free(self, held: Held) -> None:
        trainer = held.trainer
        self._keep_trainer(trainer)
        self._used[trainer] ^= 1 << held.slot
        self.busy[trainer] = self.numbers.blocked(self._used[trainer])
        self.minutes[trainer] += held.minutes

    def _take_part(self, school: int, held: Held) -> Building:
        building, skill = self._keep(school), self.numbers.skill_of[held.training]
        before = len(building.held)
        self.served += before == 0
        self.often += before == SESSIONS_BEFORE_FAIRNESS
        building.held.append(held)
        building.used |= 1 << held.slot
        building.blocked |= self.numbers.overlaps[held.slot]
        building.topics[skill] = building.topics.get(skill, 0) + 1
        return building

    def _leave(self, school: int, held: Held) -> None:
        """A building leaves a shared session."""
        building, numbers = self._keep(school), self.numbers
        skill, before = numbers.skill_of[held.training], len(building.held)
        building.held.remove(held)
        building.used ^= 1 << held.slot
        building.blocked = numbers.blocked(building.used)
        building.topics[skill] -= 1
        if not building.topics[skill]:
            del building.topics[skill]
        self.served -= before == 1
        self.often -= before == SESSIONS_BEFORE_FAIRNESS + 1
        people = held.of_guest if school == held.guest else held.of_host
        self._count(school, numbers.need_of[held.training], building, 0, -people)

    def _count(self, school: int, need: int, building: Building, seats: int, shared: int) -> None:
        most, before = self.numbers.needs[school][need], building.shared[need] + building.seats[need]
        building.seats[need] += seats
        building.shared[need] += shared
        after = before + seats + shared
        more = (after if after < most else most) - (before if before < most else most)
        self.total += self.numbers.weights[school][need] * more

    def may_have(self, school: int, training: int) -> bool:
        """Whether a building's topics, and its people's seven hours, leave room for a training."""
        numbers, topics = self.numbers, self.buildings[school].topics
        if numbers.skill_of[training] not in topics and len(topics) >= MAX_TOPICS:
            return False
        if not numbers.hours_bind:
            return True
        longest: dict[int, float] = defaultdict(float)
        for one in (training, *(held.training for held in self.buildings[school].held)):
            skill = numbers.skill_of[one]
            longest[skill] = max(longest[skill], numbers.trainings[one].minutes)
        return sum(longest.values()) <= MAX_TRAINING_MINUTES

    def is_forbidden(self, held: Held) -> bool:
        """Whether a forbid speaks of a session."""
        return self.numbers.about.is_forbidden(self._option(held))

    def sessions(self) -> list[Session]:
        """The sessions, with the people whom each reaches: those of a building alone are filled one after another."""
        numbers, found = self.numbers, list[Session]()
        for school, building in enumerate(self.buildings):
            alone: dict[int, list[Held]] = defaultdict(list)
            for held in building.held:
                if held.guest < 0:
                    alone[numbers.need_of[held.training]].append(held)
                elif held.host == school:
                    found.append(Session(self._option(held), (held.of_host, held.of_guest)))
            for need, sessions in alone.items():
                left = min(numbers.needs[school][need] - building.shared[need], building.seats[need])
                left -= numbers.fewest * len(sessions)
                for held in sessions:
                    more = min(left, numbers.seats[held.training] - numbers.fewest)
                    left -= more
                    found.append(Session(self._option(held), (numbers.fewest + more,)))
        return found

    def _option(self, held: Held) -> Option:
        numbers = self.numbers
        places = (held.host,) if held.guest < 0 else (held.host, held.guest)
        return Option(
            tuple(numbers.school_ids[place] for place in places), numbers.trainings[held.training].training_id,
            numbers.trainer_ids[held.trainer], numbers.slot_ids[held.slot],
        )  # fmt: skip
