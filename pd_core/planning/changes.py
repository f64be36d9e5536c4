"""The smallest change that would let more people of a need be reached, next to the sessions that a plan holds."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from pd_core.planning.diary import Diary
from pd_core.planning.eligibility import SLACK, Eligibility
from pd_core.planning.problem import (
    MAX_TOPICS,
    SESSIONS_BEFORE_FAIRNESS,
    Option,
    Problem,
    Session,
    Training,
)
from pd_core.planning.result import Plan

Limit = Literal["topics", "seven hours", "seats", "people", "money", "neighbor", "hours", "slots", "fairness", "search"]
HOUR_STEP = 0.25
"""Hours are asked for in quarters."""


@dataclass(frozen=True)
class Change:
    """The limit that keeps a need from one more session, and what would lift it.

    `amount` is what is missing: hours of the trainer `subject`, money, or people (how many fewer than a session needs).
    For a slot, `subject` is the trainer who would have the hours (empty: none has); for topics, `subject` lists the
    school's own. “seats”: no training seats enough; “neighbor”: only a session at a neighbor's could be joined;
    “search”: no limit, only time to search. Where `is_enough`, one more session can be held once it is changed, the
    plan's others staying as they are.
    """

    limit: Limit
    subject: str = ""
    amount: float = 0.0
    is_enough: bool = False


def sessions_of(plan: Plan) -> list[Session]:
    """A plan's sessions as the search has them."""
    return [
        Session(
            Option(one.school_ids, one.training_id, one.trainer_id, one.slot_id),
            tuple(one.reached_by_school[school_id] for school_id in one.school_ids),
        )
        for one in plan.sessions
    ]


class Changes:
    """Answers for the needs that a plan leaves. Made once a plan."""

    def __init__(self, problem: Problem, plan: Plan) -> None:
        self.about = Eligibility(problem)
        self.sessions = sessions_of(plan)
        self.diary = Diary(self.about, self.sessions)

    def smallest(self, school_id: str, skill_id: str, kind: str) -> Change:
        """The limit that binds a need whose reason is “limits”, and the smallest change that lifts it."""
        about, diary = self.about, self.diary
        trainings = about.trainings_of.get((skill_id, kind), [])
        if not trainings:
            return Change("seats")
        open_to_it = [one for one in trainings if diary.may_have(school_id, one)]
        if not open_to_it:
            topics = diary.topics(school_id)
            is_full = skill_id not in topics and len(topics) >= MAX_TOPICS
            return Change("topics" if is_full else "seven hours", ";".join(topics))
        left = diary.left[school_id, skill_id, kind]
        fewest = max(1, about.problem.fewest)
        if left < fewest:
            return Change("people", amount=fewest - left)
        affordable = [one for one in open_to_it if diary.affordable(one) >= fewest]
        if not affordable:
            cost = min(about.problem.cost_per_person(one) * fewest - diary.money_left for one in open_to_it)
            return Change("money", amount=math.ceil(cost))
        return self._trainer(school_id, affordable)

    def _trainer(self, school_id: str, trainings: Sequence[Training]) -> Change:
        """Of those who may give one of some trainings, the one who lacks least."""
        hours: list[tuple[float, str]] = []
        without_slot: list[tuple[float, str]] = []
        for training in trainings:
            for trainer_id, way in self.about.trainers_for(training, school_id):
                missing = training.minutes + 2 * way - self.diary.minutes_left(trainer_id)
                is_free = any(
                    self.diary.is_free(Option((school_id,), training.training_id, trainer_id, slot_id))
                    for slot_id in self.about.slots_for(trainer_id, training)
                )
                (hours if is_free else without_slot).append((missing, trainer_id))
        if hours:
            missing, trainer_id = min(hours)
            if missing <= SLACK:
                is_third = self.diary.taken[school_id] >= SESSIONS_BEFORE_FAIRNESS and self.about.problem.is_fair
                return Change("fairness" if is_third else "search", trainer_id)
            return Change("hours", trainer_id, HOUR_STEP * math.ceil(missing / 60 / HOUR_STEP), is_enough=True)
        if not without_slot:
            return Change("neighbor")
        missing, trainer_id = min(without_slot)
        return Change("slots", trainer_id if missing <= SLACK else "", is_enough=missing <= SLACK)
