"""Answers as they came in day by day, and where that pace leads by the day the form closes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

import numpy as np
import polars as pl

from pd_core.access import DISTRICT
from pd_core.measures.response_rates import needed_answers
from pd_core.storage import Store, queries
from pd_core.survey.beyond_scope import store_of
from pd_core.survey.scoped_survey import Survey
from pd_core.survey.timeline import answers_by_day

DAYS_OF_PACE = 5
"""Working days whose answers make up the pace: a week, so that no day of the week weighs more than another."""
Outlook = Literal["projected", "no answers", "check headcount", "complete", "no closing day", "closed", "one day"]
"""Whether there is a projection, or why there is none."""


@dataclass(frozen=True)
class Arrivals:
    """How many people had answered by each day.

    `days`: day, new, respondents (all up to that day), a row per day with answers. `expected`: day, respondents (with
    fractions), a row per day from what is known to the closing day; null without a projection. `staff` is the headcount
    and `target` the number of people that is enough; null without a headcount. `pace` is the number of people a working
    day, from the last `pace_days` of them. `is_closed`: the closing day has passed.
    """

    days: pl.DataFrame
    outlook: Outlook
    closes_on: date | None
    is_closed: bool
    staff: int | None = None
    target: int | None = None
    expected: pl.DataFrame | None = None
    pace: float = 0.0
    pace_days: int = 0


def arrivals(survey: Survey, school_id: str, closes_on: date | None, today: date) -> Arrivals:
    """The arrivals of a school or, for the district, of all schools in scope together, as `project`.

    Known is what had come in by the last answer or by the last upload with answers of these schools, whichever is
    later.
    """
    rows = survey.response_rates.filter(pl.col("school_id") != DISTRICT)
    if school_id != DISTRICT:
        rows = rows.filter(pl.col("school_id") == school_id)
    school_ids = rows["school_id"].to_list()
    staff = int(rows["headcount"].sum()) if rows.height and not rows["headcount"].null_count() else None
    store = store_of(survey)
    days = answers_by_day(survey, school_ids)
    uploaded = _last_upload(store, survey.wave_id, school_ids) if days.height else None
    return project(days, staff, survey.target_share, uploaded, closes_on, today)


def project(
    days: pl.DataFrame,
    staff: int | None,
    target_share: float,
    uploaded: date | None,
    closes_on: date | None,
    today: date,
) -> Arrivals:
    """`days` (day, new, respondents, in order) with a projection to the closing day.

    It continues at the pace of the last `DAYS_OF_PACE` working days (Monday to Friday; holidays are not known), counted
    back from the last answer or from `uploaded`, whichever is later: nothing is known of the time since. It never
    exceeds the `staff`. There is none for a wave that is closed or has no closing day, nor from a single day.
    """
    is_closed = closes_on is not None and closes_on < today
    target = None if staff is None else needed_answers(target_share, staff)
    if days.is_empty():
        return Arrivals(days, "no answers", closes_on, is_closed, staff, target)
    known_until = max(days["day"][-1], uploaded or days["day"][-1])
    outlook = _outlook(days, staff, known_until, closes_on, is_closed=is_closed)
    if outlook != "projected" or closes_on is None:
        return Arrivals(days, outlook, closes_on, is_closed, staff, target)
    answered = int(days["respondents"][-1])
    pace_days = min(DAYS_OF_PACE, max(1, working_days(days["day"][0] - timedelta(1), known_until)))
    pace = _recent(days, known_until) / pace_days
    ahead = [known_until + timedelta(n) for n in range((closes_on - known_until).days + 1)]
    most = math.inf if staff is None else staff
    people = [min(most, answered + pace * working_days(known_until, day)) for day in ahead]
    expected = pl.DataFrame({"day": ahead, "respondents": people}, schema={"day": pl.Date, "respondents": pl.Float64})
    return Arrivals(days, outlook, closes_on, is_closed, staff, target, expected, pace, pace_days)


def working_days(after: date, until: date) -> int:
    """Mondays to Fridays after one day, up to and including another."""
    return int(np.busday_count(after + timedelta(1), until + timedelta(1))) if until > after else 0


def _recent(days: pl.DataFrame, known_until: date) -> int:
    """People of the last `DAYS_OF_PACE` working days; a weekend's count with the days around it."""
    start = np.busday_offset(known_until, 1 - DAYS_OF_PACE, roll="backward").astype(date)
    return int(days.filter(pl.col("day") >= start)["new"].sum())


def _outlook(
    days: pl.DataFrame, staff: int | None, known_until: date, closes_on: date | None, *, is_closed: bool
) -> Outlook:
    answered = int(days["respondents"][-1])
    if staff is not None and answered > staff:
        return "check headcount"
    if answered == staff:
        return "complete"
    if closes_on is None:
        return "no closing day"
    if is_closed or closes_on <= known_until:
        return "closed"
    return "one day" if known_until == days["day"][0] else "projected"


def _last_upload(store: Store, wave_id: str, school_ids: list[str]) -> date | None:
    """The day of the latest upload with answers of these schools; null if there is none."""
    of_schools = queries.schools_of_uploads(store).filter(pl.col("school_id").is_in(school_ids))
    found = (
        queries.uploads(store)
        .filter((pl.col("wave_id") == wave_id) & ~pl.col("is_undone"))
        .join(of_schools, on="upload_id", how="semi")
    )
    latest: datetime | None = found["uploaded_at"].max()  # type: ignore[assignment]
    # Stored in UTC; the days of answers, and today, are local.
    return latest.replace(tzinfo=UTC).astimezone().date() if latest else None
