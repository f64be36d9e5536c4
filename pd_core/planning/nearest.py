"""The session that lacks the least, where none can be held: what to change so that one can be."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from pd_core.planning.eligibility import SLACK, Eligibility
from pd_core.planning.problem import FARTHEST_MIE_MINUTES, TEACHES, Rule, Slot, Trainer, Training

Lack = Literal["skill", "own slot", "slot", "way", "hours"]
ANY: Final = Rule("lock")


@dataclass(frozen=True)
class Nearest:
    """A session of a trainer that could be held but for what it `lacks`. `slot`: a listed one that is long enough
    (null: there is none). `way` in minutes, as far as an MIE goes; `missing` minutes of the trainer."""

    trainer: Trainer
    training: Training
    school_id: str
    slot: Slot | None
    way: float
    missing: float
    lacks: tuple[Lack, ...]

    @property
    def remedy(self) -> str:
        """What to change so that it can be held."""
        trainer, training = self.trainer.trainer_id, self.training
        more_hours = math.ceil(100 * self.missing / 60 - SLACK) / 100
        own = f" and to the slots of {trainer}" if self.trainer.slots is not None else ""
        said: dict[Lack, str] = {
            "skill": f"Add the skill {training.skill_id} to {trainer} in the list of trainers.",
            "own slot": f"Add the slot {self.slot.slot_id if self.slot else ''} to the slots of {trainer}.",
            "slot": f"Add a coming slot of at least {training.minutes:g} minutes to the list of slots{own}.",
            "way": f"List a way of at most {FARTHEST_MIE_MINUTES} minutes between {self.trainer.home} and "
            f"{self.school_id} in the travel list, or certify an MIE near {self.school_id}.",
            "hours": f"Give {trainer} at least {more_hours:.2f} more hours in the list of trainers.",
        }
        return " ".join(said[lack] for lack in self.lacks)


def wanted(about: Eligibility, rule: Rule = ANY) -> list[tuple[str, Training]]:
    """The schools at which enough people need a training, of the sessions that a rule speaks of; of a trainer it names,
    those of the kind that the trainer teaches."""
    found = []
    trainer = about.trainers.get(rule.trainer_id)
    for school_id, skill_id, kind in about.needs:
        if trainer is not None and trainer.kind != TEACHES[kind]:
            continue
        groups = [(school_id,), *((school_id, other) for other in about.neighbors.get(school_id, ()))]
        groups = [group for group in groups if rule.school_id in ("", *group)]
        for training in about.trainings_of.get((skill_id, kind), ()):
            if rule.training_id in ("", training.training_id) and any(about.is_enough(one, training) for one in groups):
                found.append((school_id, training))
    return found


def nearest(about: Eligibility, places: Iterable[tuple[str, Training]], rule: Rule = ANY) -> Nearest | None:
    """The session at one of some schools, of those that a rule speaks of, that lacks least, of a short training rather
    than a long one (null: no trainer teaches such trainings at all)."""
    slots = [slot for slot in about.open_slots if rule.slot_id in ("", slot.slot_id)]
    return min(
        _candidates(about, places, rule, slots),
        key=lambda one: (len(one.lacks), one.missing, one.training.minutes, one.way, one.trainer.trainer_id),
        default=None,
    )


def _candidates(
    about: Eligibility, places: Iterable[tuple[str, Training]], rule: Rule, slots: Sequence[Slot]
) -> Iterator[Nearest]:
    for school_id, training in places:
        long = [slot for slot in slots if slot.minutes >= training.minutes - SLACK]
        for trainer in about.problem.trainers:
            if trainer.kind == TEACHES[training.kind] and rule.trainer_id in ("", trainer.trainer_id):
                yield _candidate(about, trainer, training, school_id, long)


def _candidate(
    about: Eligibility, trainer: Trainer, training: Training, school_id: str, long: Sequence[Slot]
) -> Nearest:
    lacks: list[Lack] = []
    if training.skill_id not in trainer.skills:
        lacks.append("skill")
    if not any(trainer.slots is None or slot.slot_id in trainer.slots for slot in long):
        lacks.append("own slot" if long else "slot")
    way = about.way(trainer.trainer_id, school_id)
    if trainer.kind == "mie" and way > FARTHEST_MIE_MINUTES:
        lacks.append("way")
        way = FARTHEST_MIE_MINUTES
    missing = max(0.0, training.minutes + 2 * way - trainer.minutes)
    if missing > SLACK:
        lacks.append("hours")
    return Nearest(trainer, training, school_id, long[0] if long else None, way, missing, tuple(lacks))
