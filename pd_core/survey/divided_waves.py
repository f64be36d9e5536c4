"""One wave of a pair: the groups of matched people that may be shown next to what is shown of the same already."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import replace
from itertools import chain
from typing import Final

import numpy as np

from pd_core.codebook import PROFICIENT
from pd_core.disclosure.several_waves import Alike, Known, divides_safely
from pd_core.disclosure.two_waves import HIDDEN, LEVELS, MOVES, PROFICIENT_OR_NOT, Counts, Flags
from pd_core.survey.matched_people import Both, MatchedPeople
from pd_core.survey.wave_cells import OUTCOMES, WaveCells, numbered

_WHOLE: Final = 6
_NO_ROW: Final = 7
"""Codes of rows: of a table's only row, and of no table; 0 to 3 are of a level, 4 and 5 of proficient or not."""
_STEPS: Final = (OUTCOMES - 1) // 2
"""What became of a person in a pair is 0 who answered once, 1 to 4 who answered both times (1 plus the first level), 5
to 8 who also had the same role."""


class Side:
    """A wave as one side of a pair: 0 the earlier, 1 the later. Its people are in groups of those alike in the pair."""

    def __init__(self, both: Both, side: int, wave: WaveCells, looked_at: Flags) -> None:
        """`looked_at` are items and schools, whose people alone can be divided."""
        self._is_later, self._wave, self._roles = side == 1, wave, len(both.roles)
        is_looked_at: Flags = np.any(looked_at, axis=0)
        self._rows = np.flatnonzero(is_looked_at[both.schools[side]])
        self._outcomes = _outcomes(both, side, self._rows)
        cell, outcome, people = wave.alike(self._rows, self._outcomes)
        row = wave.row[cell]
        looked = looked_at[wave.item[cell], both.schools[side][row]]
        row = row[looked]
        self._cell, self._outcome, self._people = cell[looked], outcome[looked], people[looked]
        self._item, self._kind = wave.item[self._cell], wave.kind[self._cell]
        self._school, self._role = both.schools[side][row], both.role_places[side][row]
        self._shape = looked_at.shape

    def of(self, schools: Flags) -> Side:
        """The people of some items and schools alone."""
        looked = schools[self._item, self._school]
        if looked.all():
            return self
        found = copy(self)
        for name in ("_cell", "_outcome", "_people", "_item", "_kind", "_school", "_role"):
            setattr(found, name, getattr(self, name)[looked])
        return found

    def without_what_does_not_divide(self, people: MatchedPeople, schools: Flags) -> MatchedPeople:
        """The pair without the roles, and at last the schools, of some schools that don't divide this wave safely."""
        active = schools & (people.shown | people.roles_shown.any(axis=2))
        while active.any():
            people, active = self.of(active)._with_one_role_less(people)
        return people

    def _with_one_role_less(self, people: MatchedPeople) -> tuple[MatchedPeople, Flags]:
        """The pair without roles that are not safe and the smallest of each school that is not, and these schools."""
        shown, of_role = self._groups(people)
        safe = self._divide(of_role, self._kind, self._known_of_roles(), of_roles=True)
        if (people.roles_shown & ~safe).any():
            people = replace(people, roles_shown=people.roles_shown & safe)
            shown, of_role = self._groups(people)
        others = ~people.roles_shown[self._item, self._school, self._role]
        safe = self._divide(shown & ~of_role, numbered(self._kind * 2 + of_role), self._known(others))
        active = people.shown & ~safe
        return _without_smallest_role(people, active), active

    def unsafe_rows(self, people: MatchedPeople) -> tuple[Flags, Flags]:
        """Of which roles, and of which schools, a row of their table doesn't divide this wave safely."""
        shown, of_role = self._groups(people)
        detail, of_role_detail = self._details(people)
        kinds = numbered(self._kind * 4 + shown * 2 + of_role)
        unsafe_roles = np.zeros_like(people.roles_shown)
        for row, left in _each_row(of_role, self._row_of(of_role_detail)):
            unsafe_roles |= ~self._divide(row, kinds, self._known_of_roles(left), of_roles=True)
            kinds = numbered(kinds * 2 + row)
        unsafe = np.zeros_like(people.shown)
        taken = of_role & (of_role_detail >= detail)
        for row, left in _each_row(shown & ~taken, self._row_of(detail)):
            unsafe |= ~self._divide(row, kinds, self._known(left))
            kinds = numbered(kinds * 2 + row)
        return unsafe_roles & people.roles_shown, unsafe & people.shown

    def add(self, people: MatchedPeople) -> None:
        """Take what is shown of a pair as known. The side is not to be used after that."""
        shown, of_role = self._groups(people)
        detail, of_role_detail = self._details(people) if self._is_later else (np.int64(MOVES), np.int64(MOVES))
        rows = [
            np.where(group, self._row_of(one), _NO_ROW) for group, one in ((shown, detail), (of_role, of_role_detail))
        ]
        new = self._wave.divide(self._rows, self._outcomes, self._cell, self._outcome, rows)

        def of_cells(group: Flags) -> Flags:
            found = np.zeros(len(self._wave.kind), dtype=np.bool_)
            found[new] = group
            return found

        groups = [shown, shown & ~of_role, *(one for one, _ in _each_row(shown, rows[0]))]
        self._wave.known += [of_cells(one) for one in groups]
        groups_of_roles = [of_role, *(one for one, _ in _each_row(of_role, rows[1]))]
        self._wave.known_of_roles += [of_cells(one) for one in groups_of_roles]

    def _groups(self, people: MatchedPeople) -> tuple[Flags, Flags]:
        """Who is among the matched people of a school that are shown, and of a role that is shown."""
        shown: Flags = (self._outcome > 0) & people.shown[self._item, self._school]
        return shown, (self._outcome > _STEPS) & people.roles_shown[self._item, self._school, self._role]

    def _details(self, people: MatchedPeople) -> tuple[Counts, Counts]:
        of_roles = people.role_details[self._item, self._school, self._role]
        return people.details[self._item, self._school], of_roles

    def _row_of(self, detail: Counts | np.int64) -> Counts:
        """The code of the row of a table with so much detail that each is in."""
        level_from = (self._outcome - 1) % _STEPS
        halves = np.where(detail == PROFICIENT_OR_NOT, 4 + (level_from >= PROFICIENT), _WHOLE)
        rows: Counts = np.where(detail == LEVELS, level_from, halves)
        return rows

    def _known(self, *groups: Flags) -> Known:
        return self._of_wave(self._wave.known, groups)

    def _known_of_roles(self, *groups: Flags) -> Known:
        return self._of_wave(self._wave.known_of_roles, groups)

    def _of_wave(self, known: Sequence[Flags], groups: Sequence[Flags]) -> Known:
        """The groups of the wave's cells that are known, and others of this pair."""
        return lambda places: chain((one[self._cell[places]] for one in known), (one[places] for one in groups))

    def _divide(self, inside: Flags, kinds: Counts, known: Known, *, of_roles: bool = False) -> Flags:
        """Which schools, or roles of schools, the group divides safely; looked at are those that have someone of it."""
        is_there = np.zeros(self._shape, dtype=np.bool_)
        is_there[self._item[inside], self._school[inside]] = True
        looked = np.flatnonzero(is_there[self._item, self._school])
        unit, shape = self._item[looked] * self._shape[1] + self._school[looked], self._shape
        kind = kinds[looked]
        if of_roles:
            unit, shape = unit * self._roles + self._role[looked], (*shape, self._roles)
            kind = kind * self._roles + self._role[looked]
        alike = Alike(unit, numbered(kind), self._people[looked], looked, int(np.prod(shape)))
        return divides_safely(alike, inside, known, are_schools=not of_roles).reshape(shape)


