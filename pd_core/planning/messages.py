"""What the search says from its own process to the one that started it."""

from __future__ import annotations

from dataclasses import dataclass

from pd_core.planning.measure import Measure
from pd_core.planning.problem import Session
from pd_core.planning.result import Plan


@dataclass(frozen=True)
class Better:
    """The best plan so far: its sessions, the people by weight that no plan exceeds, seconds since the start."""

    sessions: tuple[Session, ...]
    reached: float
    bound: float
    seconds: float

    @property
    def gap(self) -> float:
        """How much less the plan reaches than any could, as a share (0-1) of that."""
        return (self.bound - self.reached) / self.bound if 0 < self.reached < self.bound else 0.0


@dataclass(frozen=True)
class Done:
    """The plan that was found, and its measure."""

    plan: Plan
    measure: Measure


@dataclass(frozen=True)
class Refused:
    """Why no plan exists, as the error for people says it."""

    message: str
    remedy: str
    details: tuple[str, ...]


Message = Better | Done | Refused
