"""What takes time to work out of a training's effect on an outcome, kept until anything is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from pd_core.cache import Cache, CacheByRevision
from pd_core.measures import impact as measure
from pd_core.measures.impact import Estimate
from pd_core.measures.placebo_starts import PlaceboStart, placebo_start
from pd_core.measures.staggered import MIN_BEFORE, MIN_TREATED
from pd_core.measures.synthetic_control import Placebo, placebo_rank
from pd_core.storage import Store
from pd_core.summaries.impact import Panel, panel

OTHER_SHARES = (0.15, 0.5)
"""The effect is worked out again for schools that count as started from these shares of trained staff on."""
_kept = CacheByRevision(max_entries=100_000, max_bytes=32_000_000)
"""Estimates alone, of which a page waits for all: nothing else may drive them out."""


def estimates(store: Store, revision: str) -> Cache:
    """The estimates of a store at a revision: whatever changes when outcomes or what was taught do."""
    return _kept.of(store, revision)


@dataclass(frozen=True)
class Question:
    """One outcome and one training (or `ALL`), and the estimates among which it is or will be `kept`."""

    kept: Cache = field(repr=False)
    measure: str
    training_id: str
    panel: Panel

    @property
    def key(self) -> tuple[str, str]:
        """What the estimate is kept under."""
        return self.measure, self.training_id


@dataclass(frozen=True)
class Found:
    """What takes time to work out."""

    estimate: Estimate
    other_shares: tuple[float, ...]
    placebo_start: PlaceboStart | None
    synthetic: Placebo | None


def questions_known(asked: Sequence[Question]) -> int:
    """How many of the questions have been worked out."""
    return sum(question.key in question.kept for question in asked)


def work_out(store: Store, question: Question) -> None:
    """Work a question out and keep it until anything is written; it may take seconds."""
    estimate_of(store, question)


def estimate_of(store: Store, question: Question) -> Found:
    """The estimate of a question with its checks; worked out where it is not yet."""
    return question.kept.get(question.key, lambda: _worked_out(store, question))


def _worked_out(store: Store, question: Question) -> Found:
    one = question.panel
    estimate = measure.estimate(one.values, one.starts)
    if estimate.gates:
        treated = int(((one.starts >= MIN_BEFORE) & (one.starts < len(one.periods))).sum())
        synthetic = placebo_rank(one.values, one.starts) if 0 < treated < MIN_TREATED else None
        return Found(estimate, (), None, synthetic)
    others = [panel(store, question.measure, question.training_id, share) for share in OTHER_SHARES]
    effects = tuple(measure.point_effect(other.values, other.starts) for other in others)
    return Found(estimate, effects, placebo_start(one.values, one.starts, estimate.effect), None)