def _outcomes(both: Both, side: int, rows: Counts) -> Counts:
    """What became of some people of this side in the pair: axes item, place in `rows`."""
    answers, own = (both.first, both.second)[side], (both.before, both.after)[side]
    place = np.full(answers.levels.shape[1], -1)
    place[rows] = np.arange(len(rows))
    is_looked_at = place[own] >= 0
    own, before, after = (one[is_looked_at] for one in (own, both.before, both.after))
    has_stayed = both.role_places[0][before] == both.role_places[1][after]
    found: Counts = np.zeros((len(answers.levels), len(rows)), dtype=np.int64)
    for of_item, first, second in zip(found, both.first.levels, both.second.levels, strict=True):
        then, now = first[before], second[after]
        of_item[place[own]] = np.where((then >= 0) & (now >= 0), 1 + then + _STEPS * has_stayed, 0)
    return found


def divided(people: MatchedPeople, sides: Sequence[Side]) -> MatchedPeople:
    """The pair without what doesn't divide both waves safely."""
    checked = dict.fromkeys(sides, replace(people, shown=~people.shown))
    while any(checked[side] is not people for side in sides):
        for side in sides:
            before, checked[side] = checked[side], people
            changed = (before.shown != people.shown) | (before.roles_shown != people.roles_shown).any(axis=2)
            people = side.without_what_does_not_divide(people, changed)
            checked[side] = people
    return replace(
        people,
        details=np.where(people.shown, people.details, HIDDEN),
        role_details=np.where(people.roles_shown, people.role_details, HIDDEN),
    )


def with_rows_that_divide(people: MatchedPeople, later: Side) -> MatchedPeople:
    """The pair with as much of each table as divides the later wave safely: tables of the smallest roles go first."""
    active = (people.details > MOVES) | (people.role_details > MOVES).any(axis=2)
    while active.any():
        roles, schools = later.of(active).unsafe_rows(people)
        role_details = people.role_details - roles
        has_table = role_details > MOVES
        role_details[_smallest(people, has_table, schools)] = MOVES
        details = people.details - (schools & ~has_table.any(axis=2))
        people = replace(
            people, details=np.maximum(details, np.minimum(people.details, MOVES)), role_details=role_details
        )
        active = roles.any(axis=2) | schools
    return people


def _each_row(group: Flags, rows: Counts) -> Iterator[tuple[Flags, Flags]]:
    """The people of each row of a table but the only one, and those that the rows before it leave of the group."""
    left = group
    for row in range(_WHOLE):
        inside = left & (rows == row)
        if inside.any():
            yield inside, left
            left = left & ~inside


def _smallest(people: MatchedPeople, which: Flags, schools: Flags) -> Flags:
    """The smallest of the roles `which`, of each of these schools that has one."""
    sizes = np.full(which.shape, np.iinfo(np.int64).max)
    sizes[which] = people.tables[which].sum(axis=(1, 2))
    smallest: Flags = np.arange(which.shape[2]) == sizes.argmin(axis=2)[..., None]
    return smallest & which & schools[..., None]


def _without_smallest_role(people: MatchedPeople, schools: Flags) -> MatchedPeople:
    """Without the smallest role that is shown of these schools, and without those that have none."""
    if not schools.any():
        return people
    has_role = people.roles_shown.any(axis=2)
    roles_shown = people.roles_shown & ~_smallest(people, people.roles_shown, schools)
    return replace(people, shown=people.shown & ~(schools & ~has_role), roles_shown=roles_shown)
