"""What a district's lists can do at all, before any plan is searched for: who is missing where, for what, when."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from pd_core.planning.eligibility import Eligibility
from pd_core.planning.problem import MAX_TOPICS, TEACHES, Need, Problem, Slot, Trainer, Training

Why = Literal["past", "no trainer", "too short"]
Help = Literal["resend", "training", "trainer", "hours"]


@dataclass(frozen=True)
class Uncovered:
    """A skill and kind that people need and no one can teach: `people` of `schools` schools. `lacks`: a training in the
    catalog, or a trainer certified for the skill."""

    skill_id: str
    kind: str
    people: int
    schools: int
    lacks: Literal["training", "trainer"]


@dataclass(frozen=True)
class Hours:
    """Hours of one kind of class: `asked` for reaching everyone in need, classes alone, and `given` by the trainers,
    their ways included. `people` need such a class."""

    kind: str
    asked: float
    given: float
    people: int


@dataclass(frozen=True)
class IdleSlot:
    """A slot in which no class can be held, and why."""

    slot_id: str
    why: Why


@dataclass(frozen=True)
class Biggest:
    """What would help most people: `people` could be reached at most that cannot now. `skill_id` and `kind` are empty
    where it is not about one."""

    help: Help
    people: int
    skill_id: str = ""
    kind: str = ""


@dataclass(frozen=True)
class Staffing:
    """What the lists can do: schools without an MIE and with several; skills that no one can teach, most people first;
    hours; slots without a class; trainers who can give nothing; people whom two topics a school allow to be reached at
    most, of those whose trainings are in the catalog; what would help most (null: nothing would)."""

    without_mie: tuple[str, ...]
    with_several: tuple[str, ...]
    uncovered: tuple[Uncovered, ...]
    hours: tuple[Hours, ...]
    idle_slots: tuple[IdleSlot, ...]
    idle_trainers: tuple[str, ...]
    of_two_topics: int
    of_all_topics: int
    biggest: Biggest | None


def staffing(problem: Problem) -> Staffing:
    """What a problem's lists can do; a list without rows counts as one without trainers, trainings or slots."""
    about = Eligibility(problem)
    mies = Counter(one.home for one in problem.trainers if one.kind == "mie")
    ids = [school.school_id for school in problem.schools]
    uncovered = tuple(sorted(_uncovered(about), key=lambda one: (-one.people, one.kind, one.skill_id)))
    hours = tuple(_hours(about, kind) for kind in TEACHES)
    return Staffing(
        without_mie=tuple(one for one in ids if not mies[one]),
        with_several=tuple(one for one in ids if mies[one] > 1),
        uncovered=uncovered,
        hours=hours,
        idle_slots=tuple(IdleSlot(slot.slot_id, why) for slot in problem.slots if (why := _why_idle(about, slot))),
        idle_trainers=tuple(one.trainer_id for one in problem.trainers if not _can_teach(about, one)),
        of_two_topics=_people_of_topics(about, MAX_TOPICS),
        of_all_topics=_people_of_topics(about, None),
        biggest=_biggest(about, uncovered),
    )


def _uncovered(about: Eligibility) -> Iterator[Uncovered]:
    people: dict[tuple[str, str], list[int]] = defaultdict(list)
    for (_, skill_id, kind), number in about.needs.items():
        people[skill_id, kind].append(number)
    certified = {(skill_id, one.kind) for one in about.problem.trainers for skill_id in one.skills}
    for (skill_id, kind), numbers in people.items():
        if (skill_id, kind) not in about.trainings_of:
            yield Uncovered(skill_id, kind, sum(numbers), len(numbers), "training")
        elif (skill_id, TEACHES[kind]) not in certified:
            yield Uncovered(skill_id, kind, sum(numbers), len(numbers), "trainer")


def _people_of_topics(about: Eligibility, most: int | None) -> int:
    """The people of each school's greatest topics, `most` of them (null: all), of those with a training."""
    return sum(_greatest(about.needs, about.trainings_of, most).values())


def _greatest(
    needs: Mapping[Need, int], kinds: Collection[tuple[str, str]], most: int | None = MAX_TOPICS
) -> dict[tuple[str, str], int]:
    """The people of each school's greatest topics by school and skill, `most` of them (null: all), counting the skills
    and kinds of `kinds`."""
    people: dict[str, Counter[str]] = defaultdict(Counter)
    for (school_id, skill_id, kind), number in needs.items():
        if (skill_id, kind) in kinds:
            people[school_id][skill_id] += number
    return {
        (school_id, skill_id): number
        for school_id, topics in people.items()
        for skill_id, number in topics.most_common(most)
    }


def _hours(about: Eligibility, kind: str, topics: Collection[tuple[str, str]] | None = None) -> Hours:
    """Hours of one kind of class; of the `topics` (school, skill; null: all)."""
    minutes, in_need = 0.0, 0
    for (school_id, skill_id, of_kind), people in about.needs.items():
        if topics is not None and (school_id, skill_id) not in topics:
            continue
        if of_kind == kind and (trainings := about.trainings_of.get((skill_id, kind))):
            in_need += people
            minutes += min(math.ceil(people / one.seats) * one.minutes for one in trainings)
    given = sum(one.minutes for one in about.problem.trainers if one.kind == TEACHES[kind])
    return Hours(kind, minutes / 60, given / 60, in_need)


def _why_idle(about: Eligibility, slot: Slot) -> Why | None:
    if slot.starts_at <= about.problem.now:
        return "past"
    there = [one for one in about.problem.trainers if one.slots is None or slot.slot_id in one.slots]
    there = [one for one in there if one.minutes > 0]
    if not there:
        return "no trainer"
    lengths = [training.minutes for one in there for training in _of_trainer(about, one)]
    return "too short" if lengths and min(lengths) > slot.minutes else None


def _of_trainer(about: Eligibility, trainer: Trainer) -> list[Training]:
    """The trainings that a trainer is certified for and that people need."""
    return [
        training
        for (skill_id, kind), trainings in about.trainings_of.items()
        if TEACHES[kind] == trainer.kind and skill_id in trainer.skills
        for training in trainings
    ]


def _can_teach(about: Eligibility, trainer: Trainer) -> bool:
    """Whether a trainer has a training to give, a slot that is long enough for it, and the hours."""
    return any(
        training.minutes <= trainer.minutes and about.slots_for(trainer.trainer_id, training)
        for training in _of_trainer(about, trainer)
    )


def _biggest(about: Eligibility, uncovered: tuple[Uncovered, ...]) -> Biggest | None:
    """The one change that would let most people be reached, as far as a school's two topics allow: hours for what can
    be taught; for a school that should resend, or a skill that no one teaches, as if there were hours for it."""
    kinds = set(about.trainings_of)
    waiting = {need: people for need, people in about.problem.needs.items() if need[0] in about.resend}
    found = [Biggest("resend", sum(_greatest(waiting, kinds).values()))]
    taught = kinds - {(one.skill_id, one.kind) for one in uncovered}
    now = sum(_greatest(about.needs, taught).values())
    for one in uncovered:
        then = sum(_greatest(about.needs, taught | {(one.skill_id, one.kind)}).values())
        found.append(Biggest(one.lacks, then - now, one.skill_id, one.kind))
    topics = _greatest(about.needs, taught)
    for kind in TEACHES:
        hours = _hours(about, kind, topics)
        if hours.given < hours.asked:
            found.append(Biggest("hours", round(hours.people * (1 - hours.given / hours.asked)), kind=kind))
    best = max(found, key=lambda one: one.people)
    return best if best.people > 0 else None
