"""The share of a school where few answered, drawn towards everybody's: the Pólya urn of one answer.

The urn of `measures.urn` for a single answer has a closed form. With x of n respondents saying yes, and others of whom
the share t does, weighing PRIOR_WEIGHT respondents, how many of the N - n unseen say yes is beta-binomial with
x + PRIOR_WEIGHT t and n - x + PRIOR_WEIGHT (1 - t). It needs no people, only these numbers.

Source: Ghosh and Meeden, Bayesian Methods for Finite Population Sampling (1997); checked in test_pooling.py against the
draws of `measures.urn`.
"""

from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.stats import betabinom

from pd_core.measures.intervals import require_counts_within_bases
from pd_core.measures.polya_urn import PRIOR_WEIGHT

Numbers = NDArray[np.float64]
_LEAST: Final = 1e-9
"""Instead of an urn without a single yes, or no: the distribution knows none."""


def with_pooled_share(
    frame: pl.DataFrame, *, count: str, base: str, population: str, towards: str, confidence: float = 0.95
) -> pl.DataFrame:
    """Adds the share of the whole staff that the urn makes likely: its mean, and the range that holds most of it.

    Needs: the columns named by count (people of the kind counted), base (people who answered), population (people who
    could have answered) and towards (the share of others, in [0, 1]).
    Adds pooled, pooled_low, pooled_high f64 in [0, 1]: all null where base is 0 or any of them is null. Where base
    reaches the population all three are count / base. confidence is a fraction.
    """
    require_counts_within_bases(frame, count, base)
    numbers = frame.select(pl.col(name).cast(pl.Float64) for name in (count, base, population, towards))
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
    counted: Numbers, answered: Numbers, people: Numbers, towards: Numbers, *, draws: int, seed: int
) -> Numbers:
    """The share of each school's whole staff in so many completed districts, float64 (draws, schools).

    counted of the answered (1 or more) are of the kind counted, people could have answered, and towards is the share of
    others; each float64 (schools,), none nan. The same seed and schools give the same draws.
    """
    unseen, yes, no = _urn(counted, answered, people, towards)
    chances = np.random.default_rng(seed).random((len(counted), draws))
    # The inverse of each distribution at a chance: many times quicker than drawing from it.
    often = _often(unseen, yes, no)
    drawn = [np.searchsorted(*of_school) for of_school in zip(often, chances, strict=True)]
    shares: Numbers = (np.minimum(np.array(drawn).T, unseen) + counted) / np.maximum(people, answered)
    return shares


def _percentile(at: float, unseen: Numbers, yes: Numbers, no: Numbers) -> Numbers:
    """The fewest people with a yes for whom the urn draws so many, or fewer, at least so often."""
    often = _often(unseen, yes, no)
    return np.where(np.isnan(often[:, 0]), np.nan, (often >= at - _LEAST).argmax(axis=1))


def _often(unseen: Numbers, yes: Numbers, no: Numbers) -> Numbers:
    """How often the urn of each school (the first axis) draws so many people, or fewer, counted from 0."""
    people = np.arange(np.nanmax(unseen, initial=0) + 1)
    often: Numbers = np.cumsum(betabinom.pmf(people, *(numbers[:, None] for numbers in (unseen, yes, no))), axis=1)
    return often


def _urn(counted: Numbers, answered: Numbers, people: Numbers, towards: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """The unseen people, and what the urn weighs for yes and for no."""
    yes, no = counted + PRIOR_WEIGHT * towards, answered - counted + PRIOR_WEIGHT * (1 - towards)
    return np.maximum(people - answered, 0), np.maximum(yes, _LEAST), np.maximum(no, _LEAST)
