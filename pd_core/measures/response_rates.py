"""Who has answered: respondents against headcount, school by school."""

import math
from typing import Final, Literal, get_args

import polars as pl

ResponseStatus = Literal["no answers", "no headcount", "check headcount", "too few", "behind", "on target"]
RESPONSE_STATUSES: Final[tuple[ResponseStatus, ...]] = get_args(ResponseStatus)


def with_response_rates(frame: pl.DataFrame, *, target_share: float, fewest: int) -> pl.DataFrame:
    """Adds the response rate of each row and what it means for the person who collects answers.

    Needs: respondents i64 (people, after repeats are replaced), headcount i64 (staff; null when unknown).
    Adds: rate f64, respondents / headcount in [0, 1]: 1 when more people answered than the headcount holds, null
    without a headcount or when respondents and headcount are both 0. status str, the first that holds of:
    "no headcount" (unknown), "no answers" (respondents 0), "check headcount" (more respondents than headcount: the
    headcount is out of date), "too few" (under `fewest` respondents), "behind" (rate under the target), "on target".
    target_share is a fraction in (0, 1], not a percent; ValueError otherwise.
    Source: AAPOR, Standard Definitions, RR1 with every member of staff eligible.
    """
    if not 0 < target_share <= 1:
        raise ValueError(f"target_share must be above 0 and at most 1, not {target_share}")
    respondents, headcount = pl.col("respondents").cast(pl.Float64), pl.col("headcount").cast(pl.Float64)
    rate = pl.when(headcount.is_not_null() & ((headcount > 0) | (respondents > 0))).then(
        pl.when(respondents > headcount).then(1.0).otherwise(respondents / headcount)
    )
    status = (
        pl.when(headcount.is_null())
        .then(_word("no headcount"))
        .when(respondents == 0)
        .then(_word("no answers"))
        .when(respondents > headcount)
        .then(_word("check headcount"))
        .when(respondents < fewest)
        .then(_word("too few"))
        .when(rate < target_share)
        .then(_word("behind"))
        .otherwise(_word("on target"))
    )
    return frame.with_columns(rate=rate, status=status)


def needed_answers(target_share: float, staff: int) -> int:
    """How many people of a staff are a share of it (0-1), at least."""
    return math.ceil(target_share * staff - 1e-9)


def _word(status: ResponseStatus) -> pl.Expr:
    return pl.lit(status, dtype=pl.String)
