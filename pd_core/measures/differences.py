"""Whether two shares differ by more than chance explains, and the word for it.

Each share comes with 1 / n_eff (see `measures.intervals`), so that shares of a whole staff, of part of it and of many
schools together are compared in the same way. The two must be of different people.
"""

from statistics import NormalDist
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from pd_core.measures.newcombe import benjamini_hochberg, distance_to_low, p_value_of

CLEAR: Final = 0.05
"""The share of words "clearly above" and "clearly below" that chance alone may earn."""
LEAST: Final = 0.10
"""Shares that differ by less are never called clearly above or below, even if everyone has answered."""
STRESS: Final = 0.15
"""A clear word must hold even if the share of those who did not answer is this much lower everywhere."""
MARGIN: Final = 0.15
"""Shares that differ by no more than this are called about the same."""

_Numbers = NDArray[np.float64]
_EQUAL: Final = 1e-9
"""Shares that are closer than this differ only by floating-point rounding."""


def with_difference(
    frame: pl.DataFrame,
    *,
    share: str = "share",
    inverse_size: str = "inverse_size",
    reference_share: str = "reference_share",
    reference_inverse_size: str = "reference_inverse_size",
    unanswered: str | None = None,
    reference_unanswered: str | None = None,
    confidence: float = 0.95,
) -> pl.DataFrame:
    """Adds how far a share is above the one it is compared with, and whether that is clear. All rows are one family.

    Needs the four columns named, f64: the two shares in [0, 1] and 1 / n_eff of each (0 where all of the people are
    known); null where unknown.
    Adds difference f64 in [-1, 1], share - reference_share; difference_low and difference_high f64, Newcombe's hybrid
    of the two Wilson intervals. p_value f64: 1 less the confidence at which that interval first touches 0, so 0 where
    two known shares differ. adjusted_p f64: p_value after Benjamini and Hochberg over all rows that have one.
    held_back str: why a difference that chance rarely makes is not called clear: "small" (under LEAST) or "stress" (it
    would no longer be clear if those who did not answer were STRESS lower everywhere: p - unanswered * STRESS on both
    sides, not below 0); null for all others.
    word str: "clearly above" or "clearly below" if adjusted_p is at most CLEAR and nothing holds it back; otherwise
    "about the same" if the interval lies within MARGIN of 0; otherwise "cannot tell yet". If any of the four columns is
    null, the numbers are null and the word is "cannot tell yet". ValueError when confidence is not between 0 and 1.
    Source: Newcombe (1998), Interval estimation for the difference between independent proportions, method 10;
    Benjamini and Hochberg (1995), Controlling the false discovery rate.
    """
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must be between 0 and 1, not {confidence}")
    columns = [share, inverse_size, reference_share, reference_inverse_size]
    numbers = frame.select(pl.col(columns).cast(pl.Float64)).to_numpy()  # null becomes nan, and stays so
    numbers = np.where(np.isnan(numbers).any(axis=1, keepdims=True), np.nan, numbers)
    first, first_inverse_size, second, second_inverse_size = numbers.T
    difference = first - second
    difference[np.abs(difference) < _EQUAL] = 0
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    below = distance_to_low(first, first_inverse_size, second, second_inverse_size, z)
    above = distance_to_low(second, second_inverse_size, first, first_inverse_size, z)
    of_all, of_all_reference = (_missing(frame, name) for name in (unanswered, reference_unanswered))
    lowered = np.maximum(first - STRESS * of_all, 0), np.maximum(second - STRESS * of_all_reference, 0)
    # Both at once: each step of the search costs the same for twice the rows.
    both = [(first, lowered[0]), (first_inverse_size,) * 2, (second, lowered[1]), (second_inverse_size,) * 2]
    p_value, stressed_p = np.split(p_value_of(*(np.concatenate(pair) for pair in both)), 2)
    found = {
        "difference": difference,
        "difference_low": np.maximum(difference - below, -1),
        "difference_high": np.minimum(difference + above, 1),
        "p_value": p_value,
        "adjusted_p": benjamini_hochberg(p_value),
    }
    stressed_p = benjamini_hochberg(stressed_p)
    stressed = lowered[0] - lowered[1]
    with np.errstate(invalid="ignore"):
        holds = (
            (stressed_p <= CLEAR) & (np.sign(stressed) == np.sign(difference)) & (np.abs(stressed) >= LEAST - _EQUAL)
        )
    measured = frame.with_columns(pl.Series(name, values).fill_nan(None) for name, values in found.items())
    return measured.with_columns(held_back=_held_back(pl.Series(holds))).with_columns(word=_word())


def _missing(frame: pl.DataFrame, column: str | None) -> _Numbers:
    if column is None:
        return np.zeros(frame.height)
    return frame[column].cast(pl.Float64).fill_null(0).to_numpy()


def _held_back(holds: pl.Series) -> pl.Expr:
    is_rare = pl.col("adjusted_p") <= CLEAR
    is_small = pl.col("difference").abs() < LEAST - _EQUAL
    return pl.when(is_rare & is_small).then(pl.lit("small")).when(is_rare & ~pl.lit(holds)).then(pl.lit("stress"))


def _word() -> pl.Expr:
    is_clear = (pl.col("adjusted_p") <= CLEAR) & pl.col("held_back").is_null()
    is_small = (pl.col("difference_low") >= -MARGIN) & (pl.col("difference_high") <= MARGIN)
    return (
        pl.when(is_clear & (pl.col("difference") > 0))
        .then(pl.lit("clearly above"))
        .when(is_clear & (pl.col("difference") < 0))
        .then(pl.lit("clearly below"))
        .when(is_small)
        .then(pl.lit("about the same"))
        .otherwise(pl.lit("cannot tell yet"))
    )
