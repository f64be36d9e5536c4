"""Where the people who answered in both waves stood then and now: up, the same, down, and whether that is chance.

Every function takes many tables at once: an array whose last two axes are the level of the first wave and of the
second, holding people.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.fft import irfft, next_fast_len
from scipy.special import bdtr, chdtrc

MIN_FOR_HOMOGENEITY: Final = 25
"""The chi-square distribution is trusted from so many people on."""
Numbers = NDArray[np.float64]
_NOTHING: Final = 1e-9
_CHUNK: Final = 2_000_000
"""Numbers of one step, so that a large district fits in memory."""


def moves(tables: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """People who went up, stayed and went down, of tables of shape (…, L, L): three arrays of shape (…)."""
    level = np.arange(tables.shape[-1])
    step = level[None, :] - level[:, None]
    return tuple(tables[..., where].sum(axis=-1) for where in (step > 0, step == 0, step < 0))


def sign_test(up: Numbers, down: Numbers) -> Numbers:
    """Two-sided exact p in [0, 1] that as many would go up as down; 1 if no one moved.

    `up` and `down` are people, of one shape. Source: Dixon and Mood (1946), The statistical sign test.
    """
    people = (up + down).astype(np.int64)
    p: Numbers = np.minimum(1.0, 2 * bdtr(np.minimum(up, down), people, 0.5))
    return p


def sign_flip_test(tables: Numbers) -> Numbers:
    """Two-sided exact p in [0, 1] that the sum of level changes would be as large if each had an equal chance of either
    sign; 1 if no one moved. Tables of shape (…, L, L) give an array of shape (…).

    All 2^k ways are counted, through the characteristic function of their sum, which is a product of cosines.
    Source: Fisher (1935), The Design of Experiments, section 21.
    """
    levels = tables.shape[-1]
    flat = tables.reshape(-1, levels, levels)
    steps = np.arange(1, levels)
    rises = np.stack([np.trace(flat, step, 1, 2) for step in steps], axis=1)
    falls = np.stack([np.trace(flat, -step, 1, 2) for step in steps], axis=1)
    movers, total = rises + falls, np.abs((rises - falls) @ steps)
    # Many tables share the same numbers of movers and the same sum: each such case is worked out once.
    cases, case_of = np.unique(np.column_stack([movers, total]), axis=0, return_inverse=True)
    largest = cases[:, :-1] @ steps
    p = np.ones(len(cases))
    order = np.argsort(largest)
    while order.size:
        # Cases of similar size together: the largest sum sets how many points their distribution needs.
        size = int(largest[order[0]])
        end = max(1, int(np.searchsorted(largest[order], 1.5 * size + 20, side="right")))
        end = min(end, max(1, _CHUNK // (int(largest[order[end - 1]]) + 1)))
        p[order[:end]] = _tail(cases[order[:end]], steps, int(largest[order[end - 1]]))
        order = order[end:]
    return p[case_of.ravel()].reshape(tables.shape[:-2])


def _tail(cases: Numbers, steps: NDArray[np.int64], largest: int) -> Numbers:
    """P(|S| ≥ s) for rows of people by step and, last, s; no sum is above `largest`."""
    points = next_fast_len(2 * largest + 1, real=True)
    angles = 2 * np.pi * np.arange(points // 2 + 1) / points
    wave = np.ones((len(cases), len(angles)))
    for place, step in enumerate(steps):
        people, case_of = np.unique(cases[:, place], return_inverse=True)
        wave *= (np.cos(step * angles) ** people[:, None])[case_of]
    chances = irfft(wave, points, axis=1)[:, : largest + 1]  # of the sums from 0 up: the others mirror them
    tail = 2 * np.where(np.arange(largest + 1) >= cases[:, -1:] - _NOTHING, chances, 0).sum(axis=1)
    return np.clip(np.where(cases[:, -1] == 0, 1.0, tail), 0, 1)


def stuart_maxwell(tables: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """Whether the two waves have the same shares at each level: chi-square, degrees of freedom and p, of shape (…).

    All three are nan if fewer than `MIN_FOR_HOMOGENEITY` people are in the table, or no one moved. Levels into and out
    of which no one moved are left out, and so is one level of each set within which all moves happened.
    Source: Stuart (1955), A test for homogeneity of the marginal distributions; Maxwell (1970).
    """
    levels = tables.shape[-1]
    flat = tables.reshape(-1, levels, levels).astype(np.float64)
    difference = flat.sum(axis=2) - flat.sum(axis=1)
    moving = flat * (1 - np.eye(levels))
    crossing = moving + moving.transpose(0, 2, 1)
    # The covariance is a graph's Laplacian: its rank is the degrees of freedom, its pseudo-inverse leaves out no level.
    covariance = crossing.sum(axis=2)[:, :, None] * np.eye(levels) - crossing
    values, vectors = np.linalg.eigh(covariance)
    is_used = values > 1e-8 * np.maximum(values[:, -1:], 1)
    projected = np.einsum("rij,ri->rj", vectors, difference)
    inverse = np.divide(1, values, out=np.zeros_like(values), where=is_used)
    statistic, freedom = (projected**2 * inverse).sum(axis=1), is_used.sum(axis=1).astype(np.float64)
    is_told = (flat.sum(axis=(1, 2)) >= MIN_FOR_HOMOGENEITY) & (freedom > 0)
    p = chdtrc(np.maximum(freedom, 1), statistic)
    shape = tables.shape[:-2]
    return tuple(np.where(is_told, one, np.nan).reshape(shape) for one in (statistic, freedom, p))  # type: ignore[return-value]
