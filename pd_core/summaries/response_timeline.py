"""Answers as they arrived day by day, and where that pace leads by the day the form closes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np
import polars as pl

from pd_core.access import DISTRICT
from pd_core.measures.response_rates import needed_answers
from pd_core.storage import Store, queries
from pd_core.survey.beyond_scope import store_of
from pd_core.survey.scoped_survey import Survey
from pd_core.survey.timeline import answers_by_day
from pd_core.wording import day_said
from pd_core.wording import whole as nearest

DAYS_OF_PACE = 5
"""Working days whose answers make up the pace: a week, so that no day of the week weighs more than another."""


@dataclass(frozen=True)
class Arrivals:
    """How many people had answered by each day.

    `days`: day, new, respondents (all up to then), a row per day with answers. `expected`: day, respondents (with
    fractions), a row per day from what is known to the closing day; null without a projection. `target` is the number
    of people that is enough, null without a headcount. `sentence` says it, without a full stop.
    """

    days: pl.DataFrame
    expected: pl.DataFrame | None
    target: int | None
    sentence: str


def arrivals(survey: Survey, school_id: str, closes_on: date | None, today: date) -> Arrivals:
    """The arrivals of a school or, for the district, of all schools that are seen together, as `foreseen`.

    Known is what had come by the latest of the last answer and the latest upload with answers of these schools.
    """
    rows = survey.response_rates.filter(pl.col("school_id") != DISTRICT)
    if school_id != DISTRICT:
        rows = rows.filter(pl.col("school_id") == school_id)
    school_ids = rows["school_id"].to_list()
    staff = int(rows["headcount"].sum()) if rows.height and not rows["headcount"].null_count() else None
    store = store_of(survey)
    days = answers_by_day(survey, school_ids)
    uploaded = _last_upload(store, survey.wave_id, school_ids) if days.height else None
    return foreseen(days, staff, survey.target_share, uploaded, closes_on, today)


def foreseen(
    days: pl.DataFrame,
    staff: int | None,
    target_share: float,
    uploaded: date | None,
    closes_on: date | None,
    today: date,
) -> Arrivals:
    """`days` (day, new, respondents, in order) with a projection to the closing day.

    It goes on at the pace of the last `DAYS_OF_PACE` working days (Monday to Friday; holidays are not known), counted
    back from the latest of the last answer and of `uploaded`: what came later, nobody here knows. It never passes the
    `staff`. There is none for a wave that is closed or has no closing day, nor from a single day.
    """
    target = None if staff is None else needed_answers(target_share, staff)
    if days.is_empty():
        return Arrivals(days, None, target, "Nobody has answered yet" + _closing(closes_on, today))
    first, last, answered = days["day"][0], days["day"][-1], int(days["respondents"][-1])
    known_until = max(last, uploaded or last)
    of_staff = f" of {staff:,}" if staff is not None else ""
    why_none = _why_none(answered, staff, first, known_until, closes_on, today)
    if why_none or closes_on is None:
        counted = f"{answered:,}" if staff is not None and answered > staff else f"{answered:,}{of_staff}"
        have = "has" if answered == 1 else "have"
        return Arrivals(days, None, target, f"{counted} {have} answered; {why_none}")
    pace = _pace(days, known_until)
    ahead = [known_until + timedelta(n) for n in range((closes_on - known_until).days + 1)]
    most = math.inf if staff is None else staff
    people = [min(most, answered + pace * working_days(known_until, day)) for day in ahead]
    expected = pl.DataFrame({"day": ahead, "respondents": people}, schema={"day": pl.Date, "respondents": pl.Float64})
    end = nearest(people[-1])
    comes = f"about {end:,}{of_staff} will have answered by {day_said(closes_on)}"
    if not pace:
        comes = f"it stays at {answered:,}{of_staff} until {day_said(closes_on)}"
    is_enough = target is not None and end >= target
    short = f"{target - end:,} short of" if target is not None and not is_enough else "enough for"
    verdict = "" if target is None else f": {short} the target"
    return Arrivals(days, expected, target, f"At the pace of the last {_days(first, known_until)} {comes}{verdict}")


def working_days(after: date, until: date) -> int:
    """Mondays to Fridays later than `after`, up to and with `until`."""
    return int(np.busday_count(after + timedelta(1), until + timedelta(1))) if until > after else 0


def _pace(days: pl.DataFrame, known_until: date) -> float:
    """People a working day; what came on a weekend counts with the days around it."""
    first = days["day"][0]
    start = np.busday_offset(known_until, 1 - DAYS_OF_PACE, roll="backward").astype(date)
    recent = int(days.filter(pl.col("day") >= start)["new"].sum())
    return recent / _number_of_days(first, known_until)


def _number_of_days(first: date, known_until: date) -> int:
    return min(DAYS_OF_PACE, max(1, working_days(first - timedelta(1), known_until)))


def _days(first: date, known_until: date) -> str:
    number = _number_of_days(first, known_until)
    words = ("", "", "two ", "three ", "four ", "five ")
    return f"{words[number]}working day{'s' if number > 1 else ''}"


def _why_none(
    answered: int, staff: int | None, first: date, known_until: date, closes_on: date | None, today: date
) -> str:
    if staff is not None and answered > staff:
        return f"that is more than the {staff:,} on the list, so check the number of staff"
    if answered == staff:
        return "nobody is missing"
    if closes_on is None:
        return "no closing day is set, so nobody can say where it will end"
    if closes_on <= known_until or closes_on < today:
        return f"the form {'closed' if closes_on < today else 'closes'} on {day_said(closes_on)}"
    if known_until == first:
        return "all of one day, which is too few to tell the pace"
    return ""


def _closing(closes_on: date | None, today: date) -> str:
    if closes_on is None:
        return ""
    return f"; the form {'closed' if closes_on < today else 'closes'} on {day_said(closes_on)}"


def _last_upload(store: Store, wave_id: str, school_ids: list[str]) -> date | None:
    """The day of the latest upload with answers of these schools; null where there is none."""
    of_schools = queries.schools_of_uploads(store).filter(pl.col("school_id").is_in(school_ids))
    found = (
        queries.uploads(store)
        .filter((pl.col("wave_id") == wave_id) & ~pl.col("is_undone"))
        .join(of_schools, on="upload_id", how="semi")
    )
    latest: datetime | None = found["uploaded_at"].max()  # type: ignore[assignment]
    # It is kept in UTC; days of answers and today's are those of this place.
    return latest.replace(tzinfo=UTC).astimezone().date() if latest else None
