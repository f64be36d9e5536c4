"""What was taught, at each school and when: sessions that were held, and what was brought from outside the plan."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final

import polars as pl

from pd_core.cache import CacheByRevision
from pd_core.disclosure.sums import Flags, follow
from pd_core.reference.periods import span
from pd_core.storage import Store, outcomes
from pd_core.storage.deliveries import newly_attended
from pd_core.storage.training_lists import training_list
from pd_core.summaries.held import held_sessions

TAUGHT: Final = {
    "school_id": pl.String, "training_id": pl.String, "period": pl.String, "first_day": pl.Date, "last_day": pl.Date,
    "people": pl.Int64, "newly": pl.Int64, "newly_of_all": pl.Int64, "hours": pl.Float64, "cost": pl.Float64,
    "is_held": pl.Boolean,
}  # fmt: skip
_kept = CacheByRevision(max_entries=2, max_bytes=16_000_000)


@dataclass(frozen=True)
class Taught:
    """Everything that was taught, nothing hidden.

    `rows`: school_id (empty: people on no staff list), training_id, period (a month for what was held), first_day and
    last_day of it, people (each time that someone attended), newly (people not counted before in the training, as far
    as lists tell), newly_of_all (in any training), hours (of all of them; null: unknown), cost (dollars; null: no fund
    pays), is_held (a session that was held; else from a file). `shown` are the sums of held rows that are shown
    elsewhere, each as flags of the held rows. `mark` changes with the rows.
    """

    rows: pl.DataFrame
    shown: Flags
    mark: str

    def may_be_shown(self, groups: Flags) -> Flags:
        """Which sums of rows, as flags (group, row), tell no more of held sessions than the sums shown elsewhere."""
        held = self.rows["is_held"].to_numpy() & (self.rows["people"].to_numpy() > 0)
        parts = held[self.rows["is_held"].to_numpy()]
        of_none = groups[:, held].sum(axis=1) == 0
        shown: Flags = of_none | follow(self.shown[:, parts], groups[:, held])
        return shown


def taught(store: Store) -> Taught:
    """Everything that was taught; kept until something is written."""
    return _kept.get(store, store.revision(), "taught", lambda: _taught(store))


def _taught(store: Store) -> Taught:
    held = held_sessions(store)
    rows = pl.concat([_held(store, held.parts), _from_files(store)])
    totals = held.matrix @ held.parts["people"].to_numpy()
    shown = held.matrix[~held.hidden & (totals > 0)]
    mark = hashlib.sha256(rows.hash_rows().to_numpy().tobytes() + shown.tobytes()).hexdigest()
    return Taught(rows, shown, mark)


def _held(store: Store, parts: pl.DataFrame) -> pl.DataFrame:
    """A row per session and school of its people. A list tells who was there before; numbers alone do not."""
    sessions = parts.select("session_id", "training_id", "delivered_on").unique(maintain_order=True)
    new = newly_attended(store, sessions.rows())
    found = parts.join(new, on=["session_id", "school_id"], how="left", maintain_order="left")
    return found.select(
        "school_id", "training_id",
        period=pl.col("delivered_on").dt.strftime("%Y-%m"),
        first_day="delivered_on", last_day="delivered_on",
        people="people",
        newly=pl.coalesce("of_training", "people"),
        newly_of_all=pl.coalesce("of_any", "people"),
        hours="hours", cost="cost", is_held=pl.lit(value=True),
    ).cast(TAUGHT)  # type: ignore[arg-type]  # fmt: skip


def _from_files(store: Store) -> pl.DataFrame:
    minutes = training_list(store, "training").select("training_id", "minutes")
    found = outcomes.outside_deliveries(store).join(minutes, on="training_id", how="left", maintain_order="left")
    days = [span(period) for period in found["period"]]
    return found.select(
        "school_id", "training_id", "period",
        first_day=pl.Series([first for first, _ in days], dtype=pl.Date),
        last_day=pl.Series([last for _, last in days], dtype=pl.Date),
        people="people", newly="people", newly_of_all="people",
        hours=pl.col("people") * pl.col("minutes") / 60,
        cost=pl.lit(None), is_held=pl.lit(value=False),
    ).cast(TAUGHT)  # type: ignore[arg-type]  # fmt: skip
