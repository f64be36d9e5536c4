"""Times that are written well and cannot be right: before the program existed, an end before its start or swapped."""

from __future__ import annotations

from datetime import datetime, timedelta

import polars as pl

from pd_core.ingestion.reading import Source

# Microsoft Forms and Google Forms were not there before these days.
FIRST_DAY: dict[Source, datetime] = {"forms": datetime(2016, 6, 1), "google": datetime(2008, 2, 1)}
_FEW = 5  # rows, of which nothing can be said to be unusual
_FAR_YEARS = 3
_SOON = timedelta(days=1)  # from the start of an answer to its end


def impossible(times: pl.Series, source: Source) -> pl.Series:
    """Whether a time is before the program existed, or years from all others: true, false.

    Where a computer puts the year first, Excel takes 9/14/26 for 14 September 2009, 26 as the day: so a date is wrong
    whose day is the year of most other rows. Otherwise a time counts as years away where it is `_FAR_YEARS` or more
    from the median, less than a fifth of the rows are, and the file has `_FEW` rows or more. Null times are not.
    """
    early = (times < FIRST_DAY[source]).fill_null(False)
    known = times.filter(~early & times.is_not_null())
    if known.len() + int(early.sum()) < _FEW or known.is_empty():
        return early
    middle = known.sort()[known.len() // 2]
    years = (times.dt.year() - middle.year).abs()
    far = ((years >= _FAR_YEARS) & (times.dt.day() == middle.year % 100)) | (years > _FAR_YEARS)
    far = far.fill_null(False)
    return early | (far if 5 * int(far.sum()) < known.len() else early)


def ends_before_start(start: pl.Series, end: pl.Series) -> pl.Series:
    """Whether a row is completed before it is started; false where one of the two is not known."""
    return (end < start).fill_null(False)


def ends_swapped(start: pl.Series, end: pl.Series) -> pl.Series:
    """Whether a row is completed more than a day after its start, and soon after it were day and month of its end the
    other way around, as where Excel took some dates for others: true, false."""
    took = end - start
    times = pl.DataFrame({"end": end}).select(
        pl.datetime(
            pl.col("end").dt.year(),
            pl.when(pl.col("end").dt.day() <= 12).then(pl.col("end").dt.day()),
            pl.when(pl.col("end").dt.day() <= 12).then(pl.col("end").dt.month()),
        )
        + (pl.col("end") - pl.col("end").dt.truncate("1d"))
    )
    other = times.to_series() - start
    return ((took > _SOON) & (other >= timedelta()) & (other <= _SOON)).fill_null(False)
