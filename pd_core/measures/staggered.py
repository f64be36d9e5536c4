"""What an outcome did in schools that started a training, less what it did in schools that had not started yet.

Throughout, `outcomes` has a row a school and a column a period (nan: not known); `starts` has, for each school, the
first period in which enough of its staff were trained, the number of periods where that has not happened yet.

Source: Callaway and Sant'Anna (2021), Difference-in-differences with multiple time periods, with the schools not yet
treated as controls and no covariates.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

MIN_TREATED: Final = 5
"""Schools in each mean of schools that started."""
MIN_NOT_YET: Final = 5
"""Schools in each mean of schools that had not started."""
MIN_BEFORE: Final = 3
"""Periods that a school must have been observed before it started."""
_CHUNK: Final = 4_000_000
"""Numbers of one step of the re-drawn starts, so that a large district fits in memory."""
Numbers = NDArray[np.float64]
Starts = NDArray[np.int64]


@dataclass(frozen=True)
class Cells:
    """Which means are made: of the schools that started in one of `cohorts`, `events` periods after their start.

    `events` run from the earliest period before the start that every cohort has, over -1 (which is 0 by definition), to
    the last one after it for which every cohort still has schools to be compared with. All have the same cohorts.
    """

    cohorts: tuple[int, ...]
    sizes: tuple[int, ...]
    events: tuple[int, ...]

    @property
    def after(self) -> list[int]:
        """The places of events 0 and later."""
        return [place for place, event in enumerate(self.events) if event >= 0]

    @property
    def before(self) -> list[int]:
        """The places of events before -1: what should be near 0 if nothing else set these schools apart."""
        return [place for place, event in enumerate(self.events) if event < -1]

    @property
    def schools(self) -> int:
        """Schools of all cohorts."""
        return sum(self.sizes)


def cells(outcomes: Numbers, starts: Starts) -> Cells:
    """The cohorts that can be estimated, and how far before and after their start; no cohorts where none can be.

    A cohort needs `MIN_BEFORE` periods before its start, a known school of its own, and `MIN_NOT_YET` schools with a
    known outcome that have not started in the period of its start.
    """
    periods = outcomes.shape[1]
    is_known = ~np.isnan(outcomes)
    found: dict[int, int] = {}
    for start in sorted({int(one) for one in starts if MIN_BEFORE <= one < periods}):
        base = is_known[:, start - 1]
        last = -1
        for period in range(start, periods):
            pairs = base & is_known[:, period]
            if not (pairs & (starts == start)).any() or (pairs & (starts > period)).sum() < MIN_NOT_YET:
                break
            last = period - start
        if last >= 0:
            found[start] = last
    if not found:
        return Cells((), (), ())
    sizes = tuple(int((starts == start).sum()) for start in found)
    return Cells(tuple(found), sizes, tuple(range(-min(found), min(found.values()) + 1)))


def event_effects(outcomes: Numbers, draws: Starts, cells: Cells, *, earlier: int = 0) -> Numbers:
    """θ(e) for each row of `draws` (starts of all schools, shape (draws, schools)) and each of `cells.events`.

    ATT(g, t) is the mean of Y_t - Y_{g-1} over the schools with start g, less the same over those with a start after
    both t and g; θ(e) is the mean of ATT(g, g + e) over cohorts, weighted by their schools. The base period is
    `earlier` periods before g - 1. nan where no cohort has its cell.
    """
    schools, periods = outcomes.shape
    effects = np.empty((len(draws), len(cells.events)))
    for rows in _chunks(len(draws), schools * periods):
        some = draws[rows]
        waits = (some[:, :, None] > np.arange(periods)).astype(np.float64)
        totals, weights = np.zeros((2, len(some), len(cells.events)))
        for cohort, size in zip(cells.cohorts, cells.sizes, strict=True):
            att = _att(outcomes, some, waits, cohort, cohort - 1 - earlier)
            for place, event in enumerate(cells.events):
                value = att[:, cohort + event]
                is_known = ~np.isnan(value)
                totals[is_known, place] += size * value[is_known]
                weights[:, place] += size * is_known
        effects[rows] = np.divide(totals, weights, out=np.full_like(totals, np.nan), where=weights > 0)
    return effects


def overall(effects: Numbers, cells: Cells) -> Numbers:
    """The mean of θ(e) over the periods from the start on, of each row of `effects`."""
    mean: Numbers = np.nanmean(effects[:, cells.after], axis=1)
    return mean


def redrawn(starts: Starts, draws: int, seed: int) -> Starts:
    """The same starts given to the schools anew, `draws` times: what chance alone would make of them."""
    return np.random.default_rng(seed).permuted(np.tile(starts, (draws, 1)), axis=1)


def is_treated(outcomes: Numbers, starts: Starts) -> NDArray[np.bool_]:
    """Which cells of `outcomes` are of a school that has started."""
    treated: NDArray[np.bool_] = np.arange(outcomes.shape[1]) >= starts[:, None]
    return treated


def _att(outcomes: Numbers, draws: Starts, waits: Numbers, cohort: int, base: int) -> Numbers:
    """ATT(cohort, t) for each draw and period; nan where either mean has no school."""
    change = outcomes - outcomes[:, [base]]
    is_known = ~np.isnan(change)
    known, change = is_known.astype(np.float64), np.where(is_known, change, 0.0)
    own = (draws == cohort).astype(np.float64)
    # Before the cohort's own start the schools compared are those that start after it.
    others = np.concatenate([np.repeat(waits[:, :, [cohort]], cohort, axis=2), waits[:, :, cohort:]], axis=2)
    with np.errstate(divide="ignore", invalid="ignore"):
        mean_own = (own @ change) / (own @ known)
        mean_others = np.einsum("dst,st->dt", others, change) / np.einsum("dst,st->dt", others, known)
    att: Numbers = mean_own - mean_others
    return att


def _chunks(draws: int, each: int) -> Iterator[slice]:
    step = max(1, _CHUNK // max(each, 1))
    return (slice(start, start + step) for start in range(0, draws, step))
