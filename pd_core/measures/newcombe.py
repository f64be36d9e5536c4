"""Newcombe's interval for the difference of two shares, the p-value that belongs to it, and p-values of a family."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from pd_core.measures.intervals import wilson_center_and_half_width

_Numbers = NDArray[np.float64]
_EQUAL: Final = 1e-9
"""Shares nearer than this differ by the rounding of floating-point numbers only."""
_GREATEST_Z: Final = 40.0
"""Beyond it a p-value is 0 in floating-point numbers."""
_HALVINGS: Final = 36
"""Enough to find a z to nine digits."""


def distance_to_low(
    first: _Numbers,
    first_inverse_size: _Numbers,
    second: _Numbers,
    second_inverse_size: _Numbers,
    z: float | _Numbers,
    r: float | _Numbers = 0.0,
) -> _Numbers:
    """From first - second down to the low end of its interval; with first and second exchanged, up to the high end.

    Shares in [0, 1], each with 1 / n; `r` in [-1, 1] is their correlation, 0 where they are of different people. nan
    where a share is unknown.
    Source: Newcombe (1998), Interval estimation for the difference between independent proportions, method 10, and
    Improved confidence intervals for the difference between binomial proportions based on paired data.
    """
    center, half_width = wilson_center_and_half_width(first, first_inverse_size, z)
    down = np.maximum(first - (center - half_width), 0)
    center, half_width = wilson_center_and_half_width(second, second_inverse_size, z)
    up = np.maximum(center + half_width - second, 0)
    distance: _Numbers = np.sqrt(np.maximum(down**2 - 2 * r * down * up + up**2, 0))
    return distance


def p_value_of(
    first: _Numbers,
    first_inverse_size: _Numbers,
    second: _Numbers,
    second_inverse_size: _Numbers,
    r: float | _Numbers = 0.0,
) -> _Numbers:
    """Two-sided, in [0, 1]: 1 less the confidence at which the interval first touches 0; nan where a share is.

    By bisection for the z at which the end of the interval that is nearer 0 touches it.
    """
    is_above = first >= second
    greater, smaller = np.maximum(first, second), np.minimum(first, second)
    of_greater = np.where(is_above, first_inverse_size, second_inverse_size)
    of_smaller = np.where(is_above, second_inverse_size, first_inverse_size)
    low, high = np.zeros(len(first)), np.full(len(first), _GREATEST_Z)
    for _ in range(_HALVINGS):
        z = (low + high) / 2
        is_clear = greater - smaller > distance_to_low(greater, of_greater, smaller, of_smaller, z, r)
        low, high = np.where(is_clear, z, low), np.where(is_clear, high, z)
    p_value = np.where(greater - smaller < _EQUAL, 1.0, 2 * ndtr(-(low + high) / 2))
    return np.where(np.isnan(first) | np.isnan(second), np.nan, p_value)


def benjamini_hochberg(p_value: _Numbers) -> _Numbers:
    """The p-values of one family, adjusted; nan stays nan and counts as no test.

    Source: Benjamini and Hochberg (1995), Controlling the false discovery rate. Written here, since the first page
    would wait most of a second for scipy.stats to load.
    """
    adjusted, known = p_value.copy(), ~np.isnan(p_value)
    tests = int(known.sum())
    descending = np.argsort(-p_value[known], kind="stable")
    scaled = p_value[known][descending] * (tests / np.arange(tests, 0, -1))
    raised = np.empty(tests)
    raised[descending] = np.minimum(np.minimum.accumulate(scaled), 1.0)
    adjusted[known] = raised
    return adjusted
