"""Two waves of the whole district as a pair: who answered both times, by school, and at which level.

People are matched by their pseudonym within a school: someone who moved to another school has left one and is new in
the other. A school that was merged counts as its successor. Anonymous answers match no one. What leaves this module
is hidden as `disclosure.two_waves` says.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from pd_core.access import DISTRICT
from pd_core.codebook import PROFICIENT, Codebook
from pd_core.disclosure.suppressed_frames import STEP_OF_PEOPLE, crossed
from pd_core.disclosure.two_waves import (
    HIDDEN,
    LEVELS,
    MOVES,
    PROFICIENT_OR_NOT,
    Counts,
    Flags,
    detail_next_to_roles,
    detail_of_roles,
    shows_answers,
    shows_matched,
    shows_matched_roles,
)
from pd_core.storage import Store, responses
from pd_core.survey.district_survey import district_survey
from pd_core.survey.merged_schools import merged_schools
from pd_core.survey.scoped_survey import Survey
from pd_core.survey.unsuppressed import district_of

_ROLE, _PERSON = "role", "person"


@dataclass(frozen=True)
class _MatchedPeople:
    """People by skill, school, role, and level in each wave, and those who answered in each wave. These are the axes:

    - `tables`: skill, school, role, first level, second level, of people with that role both times
    - `first`, `second`: skill, school, role
    - `all_tables`: skill, school, first level, second level, of all roles
    - `all_first`, `all_second`: skill, school, of all roles

    `anonymous`: whether no one in the first, and in the second wave can be recognized. `moved` people answered in
    another school than before, `new_role` in the same school with another role.
    """

    skills: list[str]
    school_ids: list[str]
    roles: list[str]
    tables: Counts
    first: Counts
    second: Counts
    all_tables: Counts
    all_first: Counts
    all_second: Counts
    anonymous: tuple[bool, bool]
    moved: int
    new_role: int

    @cached_property
    def shown(self) -> Flags:
        """Whether figures of a school's matched people are shown: axes skill, school."""
        return shows_matched(self.all_first, self.all_second, self.all_tables.sum(axis=(2, 3)))

    @cached_property
    def roles_shown(self) -> Flags:
        """The same for each role: axes skill, school, role."""
        matched = self.tables.sum(axis=(3, 4))
        shape, roles = matched.shape, matched.shape[2]
        first, second, both = (one.reshape(-1, roles) for one in (self.first, self.second, matched))
        everybody = self.all_first.ravel(), self.all_second.ravel(), self.all_tables.sum(axis=(2, 3)).ravel()
        return shows_matched_roles(first, second, both, everybody, self.shown.ravel()).reshape(shape)

    @cached_property
    def details(self) -> Counts:
        """How much of a school's table is shown: axes skill, school."""
        *groups, roles, levels, _ = self.tables.shape
        of_all, tables = self.all_tables.reshape(-1, levels, levels), self.tables.reshape(-1, roles, levels, levels)
        told = self.roles_shown.reshape(-1, roles)
        return detail_next_to_roles(of_all, self.shown.ravel(), tables, told, PROFICIENT).reshape(groups)

    @cached_property
    def role_details(self) -> Counts:
        """The same for each role: axes skill, school, role."""
        *groups, roles, levels, _ = self.tables.shape
        of_all = self.all_tables.reshape(-1, levels, levels)
        tables, shown = self.tables.reshape(-1, roles, levels, levels), self.roles_shown.reshape(-1, roles)
        found = detail_of_roles(of_all, self.details.ravel(), tables, shown, PROFICIENT)
        return found.reshape(*groups, roles)

    def of_role(self, role: str | None) -> tuple[Counts, Flags, Counts]:
        """Tables (skill, school, first level, second level), whether their people are shown, and how much of each table
        is; of one role, or of all (null)."""
        if role is None:
            return self.all_tables, self.shown, self.details
        if role in self.roles:
            place = self.roles.index(role)
            return self.tables[:, :, place], self.roles_shown[:, :, place], self.role_details[:, :, place]
        return np.zeros_like(self.all_tables), np.zeros_like(self.shown), np.zeros_like(self.details)


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
    - `anonymous`: the waves in which no one can be recognized
    - `headcounts`: school_id, headcount of the people that the filter keeps
    - `moved` people answered in another school than before, `new_role` in the same school with another role: in the
      whole district, rounded to `STEP_OF_PEOPLE`
    """

    matched: pl.DataFrame
    transitions: pl.DataFrame
    counted: pl.DataFrame
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
    counted = matched.filter(pl.Series((details == LEVELS).ravel())).select("school_id", "skill_id")
    names = [name for name, hides in zip((earlier.wave_id, later.wave_id), people.anonymous, strict=True) if hides]
    moved, new_role = (round(number / STEP_OF_PEOPLE) * STEP_OF_PEOPLE for number in (people.moved, people.new_role))
    transitions = _transitions(people, tables, details)
    return WavePair(matched, transitions, counted, tuple(names), whole.headcounts, moved, new_role)


def _is_hidden(wave: Survey, people: _MatchedPeople, merged: dict[str, str]) -> Flags:
    """Which groups one wave alone hides: axes skill, school. What two waves give together must not undo that."""
    rows = district_of(wave).skill_summary.filter("suppressed").select("skill_id", "school_id")
    hidden = set(rows.with_columns(pl.col("school_id").replace(merged)).iter_rows())
    marks = [[(skill_id, school_id) in hidden for school_id in people.school_ids] for skill_id in people.skills]
    return np.array(marks, dtype=np.bool_).reshape(len(people.skills), len(people.school_ids))


def _people(earlier: Survey, later: Survey) -> _MatchedPeople:
    """The matched people of all roles: counted once, whichever role is asked for first."""
    whole = district_of(later)
    everybody = district_survey(whole.store, whole.codebook, whole.wave_id, None, whole.target_share)
    waves = (earlier.wave_id, later.wave_id)

    def count() -> _MatchedPeople:
        return _matched_people(whole.store, whole.codebook, waves, whole.school_ids, merged_schools(earlier, later))

    return everybody.results.get(("matched people", earlier.wave_id), count)


def _transitions(people: _MatchedPeople, tables: Counts, details: Counts) -> pl.DataFrame:
    full = np.where((details == LEVELS)[..., None, None], tables, 0).sum(axis=1)
    rows: list[tuple[str, str, str, str, int]] = []
    for place, skill_id in enumerate(people.skills):
        for school, school_id in enumerate(people.school_ids):
            cells = _cells(tables[place, school], int(details[place, school]))
            rows += [(school_id, skill_id, *cell) for cell in cells]
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
        up, down = int(np.triu(table, 1).sum()), int(np.tril(table, -1).sum())
        return [("any", "up", up), ("any", "same", int(np.trace(table))), ("any", "down", down)]
    return []


def _matched_people(
    store: Store, codebook: Codebook, waves: tuple[str, str], school_ids: list[str], merged: dict[str, str]
) -> _MatchedPeople:
    """Count who answered about each proficiency item in both waves, in the listed schools."""
    items = codebook.items_of("proficiency")
    role = [_ROLE] if _ROLE in codebook.items else []
    columns = [_PERSON, "is_identified", *(item.item_id for item in items), *role]
    rows = [_placed(responses.answers(store, columns, wave_id=wave), school_ids, merged) for wave in waves]
    roles = sorted({role for wave in rows for role in wave[_ROLE].unique()})
    first, second = (_Answers(wave, [item.item_id for item in items], roles) for wave in rows)
    identified = [_identified(wave) for wave in rows]
    pairs = identified[0].join(identified[1], on=["school", _PERSON], suffix="_to")
    before, after = (pairs[name].to_numpy() for name in ("row", "row_to"))
    shape = (len(school_ids), len(roles))
    found = [_counted(first, second, place, before, after, shape) for place in range(len(items))]
    tables, starts, ends, everybody = (np.stack(part) for part in zip(*found, strict=True))
    again = set(identified[0][_PERSON]) & set(identified[1][_PERSON])
    told = (pl.col(_ROLE) != "") & (pl.col(f"{_ROLE}_to") != "") & (pl.col(_ROLE) != pl.col(f"{_ROLE}_to"))
    return _MatchedPeople(
        [item.skill_id for item in items], school_ids, roles, tables, starts, ends, everybody, starts.sum(axis=2),
        ends.sum(axis=2), (_is_anonymous(rows[0]), _is_anonymous(rows[1])), len(again - set(pairs[_PERSON])),
        pairs.filter(told)[_PERSON].n_unique(),
    )  # fmt: skip


class _Answers:
    """A wave's answers as arrays: of each row the place of its school and role, and by item its level (-1: none)."""

    def __init__(self, rows: pl.DataFrame, item_ids: list[str], roles: list[str]) -> None:
        self.school = rows["school"].to_numpy().astype(np.int64)
        self.role = rows[_ROLE].cast(pl.Enum(roles)).to_physical().to_numpy().astype(np.int64)
        self.levels = rows.select(pl.col(item_ids).fill_null(-1).cast(pl.Int64)).to_numpy().T


