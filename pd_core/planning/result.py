"""A plan as it is handed over: sessions, figures, and what stays unmet."""

from __future__ import annotations

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class PlannedSession:
    """A session of a plan; it is held at the first of `school_ids`. `why`: a sentence for people."""

    session_id: str
    school_ids: tuple[str, ...]
    training_id: str
    trainer_id: str
    slot_id: str
    reached: int
    reached_by_school: dict[str, int]
    why: str


@dataclass(frozen=True)
class Unmet:
    """People who need a training and are not reached, and the reason: resend, no training, no trainer, too few,
    forbidden or limits."""

    school_id: str
    skill_id: str
    kind: str
    people: int
    reason: str


@dataclass(frozen=True)
class Resend:
    """A building that should send the form again first; `more_answers` it needs (null: not known)."""

    school_id: str
    more_answers: int | None


@dataclass(frozen=True)
class Binding:
    """A limit that holds people back. `slack`: how much of it is left, in its own unit; `effect`: people by weight whom
    one more hour or seat would bring, found by solving again (null: not known)."""

    limit: str
    subject: str
    slack: float
    effect: float | None


@dataclass(frozen=True)
class Plan:
    """The best plan found. `objective`: people reached, each by the weight of their building for the skill; `bound`: no
    plan reaches more; `gap` (0-1) of the two; `comfort`: people whom the times suit, less a fifth of a person for each
    minute of a way; `cost` in money, `trainer_hours` with the ways. `status`: optimal where the gap is at most 0.0001.
    """

    status: str
    objective: float
    bound: float
    gap: float
    comfort: float
    seconds: float
    cost: float
    trainer_hours: float
    sessions: tuple[PlannedSession, ...]
    unmet: tuple[Unmet, ...]
    resend: tuple[Resend, ...]
    binding: tuple[Binding, ...]

    @property
    def more_at_most(self) -> float:
        """How much more than this plan any could reach, as a share of what it reaches; infinite where that is 0."""
        left = self.bound - self.objective
        return left / self.objective if self.objective > 0 else float("inf") if left > 0 else 0.0

    def as_json(self) -> dict[str, object]:
        """The plan as plain lists and values, under the names of its fields."""
        return asdict(self)
