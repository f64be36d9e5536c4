"""A share and how far it can be trusted, when some of a known number of people have answered.

Both bounds are worked out from 1 / n_eff, not n_eff: it is 0 when everyone has answered, and the interval is then
exactly the share without a special case.
"""

from statistics import NormalDist
from typing import TypeVar

import numpy as np
import polars as pl
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
_Shares = TypeVar("_Shares", pl.Expr, Numbers)
_ROUNDING = 1e-6
"""People by which a number may miss a whole one for the rounding of floating-point numbers alone."""


def with_wilson_interval(
    frame: pl.DataFrame,
    *,
    count: str,
    base: str,
    population: str | None,
    prefix: str = "share",
    confidence: float = 0.95,
) -> pl.DataFrame:
    """Adds the share count / base with its Wilson score interval, corrected for the finite population.

    Needs: the columns named by count (people of the kind counted), base (people who answered) and population (people
    who could have answered; null when unknown; None when the frame has no such column).
    Adds: <prefix>, <prefix>_low, <prefix>_high f64 in [0, 1]. All null where base is 0 or null; the bounds alone are
    null where the population is unknown. Both ends are of whole people of the population, rounded outward: no staff has
    a share between two people. Where base reaches or exceeds the population both bounds are the share.
    confidence is a fraction, not a percent. ValueError when a count is negative or exceeds its base, or confidence is
    not between 0 and 1.
    Source: Wilson (1927), with n_eff = n (N - 1) / (N - n) as in Cochran, Sampling Techniques (1977), section 3.
    """
    require_counts_within_bases(frame, count, base)
    share = pl.when(pl.col(base) > 0).then(_number(count) / _number(base))
    inverse_size = inverse_effective_size(_number(base), _number(population))
    # In two steps, because Polars would work the share out anew at each of its places in the bounds.
    low, high = wilson_bounds(pl.col(prefix), pl.col("_inverse_size"), confidence=confidence)
    people = pl.max_horizontal(_number(population), _number(base))
    low, high = whole_people_outward(low, high, people)
    return (
        frame.with_columns(share.alias(prefix), inverse_size.alias("_inverse_size"))
        .with_columns(low.alias(f"{prefix}_low"), high.alias(f"{prefix}_high"))
        .drop("_inverse_size")
    )


def with_worst_case_bounds(
    frame: pl.DataFrame, *, count: str, base: str, population: str | None, prefix: str = "share"
) -> pl.DataFrame:
    """Adds the share if everyone who did not answer were not of the kind counted, and if all of them were.

    Needs: the columns of with_wilson_interval.
    Adds: <prefix>_worst_low = x / N and <prefix>_worst_high = (x + N - n) / N, f64 in [0, 1]; null where base is 0 or
    null or the population is unknown. A population under its base counts as the base: both bounds are then the share.
    ValueError when a count is negative or exceeds its base.
    Source: Manski, Partial Identification of Probability Distributions (2003), chapter 1.
    """
    require_counts_within_bases(frame, count, base)
    counted, respondents, known = _number(count), _number(base), _number(population)
    answered = pl.when((respondents > 0) & known.is_not_null())
    people = pl.max_horizontal(known, respondents)
    return frame.with_columns(
        answered.then(counted / people).alias(f"{prefix}_worst_low"),
        answered.then((counted + people - respondents) / people).alias(f"{prefix}_worst_high"),
    )


def inverse_effective_size(respondents: pl.Expr, people: pl.Expr) -> pl.Expr:
    """1 / n_eff = (N - n) / (n (N - 1)): 0 where n reaches N, null where n is 0 or either is null; both f64."""
    return (
        pl.when((respondents > 0) & (people > respondents))
        .then((people - respondents) / (respondents * (people - 1)))
        .when((respondents > 0) & (people <= respondents))
        .then(0.0)
    )


def wilson_bounds(share: pl.Expr, inverse_size: pl.Expr, *, confidence: float) -> tuple[pl.Expr, pl.Expr]:
    """Wilson score bounds of a share in [0, 1] for 1 / n_eff, each f64 in [0, 1]; null where either is null.

    Rounding never puts the share outside its own bounds. ValueError when confidence is not between 0 and 1.
    Source: Wilson (1927), in the form of Brown, Cai and DasGupta (2001), equation 4.
    """
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must be between 0 and 1, not {confidence}")
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    center, half_width = wilson_center_and_half_width(share, inverse_size, z)
    # The outer when keeps null: min_horizontal and max_horizontal would otherwise fall back on the share.
    known = pl.when(share.is_not_null() & inverse_size.is_not_null())
    low = known.then(pl.min_horizontal(share, center - half_width).clip(0, 1))
    high = known.then(pl.max_horizontal(share, center + half_width).clip(0, 1))
    return low, high


def whole_people_outward(low: pl.Expr, high: pl.Expr, people: pl.Expr) -> tuple[pl.Expr, pl.Expr]:
    """The ends of an interval of a share in [0, 1], moved outward to whole people of so many; null where any is null.

    What lies within a millionth of a person of a whole number is that number.
    """
    return (low * people + _ROUNDING).floor() / people, (high * people - _ROUNDING).ceil() / people


def wilson_center_and_half_width(share: _Shares, inverse_size: _Shares, z: float | Numbers) -> tuple[_Shares, _Shares]:
    """Center and half width of Wilson's interval at z standard errors, for 1 / n_eff; of expressions or of arrays."""
    shrink = 1 + z**2 * inverse_size
    center = (share + z**2 * inverse_size / 2) / shrink
    half_width = z * (share * (1 - share) * inverse_size + (z * inverse_size / 2) ** 2) ** 0.5 / shrink
    return center, half_width


def require_counts_within_bases(frame: pl.DataFrame, count: str, base: str) -> None:
    """ValueError naming the first row whose count is negative or exceeds its base; null is let through."""
    wrong = frame.select(count, base).filter((pl.col(count) > pl.col(base)) | (pl.col(count) < 0))
    if not wrong.is_empty():
        first_count, first_base = wrong.row(0)
        raise ValueError(
            f"{count} must lie between 0 and {base}: {count} is {first_count} where {base} is {first_base}"
            f" ({wrong.height} of {frame.height} rows)"
        )


def _number(column: str | None) -> pl.Expr:
    """The column as f64, because counts may arrive unsigned and must not wrap around below 0; null for no column."""
    return pl.lit(None, dtype=pl.Float64) if column is None else pl.col(column).cast(pl.Float64)
