"""The share of a school with few answers, shrunk toward that of all: the Pólya urn of one answer.

The urn of `measures.polya_urn` has a closed form for a single answer. If x of n respondents say yes, and others with
the share t of yes weigh PRIOR_WEIGHT respondents, the number of the N - n unseen who say yes is beta-binomial with
x + PRIOR_WEIGHT t and n - x + PRIOR_WEIGHT (1 - t). It needs no people, only these numbers.

Source: Ghosh and Meeden, Bayesian Methods for Finite Population Sampling (1997); checked in test_shrinkage.py against
the draws of `measures.polya_urn`.
"""

from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.special import betaln

from pd_core.measures.intervals import require_counts_within_bases
from pd_core.measures.polya_urn import PRIOR_WEIGHT

Numbers = NDArray[np.float64]
_LEAST: Final = 1e-9
"""The least weight of yes, and of no: the distribution does not allow 0."""


def with_pooled_share(
    frame: pl.DataFrame, *, count: str, base: str, population: str, prior_share: str, confidence: float = 0.95
) -> pl.DataFrame:
    """Adds the share of the whole staff that the urn makes likely: its mean, and a range.

    Needs: the columns named by count (people of the kind counted), base (people who answered), population (people who
    could have answered) and prior_share (the share of others, in [0, 1]).
    Adds pooled, pooled_low, pooled_high f64 in [0, 1]: all null where base is 0 or any of them is null. Where base
    reaches the population all three are count / base. confidence is a fraction.
    """
    require_counts_within_bases(frame, count, base)
    numbers = frame.select(pl.col(name).cast(pl.Float64) for name in (count, base, population, prior_share))
    counted, answered, people, shares = numbers.to_numpy().T  # null is nan, and stays so
    answered = np.where(answered > 0, answered, np.nan)
    unseen, yes, no = _urn(counted, answered, people, shares)
    outside = (1 - confidence) / 2
    more = [unseen * yes / (yes + no), *(_percentile(at, unseen, yes, no) for at in (outside, 1 - outside))]
    whole = [(counted + np.where(unseen == 0, 0, drawn)) / np.maximum(people, answered) for drawn in more]
    return frame.with_columns(
        pl.Series(name, values).fill_nan(None)
        for name, values in zip(("pooled", "pooled_low", "pooled_high"), whole, strict=True)
    )


def completed_shares(
    counted: Numbers, answered: Numbers, people: Numbers, prior_share: Numbers, *, draws: int, seed: int
) -> Numbers:
    """The share of each school's whole staff in completed districts, float64 (draws, schools).

    counted of the answered (1 or more) are of the kind counted, people could have answered, and prior_share is the
    share of others; each float64 (schools,), none nan. The same seed and schools give the same draws.
    """
    unseen, yes, no = _urn(counted, answered, people, prior_share)
    chances = np.random.default_rng(seed).random((len(counted), draws))
    # The inverse of each distribution at a chance: many times quicker than drawing from it.
    often = _often(unseen, yes, no)
    drawn = [np.searchsorted(*of_school) for of_school in zip(often, chances, strict=True)]
    shares: Numbers = (np.minimum(np.array(drawn).T, unseen) + counted) / np.maximum(people, answered)
    return shares


def _percentile(at: float, unseen: Numbers, yes: Numbers, no: Numbers) -> Numbers:
    """The least number of people with a yes such that the urn draws it, or fewer, with at least this probability."""
    often = _often(unseen, yes, no)
    return np.where(np.isnan(often[:, 0]), np.nan, (often >= at - _LEAST).argmax(axis=1))


def _often(unseen: Numbers, yes: Numbers, no: Numbers) -> Numbers:
    """The probability that the urn of each school (the first axis) draws 0, up to 1, up to 2 … people."""
    people = np.arange(np.nanmax(unseen, initial=0) + 1)
    often: Numbers = np.cumsum(_beta_binomial(people, *(numbers[:, None] for numbers in (unseen, yes, no))), axis=1)
    return often


def _beta_binomial(people: Numbers, unseen: Numbers, yes: Numbers, no: Numbers) -> Numbers:
    """The probability that `people` of the unseen say yes; 0 for more than there are, nan where a number is nan.

    Source: Johnson, Kemp and Kotz (2005), Univariate Discrete Distributions, chapter 6. scipy.stats has it too, but the
    first page would wait most of a second for it to load.
    """
    left = np.maximum(unseen - people, 0)
    ways = -np.log(unseen + 1) - betaln(left + 1, people + 1)
    often = np.exp(ways + betaln(people + yes, left + no) - betaln(yes, no))
    return np.where(people > unseen, 0.0, often)


def _urn(
    counted: Numbers, answered: Numbers, people: Numbers, prior_share: Numbers
) -> tuple[Numbers, Numbers, Numbers]:
    """The unseen people, and what the urn weighs for yes and for no."""
    yes, no = counted + PRIOR_WEIGHT * prior_share, answered - counted + PRIOR_WEIGHT * (1 - prior_share)
    return np.maximum(people - answered, 0), np.maximum(yes, _LEAST), np.maximum(no, _LEAST)
