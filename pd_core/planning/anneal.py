"""A plan made better by thousands of small changes: a building or two lose their sessions and get others.

At first a change that loses a few people is kept now and then, later hardly any: simulated annealing (Kirkpatrick,
Gelatt, Vecchi 1983, Science 220), with ruin and recreate as its steps (Schrimpf et al. 2000, J. Comput. Phys. 159).
Each session has its trainer and slot at once, so that nothing is lost when they are assigned.
"""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable, Collection, Mapping, Sequence

from pd_core.planning.eligibility import Eligibility
from pd_core.planning.numbers import Numbers, Price
from pd_core.planning.problem import MAX_TOPICS, SESSIONS_BEFORE_FAIRNESS, Session, Trainer, Training
from pd_core.planning.timetable import Held, Timetable

SECONDS_BETWEEN = 2.0
"""How often the plan so far is handed on."""
CHANGES_BETWEEN_LOOKS = 16
"""At the clock."""
MOST_AT_ONCE = 2
PASSED_OVER, TOPICS_KEPT, ELSEWHERE, SHORT_SLOTS = 0.12, 0.6, 0.1, 0.9
"""How often a trainer is passed over, a building's topics stay, a second building is of another region, and a class
goes into a slot that no longer one needs."""
_SEED = 23
Offer = tuple[float, int, int, int, int]
"""People by weight, more or less; a training, a guest (-1: none), and of a shared session the people of both."""


def annealed(
    about: Eligibility,
    sessions: Sequence[Session],
    *,
    most_buildings: int,
    topics: Collection[tuple[str, str]],
    prices: Mapping[tuple[str, ...], float],
    warmth: tuple[float, float],
    deadline: float,
    keep: Callable[[list[Session]], None],
    is_enough: Callable[[], bool],
) -> None:
    """Changes a plan until `deadline` (monotonic seconds), or until `is_enough` says so; `keep` hears of better plans.

    `topics` (building, skill) are tried, next to those of the greatest needs; trainers with the least `prices` of hours
    and slots come first. `warmth`: people by weight that a change may lose at first and at last, one time in three.
    Sessions that a lock speaks of stay. The budget isn't looked at.
    """
    numbers = Numbers(about, topics, price_of(prices))
    timetable = Timetable(numbers, sessions)
    steps = Steps(timetable, random.Random(_SEED), most_buildings)
    started = told_at = time.monotonic()
    (warm, cold), now_warm = warmth, warmth[0]
    best, count = timetable.total, 0
    while True:
        if count % CHANGES_BETWEEN_LOOKS == 0:
            now = time.monotonic()
            if now - told_at >= SECONDS_BETWEEN and timetable.total > best + 1e-6:
                best, told_at = timetable.total, now
                keep(timetable.sessions())
            if now >= deadline or is_enough():
                break
            now_warm = warm * (cold / warm) ** ((now - started) / (deadline - started))
        count += 1
        before = timetable.total
        steps.change()
        is_fair = not timetable.often or timetable.served >= most_buildings
        if not is_fair or timetable.total < before + now_warm * math.log(steps.random() + 1e-12):
            timetable.undo()
    if timetable.total > best + 1e-6:
        keep(timetable.sessions())


def price_of(prices: Mapping[tuple[str, ...], float]) -> Price:
    """The price of a session from those of the hub model's rows: hours, whole steps of hours, slots by length."""
    own: dict[str, list[tuple[str, float, float]]] = {}
    for name, worth in prices.items():
        if len(name) > 1 and worth > 0:
            own.setdefault(name[1], []).append((name[0], float(name[2]) if len(name) > 2 else 0.0, worth))

    def price(trainer: Trainer, training: Training, minutes: float) -> float:
        total = 0.0
        for kind, size, each in own.get(trainer.trainer_id, ()):
            if kind == "hours":
                total += each * minutes
            elif kind == "steps":
                total += each * int((minutes + 1e-6) / size)
            elif training.minutes >= size - 1e-3:
                total += each
        return total

    return price


