"""What training costs: the rate and fund of each, what is spent, what is committed, and what is left."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from pd_core.planning.record import replay
from pd_core.storage import Store
from pd_core.storage.plans import plan_changes
from pd_core.storage.training_lists import training_list
from pd_core.summaries.years import year_of


@dataclass(frozen=True)
class Fund:
    """A fund of a year: dollars an hour, dollars in all, the most hours a person is paid for."""

    name: str
    rate: float
    amount: float
    hours_each: float


class Funds:
    """Which fund pays for a training in a year."""

    def __init__(self, store: Store) -> None:
        self.by_year: dict[str, list[Fund]] = {}
        self._of: dict[tuple[str, str], Fund] = {}
        for year, name, rate, amount, hours_each, trainings in training_list(store, "budget").iter_rows():
            fund = Fund(name, rate, amount, hours_each)
            self.by_year.setdefault(year, []).append(fund)
            self._of |= {(year, training_id): fund for training_id in trainings.split(";")}

    def of(self, year: str, training_id: str) -> Fund | None:
        """The fund that names the training, else the one that names none; null where the year has no such."""
        return self._of.get((year, training_id)) or self._of.get((year, ""))


def committed(store: Store, funds: Funds) -> dict[tuple[str, str], float]:
    """Dollars of sessions that are agreed or scheduled, for as many people as they are planned for, by year and
    fund."""
    minutes = dict(training_list(store, "training").select("training_id", "minutes").iter_rows())
    found: dict[tuple[str, str], float] = {}
    for session in replay(plan_changes(store)).sessions():
        year = year_of(session.starts_at.date())
        fund = funds.of(year, session.training_id)
        if not session.is_decided or fund is None:
            continue
        each = minutes.get(session.training_id) or (session.ends_at - session.starts_at).total_seconds() / 60
        cost = (session.reached or 0) * each / 60 * fund.rate
        found[year, fund.name] = found.get((year, fund.name), 0.0) + cost
    return found


def money_rows(store: Store, spent: pl.DataFrame) -> pl.DataFrame:
    """A row per year and fund: year, fund, rate, amount, spent, committed, left (dollars), hours_each, hours_left (of
    one person, at the rate), is_upper_bound, suppressed.

    `spent` has year, fund, cost, is_upper_bound, is_hidden. Where spent is hidden, because it would give a small group
    away, so is what is left.
    """
    funds = Funds(store)
    planned = committed(store, funds)
    known = {(row["year"], row["fund"]): row for row in spent.iter_rows(named=True)}
    rows = []
    for year, of_year in sorted(funds.by_year.items()):
        for fund in of_year:
            row = known.get((year, fund.name))
            is_hidden = bool(row and row["is_hidden"])
            paid = None if is_hidden else round((row["cost"] or 0.0) if row else 0.0, 2)
            promised = round(planned.get((year, fund.name), 0.0), 2)
            left = None if paid is None else round(fund.amount - paid - promised, 2)
            hours = None if left is None or not fund.rate else round(left / fund.rate, 1)
            upper = bool(row and row["is_upper_bound"])
            rows.append(
                (
                    year,
                    fund.name,
                    fund.rate,
                    fund.amount,
                    paid,
                    promised,
                    left,
                    fund.hours_each,
                    hours,
                    upper,
                    is_hidden,
                )
            )
    schema: dict[str, type[pl.DataType]] = {
        "year": pl.String, "fund": pl.String,
        **dict.fromkeys(("rate", "amount", "spent", "committed", "left", "hours_each", "hours_left"), pl.Float64),
        "is_upper_bound": pl.Boolean, "suppressed": pl.Boolean,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")
