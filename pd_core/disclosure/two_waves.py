"""Which figures of two waves together are hidden: those of people who answered both times.

Each wave alone is hidden as `suppression` says, and a change is shown where both of its waves are. What the two waves
give together is who answered both times, for those who answered only once follow by subtraction:

1. Figures of the matched people of a school (and role) are shown if there are at least `MIN_MATCHED`, and those who
   answered only the first time, and only the second, are each none or at least `MIN_GROUP`.
2. The full table of levels, then and now, is shown if each of its rows has none or at least `MIN_GROUP` people; else
   the table of proficient or not, by the same rule; else how many went up, stayed, went down.
3. Where the table of proficient or not is hidden, so is all that rests on it: a change's interval is then that of
   different people. With it, the table would be the only one of whole numbers that fits.

What several groups, tables and pairs tell together has rules of its own: 4 to 6, in `several_waves`.

7. The district's figures of matched people are sums of what is shown of schools, and nothing else.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from pd_core.access import DISTRICT
from pd_core.disclosure.suppressed_frames import STEP_OF_PEOPLE

MIN_MATCHED: Final = 10
MIN_GROUP: Final = 5
MATCHED_HIDDEN: Final = "too few people answered both times, or too few only once"
HIDDEN, MOVES, PROFICIENT_OR_NOT, LEVELS = 0, 1, 2, 3
"""How much of a school's transitions is shown: nothing, up/same/down, the 2×2 table, the table of all levels."""
_HUNDREDTHS = {"share_from", "share_to", "change", "p", "smallest_change"}
_PEOPLE = {"respondents_from", "respondents_to", "matched", "people"}
_ROUNDING: Final = 1e-9
Counts = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]


def shows_matched(first: Counts, second: Counts, matched: Counts) -> Flags:
    """Rule 1, for respondents of the first wave, of the second and of both, arrays of one shape."""
    shown: Flags = (matched >= MIN_MATCHED) & _none_or_enough(first - matched) & _none_or_enough(second - matched)
    return shown


def detail(tables: Counts, shown: Flags, proficient: int) -> Counts:
    """Rule 2: how much of each table (axes …, level then, level now) is shown, of those whose matched people are.

    From level `proficient` on people count as proficient. Gives one of `HIDDEN`, `MOVES`, `PROFICIENT_OR_NOT`, `LEVELS`
    for each table.
    """
    rows = tables[shown].sum(axis=-1)
    halves = np.stack([rows[:, :proficient].sum(axis=-1), rows[:, proficient:].sum(axis=-1)], axis=-1)
    of_shown = np.full(len(rows), MOVES, dtype=np.int64)
    of_shown[_none_or_enough(halves).all(axis=-1)] = PROFICIENT_OR_NOT
    of_shown[_none_or_enough(rows).all(axis=-1)] = LEVELS
    found = np.full(shown.shape, HIDDEN, dtype=np.int64)
    found[shown] = of_shown
    return found


def shows_answers(details: Counts) -> Flags:
    """Rule 3: whether what rests on matched people's answers is shown, by how much of their table is."""
    shown: Flags = details >= PROFICIENT_OR_NOT
    return shown


def coarse_pair(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with the district's shares and changes in whole percents, the ends of intervals outward, its p in
    hundredths and its counts of people rounded to `STEP_OF_PEOPLE`: for a scope that does not see every school.

    An exact figure of the district is an equation, and two waves give more of them than one.
    """
    changed: dict[str, pl.Expr] = {}
    for name in set(frame.columns) & _HUNDREDTHS:
        changed[name] = (pl.col(name) * 100).round() / 100
    for name in set(frame.columns) & _PEOPLE:
        changed[name] = ((pl.col(name) / STEP_OF_PEOPLE).round() * STEP_OF_PEOPLE).cast(frame.schema[name])
    if "change_low" in frame.columns:
        changed["change_low"] = (pl.col("change_low") * 100 + _ROUNDING).floor() / 100
        changed["change_high"] = (pl.col("change_high") * 100 - _ROUNDING).ceil() / 100
    is_district = pl.col("school_id") == DISTRICT
    return frame.with_columns(pl.when(is_district).then(v).otherwise(name).alias(name) for name, v in changed.items())


def _none_or_enough(people: Counts) -> Flags:
    enough: Flags = (people == 0) | (people >= MIN_GROUP)
    return enough
