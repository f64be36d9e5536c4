"""Who is busy when, as a plan grows session by session: what a person with a calendar would keep."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from pd_core.planning.eligibility import SLACK, Eligibility
from pd_core.planning.problem import MAX_TOPICS, MAX_TRAINING_MINUTES, Option, Session, Training


class Diary:
    """The sessions so far, and what they leave of hours, slots, topics, needs and money."""

    def __init__(self, about: Eligibility, sessions: Iterable[Session] = ()) -> None:
        self.about = about
        self.sessions: list[Session] = []
        self.taken: dict[str, int] = defaultdict(int)
        self.left: dict[tuple[str, str, str], int] = dict(about.needs)
        self._minutes = {trainer.trainer_id: trainer.minutes for trainer in about.problem.trainers}
        self._busy: dict[str, set[str]] = defaultdict(set)
        self._topics: dict[str, dict[str, float]] = defaultdict(dict)
        self._money = float("inf") if about.problem.budget is None else about.problem.budget
        self._overlapping = {
            slot.slot_id: {other.slot_id for other in about.open_slots if slot.overlaps(other)}
            for slot in about.open_slots
        }
        for session in sessions:
            self.add(session)

    def add(self, session: Session) -> None:
        """Writes a session down."""
        option, training = session.option, self.about.trainings[session.option.training_id]
        self.sessions.append(session)
        self._minutes[option.trainer_id] -= self.about.session_minutes(option)
        self._busy[option.trainer_id] |= self._overlapping[option.slot_id]
        for school_id, people in zip(option.school_ids, session.people, strict=True):
            self.taken[school_id] += 1
            self._busy[school_id] |= self._overlapping[option.slot_id]
            self.left[school_id, training.skill_id, training.kind] -= people
            topics = self._topics[school_id]
            topics[training.skill_id] = max(topics.get(training.skill_id, 0.0), training.minutes)
            self._money -= people * self.about.problem.cost_per_person(training)

    def may_have(self, school_id: str, training: Training) -> bool:
        """Whether a building's topics and hours leave room for a training."""
        topics = self._topics[school_id]
        if training.skill_id not in topics and len(topics) >= MAX_TOPICS:
            return False
        longest = {**topics, training.skill_id: max(topics.get(training.skill_id, 0.0), training.minutes)}
        return sum(longest.values()) <= MAX_TRAINING_MINUTES + SLACK

    def affordable(self, training: Training) -> int:
        """How many people the money left pays in one session of a training."""
        cost = self.about.problem.cost_per_person(training)
        return training.seats if cost <= 0 or self._money == float("inf") else int((self._money + SLACK) / cost)

    @property
    def money_left(self) -> float:
        """What is left of the budget; infinite without one."""
        return self._money

    def minutes_left(self, trainer_id: str) -> float:
        """The minutes that a trainer still has."""
        return self._minutes[trainer_id]

    def free_slots(self, trainer_id: str, school_id: str, slot_ids: Sequence[str]) -> list[str]:
        """Those of some slots in which neither trainer nor building are busy."""
        trainers, schools = self._busy[trainer_id], self._busy[school_id]
        return [one for one in slot_ids if one not in trainers and one not in schools]

    def topics(self, school_id: str) -> list[str]:
        """The skills that a building has sessions in."""
        return sorted(self._topics[school_id])

    def can_hold(self, option: Option) -> bool:
        """Whether the trainer has the hours, trainer and buildings are free then, and nothing forbids it."""
        return self.about.session_minutes(option) <= self._minutes[option.trainer_id] + SLACK and self.is_free(option)

    def is_free(self, option: Option) -> bool:
        """Whether trainer and buildings are free then, and nothing forbids it."""
        return (
            option.slot_id not in self._busy[option.trainer_id]
            and not any(option.slot_id in self._busy[school_id] for school_id in option.school_ids)
            and not self.about.is_forbidden(option)
        )


def is_affordable(about: Eligibility, sessions: Iterable[Session]) -> bool:
    """Whether the budget pays for some sessions' people; always where there is none."""
    if about.problem.budget is None:
        return True
    costs = (
        sum(session.people) * about.problem.cost_per_person(about.trainings[session.option.training_id])
        for session in sessions
    )
    return sum(costs) <= about.problem.budget + SLACK
