"""Hours and money: what was spent on training, what is promised, what is left."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from pd_core.access import DISTRICT
from pd_core.presentation.section import Column, Section, Table
from pd_core.wording import listed, percent, plural

_HOURS = {
    "school": Column("School"), "training": Column("Training"), "sessions": Column("Sessions", "count"),
    "attended": Column("Attended", "count"), "hours": Column("Hours", "hours"), "cost": Column("Dollars", "money"),
    "known": Column("How known"),
}  # fmt: skip
_MONEY = {
    "fund": Column("Fund"), "rate": Column("Dollars an hour", "hours"), "amount": Column("Budget", "money"),
    "spent": Column("Spent", "money"), "committed": Column("Committed", "money"), "left": Column("Left", "money"),
    "hours_left": Column("Hours that are left", "hours"),
}  # fmt: skip
_GIVEN = {
    "title": Column("Training"), "sessions": Column("Sessions", "count"), "attended": Column("Attended", "count"),
    "hours": Column("Hours", "hours"), "cost": Column("Dollars", "money"),
    "answered": Column("Answered the follow-up", "count"), "did_share": Column("Did it, of those", "share"),
}  # fmt: skip
HIDDEN = (
    "Where fewer than five people attended, numbers are empty; so are sums from which those could be worked out. "
    "Where people were only counted, hours are an upper bound: some may have stayed for less."
)


def years(hours: pl.DataFrame, money: pl.DataFrame) -> dict[str, str]:
    """The years with hours or a budget, latest first, as id to label."""
    found = sorted({*hours["year"], *money["year"]}, reverse=True)
    return {year: year for year in found}


def headline(hours: pl.DataFrame, money: pl.DataFrame, year: str) -> str:
    """How much training there was in a year, and what is left of its money."""
    total = hours.filter((pl.col("year") == year) & (pl.col("school_id") == DISTRICT) & (pl.col("training_id") == ""))
    row = total.row(0, named=True) if total.height else None
    if row is None:
        said = f"{year}: no session was held yet"
    elif row["hours"] is None:
        said = f"{year}: {plural(row['sessions'], 'session')}, with too few people to show"
    else:
        bound = "up to " if row["is_upper_bound"] else ""
        said = f"{year}: {bound}{row['hours']:,.0f} hours of training in {plural(row['sessions'], 'session')}"
    of_year = money.filter(pl.col("year") == year)
    if of_year.is_empty() or of_year["left"].null_count():
        return said
    left, amount = of_year["left"].sum(), of_year["amount"].sum()
    verb = f"${left:,.0f} of ${amount:,.0f} left" if left >= 0 else f"${-left:,.0f} more than ${amount:,.0f} promised"
    return f"{said}, {verb}"


def money_section(money: pl.DataFrame, year: str) -> Section | None:
    """The funds of a year (null: none is set)."""
    rows = money.filter(pl.col("year") == year)
    if rows.is_empty():
        return None
    over = [str(row["fund"]) for row in rows.iter_rows(named=True) if row["left"] is not None and row["left"] < 0]
    hidden = rows["suppressed"].any()
    sentence = f"{listed(over)} can't pay for all that is agreed." if over else "Every fund pays for what is agreed."
    note = " What is spent is hidden where it would give a small group away." if hidden else ""
    return Section("money", sentence + note, "Money", table=Table("money", rows, _MONEY))


def given_section(rows: pl.DataFrame) -> Section | None:
    """What each training took, and how many did the next-day action (null: none was held)."""
    if rows.is_empty():
        return None
    known = rows.filter(pl.col("did_share").is_not_null()).sort("did_share")
    said = "How many did the next-day action is known once the follow-up link of a session has closed."
    if known.height:
        least, most = known.row(0, named=True), known.row(-1, named=True)
        said = f"{most['title']}: {percent(most['did_share'])} of those who answered did the next-day action"
        said += f"; {least['title']}: {percent(least['did_share'])}." if known.height > 1 else "."
    return Section("given", said, "What each training took", table=Table("trainings", rows, _GIVEN))


def hours_section(hours: pl.DataFrame, year: str, schools: Mapping[str, str], titles: Mapping[str, str]) -> Section:
    """Hours of a year by school and training."""
    rows = hours.filter(pl.col("year") == year).with_columns(
        school=pl.col("school_id").replace({**schools, DISTRICT: "Whole district"}),
        training=pl.when(pl.col("training_id") == "")
        .then(pl.lit("All"))
        .otherwise(pl.col("training_id").replace(titles)),
        known=pl.when("is_upper_bound").then(pl.lit("at most")).otherwise(pl.lit("from lists")),
    )
    return Section("hours", HIDDEN, "Hours by school and training", table=Table("hours", rows, _HOURS))
