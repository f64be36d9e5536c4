"""The limits that a session decided by hand would break, each as a sentence for the people who decide."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

from pd_core.entities import PlanSession
from pd_core.planning.eligibility import SLACK, Eligibility
from pd_core.planning.problem import FARTHEST_MIE_MINUTES, MAX_TOPICS, MAX_TRAINING_MINUTES, TEACHES
from pd_core.planning.record import option_of
from pd_core.wording import listed, local_moment_said, plural


def unknown_parts(about: Eligibility, session: PlanSession) -> list[str]:
    """What a session names that is on none of the lists; limits can be worked out only where this is empty."""
    found = [f"There is no school “{one}”." for one in session.school_ids if one not in about.schools]
    if not session.school_ids:
        found.append("It has no school.")
    for noun, value, known in (
        ("training", session.training_id, about.trainings),
        ("trainer", session.trainer_id, about.trainers),
        ("slot", session.slot_id, about.slots),
    ):
        if value not in known:
            found.append(f"There is no {noun} “{value}” in the list.")
    return found


def broken_limits(about: Eligibility, session: PlanSession, others: Sequence[PlanSession]) -> list[str]:
    """The limits that a session breaks next to `others`, which are to be held too; `session` itself may be among them.

    Every id of the session is known (`unknown_parts`); others with unknown ids are left out.
    """
    there = [
        one for one in others if one.session_id != session.session_id and one.is_open and not unknown_parts(about, one)
    ]
    return [sentence for limit in _LIMITS for sentence in limit(about, session, there)]


def by_party(sessions: Iterable[PlanSession]) -> Callable[[PlanSession], list[PlanSession]]:
    """For a session, those that share its trainer or one of its schools: no other can break a limit with it."""
    found: dict[tuple[str, str], list[PlanSession]] = defaultdict(list)
    for one in sessions:
        for party in _parties(one):
            found[party].append(one)

    def related(session: PlanSession) -> list[PlanSession]:
        return list(dict.fromkeys(one for party in _parties(session) for one in found.get(party, ())))

    return related


def _parties(session: PlanSession) -> list[tuple[str, str]]:
    return [("trainer", session.trainer_id), *(("school", school_id) for school_id in session.school_ids)]


def _right_trainer(about: Eligibility, session: PlanSession, others: Sequence[PlanSession]) -> Iterator[str]:
    training, trainer = about.trainings[session.training_id], about.trainers[session.trainer_id]
    if TEACHES[training.kind] != trainer.kind:
        who = {"mie": "MIEs", "facilitator": "facilitators"}[TEACHES[training.kind]]
        yield f"{training.title} is an {training.kind} class, which {who} teach; {trainer.name} is not one."
    if training.skill_id not in trainer.skills:
        yield f"{trainer.name} is not certified to teach {training.title}."
    way = about.way(trainer.trainer_id, session.school_ids[0])
    if trainer.kind == "mie" and way > FARTHEST_MIE_MINUTES:
        place = about.schools[session.school_ids[0]].name
        yield f"{trainer.name} has {way:g} minutes to {place}; an MIE goes at most {FARTHEST_MIE_MINUTES}."


def _right_schools(about: Eligibility, session: PlanSession, others: Sequence[PlanSession]) -> Iterator[str]:
    held, *guests = session.school_ids
    if len(guests) > 1:
        yield f"It has {plural(len(session.school_ids), 'school')}; a session is open to one neighbor at most."
    for guest in guests:
        if guest not in about.neighbors.get(held, ()):
            yield f"{about.schools[guest].name} is no neighbor of {about.schools[held].name}."


def _right_slot(about: Eligibility, session: PlanSession, others: Sequence[PlanSession]) -> Iterator[str]:
    training, trainer = about.trainings[session.training_id], about.trainers[session.trainer_id]
    slot = about.slots[session.slot_id]
    if slot.starts_at <= about.problem.now:
        yield f"Slot {slot.slot_id} began on {local_moment_said(slot.starts_at)}."
    if trainer.slots is not None and slot.slot_id not in trainer.slots:
        yield f"{trainer.name} is not available in slot {slot.slot_id}."
    if slot.minutes < training.minutes - SLACK:
        yield f"Slot {slot.slot_id} has {slot.minutes:g} minutes; {training.title} takes {training.minutes:g}."


def _one_at_a_time(about: Eligibility, session: PlanSession, others: Sequence[PlanSession]) -> Iterator[str]:
    slot = about.slots[session.slot_id]
    for other in others:
        if not slot.overlaps(about.slots[other.slot_id]):
            continue
        if other.trainer_id == session.trainer_id:
            yield f"{about.trainers[session.trainer_id].name} teaches {other.session_id} at that time."
        for school_id in sorted(set(session.school_ids) & set(other.school_ids)):
            yield f"{about.schools[school_id].name} has session {other.session_id} at that time."


def _trainers_hours(about: Eligibility, session: PlanSession, others: Sequence[PlanSession]) -> Iterator[str]:
    trainer = about.trainers[session.trainer_id]
    own = [one for one in others if one.trainer_id == session.trainer_id]
    minutes = sum(about.session_minutes(option_of(one)) for one in [session, *own])
    if minutes > trainer.minutes + SLACK:
        yield (
            f"{trainer.name} would give {minutes / 60:.1f} hours, travel included; {trainer.minutes / 60:.1f} are left."
        )


def _topics_and_hours(about: Eligibility, session: PlanSession, others: Sequence[PlanSession]) -> Iterator[str]:
    for school_id in session.school_ids:
        trainings = [
            about.trainings[one.training_id] for one in [session, *others] if school_id in one.school_ids
        ]  # fmt: skip
        longest: dict[str, float] = {}
        for training in trainings:
            longest[training.skill_id] = max(training.minutes, longest.get(training.skill_id, 0.0))
        name = about.schools[school_id].name
        if len(longest) > MAX_TOPICS:
            topics = listed(sorted(longest))
            yield f"{name} would have {plural(len(longest), 'topic')} ({topics}); {MAX_TOPICS} is the most."
        if sum(longest.values()) > MAX_TRAINING_MINUTES + SLACK:
            yield f"{name}'s people would train {sum(longest.values()) / 60:.1f} hours; seven are paid for."


def _seats(about: Eligibility, session: PlanSession, others: Sequence[PlanSession]) -> Iterator[str]:
    training = about.trainings[session.training_id]
    if session.reached is not None and session.reached > training.seats:
        yield f"It is planned for {session.reached:,} people; {training.title} has {plural(training.seats, 'seat')}."


_LIMITS: tuple[Callable[[Eligibility, PlanSession, Sequence[PlanSession]], Iterator[str]], ...] = (
    _right_trainer,
    _right_schools,
    _right_slot,
    _one_at_a_time,
    _trainers_hours,
    _topics_and_hours,
    _seats,
)
