"""What came second: the session that a trainer could give at the same time instead, everything else staying."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pd_core.planning.changes import sessions_of
from pd_core.planning.diary import Diary
from pd_core.planning.eligibility import Eligibility
from pd_core.planning.problem import TEACHES, Option, Problem, Training
from pd_core.planning.result import Plan


@dataclass(frozen=True)
class RunnerUp:
    """The training at a school that would reach most people by weight instead of a session: `people` of them, `fewer`
    by weight than the session reaches."""

    school_id: str
    training_id: str
    people: int
    fewer: float


def runner_up(problem: Problem, plan: Plan, session_id: str) -> RunnerUp | None:
    """The best other use of a session's trainer and slot (null: there is none)."""
    place = next(place for place, one in enumerate(plan.sessions) if one.session_id == session_id)
    about, sessions = Eligibility(problem), sessions_of(plan)
    taken = sessions.pop(place)
    diary, option = Diary(about, sessions), taken.option
    found = []
    for school_id, training in _choices(about, option.trainer_id, option.slot_id):
        if (school_id, training.training_id) == (option.school_ids[0], option.training_id):
            continue
        left = diary.left.get((school_id, training.skill_id, training.kind), 0)
        people = min(left, training.seats, diary.affordable(training))
        if people >= max(1, problem.fewest) and diary.may_have(school_id, training):
            other = Option((school_id,), training.training_id, option.trainer_id, option.slot_id)
            if diary.can_hold(other):
                gain = people * problem.weight(school_id, training.skill_id)
                found.append(RunnerUp(school_id, training.training_id, people, about.session_gain(taken) - gain))
    return min(found, key=lambda one: (one.fewer, one.school_id, one.training_id)) if found else None


def _choices(about: Eligibility, trainer_id: str, slot_id: str) -> Iterator[tuple[str, Training]]:
    """The schools and trainings that a trainer could serve in a slot."""
    trainer = about.trainers[trainer_id]
    for (skill_id, kind), trainings in about.trainings_of.items():
        if TEACHES[kind] != trainer.kind or skill_id not in trainer.skills:
            continue
        for training in trainings:
            if slot_id in about.slots_for(trainer_id, training):
                for school in about.problem.schools:
                    if any(other == trainer_id for other, _ in about.trainers_for(training, school.school_id)):
                        yield school.school_id, training
