"""What each training took, and what people did with it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

import polars as pl

from pd_core.disclosure.sums import MIN_PEOPLE
from pd_core.storage import Store
from pd_core.storage.training_lists import training_list
from pd_core.summaries.held import held_sessions
from pd_core.summaries.next_day import followed_each

GIVEN: Final = {
    "training_id": pl.String, "title": pl.String, "skill_id": pl.String, "sessions": pl.Int64, "attended": pl.Int64,
    "hours": pl.Float64, "cost": pl.Float64, "answered": pl.Int64, "did_share": pl.Float64, "suppressed": pl.Boolean,
}  # fmt: skip


def given_rows(store: Store, year: str, today: date) -> pl.DataFrame:
    """A row per training of a year, most people first: training_id, title, skill_id (empty: not in the catalog),
    sessions, attended, hours, cost (dollars; null: no rate), all null where suppressed; answered (people who answered a
    follow-up link that is closed and had five answers or more) and did_share (0 to 1, of them; null: none such).

    Effects on growth and outcomes are those of the Impact page: these columns say what a training took, and not what it
    changed.
    """
    held = held_sessions(store)
    parts = held.parts.filter(pl.col("year") == year)
    catalog = {row[0]: row[1:] for row in training_list(store, "training").iter_rows()}
    flags = held.groups["year", "training_id"].filter(pl.col("year") == year)
    hidden = dict(flags.select("training_id", "is_hidden").iter_rows())
    rows = []
    for (training_id,), of_training in parts.group_by("training_id", maintain_order=True):
        answered, did = _did(store, of_training["session_id"].unique().sort().to_list(), today)
        title, skill_id = catalog.get(training_id, (training_id, ""))[:2]
        cost = of_training["cost"].drop_nulls()
        is_hidden = bool(hidden.get(training_id))
        rows.append((
            training_id, title, skill_id, of_training["session_id"].n_unique(),
            None if is_hidden else int(of_training["people"].sum()),
            None if is_hidden else round(float(of_training["hours"].sum()), 4),
            None if is_hidden or cost.is_empty() else round(float(cost.sum()), 2),
            answered, did, is_hidden,
        ))  # fmt: skip
    frame = pl.DataFrame(rows, schema=GIVEN, orient="row")
    return frame.sort("attended", descending=True, nulls_last=True, maintain_order=True)


def did_by_training(store: Store, today: date) -> pl.DataFrame:
    """A row per training of which sessions were held: training_id, answered (people who answered a follow-up link that
    is closed and had five answers or more), did_share (0 to 1, of them; null: none such)."""
    parts = held_sessions(store).parts
    rows = [
        (training_id, *_did(store, of_training["session_id"].unique().sort().to_list(), today))
        for (training_id,), of_training in parts.group_by("training_id", maintain_order=True)
    ]
    schema = {name: GIVEN[name] for name in ("training_id", "answered", "did_share")}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _did(store: Store, session_ids: Sequence[str], today: date) -> tuple[int, float | None]:
    """How many answered the closed links of these sessions, and the share of them who did the next-day action."""
    found = followed_each(store, session_ids, today).values()
    shown = [one for one in found if one.answered is not None and one.counts is not None]
    answered = sum(one.answered or 0 for one in shown)
    did = sum(one.counts["yes"] for one in shown if one.counts is not None)
    return answered, did / answered if answered >= MIN_PEOPLE else None
