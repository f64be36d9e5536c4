"""What was held: each session with its people and hours, and their sums by school and training, small ones hidden."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from weakref import WeakKeyDictionary

import numpy as np
import polars as pl

from pd_core.access import DISTRICT, Scope
from pd_core.cache import Cache
from pd_core.disclosure.sums import Flags, hidden_sums
from pd_core.disclosure.suppressed_frames import DISTRICT_NAME
from pd_core.errors import UserError
from pd_core.planning.record import replay
from pd_core.storage import Store, queries
from pd_core.storage.deliveries import attended_by_school, deliveries
from pd_core.storage.plans import plan_changes
from pd_core.storage.training_lists import training_list
from pd_core.summaries.money import Fund, Funds, money_rows
from pd_core.summaries.tables import named
from pd_core.summaries.years import year_of

PARTS: Final = {
    **dict.fromkeys(("session_id", "held_at", "open_to", "school_id", "training_id", "trainer_id"), pl.String),
    "delivered_on": pl.Date, "year": pl.String, "minutes": pl.Float64, "people": pl.Int64, "hours": pl.Float64,
    "has_list": pl.Boolean, "fund": pl.String, "cost": pl.Float64,
}  # fmt: skip
GROUPINGS: Final[tuple[tuple[str, ...], ...]] = (
    ("session_id",), ("year", "school_id", "training_id"), ("year", "school_id"), ("year", "training_id"),
    ("trainer_id",), ("year", "fund"), ("year",),
)  # fmt: skip
"""What the sums are of that are shown anywhere; together they decide what is hidden."""
_SUM_OF_COST = pl.when(pl.col("cost").is_not_null().any()).then(pl.col("cost").sum())


@dataclass(frozen=True)
class HeldSessions:
    """`parts`: a row per session and school of its people, never shown as it is. `groups`: for each grouping, its
    columns and is_hidden. `matrix` says which parts are in which group, in the order of `groups`."""

    parts: pl.DataFrame
    groups: dict[tuple[str, ...], pl.DataFrame]
    matrix: Flags
    hidden: Flags


_kept: WeakKeyDictionary[Store, tuple[str, HeldSessions]] = WeakKeyDictionary()
_hidden = Cache(max_entries=8, max_bytes=1_000_000)
"""Which sums are hidden takes seconds to work out in a large district: it is once for the same people."""


def held_sessions(store: Store) -> HeldSessions:
    """What was held, and which sums of it are hidden; kept until something is written."""
    revision = store.revision()
    known = _kept.get(store)
    if known is None or known[0] != revision:
        known = _kept[store] = (revision, _held_sessions(store))
    return known[1]


def _held_sessions(store: Store) -> HeldSessions:
    parts = _parts(store)
    people = parts["people"].to_numpy()
    frames, rows = dict[tuple[str, ...], pl.DataFrame](), []
    for by in GROUPINGS:
        found = parts.select(by).unique(maintain_order=True).with_row_index("group")
        place = parts.select(by).join(found, on=by, how="left", maintain_order="left")["group"].to_numpy()
        rows.append(np.arange(found.height)[:, None] == place[None, :])
        frames[by] = found.drop("group")
    matrix = np.vstack(rows)
    mark = hashlib.sha256(matrix.tobytes() + people.tobytes()).digest()
    hidden = _hidden.get(mark, lambda: hidden_sums(matrix, people, kept=len(rows[0])))
    first = 0
    for by, frame in frames.items():
        frames[by] = frame.with_columns(is_hidden=pl.Series(hidden[first : first + frame.height], dtype=pl.Boolean))
        first += frame.height
    return HeldSessions(parts, frames, matrix, hidden)


def _parts(store: Store) -> pl.DataFrame:
    known, lists = deliveries(store), attended_by_school(store).partition_by("session_id", as_dict=True)
    minutes = dict(training_list(store, "training").select("training_id", "minutes").iter_rows())
    funds = Funds(store)
    rows: list[tuple[object, ...]] = []
    sessions = [one for one in replay(plan_changes(store)).sessions() if one.state == "delivered"]
    about = [(one.session_id, one.school_ids, one.training_id, one.trainer_id, one) for one in sessions]
    outside = [one for one in known.values() if one.is_outside]
    more = [(one.session_id, (one.school_id,), one.training_id, one.trainer_id, None) for one in outside]
    for session_id, school_ids, training_id, trainer_id, session in [*about, *more]:
        delivery = known.get(session_id)
        if delivery is not None:
            day, each, attended = delivery.delivered_on, delivery.minutes, delivery.attended
        elif session is not None:
            slot = (session.ends_at - session.starts_at).total_seconds() / 60
            day, each, attended = session.starts_at.date(), minutes.get(training_id, slot), None
        else:
            continue
        common = (session_id, school_ids[0], ";".join(school_ids))
        same = (training_id, trainer_id, day, year_of(day), float(each))
        fund = funds.of(year_of(day), training_id)

        def cost_of(hours: float | None, fund: Fund | None = fund) -> tuple[str, float | None]:
            return fund.name if fund else "", hours * fund.rate if fund and hours is not None else None

        of_list = lists.get((session_id,))
        if of_list is None:
            hours = None if attended is None else attended * each / 60
            rows.append((*common, school_ids[0], *same, attended or 0, hours, attended is None, *cost_of(hours)))
            continue
        for _, school_id, people, known_minutes, whole in of_list.iter_rows():
            hours = (known_minutes + whole * each) / 60
            rows.append((*common, school_id, *same, people, hours, True, *cost_of(hours)))
    return pl.DataFrame(rows, schema=PARTS, orient="row")


def held_table(
    store: Store, table: str, scope: Scope, *, school: str | None = None, own_trainer: str = ""
) -> pl.DataFrame:
    """A table of what was held: `delivery_rows`, `hour_rows` or `money_rows`, the first two for
    one school (id or name; null: all). Raises
    UnknownName."""
    if table == "money":
        if school is not None:
            raise UserError("The table money has no filter --school.", "It has a row per year and fund.")
        return money_rows(store, _summed(held_sessions(store), ("year", "fund")))
    found = delivery_rows(store, scope, own_trainer) if table == "deliveries" else hour_rows(store, scope)
    if school is None:
        return found
    names = {row["school_id"]: row["name"] for row in queries.schools(store, scope).to_dicts()}
    school_id = named("school", school, names | {DISTRICT: DISTRICT_NAME})
    return found if table == "deliveries" and school_id == DISTRICT else found.filter(pl.col("school_id") == school_id)


def delivery_rows(store: Store, scope: Scope, own_trainer: str = "") -> pl.DataFrame:
    """A row per session that was held, by day: session_id, school_id (where it was held), training_id, trainer_id,
    delivered_on, attended, minutes (of the session), hours (of its people together), cost (null: no rate is set for the
    year), suppressed.

    A scope of some schools has the sessions of these schools, and those that `own_trainer` taught. Fewer than five
    people are hidden; so is the number of a session with people of schools outside the scope, unless one taught it.
    """
    held = held_sessions(store)
    found = (
        held.parts.group_by("session_id", maintain_order=True)
        .agg(
            pl.col("held_at", "open_to", "training_id", "trainer_id", "delivered_on", "year", "minutes").first(),
            attended=pl.col("people").sum(),
            hours=pl.col("hours").sum(),
            cost=_SUM_OF_COST,
            is_said=pl.col("hours").is_not_null().any(),
            schools=pl.col("school_id").unique(),
        )
        .join(held.groups["session_id",], on="session_id", how="left", maintain_order="left")
        .sort("delivered_on", "session_id")
    )
    suppressed = pl.col("is_hidden")
    if scope.school_ids is not None:
        mine = pl.lit(list(scope.school_ids))
        is_own = (pl.col("trainer_id") == own_trainer) & pl.lit(bool(own_trainer))
        found = found.filter(is_own | pl.col("open_to").str.split(";").list.set_intersection(mine).list.len().gt(0))
        everyone = pl.concat_list("schools", pl.col("open_to").str.split(";"))
        others = everyone.list.set_difference(mine).list.len() > 0
        suppressed = suppressed | (others & ~is_own)
    shown = pl.col("is_said") & ~suppressed
    return found.with_columns(suppressed=suppressed).select(
        "session_id", "training_id", "trainer_id", "delivered_on", "minutes", "suppressed",
        school_id="held_at",
        attended=pl.when(shown).then("attended"),
        hours=pl.when(shown).then(pl.col("hours").round(4)),
        cost=pl.when(shown).then(pl.col("cost").round(2)),
    ).select(
        "session_id", "school_id", "training_id", "trainer_id", "delivered_on", "attended", "minutes", "hours", "cost",
        "suppressed",
    )  # fmt: skip


def hour_rows(store: Store, scope: Scope) -> pl.DataFrame:
    """What was held, by year, school of the people and training: year, school_id, training_id, sessions, attended (each
    time that someone attended), hours, is_upper_bound (whether people were only counted, so that some may have stayed
    for less), cost (null: no rate is set for the year), suppressed.

    Rows without a training are a school's sum; those of `district` are of everyone, people on no staff list included.
    A scope of some schools has their rows and the district's.
    """
    held = held_sessions(store)
    frames = [_summed(held, by) for by in GROUPINGS if by[0] == "year" and "fund" not in by]
    found = pl.concat(frames, how="diagonal").filter(pl.col("school_id") != "")
    if scope.school_ids is not None:
        found = found.filter(pl.col("school_id").is_in([*scope.school_ids, DISTRICT]))
    shown = ~pl.col("is_hidden")
    return found.sort("year", pl.col("school_id") == DISTRICT, "school_id", "training_id").select(
        "year", "school_id", "training_id", "sessions",
        attended=pl.when(shown).then("attended"),
        hours=pl.when(shown).then(pl.col("hours").round(4)),
        is_upper_bound="is_upper_bound",
        cost=pl.when(shown).then(pl.col("cost").round(2)),
        suppressed="is_hidden",
    )  # fmt: skip


def _summed(held: HeldSessions, by: Sequence[str]) -> pl.DataFrame:
    summed = held.parts.group_by(by, maintain_order=True).agg(
        sessions=pl.col("session_id").n_unique(),
        attended=pl.col("people").sum(),
        hours=pl.col("hours").sum(),
        cost=_SUM_OF_COST,
        is_upper_bound=(~pl.col("has_list")).any(),
    )
    flagged = summed.join(held.groups[tuple(by)], on=list(by), how="left", maintain_order="left")
    more = {name: pl.lit(said) for name, said in (("school_id", DISTRICT), ("training_id", "")) if name not in by}
    return flagged.with_columns(**more)
