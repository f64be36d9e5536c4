"""What is known of a training's effect on an outcome: the estimate, its checks, and what is lacking where there is
none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl

from pd_core.measures import impact as measure
from pd_core.measures.impact import (
    CANNOT_TELL,
    HIGHER,
    LOWER,
    MANY_ASKED,
    MIN_SCHOOLS,
    NO_DIFFERENCE,
    UNUSUAL_PERIOD,
    Estimate,
)
from pd_core.measures.staggered import MIN_BEFORE, MIN_TREATED
from pd_core.reference.periods import said
from pd_core.storage import Store, outcomes
from pd_core.summaries.impact_estimates import OTHER_SHARES, Found, Question, estimate_of

__all__ = [
    "CANNOT_TELL", "HIGHER", "LOWER", "MIN_BEFORE", "MIN_SCHOOLS", "MIN_TREATED", "NO_DIFFERENCE", "Answer", "answers",
    "shares",
]  # fmt: skip
Lacks = Literal[
    "periods", "schools", "start", "earlier periods", "later starts", "treated", "values", "not yet", "usual start",
    "questions", "size", "spread",
]  # fmt: skip


@dataclass(frozen=True)
class Answer:
    """What is known of the effect of a training on an outcome; numbers are in the outcome's unit, null where there are
    none.

    `is_share`: whether the unit is a share (0-1); `good` the way that is good (higher, lower). `verdict` is one of
    HIGHER, LOWER, NO_DIFFERENCE, CANNOT_TELL, of the number and not of good; `reason` goes with CANNOT_TELL, and
    `lacking` says all that would make the question answerable, with how many of it (0: not a number). `effect`, with
    `low` and `high`, is that of a synthetic control, without them, where `rank` (of `placebos` and itself) is not null.
    `smallest` would be found in 4 of 5 cases. `events`: event (periods since the start; before it negative), effect,
    effect_low, effect_high (all at once at 95 %). `checks`: check, effect, limit (the most that chance explains; null:
    none), holds (null: nothing to hold to). `periods` are the outcome's; `first_start` is the first in which a school
    could start and be compared, in words.
    """

    measure: str
    training_id: str
    is_share: bool
    good: str
    verdict: str
    reason: str
    lacking: tuple[tuple[Lacks, int], ...]
    schools_treated: int
    schools_not_yet: int
    periods: tuple[str, ...]
    first_start: str
    effect: float | None
    low: float | None
    high: float | None
    p: float | None
    smallest: float | None
    rank: int | None
    placebos: int | None
    events: pl.DataFrame
    checks: pl.DataFrame
    notes: tuple[str, ...]


def shares(store: Store) -> dict[str, bool]:
    """Measure to whether its values are shares."""
    rows = outcomes.outcomes(store).select("measure", "is_share").unique("measure", keep="first")
    return dict(rows.iter_rows())


def answers(store: Store, asked: Sequence[Question]) -> list[Answer]:
    """What is known of each question; all of them share the allowance for asking several (Holm)."""
    good = outcomes.measures(store)
    is_share = shares(store)
    found = [estimate_of(store, question) for question in asked]
    adjusted = measure.holm(np.array([one.estimate.p for one in found]))
    return [
        _answer(question, one, float(p), bool(is_share.get(question.measure, False)), good.get(question.measure, ""))
        for question, one, p in zip(asked, found, adjusted.tolist(), strict=True)
    ]


def _answer(question: Question, found: Found, adjusted_p: float, is_share: bool, good: str) -> Answer:
    one, estimate, synthetic = question.panel, found.estimate, found.synthetic
    verdict, reason = measure.verdict(estimate, adjusted_p)
    treated = one.starts < len(one.periods)
    effect, p = (synthetic.effect, synthetic.p) if synthetic else (estimate.effect, estimate.p)
    return Answer(
        measure=question.measure,
        training_id=question.training_id,
        is_share=is_share,
        good=good,
        verdict=verdict,
        reason=reason,
        lacking=_lacking(estimate, verdict, reason),
        schools_treated=int(treated.sum()),
        schools_not_yet=int((~treated).sum()),
        periods=tuple(one.periods),
        first_start=said(one.periods[MIN_BEFORE]) if len(one.periods) > MIN_BEFORE else "",
        effect=_known(effect),
        low=_known(estimate.low),
        high=_known(estimate.high),
        p=_known(p),
        smallest=_known(estimate.smallest),
        rank=synthetic.rank if synthetic else None,
        placebos=synthetic.placebos if synthetic else None,
        events=_events(estimate),
        checks=_checks(found),
        notes=one.notes,
    )


def _lacking(estimate: Estimate, verdict: str, reason: str) -> tuple[tuple[Lacks, int], ...]:
    if verdict != CANNOT_TELL:
        return ()
    if estimate.gates:
        return tuple((gate.lacking, gate.missing) for gate in estimate.gates)
    if reason == UNUSUAL_PERIOD:
        return (("usual start", 0),)
    if reason == MANY_ASKED:
        return (("questions", 0),)
    return (("size", 0) if estimate.spread > 0 and "vary" not in reason else ("spread", 0),)


def _events(estimate: Estimate) -> pl.DataFrame:
    columns = ("event", "effect", "effect_low", "effect_high")
    rows = zip(estimate.cells.events, estimate.effects, estimate.band_low, estimate.band_high, strict=False)
    schema = {name: pl.Int64 if name == "event" else pl.Float64 for name in columns}
    frame = pl.DataFrame(list(rows), schema=schema, orient="row")
    return frame.with_columns(pl.col(columns[1:]).fill_nan(None))


def _checks(found: Found) -> pl.DataFrame:
    estimate = found.estimate
    schema = {"check": pl.String, "effect": pl.Float64, "limit": pl.Float64, "holds": pl.Boolean}
    if estimate.gates:
        return pl.DataFrame(schema=schema)
    spread = estimate.spread
    apart = measure.UNUSUAL * spread
    moved = max(apart, measure.UNUSUAL_BASE * estimate.base_spread)
    before = [estimate.effects[place] for place in estimate.cells.before]
    rows: list[tuple[str, float | None, float | None, bool | None]] = [
        ("imputed from all untreated periods", estimate.check, apart, abs(estimate.effect - estimate.check) <= apart),
        (
            "measured from a period earlier",
            estimate.other_base,
            moved,
            abs(estimate.effect - estimate.other_base) <= moved,
        ),
        (
            "largest difference before the start",
            max(before, key=abs, default=np.nan),
            None,
            not estimate.differs_before,
        ),
    ]
    if found.placebo_start:
        pretended, limit = found.placebo_start.effect, measure.UNUSUAL * found.placebo_start.spread
        rows.append(("if schools had started two periods earlier", pretended, limit, abs(pretended) <= limit))
    for share, effect in zip(OTHER_SHARES, found.other_shares, strict=True):
        rows.append((f"counting a school as started from {100 * share:.0f}% of its staff on", effect, None, None))
    return pl.DataFrame(rows, schema=schema, orient="row").with_columns(pl.col("effect", "limit").fill_nan(None))


def _known(number: float) -> float | None:
    return None if np.isnan(number) else float(number)
