"""How far a share moved between two waves, how sure that is, and the word for it.

A change speaks of more than the people who happened to answer, so nothing here corrects for a finite population: with
that correction, a district in which nothing changed would look as if it had, most of all where nearly everyone answers.
People who answered both times make a change more certain; they enter through the correlation of their two answers.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.special import ndtri

from pd_core.measures.intervals import require_counts_within_bases
from pd_core.measures.newcombe import benjamini_hochberg, distance_to_low, p_value_of

FALSE_DISCOVERY_RATE: Final = 0.05
"""The share of the words improved and declined that chance alone may earn."""
MIN_CHANGE: Final = 0.05
"""A smaller change is never called improved or declined."""
MIN_PEOPLE: Final = 3
"""Nor is a change of fewer people than these."""
EQUIVALENCE_MARGIN: Final = 0.15
"""An interval that stays within it is called no detectable change."""
MIN_RESPONDENTS: Final = 10
"""With fewer in either wave a change gets no word."""
MIN_MATCHED: Final = 10
"""With fewer people who answered both times, the two waves count as samples of different people."""
IMPROVED, DECLINED, NO_CHANGE, CANNOT_TELL = "improved", "declined", "no detectable change", "cannot tell"

Numbers = NDArray[np.float64]
NEEDED = ("respondents_from", "proficient_from", "respondents_to", "proficient_to")
MATCHED = ("matched", "matched_from", "matched_to", "matched_both")
_Z_95: Final = float(ndtri(0.975))
_POWER_80: Final = 2.8
"""z of 97.5% and of 80%, added: a change of so many standard errors has p ≤ 0.05 in 4 of 5 cases."""
_EQUAL: Final = 1e-9
_NOTHING: Final = 1e-15


def with_change(frame: pl.DataFrame) -> pl.DataFrame:
    """Adds the change of a share between two waves, with its interval, p and the smallest change that could be seen.

    Needs, i64: respondents_from, proficient_from, respondents_to, proficient_to (null where unknown or hidden); and of
    the people who answered both times matched, matched_from (proficient the first time), matched_to (the second) and
    matched_both. Where any of these four is null, or matched is under `MIN_MATCHED`, the waves count as independent.
    Adds f64: share_from, share_to in [0, 1]; change = share_to - share_from, change_low and change_high at 95%, all in
    [-1, 1]; p in [0, 1], the level at which that interval just touches 0; change_variance; smallest_change, the change
    that has p ≤ 0.05 in 4 of 5 cases (the words of `with_verdict` ask for more where many changes are judged together).
    All null where a wave has no known respondents; the last two too where a wave has a single one. ValueError when a
    count exceeds its base.
    Source: Newcombe (1998), Improved confidence intervals for the difference between binomial proportions based on
    paired data; Zou and Donner (2008), Construction of confidence limits about effect measures.
    """
    for count, base in (("proficient_from", "respondents_from"), ("proficient_to", "respondents_to")):
        require_counts_within_bases(frame, count, base)
    columns = frame.select(pl.col(name).cast(pl.Float64) for name in (*NEEDED, *MATCHED)).to_numpy().T
    n1, x1, n2, x2 = (np.where(np.isnan(columns[:4]).any(axis=0), np.nan, column) for column in columns[:4])
    n1, n2 = np.where(n1 > 0, n1, np.nan), np.where(n2 > 0, n2, np.nan)
    is_matched = ~np.isnan(columns[4:]).any(axis=0) & (columns[4] >= MIN_MATCHED)
    m, first, second, both = (np.where(is_matched, column, 0.0) for column in columns[4:])
    p1, p2 = x1 / n1, x2 / n2
    r = correlation(m, first, second, both) * m / np.sqrt(n1 * n2)
    variance = _variance(p1, n1, p2, n2, m, first, second, both)
    return _with_columns(frame, changed_shares(p1, 1 / n1, p2, 1 / n2, r, variance))


def changed_shares(
    p1: Numbers, inverse_n1: Numbers, p2: Numbers, inverse_n2: Numbers, r: Numbers, variance: Numbers
) -> dict[str, Numbers]:
    """The columns that `with_change` adds, of shares with 1 / n each.

    `r` is the correlation of the two shares, `variance` that of their difference; nan where unknown.
    """
    change = p2 - p1
    change[np.abs(change) < _EQUAL] = 0
    return {
        "share_from": p1,
        "share_to": p2,
        "change": change,
        "change_low": np.maximum(change - distance_to_low(p2, inverse_n2, p1, inverse_n1, _Z_95, r), -1),
        "change_high": np.minimum(change + distance_to_low(p1, inverse_n1, p2, inverse_n2, _Z_95, r), 1),
        "p": p_value_of(p1, inverse_n1, p2, inverse_n2, r),
        "change_variance": variance,
        "smallest_change": _POWER_80 * np.sqrt(variance),
    }


def _with_columns(frame: pl.DataFrame, columns: dict[str, Numbers]) -> pl.DataFrame:
    return frame.with_columns(pl.Series(name, values).fill_nan(None) for name, values in columns.items())


def correlation(matched: Numbers, first: Numbers, second: Numbers, both: Numbers) -> Numbers:
    """φ of the two answers of the people who answered both times, in [-1, 1]; 0 where all of them answered alike in
    either wave, for then it is not defined."""
    spread = first * (matched - first) * second * (matched - second)
    phi = np.zeros_like(matched)
    np.divide(both * matched - first * second, np.sqrt(spread), out=phi, where=spread > 0)
    return phi


def _variance(
    p1: Numbers, n1: Numbers, p2: Numbers, n2: Numbers, m: Numbers, first: Numbers, second: Numbers, both: Numbers
) -> Numbers:
    """S1²/n1 + S2²/n2 - 2 m S12 / (n1 n2), where S² and S12 divide by n - 1 and m - 1; never below 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        own = [np.where(n > 1, p * (1 - p) / (n - 1), np.nan) for p, n in ((p1, n1), (p2, n2))]
        shared = np.where(m > 1, (both - first * second / m) / (m - 1), 0.0)
    variance: Numbers = own[0] + own[1] - 2 * m * shared / (n1 * n2)
    variance[variance < _NOTHING] = 0  # the same people with the same answers; else at least 1 / n⁴
    return variance


