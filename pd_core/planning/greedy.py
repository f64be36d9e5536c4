"""A plan as a person makes it by hand: building by building, the greatest need first, the nearest free trainer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pd_core.planning.diary import Diary
from pd_core.planning.eligibility import SLACK, Eligibility
from pd_core.planning.problem import SESSIONS_BEFORE_FAIRNESS, Option, Session, Training


def by_hand(about: Eligibility, start: Iterable[Session] = (), most_buildings: int | None = None) -> list[Session]:
    """Sessions added to those of `start`, none with a second building, within all limits.

    First one for each building, then up to two, then what is left where as many buildings as `most_buildings` (null:
    not known, so never) have one.
    """
    diary = Diary(about, start)
    for most in (1, SESSIONS_BEFORE_FAIRNESS):
        for school in about.problem.schools:
            while diary.taken[school.school_id] < most and _add_best(diary, school.school_id):
                pass
    served = sum(1 for sessions in diary.taken.values() if sessions)
    if most_buildings is not None and served >= most_buildings:
        for school in about.problem.schools:
            while _add_best(diary, school.school_id):
                pass
    return diary.sessions


def one_each(about: Eligibility, start: Iterable[Session] = ()) -> list[Session]:
    """A short session for every building that can have one: those with the fewest who could come are served first."""
    diary = Diary(about, start)
    waiting = sorted(
        (school.school_id for school in about.problem.schools),
        key=lambda school_id: (len(_trainers_near(about, school_id)), school_id),
    )
    for school_id in waiting:
        if not diary.taken[school_id]:
            trainings = sorted(_open_trainings(diary, school_id), key=lambda one: (one[0].minutes, -one[1]))
            _add_first(diary, school_id, trainings, few=True)
    return diary.sessions


def _trainers_near(about: Eligibility, school_id: str) -> set[str]:
    return {
        trainer_id
        for (_, skill_id, kind) in ((school_id, *key) for key in about.trainings_of)
        if (school_id, skill_id, kind) in about.needs
        for training in about.trainings_of[skill_id, kind]
        for trainer_id, _ in about.trainers_for(training, school_id)
    }


def _open_trainings(diary: Diary, school_id: str) -> list[tuple[Training, float]]:
    """The trainings that a building could still have, with the people by weight whom one session would reach."""
    about, found = diary.about, []
    for (skill_id, kind), trainings in about.trainings_of.items():
        left = diary.left.get((school_id, skill_id, kind), 0)
        for training in trainings if left >= max(1, about.problem.fewest) else ():
            people = min(left, training.seats, diary.affordable(training))
            if people >= max(1, about.problem.fewest) and diary.may_have(school_id, training):
                found.append((training, people * about.problem.weight(school_id, skill_id)))
    return found


def _add_best(diary: Diary, school_id: str) -> bool:
    trainings = [one for one in _open_trainings(diary, school_id) if one[1] > 0]
    return _add_first(diary, school_id, sorted(trainings, key=lambda one: (-one[1], one[0].minutes)), few=False)


def _add_first(diary: Diary, school_id: str, trainings: Sequence[tuple[Training, float]], *, few: bool) -> bool:
    """Holds the first of some trainings for which a trainer is free; tells whether there was one."""
    about = diary.about
    for training, _ in trainings:
        left = diary.left[school_id, training.skill_id, training.kind]
        people = min(left, training.seats, diary.affordable(training))
        people = max(1, about.problem.fewest) if few and about.problem.budget is not None else people
        for trainer_id, way in about.trainers_for(training, school_id):
            if training.minutes + 2 * way > diary.minutes_left(trainer_id) + SLACK:
                continue
            slots = sorted(
                diary.free_slots(trainer_id, school_id, about.slots_for(trainer_id, training)),
                key=lambda slot_id: -about.problem.shares.get((school_id, about.slots[slot_id].time), 0.0),
            )
            for slot_id in slots:
                option = Option((school_id,), training.training_id, trainer_id, slot_id)
                if diary.can_hold(option):
                    diary.add(Session(option, (people,)))
                    return True
    return False
