"""What is asked about the effects of trainings, and the outcomes behind it: what the Impact page is made of."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import TypeVar

import polars as pl

from pd_core.access import EVERYTHING
from pd_core.cache import CacheByRevision
from pd_core.disclosure.staff_trained import tells_when_trained
from pd_core.storage import Store, outcomes, queries
from pd_core.summaries.impact import ALL, MIN_STUDENTS, TREATED_SHARE, Panel, panel
from pd_core.summaries.impact_answers import Answer, answers, shares
from pd_core.summaries.impact_estimates import Question, estimates
from pd_core.summaries.taught import taught

__all__ = ["ALL", "MOST_OUTCOMES", "TREATED_SHARE", "Impact"]
MOST_OUTCOMES = 3
"""So many outcomes are named at once: each more makes it harder to tell an effect from chance."""
T = TypeVar("T")
_kept = CacheByRevision(max_entries=4_000, max_bytes=64_000_000)


class Impact:
    """What is asked about at one version of the store and of what was taught: `measures`, and one training or `ALL`.
    For those who see the whole district."""

    scope = EVERYTHING

    def __init__(self, store: Store, measures: Sequence[str], training_id: str) -> None:
        self.store = store
        self.measures = tuple(measures)
        self.training_id = training_id
        self.at = f"{store.version()} {taught(store).mark}"
        self._kept, self._estimates = _kept.of(store, self.at), estimates(store, self.at)

    def kept(self, key: Hashable, make: Callable[[], T]) -> T:
        """What `make` gives, made once for the same key until anything is written."""
        return self._kept.get((self.measures, self.training_id, key), make)

    def questions(self, training_ids: Sequence[str] = ()) -> list[Question]:
        """The questions about each outcome, of the training or of `training_ids`."""
        return [
            Question(self._estimates, name, training_id, self.panel(name, training_id))
            for training_id in training_ids or (self.training_id,)
            for name in self.measures
        ]

    def panel(self, name: str, training_id: str) -> Panel:
        """The outcome of each school and period, and when schools started."""
        return self._kept.get((name, training_id, "panel"), lambda: panel(self.store, name, training_id))

    def is_share(self, name: str) -> bool:
        """Whether the outcome's values are shares (0-1)."""
        return bool(shares(self.store).get(name, False))

    @property
    def answers(self) -> list[Answer]:
        """What is known of each outcome; it may take seconds where `questions_known` says that some is missing."""
        return self.kept("answers", lambda: answers(self.store, self.questions()))

    def series(self, name: str) -> pl.DataFrame:
        """An outcome by school and period, gaps included: school_id, school_name, period, value, n, lower, upper, state
        (known, suppressed, missing), has_started (null where the school is too small to tell, or that is not known)."""
        return self.kept(("series", name), lambda: _series(self.store, name, self.panel(name, self.training_id)))


def _series(store: Store, name: str, one: Panel) -> pl.DataFrame:
    names = queries.schools(store, EVERYTHING).select("school_id", "headcount", school_name="name")
    rows = outcomes.outcomes(store).filter((pl.col("measure") == name) & (pl.col("student_group") == ""))
    rows = rows.select("school_id", "period", "value", "n", "lower", "upper", "suppressed")
    starts = dict(zip(one.school_ids, one.starts.tolist(), strict=True))
    place = {period: number for number, period in enumerate(one.periods)}
    grid = rows.select(pl.col("school_id").unique().sort()).join(pl.DataFrame({"period": one.periods}), how="cross")
    grid = grid.join(rows, on=["school_id", "period"], how="left", maintain_order="left")
    grid = grid.join(names, on="school_id", how="left", maintain_order="left")
    start = pl.col("school_id").replace_strict(starts, default=None, return_dtype=pl.Int64)
    few = (pl.col("n") < MIN_STUDENTS).fill_null(value=False)
    state = (
        pl.when(pl.col("suppressed").is_null()).then(pl.lit("missing"))
        .when(pl.col("suppressed") | few).then(pl.lit("suppressed"))
        .otherwise(pl.lit("known"))
    )  # fmt: skip
    return grid.select(
        "school_id", pl.coalesce("school_name", "school_id").alias("school_name"), "period",
        value=pl.when(~few).then("value"), n="n", lower="lower", upper="upper", state=state,
        has_started=pl.when(tells_when_trained(pl.col("headcount"), TREATED_SHARE))
        .then(pl.col("period").replace_strict(place, return_dtype=pl.Int64) >= start),
    )  # fmt: skip
