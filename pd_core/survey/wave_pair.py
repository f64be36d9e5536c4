"""Two waves of the whole district as a pair: who answered both times, by school, and at which level.

People are matched by their pseudonym within a school: someone who moved to another school has left one and is new in
the other. A school that was merged counts as its successor. Anonymous answers match no one. What leaves this module
is hidden as `disclosure.two_waves` and `disclosure.several_waves` say.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from pd_core.access import DISTRICT
from pd_core.codebook import PROFICIENT
from pd_core.disclosure.suppressed_frames import STEP_OF_PEOPLE, crossed
from pd_core.disclosure.two_waves import (
    HIDDEN,
    LEVELS,
    MOVES,
    PROFICIENT_OR_NOT,
    Counts,
    Flags,
    shows_answers,
)
from pd_core.survey.district_survey import district_survey
from pd_core.survey.matched_people import MatchedPeople
from pd_core.survey.merged_schools import merged_schools
from pd_core.survey.pairs_together import matched_people, waves_in_order
from pd_core.survey.scoped_survey import Survey
from pd_core.survey.unsuppressed import district_of


@dataclass(frozen=True)
class WavePair:
    """What may be shown of the people who answered in both waves.

    - `matched`: school_id, skill_id, matched, matched_from (proficient the first time), matched_to (the second),
      matched_both; null if hidden, 0 if no one answered both times. The last three are null too where the table of
      proficient or not is hidden: whatever rests on them would be an equation for it
    - `transitions`: school_id, skill_id, level_from, level_to, people, a row per cell that is shown; for the district
      the sum of the schools whose full table is shown. Levels are 0 to 3, or 0-1 and 2-3 if only these may be shown, or
      any, up, same and down
    - `counted`: school_id, skill_id of the tables that the district's are the sum of
    - `together`: school_id, skill_id of the groups that are hidden because of what other pairs of waves show
    - `anonymous`: the waves in which no one can be recognized
    - `headcounts`: school_id, headcount of the people that the filter keeps
    - `moved` people answered in another school than before, `new_role` in the same school with another role: in the
      whole district, rounded to `STEP_OF_PEOPLE`
    """

    matched: pl.DataFrame
    transitions: pl.DataFrame
    counted: pl.DataFrame
    together: pl.DataFrame
    anonymous: tuple[str, ...]
    headcounts: pl.DataFrame
    moved: int
    new_role: int


def wave_pair(earlier: Survey, later: Survey) -> WavePair:
    """The pair of two surveys under the same filter, kept as long as the later one."""
    return later.kept(("wave pair", earlier.wave_id), lambda: _wave_pair(earlier, later))


def _wave_pair(earlier: Survey, later: Survey) -> WavePair:
    whole = district_of(later)
    people = _people(earlier, later)
    tables, shown, details = people.of_role(later.role)
    merged = merged_schools(earlier, later)
    is_hidden = _is_hidden(earlier, people, merged) | _is_hidden(later, people, merged)
    shown, details = shown & ~is_hidden, np.where(is_hidden, HIDDEN, details)
    totals = tables.sum(axis=(2, 3))
    counts = {
        "matched": totals,
        "matched_from": tables[:, :, PROFICIENT:].sum(axis=(2, 3)),
        "matched_to": tables[..., PROFICIENT:].sum(axis=(2, 3)),
        "matched_both": tables[:, :, PROFICIENT:, PROFICIENT:].sum(axis=(2, 3)),
    }
    is_told, are_answers_told = shown | (totals == 0), shows_answers(details) | (totals == 0)
    places = {
        "school_id": crossed(people.school_ids, before=len(people.skills)),
        "skill_id": crossed(people.skills, after=len(people.school_ids)),
    }
    is_known = {name: is_told if name == "matched" else are_answers_told for name in counts}
    numbers = {name: pl.Series(one.ravel()) for name, one in counts.items()}
    matched = pl.DataFrame(places).with_columns(
        pl.when(pl.Series(is_known[name].ravel())).then(number).alias(name) for name, number in numbers.items()
    )
    counted, together = (
        matched.filter(pl.Series(which.ravel())).select("school_id", "skill_id")
        for which in (details == LEVELS, people.alone(later.role) & ~shown & ~is_hidden)
    )
    names = [name for name, hides in zip((earlier.wave_id, later.wave_id), people.anonymous, strict=True) if hides]
    moved, new_role = (round(number / STEP_OF_PEOPLE) * STEP_OF_PEOPLE for number in (people.moved, people.new_role))
    transitions = _transitions(people, tables, details)
    return WavePair(matched, transitions, counted, together, tuple(names), whole.headcounts, moved, new_role)


def _is_hidden(wave: Survey, people: MatchedPeople, merged: dict[str, str]) -> Flags:
    """Which groups one wave alone hides: axes skill, school. What two waves give together must not undo that."""
    rows = district_of(wave).skill_summary.filter("suppressed").select("skill_id", "school_id")
    hidden = set(rows.with_columns(pl.col("school_id").replace(merged)).iter_rows())
    marks = [[(skill_id, school_id) in hidden for school_id in people.school_ids] for skill_id in people.skills]
    return np.array(marks, dtype=np.bool_).reshape(len(people.skills), len(people.school_ids))


def _people(earlier: Survey, later: Survey) -> MatchedPeople:
    """The matched people of all roles: counted once, whichever role is asked for first, and the same both ways."""
    order = waves_in_order(district_of(later))
    if order.index(earlier.wave_id) > order.index(later.wave_id):
        return _people(later, earlier).backward()
    whole = district_of(later)
    everybody = district_survey(whole.store, whole.codebook, whole.wave_id, None, whole.target_share)
    key = ("matched people", earlier.wave_id)
    return everybody.results.get(key, lambda: matched_people(everybody, earlier.wave_id, later.wave_id))


def _transitions(people: MatchedPeople, tables: Counts, details: Counts) -> pl.DataFrame:
    full = np.where((details == LEVELS)[..., None, None], tables, 0).sum(axis=1)
    rows: list[tuple[str, str, str, str, int]] = []
    for place, skill_id in enumerate(people.skills):
        for school in np.flatnonzero(details[place]).tolist():
            cells = _cells(tables[place, school], int(details[place, school]))
            rows += [(people.school_ids[school], skill_id, *cell) for cell in cells]
        if full[place].any():
            rows += [(DISTRICT, skill_id, *cell) for cell in _cells(full[place], LEVELS)]
    columns = ["school_id", "skill_id", "level_from", "level_to"]
    return pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.String) | {"people": pl.Int64}, orient="row")


def _cells(table: Counts, shown: int) -> list[tuple[str, str, int]]:
    """level_from, level_to, people of the cells of a table that are shown."""
    if shown == LEVELS:
        return [(str(a), str(b), int(people)) for (a, b), people in np.ndenumerate(table)]
    if shown == PROFICIENT_OR_NOT:
        halves = slice(None, PROFICIENT), slice(PROFICIENT, None)
        names = f"0-{PROFICIENT - 1}", f"{PROFICIENT}-{len(table) - 1}"
        ends = list(zip(names, halves, strict=True))
        return [(a, b, int(table[before, after].sum())) for a, before in ends for b, after in ends]
    if shown == MOVES:
        levels = table.tolist()
        pairs = [(a, b, levels[a][b]) for a in range(len(levels)) for b in range(len(levels))]
        up, down = (sum(n for a, b, n in pairs if (b - a) * way > 0) for way in (1, -1))
        return [("any", "up", up), ("any", "same", sum(n for a, b, n in pairs if a == b)), ("any", "down", down)]
    return []
