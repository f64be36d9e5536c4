"""Answers that came in day by day, with what is known of the school: made up in the test."""

from datetime import date

import polars as pl

from pd_core.summaries.response_timeline import Arrivals, project

MONDAY, FRIDAY, CLOSES = date(2026, 10, 19), date(2026, 10, 23), date(2026, 11, 6)


def arrived(new: dict[date, int]) -> pl.DataFrame:
    frame = pl.DataFrame({"day": list(new), "new": list(new.values())}, schema={"day": pl.Date, "new": pl.Int64})
    return frame.with_columns(respondents=pl.col("new").cum_sum())


def seen(
    new: dict[date, int],
    *,
    staff: int | None = 60,
    uploaded: date | None = FRIDAY,
    closes_on: date | None = CLOSES,
    today: date = FRIDAY,
) -> Arrivals:
    return project(arrived(new), staff, 0.6, uploaded, closes_on, today)
