"""An earlier plan carried over to changed lists or rules: what of it can still be held."""

from __future__ import annotations

from collections.abc import Sequence

from pd_core.planning.diary import Diary
from pd_core.planning.eligibility import Eligibility
from pd_core.planning.problem import Session


def carried(about: Eligibility, sessions: Sequence[Session]) -> list[Session] | None:
    """The sessions that keep all limits, in their order; null where they do not keep every lock."""
    diary = Diary(about)
    for session in sessions:
        if _is_possible(about, session) and _has_room(diary, session):
            diary.add(session)
    kept = diary.sessions
    return kept if all(any(rule.fits(one.option) for one in kept) for rule in about.locks) else None


def _is_possible(about: Eligibility, session: Session) -> bool:
    option, training = session.option, about.trainings.get(session.option.training_id)
    if (
        training is None
        or option.trainer_id not in about.trainers
        or not set(option.school_ids) <= about.schools.keys()
    ):
        return False
    fewest, people = max(about.problem.fewest, len(session.people)), sum(session.people)
    host, *guests = option.school_ids
    return (
        any(trainer_id == option.trainer_id for trainer_id, _ in about.trainers_for(training, host))
        and option.slot_id in about.slots_for(option.trainer_id, training)
        and all(guest in about.neighbors.get(host, ()) for guest in guests)
        and training in about.trainings_of.get((training.skill_id, training.kind), ())
        and fewest <= people <= training.seats
    )


def _has_room(diary: Diary, session: Session) -> bool:
    training = diary.about.trainings[session.option.training_id]
    left = [diary.left.get((one, training.skill_id, training.kind), 0) for one in session.option.school_ids]
    return (
        all(people <= there for people, there in zip(session.people, left, strict=True))
        and sum(session.people) <= diary.affordable(training)
        and all(diary.may_have(school_id, training) for school_id in session.option.school_ids)
        and diary.can_hold(session.option)
    )
