"""What a training plan is made from: plain values, read from nowhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal

Kind = Literal["entry", "implementation"]
Action = Literal["lock", "forbid"]
Need = tuple[str, str, str]
"""A building, a skill and the kind of training."""

TEACHES: Final[Mapping[str, str]] = {"entry": "mie", "implementation": "facilitator"}
"""Which kind of trainer teaches which kind of training."""
SAME_REGION_MINUTES: Final = 20
OTHER_REGION_MINUTES: Final = 40
FARTHEST_MIE_MINUTES: Final = 20
NEIGHBOR_MINUTES: Final = 10
MAX_TOPICS: Final = 2
MAX_TRAINING_MINUTES: Final = 420
"""Seven hours: what a person is paid for in a year."""
SESSIONS_BEFORE_FAIRNESS: Final = 2
"""How many sessions a building may take part in before the others had one."""


@dataclass(frozen=True)
class School:
    """A building. Schools of one region are 20 minutes apart unless a way is listed."""

    school_id: str
    name: str
    region: str = ""


@dataclass(frozen=True)
class Training:
    """A class of the catalog. `seats` is the most people in one session; `actions` are for the day after it."""

    training_id: str
    title: str
    skill_id: str
    kind: str
    minutes: float
    seats: int
    actions: tuple[str, ...] = ()
    url: str = ""


@dataclass(frozen=True)
class Trainer:
    """Someone who teaches: an MIE (entry classes, near home) or a facilitator (implementation classes, anywhere).

    `minutes` are those still to give, travel included. `slots` are the ids of those that suit (null: all).
    """

    trainer_id: str
    name: str
    kind: str
    home: str | None
    skills: frozenset[str]
    minutes: float
    slots: frozenset[str] | None = None


@dataclass(frozen=True)
class Slot:
    """A time at which sessions can be held, in local time; `time` is a choice of the form's question about times, or
    empty."""

    slot_id: str
    starts_at: datetime
    ends_at: datetime
    time: str = ""

    @property
    def minutes(self) -> float:
        return (self.ends_at - self.starts_at).total_seconds() / 60

    def overlaps(self, other: Slot) -> bool:
        """Whether the two share any moment; one may begin as the other ends."""
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at


@dataclass(frozen=True)
class Rule:
    """What people decided beforehand: at least one session like this (lock), or none (forbid). Empty fits anything."""

    action: Action
    school_id: str = ""
    training_id: str = ""
    trainer_id: str = ""
    slot_id: str = ""
    row: int = 0

    def fits(self, option: Option) -> bool:
        """Whether a session is one that the rule speaks of; a school fits either building of it."""
        return (
            self.school_id in ("", *option.school_ids)
            and self.training_id in ("", option.training_id)
            and self.trainer_id in ("", option.trainer_id)
            and self.slot_id in ("", option.slot_id)
        )

    def said(self) -> str:
        """The rule as people read it: what it fixes, in words."""
        parts = {
            "school": self.school_id, "training": self.training_id, "trainer": self.trainer_id, "slot": self.slot_id
        }  # fmt: skip
        fixed = ", ".join(f"{name} {value}" for name, value in parts.items() if value) or "any session"
        return f"row {self.row} ({self.action}: {fixed})" if self.row else f"{self.action}: {fixed}"


@dataclass(frozen=True)
class Option:
    """A session that could be held: at the first of its one or two buildings."""

    school_ids: tuple[str, ...]
    training_id: str
    trainer_id: str
    slot_id: str


@dataclass(frozen=True)
class Session:
    """A session of a plan: `people` are those reached of each building, in the order of the option's."""

    option: Option
    people: tuple[int, ...]


@dataclass(frozen=True)
class Problem:
    """All that a plan depends on.

    `needs`: people of a building who need a skill's training of a kind, at the lower end of their range, without those
    who are `trained` already: people who needed it and had it in sessions of this wave that were held. `weights` by
    building and skill, 0 to 3 (not listed: 1). `ways`: listed minutes between two buildings, either order. `shares`:
    the share (0-1) of a building's staff whom a time of day suits. `resend`: buildings that should send the form again
    first, with how many more answers they need (null: not known). `rate` is money an hour and person; `budget` null:
    no limit. Slots that begin at `now` or earlier have begun.
    """

    schools: tuple[School, ...]
    trainings: tuple[Training, ...]
    trainers: tuple[Trainer, ...]
    slots: tuple[Slot, ...]
    needs: Mapping[Need, int]
    now: datetime
    weights: Mapping[tuple[str, str], float] = field(default_factory=dict)
    ways: Mapping[tuple[str, str], float] = field(default_factory=dict)
    shares: Mapping[tuple[str, str], float] = field(default_factory=dict)
    resend: Mapping[str, int | None] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()
    fewest: int = 5
    budget: float | None = None
    rate: float = 0.0
    is_fair: bool = True
    trained: Mapping[Need, int] = field(default_factory=dict)

    def weight(self, school_id: str, skill_id: str) -> float:
        """How much a person of a building counts in a skill."""
        return self.weights.get((school_id, skill_id), 1.0)

    def cost_per_person(self, training: Training) -> float:
        """Money for one person in one session of a training."""
        return training.minutes / 60 * self.rate