def _is_anonymous(rows: pl.DataFrame) -> bool:
    return bool(rows.height) and not rows["is_identified"].any()


def _placed(rows: pl.DataFrame, school_ids: list[str], merged: dict[str, str]) -> pl.DataFrame:
    became = pl.col("school_id").replace(merged)
    rows = rows.with_columns(school=became.cast(pl.Enum(school_ids), strict=False).to_physical())
    role = pl.col(_ROLE).fill_null("") if _ROLE in rows.columns else pl.lit("")
    return rows.filter(pl.col("school").is_not_null()).with_columns(role.alias(_ROLE)).with_row_index("row")


def _identified(rows: pl.DataFrame) -> pl.DataFrame:
    found = rows.filter("is_identified").select("row", "school", _PERSON, _ROLE)
    return found.unique(["school", _PERSON], keep="first", maintain_order=True)


def _counted(
    first: _Answers, second: _Answers, item: int, before: Counts, after: Counts, shape: tuple[int, int]
) -> tuple[Counts, Counts, Counts, Counts]:
    """tables, first, second, all_tables of one item; `before` and `after` are the rows of the same people."""
    levels = 4
    each = []
    for wave in (first, second):
        answered = wave.levels[item] >= 0
        place = (wave.school * shape[1] + wave.role)[answered]
        each.append(np.bincount(place, minlength=shape[0] * shape[1]).reshape(shape))
    then, now = first.levels[item][before], second.levels[item][after]
    both = (then >= 0) & (now >= 0)
    school, role = first.school[before][both], first.role[before][both]
    moved, cells = (then * levels + now)[both], levels * levels
    everybody = np.bincount(school * cells + moved, minlength=shape[0] * cells).reshape(shape[0], levels, levels)
    stayed = role == second.role[after][both]
    place = ((school * shape[1] + role) * cells + moved)[stayed]
    tables = np.bincount(place, minlength=shape[0] * shape[1] * cells).reshape(*shape, levels, levels)
    return tables, each[0], each[1], everybody