def with_verdict(frame: pl.DataFrame, *, family: list[str] | None = None) -> pl.DataFrame:
    """Adds adjusted_p (Benjamini and Hochberg) and the verdict on each change.

    Needs the columns that `with_change` reads and adds; `family` names columns whose values set families apart (null:
    all rows are one). Rows with fewer than `MIN_RESPONDENTS` in a wave belong to none: both columns are null there.
    verdict str: improved or declined where adjusted_p is at most `FALSE_DISCOVERY_RATE`, the change is at least
    `MIN_CHANGE` and |change| × the smaller number of respondents at least `MIN_PEOPLE`; else no detectable change where
    the interval lies within `EQUIVALENCE_MARGIN` of 0 (inclusive); else cannot tell.
    Source: Benjamini and Hochberg (1995), Controlling the false discovery rate.
    """
    fewest = pl.min_horizontal("respondents_from", "respondents_to")
    counts = pl.col("p").is_not_null() & (pl.col("respondents_from") >= MIN_RESPONDENTS)
    counts &= pl.col("respondents_to") >= MIN_RESPONDENTS
    p = frame.select(pl.when(counts.fill_null(False)).then("p").cast(pl.Float64)).to_series().to_numpy()
    names = frame.select(family).rows() if family else [()] * len(p)
    places = {name: place for place, name in enumerate(dict.fromkeys(names))}
    family_of = np.array([places[name] for name in names], dtype=np.int64)
    adjusted = np.full(len(p), np.nan)
    for one in np.unique(family_of):
        is_of_family = family_of == one
        adjusted[is_of_family] = benjamini_hochberg(p[is_of_family])
    size = pl.col("change").abs()
    is_found = (
        (pl.col("adjusted_p") <= FALSE_DISCOVERY_RATE)
        & (size >= MIN_CHANGE - _EQUAL)
        & (size * fewest >= MIN_PEOPLE - _EQUAL)
    )
    is_small = (pl.col("change_low") >= -EQUIVALENCE_MARGIN - _EQUAL) & (
        pl.col("change_high") <= EQUIVALENCE_MARGIN + _EQUAL
    )
    word = (
        pl.when(is_found)
        .then(pl.when(pl.col("change") > 0).then(pl.lit(IMPROVED)).otherwise(pl.lit(DECLINED)))
        .when(is_small)
        .then(pl.lit(NO_CHANGE))
        .otherwise(pl.lit(CANNOT_TELL))
    )
    judged = frame.with_columns(adjusted_p=pl.Series(adjusted, dtype=pl.Float64).fill_nan(None))
    return judged.with_columns(verdict=pl.when(pl.col("adjusted_p").is_not_null()).then(word))