class Steps:
    """Draws changes to a timetable and makes them. Where fewer buildings than `most_buildings` have a session, none
    gets a third."""

    def __init__(self, timetable: Timetable, source: random.Random, most_buildings: int) -> None:
        self.timetable, self.numbers = timetable, timetable.numbers
        self._most_buildings = most_buildings
        self._may_have_many = False
        self.random = source.random

    def change(self) -> None:
        """Takes the sessions of one or two buildings away, and gives them, and those that shared theirs, others."""
        timetable, random = self.timetable, self.random
        timetable.begin()
        self._may_have_many = timetable.served >= self._most_buildings
        chosen = self._chosen()
        before = {school: list(timetable.buildings[school].topics) for school in chosen}
        partners = set[int]()
        for school in chosen:
            partners |= timetable.clear(school)
        if len(chosen) > 1 and random() < 0.5:
            chosen.reverse()
        for school in chosen:
            have = list(timetable.buildings[school].topics)
            more = [skill for skill in self._topics(school, before[school]) if skill not in have]
            self._fill(school, (have + more)[:MAX_TOPICS])
        region = self.numbers.regions[chosen[0]]
        partners.add(region[int(random() * len(region))])
        for school in sorted(partners.difference(before)):
            self._fill(school, list(timetable.buildings[school].topics))

    def _chosen(self) -> list[int]:
        random, numbers = self.random, self.numbers
        first = int(random() * len(numbers.school_ids))
        if random() * MOST_AT_ONCE < 1:
            return [first]
        near, region = numbers.near[first], numbers.regions[first]
        if near and random() < 0.5:
            return [first, near[int(random() * len(near))]]
        if random() < ELSEWHERE:
            second = int(random() * len(numbers.school_ids))
        else:
            second = region[int(random() * len(region))]
        return [first] if second == first else [first, second]

    def _topics(self, school: int, before: list[int]) -> list[int]:
        """The topics to give a building: mostly those from before, else others by how many people need them."""
        random, numbers = self.random, self.numbers
        if len(before) == MAX_TOPICS and random() < TOPICS_KEPT:
            return before
        drawn = sorted(
            zip(
                (random() ** (1.0 / wanted) for wanted in numbers.wanted[school]), numbers.topics[school], strict=True
            ),
            reverse=True,
        )  # fmt: skip
        topics = [skill for _, skill in drawn]
        if before and random() < 0.5:
            kept = before[int(random() * len(before))]
            return [kept, *(skill for skill in topics if skill != kept)]
        return topics

    def _fill(self, school: int, topics: list[int]) -> None:
        """Holds sessions of some topics at a building, greatest first, as long as there is anyone to give them."""
        timetable, numbers = self.timetable, self.numbers
        need_of, failed = numbers.need_of, set[tuple[int, int]]()
        offers = {}
        for skill in topics:
            for training in numbers.of_skill[skill]:
                offer = self._offer(school, training, failed)
                if offer is not None:
                    offers[training] = offer
        while offers and timetable.buildings[school].blocked != numbers.all_slots and self._has_room(school):
            _, training, guest, of_host, of_guest = max(offers.values())
            if not self._is_held(school, training, guest, of_host, of_guest):
                failed.add((training, guest))
            need = need_of[training]
            for other in [one for one in offers if need_of[one] == need]:
                offer = self._offer(school, other, failed)
                if offer is None:
                    del offers[other]
                else:
                    offers[other] = offer

    def _is_held(self, school: int, training: int, guest: int, of_host: int, of_guest: int) -> bool:
        """Holds a session where anyone can give it, a shared one at either building."""
        timetable = self.timetable
        if not timetable.may_have(school, training):
            return False
        if guest < 0:
            return self._hold(training, school, -1, 0, 0)
        if not self._has_room(guest):
            return False
        return timetable.may_have(guest, training) and (
            self._hold(training, school, guest, of_host, of_guest)
            or self._hold(training, guest, school, of_guest, of_host)
        )

    def _has_room(self, school: int) -> bool:
        """Whether the fairness rule leaves a building another session."""
        return self._may_have_many or len(self.timetable.buildings[school].held) < SESSIONS_BEFORE_FAIRNESS

    def _offer(self, school: int, training: int, failed: set[tuple[int, int]]) -> Offer | None:
        """The session of a training that reaches most people by weight, a little by chance; what fills the seats is
        held for a building alone."""
        timetable, numbers, random = self.timetable, self.numbers, self.random
        need, building = numbers.need_of[training], timetable.buildings[school]
        alone = numbers.needs[school][need] - building.shared[need]
        left = alone - building.seats[need]
        if left <= 0:
            return None
        best, greatest, fewest = None, 0.0, numbers.fewest
        seats, weight = numbers.seats[training], numbers.weights[school][need]
        if alone >= fewest * (building.alone[need] + 1) and (training, -1) not in failed:
            greatest = (left if left < seats else seats) * weight * (0.8 + 0.4 * random())
            if greatest > 0:
                best = (greatest, training, -1, 0, 0)
        if left < seats:
            for guest in numbers.near[school]:
                other = timetable.buildings[guest]
                joining = min(numbers.needs[guest][need] - other.shared[need] - other.seats[need], seats - left)
                if joining <= 0 or left + joining < fewest or (training, guest) in failed:
                    continue
                gain = (left * weight + joining * numbers.weights[guest][need]) * (0.7 + 0.4 * random())
                if gain > greatest and timetable.may_have(guest, training):
                    best, greatest = (gain, training, guest, left, joining), gain
        return best

    def _hold(self, training: int, host: int, guest: int, of_host: int, of_guest: int) -> bool:
        """Holds a session with the first trainer who has the hours and a slot, some passed over by chance; tells
        whether there was one."""
        timetable, numbers, random, busy = self.timetable, self.numbers, self.random, self.timetable.busy
        blocked, minutes_left = timetable.buildings[host].blocked, timetable.minutes
        if guest >= 0:
            blocked |= timetable.buildings[guest].blocked
        for trainer, minutes, slots, _ in numbers.givers(training, host):
            if minutes_left[trainer] < minutes:
                continue
            free = slots & ~(blocked | busy[trainer])
            if not free or random() < PASSED_OVER:
                continue
            short = free & numbers.short_for[training]
            if short and random() < SHORT_SLOTS:
                free = short
            for slot in self._in_any_order(free):
                held = Held(training, trainer, slot, host, guest, of_host, of_guest, minutes)
                if not numbers.about.forbids or not timetable.is_forbidden(held):
                    timetable.add(held)
                    return True
        return False

    def _in_any_order(self, slots: int) -> list[int]:
        found = []
        while slots:
            last = slots & -slots
            found.append(last.bit_length() - 1)
            slots ^= last
        if len(found) > 1:
            start = int(self.random() * len(found))
            found = found[start:] + found[:start]
        return found
