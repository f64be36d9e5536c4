"""Whether an effect would be found where there can be none: before anyone had started."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from pd_core.measures.staggered import Numbers, Starts, cells, event_effects, is_treated, overall, redrawn

EARLIER: Final = 2
"""Periods by which the pretended starts come before the real ones."""
_SEED: Final = 15


class PlaceboStart(NamedTuple):
    """The effect of the pretended starts, in the outcome's unit, and its standard deviation by chance."""

    effect: float
    spread: float


def placebo_start(
    outcomes: Numbers, starts: Starts, effect: float, *, draws: int = 199, seed: int = _SEED
) -> PlaceboStart | None:
    """The effect if schools had started `EARLIER` periods before they did, from outcomes before they did; null where
    too few schools were seen so long before.

    `effect`, the estimate, is taken off the treated cells of the outcomes that give the spread. Source: Bertrand, Duflo
    and Mullainathan (2004), How much should we trust differences-in-differences estimates?
    """
    periods = outcomes.shape[1]
    early = np.where(starts < periods, starts - EARLIER, periods)
    treated = is_treated(outcomes, starts)
    before = np.where(treated, np.nan, outcomes)
    found = cells(before, early)
    if not found.cohorts:
        return None
    without = np.where(treated, outcomes - effect, outcomes)
    noise = overall(event_effects(without, redrawn(early, draws, seed), found), found)
    seen = overall(event_effects(before, early[None], found), found)
    return PlaceboStart(float(seen[0]), float(np.std(noise, ddof=1)))
