"""Which sessions are possible at all: who may teach what, where, when and for whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cached_property

from pd_core.planning.problem import (
    FARTHEST_MIE_MINUTES,
    MAX_TRAINING_MINUTES,
    NEIGHBOR_MINUTES,
    OTHER_REGION_MINUTES,
    SAME_REGION_MINUTES,
    TEACHES,
    Option,
    Problem,
    Rule,
    School,
    Session,
    Slot,
    Trainer,
    Training,
)

SLACK = 1e-6
"""Minutes and money that differ by less are the same."""


class Eligibility:
    """A problem with its rights and ways looked up; made once, then asked.

    `needs` are those that sessions may serve: none of a building that should resend, unless a lock names it.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.schools: dict[str, School] = {one.school_id: one for one in problem.schools}
        self.trainings: dict[str, Training] = {one.training_id: one for one in problem.trainings}
        self.trainers: dict[str, Trainer] = {one.trainer_id: one for one in problem.trainers}
        self.slots: dict[str, Slot] = {one.slot_id: one for one in problem.slots}
        self.locks: tuple[Rule, ...] = tuple(rule for rule in problem.rules if rule.action == "lock")
        self.forbids: tuple[Rule, ...] = tuple(rule for rule in problem.rules if rule.action == "forbid")
        named = {rule.school_id for rule in self.locks}
        self.resend: dict[str, int | None] = {
            school_id: more for school_id, more in problem.resend.items() if school_id not in named
        }
        self.needs: dict[tuple[str, str, str], int] = {
            need: people
            for need, people in problem.needs.items()
            if people > 0 and need[0] in self.schools and need[0] not in self.resend
        }
        self._slots_for: dict[tuple[str, float], tuple[str, ...]] = {}
        self._trainers_for: dict[tuple[str, str], tuple[tuple[str, float], ...]] = {}

    def way(self, trainer_id: str, school_id: str) -> float:
        """Minutes from a trainer's home to a building, one way."""
        home = self.trainers[trainer_id].home
        if home is None:
            return SAME_REGION_MINUTES
        if home == school_id:
            return 0.0
        listed = self._ways.get((home, school_id))
        if listed is not None:
            return listed
        is_near = self.schools[home].region == self.schools[school_id].region
        return SAME_REGION_MINUTES if is_near else OTHER_REGION_MINUTES

    def listed_way(self, school_id: str, other: str) -> float | None:
        """Minutes between two buildings as the list has them (null: not listed)."""
        return self._ways.get((school_id, other))

    def ways_from(self, home: str | None) -> list[str]:
        """The buildings that have a way of their own from a home: itself, and those listed."""
        return [] if home is None else self._listed_from.get(home, [home])

    @cached_property
    def _listed_from(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {school_id: [school_id] for school_id in self.schools}
        for school_id, other in sorted(self._ways):
            if school_id in found and other in self.schools and other != school_id:
                found[school_id].append(other)
        return found

    @cached_property
    def neighbors(self) -> dict[str, list[str]]:
        """The buildings whose people may join a session of another, in the order of ids."""
        found: dict[str, list[str]] = defaultdict(list)
        for school_id, other in sorted(self._ways):
            if self._ways[school_id, other] <= NEIGHBOR_MINUTES and {school_id, other} <= self.schools.keys():
                found[school_id].append(other)
        return dict(found)

    @cached_property
    def trainings_of(self) -> dict[tuple[str, str], list[Training]]:
        """The trainings of each skill and kind that can be held at all, in the catalog's order."""
        found: dict[tuple[str, str], list[Training]] = defaultdict(list)
        for training in self.problem.trainings:
            if training.minutes <= MAX_TRAINING_MINUTES and training.seats >= max(1, self.problem.fewest):
                found[training.skill_id, training.kind].append(training)
        return dict(found)

    def trainers_for(self, training: Training, school_id: str) -> tuple[tuple[str, float], ...]:
        """Who may give a training at a building, with the minutes of the way: nearest first, then by id."""
        key = (training.training_id, school_id)
        if key not in self._trainers_for:
            self._trainers_for[key] = tuple(self._find_trainers(training, school_id))
        return self._trainers_for[key]

    def slots_for(self, trainer_id: str, training: Training) -> tuple[str, ...]:
        """A trainer's slots that have not begun and are long enough for a training, in order of time."""
        key = (trainer_id, training.minutes)
        if key not in self._slots_for:
            own = self.trainers[trainer_id].slots
            self._slots_for[key] = tuple(
                slot.slot_id
                for slot in self.open_slots
                if slot.minutes >= training.minutes - SLACK and (own is None or slot.slot_id in own)
            )
        return self._slots_for[key]

    @cached_property
    def open_slots(self) -> list[Slot]:
        """The slots that have not begun yet, in order of time."""
        coming = [slot for slot in self.problem.slots if slot.starts_at > self.problem.now]
        return sorted(coming, key=lambda slot: (slot.starts_at, slot.ends_at, slot.slot_id))

    @cached_property
    def cliques(self) -> list[frozenset[str]]:
        """Sets of slots that share a moment: of each, one person or building can use one slot. None is part of
        another."""
        found: list[frozenset[str]] = []
        for moment in sorted({slot.starts_at for slot in self.open_slots}):
            going_on = frozenset(slot.slot_id for slot in self.open_slots if slot.starts_at <= moment < slot.ends_at)
            if not any(going_on <= other for other in found):
                found = [other for other in found if not other <= going_on]
                found.append(going_on)
        return found

    def most_at_once_apart(self, slot_ids: Iterable[str]) -> int:
        """How many of some slots can be used one after another."""
        wanted = set(slot_ids)
        number, free_from = 0, None
        for slot in sorted((self.slots[one] for one in wanted), key=lambda slot: slot.ends_at):
            if free_from is None or slot.starts_at >= free_from:
                number, free_from = number + 1, slot.ends_at
        return number

    def is_forbidden(self, option: Option) -> bool:
        """Whether a forbid speaks of this session."""
        return any(rule.fits(option) for rule in self.forbids)

    def is_closed_to(self, school_id: str, training: Training) -> bool:
        """Whether forbids keep a training from a building, by any trainer and at any time."""
        return any(
            rule.school_id in ("", school_id)
            and rule.training_id in ("", training.training_id)
            and not (rule.trainer_id or rule.slot_id)
            for rule in self.forbids
        )

    def is_barred(self, trainer: Trainer, training: Training) -> bool:
        """Whether forbids keep a trainer from giving a training, wherever and whenever."""
        return any(
            rule.trainer_id in ("", trainer.trainer_id)
            and rule.training_id in ("", training.training_id)
            and not (rule.school_id or rule.slot_id)
            for rule in self.forbids
        )

    def session_minutes(self, option: Option) -> float:
        """A trainer's minutes for one session: the training, and the way there and back."""
        way = self.way(option.trainer_id, option.school_ids[0])
        return self.trainings[option.training_id].minutes + 2 * way

    def session_comfort(self, session: Session) -> float:
        """How well a session's time suits its people, less a fifth of a person for each minute of the way."""
        time = self.slots[session.option.slot_id].time
        suits = sum(
            people * self.problem.shares.get((school_id, time), 0.0)
            for school_id, people in zip(session.option.school_ids, session.people, strict=True)
        )
        return suits - 2 * self.way(session.option.trainer_id, session.option.school_ids[0]) / 10

    def comfort(self, sessions: Iterable[Session]) -> float:
        """How well the times of a plan suit, less the ways."""
        return float(sum(map(self.session_comfort, sessions)))

    def session_gain(self, session: Session) -> float:
        """A session's people, each by the weight of their building for the skill."""
        skill_id = self.trainings[session.option.training_id].skill_id
        return sum(
            people * self.problem.weight(school_id, skill_id)
            for school_id, people in zip(session.option.school_ids, session.people, strict=True)
        )

    def people_there(self, school_ids: Sequence[str], training: Training) -> list[int]:
        """The need of each building for a training's skill and kind."""
        return [self.needs.get((school_id, training.skill_id, training.kind), 0) for school_id in school_ids]

    def options(
        self,
        school_ids: Collection[str] | None = None,
        *,
        skills: Collection[tuple[str, str]] | None = None,
        with_forbidden: bool = False,
    ) -> Iterator[Option]:
        """Every session that could be held for buildings of `school_ids` alone (null: all), in a fixed order; of the
        topics `skills` (building, skill; null: all)."""
        for school in self.problem.schools:
            if school_ids is None or school.school_id in school_ids:
                yield from self._options_at(school.school_id, school_ids, skills, with_forbidden)

    def _options_at(
        self,
        host: str,
        school_ids: Collection[str] | None,
        skills: Collection[tuple[str, str]] | None,
        with_forbidden: bool,
    ) -> Iterator[Option]:
        guests = [other for other in self.neighbors.get(host, ()) if school_ids is None or other in school_ids]
        for (skill_id, kind), trainings in self.trainings_of.items():
            if (host, skill_id, kind) not in self.needs or (skills is not None and (host, skill_id) not in skills):
                continue
            for training in trainings:
                groups = [(host,), *((host, guest) for guest in guests)]
                for group in groups:
                    if skills is not None and (group[-1], skill_id) not in skills:
                        continue
                    if self.is_enough(group, training):
                        yield from self._options_of(group, training, with_forbidden)

    def is_enough(self, group: tuple[str, ...], training: Training) -> bool:
        """Whether a session for these buildings could be full enough, with someone of each."""
        people = self.people_there(group, training)
        return min(people) >= 1 and training.seats >= len(group) and sum(people) >= self.problem.fewest

    def _options_of(self, group: tuple[str, ...], training: Training, with_forbidden: bool) -> Iterator[Option]:
        for trainer_id, _ in self.trainers_for(training, group[0]):
            for slot_id in self.slots_for(trainer_id, training):
                option = Option(group, training.training_id, trainer_id, slot_id)
                if with_forbidden or not self.forbids or not self.is_forbidden(option):
                    yield option

    def _find_trainers(self, training: Training, school_id: str) -> list[tuple[str, float]]:
        found = []
        for trainer in self._could_come(training.skill_id, TEACHES[training.kind], school_id):
            way = self.way(trainer.trainer_id, school_id)
            is_far = trainer.kind == "mie" and way > FARTHEST_MIE_MINUTES
            if not is_far and training.minutes + 2 * way <= trainer.minutes + SLACK:
                found.append((trainer.trainer_id, way))
        return sorted(found, key=lambda one: (one[1], one[0]))

    def _could_come(self, skill_id: str, kind: str, school_id: str) -> Iterator[Trainer]:
        """Everyone certified who may be near enough: an MIE is, in the region, with a listed way, or without a home."""
        if kind != "mie":
            yield from self._teachers.get((skill_id, kind), ())
            return
        region, homes = self.schools[school_id].region, self._mies_at.get(skill_id, {})
        near = [
            *self._in_region[region],
            *(one for one in self.ways_from(school_id) if self._is_elsewhere(one, region)),
        ]
        for home in (None, *near):
            yield from homes.get(home, ())

    def _is_elsewhere(self, school_id: str, region: str) -> bool:
        return self.schools[school_id].region != region

    @cached_property
    def _in_region(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for school in self.problem.schools:
            found[school.region].append(school.school_id)
        return dict(found)

    @cached_property
    def _mies_at(self) -> dict[str, dict[str | None, list[Trainer]]]:
        """The MIEs certified for each skill, by home."""
        found: dict[str, dict[str | None, list[Trainer]]] = defaultdict(lambda: defaultdict(list))
        for trainer in self.problem.trainers:
            for skill_id in trainer.skills if trainer.kind == "mie" else ():
                found[skill_id][trainer.home].append(trainer)
        return {skill_id: dict(homes) for skill_id, homes in found.items()}

    @cached_property
    def _teachers(self) -> dict[tuple[str, str], list[Trainer]]:
        found: dict[tuple[str, str], list[Trainer]] = defaultdict(list)
        for trainer in self.problem.trainers:
            for skill_id in trainer.skills:
                found[skill_id, trainer.kind].append(trainer)
        return dict(found)

    @cached_property
    def _ways(self) -> dict[tuple[str, str], float]:
        ways = self.problem.ways
        return {**{(other, school_id): minutes for (school_id, other), minutes in ways.items()}, **ways}