def with_shrunken_change(frame: pl.DataFrame, *, by: list[str]) -> pl.DataFrame:
    """Adds shrunken_change f64: each change shrunk toward the mean change of its group, the less certain the more.

    Needs change and change_variance (of `with_change`) and the columns of `by`. μ + B (change - μ) with μ the mean
    change of the group, B = τ² / (τ² + change_variance) and τ² = max(0, the variance of the changes less the mean of
    change_variance); B = 1 where change_variance is 0. Rows are put in order by it, never by the change itself. Null
    where either is.
    Source: Morris (1983), Parametric empirical Bayes inference.
    """
    is_known = pl.col("change").is_not_null() & pl.col("change_variance").is_not_null()
    change = pl.when(is_known).then("change")
    noise = pl.when(is_known).then("change_variance")
    true_spread = pl.max_horizontal(0.0, change.var().over(by).fill_null(0.0) - noise.mean().over(by))
    mean = change.mean().over(by)
    total = true_spread + noise
    factor = pl.when(total > 0).then(true_spread / total).otherwise(1.0)  # certain: nothing to draw it by
    return frame.with_columns(shrunken_change=pl.when(is_known).then(mean + factor * (change - mean)))


def variance_of(smallest_change: pl.Expr) -> pl.Expr:
    """The change_variance of `with_change` that goes with a smallest_change; null where that is."""
    return (smallest_change / _POWER_80) ** 2


def came_and_went(frame: pl.DataFrame) -> pl.DataFrame:
    """Splits a change by stayers, newcomers and leavers: adds from_stayers, from_newcomers, from_leavers.

    Needs the columns that `with_change` reads. The three are f64 in [-1, 1] and add up to the change; a part is 0 where
    there are no such people, and all are null where matched figures are null or no one is matched.
    Adds also leavers_share_from (of those who answered only the first time) and stayers_share_from, null where there
    are none. Source: the identity p2 - p1 = (p2m - p1m) + (1 - m/n2)(p2u - p2m) - (1 - m/n1)(p1u - p1m).
    """
    n1, x1, n2, x2, m, first, second, _ = (pl.col(name).cast(pl.Float64) for name in (*NEEDED, *MATCHED))
    known = pl.when((m > 0) & first.is_not_null() & second.is_not_null())
    new, left = n2 - m, n1 - m
    new_share = pl.when(new > 0).then((x2 - second) / new)
    left_share = pl.when(left > 0).then((x1 - first) / left)
    return frame.with_columns(
        from_stayers=known.then((second - first) / m),
        from_newcomers=known.then((new / n2 * (new_share - second / m)).fill_null(0.0)),
        from_leavers=known.then((-(left / n1) * (left_share - first / m)).fill_null(0.0)),
        stayers_share_from=known.then(first / m),
        leavers_share_from=known.then(left_share),
    )
