"""Two waves of the whole district as a pair: who answered both times, by school, and at which level.

People are matched by their pseudonym within a school: someone who moved to another school has left one and is new in
the other. A school that was merged counts as its successor. Anonymous answers match no one. What leaves this module
is hidden as `disclosure.two_waves` and `disclosure.several_waves` say.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final, NamedTuple

import numpy as np
import polars as pl

from pd_core.access import DISTRICT
from pd_core.background import Note, unnoted
from pd_core.codebook import PROFICIENT
from pd_core.disclosure.suppressed_frames import STEP_OF_PEOPLE, crossed
from pd_core.disclosure.two_waves import (
    HIDDEN,
    LEVELS,
    MIN_GROUP,
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
    - `anonymous`: the waves in which no one can be recognized; `partly`: wave_id, school_id of the schools, and the
      district, where `MIN_GROUP` people or more can't be
    - `headcounts`: school_id, headcount of the people that the filter keeps
    - `moved` people answered in another school than before, `new_role` in the same school with another role: in the
      whole district, rounded to `STEP_OF_PEOPLE`
    """

    matched: pl.DataFrame
    transitions: pl.DataFrame
    counted: pl.DataFrame
    together: pl.DataFrame
    anonymous: tuple[str, ...]
    partly: pl.DataFrame
    headcounts: pl.DataFrame
    moved: int
    new_role: int


class _Cell(NamedTuple):
    """A number of a table of transitions, with the levels then and now that it counts: axes then, now."""

    level_from: str
    level_to: str
    inside: Flags


def _halves() -> Iterator[_Cell]:
    below = np.arange(_LEVELS) < PROFICIENT
    ends = ((f"0-{PROFICIENT - 1}", below), (f"{PROFICIENT}-{_LEVELS - 1}", ~below))
    for (level_from, then), (level_to, now) in product(ends, ends):
        yield _Cell(level_from, level_to, np.outer(then, now))


_LEVELS: Final = 4
_STEP = np.arange(_LEVELS) - np.arange(_LEVELS)[:, None]
_ONE = np.eye(_LEVELS, dtype=np.bool_)
_CELLS: Final[Mapping[int, Sequence[_Cell]]] = {
    LEVELS: [_Cell(str(a), str(b), np.outer(_ONE[a], _ONE[b])) for a, b in product(range(_LEVELS), repeat=2)],
    PROFICIENT_OR_NOT: list(_halves()),
    MOVES: [_Cell("any", "up", _STEP > 0), _Cell("any", "same", _STEP == 0), _Cell("any", "down", _STEP < 0)],
}
"""The numbers of each kind of table that can be shown, in their order."""


def wave_pair(earlier: Survey, later: Survey, note: Note = unnoted) -> WavePair:
    """The pair of two surveys under the same filter, kept as long as the later one; `note` as in `matched_people`."""
    return later.kept(("wave pair", earlier.wave_id), lambda: _wave_pair(earlier, later, note))


def _wave_pair(earlier: Survey, later: Survey, note: Note) -> WavePair:
    whole = district_of(later)
    people = _people(earlier, later, note)
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
    partly = _partly(people, (earlier.wave_id, later.wave_id))
    return WavePair(matched, transitions, counted, together, tuple(names), partly, whole.headcounts, moved, new_role)


def _partly(people: MatchedPeople, waves: tuple[str, str]) -> pl.DataFrame:
    """As `WavePair.partly`."""
    found = [
        (wave, school_id)
        for wave, unrecognized in zip(waves, people.unrecognized, strict=True)
        for school_id, number in zip(
            [*people.school_ids, DISTRICT], [*unrecognized.tolist(), unrecognized.sum()], strict=True
        )
        if number >= MIN_GROUP
    ]
    return pl.DataFrame(found, schema={"wave_id": pl.String, "school_id": pl.String}, orient="row")


def _is_hidden(wave: Survey, people: MatchedPeople, merged: dict[str, str]) -> Flags:
    """Which groups one wave alone hides: axes skill, school. What two waves give together must not undo that."""
    rows = district_of(wave).skill_summary.filter("suppressed").select("skill_id", "school_id")
    hidden = set(rows.with_columns(pl.col("school_id").replace(merged)).iter_rows())
    marks = [[(skill_id, school_id) in hidden for school_id in people.school_ids] for skill_id in people.skills]
    return np.array(marks, dtype=np.bool_).reshape(len(people.skills), len(people.school_ids))


def _people(earlier: Survey, later: Survey, note: Note) -> MatchedPeople:
    """The matched people of all roles: counted once, whichever role is asked for first, and the same both ways."""
    order = waves_in_order(district_of(later))
    if order.index(earlier.wave_id) > order.index(later.wave_id):
        return _people(later, earlier, note).backward()
    whole = district_of(later)
    everybody = district_survey(whole.store, whole.codebook, whole.wave_id, None, whole.target_share)
    key = ("matched people", earlier.wave_id)
    return everybody.results.get(key, lambda: matched_people(everybody, earlier.wave_id, later.wave_id, note))


def _transitions(people: MatchedPeople, tables: Counts, details: Counts) -> pl.DataFrame:
    """As `WavePair.transitions`: by skill and school, the district's at the end of a skill."""
    school_ids, found = [*people.school_ids, DISTRICT], []
    district = np.where((details == LEVELS)[..., None, None], tables, 0).sum(axis=1, keepdims=True)
    tables = np.concatenate([tables, district], axis=1)
    of_district = np.where(district.any(axis=(2, 3)), LEVELS, HIDDEN)
    details = np.concatenate([details, of_district], axis=1)
    for detail, cells in _CELLS.items():
        skills, schools = np.nonzero(details == detail)
        inside = np.array([cell.inside for cell in cells]).reshape(len(cells), -1)
        of_groups = tables[skills, schools].reshape(len(skills), inside.shape[1])
        found.append(
            pl.DataFrame(
                {
                    "skill": np.repeat(skills, len(cells)),
                    "school": np.repeat(schools, len(cells)),
                    "level_from": [cell.level_from for cell in cells] * len(skills),
                    "level_to": [cell.level_to for cell in cells] * len(skills),
                    "people": (of_groups @ inside.T).ravel(),
                },
                schema_overrides={"level_from": pl.String, "level_to": pl.String},
            )
        )
    rows = pl.concat(found).sort("skill", "school", maintain_order=True)
    return rows.select(
        pl.Series(school_ids, dtype=pl.String).gather(rows["school"]).alias("school_id"),
        pl.Series(people.skills, dtype=pl.String).gather(rows["skill"]).alias("skill_id"),
        "level_from", "level_to", pl.col("people").cast(pl.Int64),
    )  # fmt: skip
