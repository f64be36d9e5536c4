"""One wave of a pair: the groups of matched people that may be shown next to what is shown of the same people already.

Axes are item, row of the wave's answers; of what is shown item, school (and role).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from pd_core.codebook import PROFICIENT
from pd_core.disclosure.several_waves import divides_safely
from pd_core.disclosure.two_waves import HIDDEN, LEVELS, MOVES, PROFICIENT_OR_NOT, Counts, Flags
from pd_core.survey.matched_people import Answers, Both, MatchedPeople

_WHOLE = 6
"""The code of a table's only row; 0 to 3 are of a level, 4 and 5 of proficient or not."""


@dataclass
class DividedWave:
    """What of the people who answered a wave was decided before: axes item, row.

    `kind` is a code for the role and what is shown of them; `known` are groups of a school's people that are shown, and
    `known_of_roles` groups of a role of it.
    """

    answers: Answers
    kind: Counts
    known: list[Flags] = field(default_factory=list)
    known_of_roles: list[Flags] = field(default_factory=list)


class Side:
    """A wave as one side of a pair: 0 the earlier, 1 the later."""

    def __init__(self, both: Both, side: int, wave: DividedWave) -> None:
        self._both, self._is_later, self._wave = both, side == 1, wave
        self._school, self._role = both.schools[side], both.role_places[side]
        self._rows = (both.before, both.after)[side]
        self._answered = wave.answers.levels >= 0

    @cached_property
    def _matched(self) -> Flags:
        then, now = self._both.first.levels[:, self._both.before], self._both.second.levels[:, self._both.after]
        matched: Flags = self._by_row((then >= 0) & (now >= 0)) == 1
        return matched

    @cached_property
    def _stayed(self) -> Flags:
        places = self._both.role_places
        stayed: Flags = self._by_row(places[0][self._both.before] == places[1][self._both.after]) == 1
        return self._matched & stayed

    @cached_property
    def _level_from(self) -> Counts:
        return self._by_row(self._both.first.levels[:, self._both.before])

    def _by_row(self, values: Counts | Flags) -> Counts:
        found = np.zeros(self._answered.shape, dtype=np.int64)
        found[:, self._rows] = values
        return found

    def without_what_does_not_divide(self, people: MatchedPeople) -> MatchedPeople:
        """The pair without the roles, and at last the schools, that don't divide this wave safely."""
        active = people.shown | people.roles_shown.any(axis=2)
        while active.any():
            shown, of_role = self._groups(people)
            safe = self._divide(active, of_role, self._wave.kind, self._wave.known_of_roles, of_roles=True)
            if (people.roles_shown & ~safe).any():
                people = replace(people, roles_shown=people.roles_shown & safe)
                shown, of_role = self._groups(people)
            others = ~people.roles_shown[:, self._school, self._role]
            kinds = self._wave.kind * 2 + of_role
            safe = self._divide(active, shown & ~of_role, kinds, [*self._wave.known, others])
            active &= people.shown & ~safe
            people = _without_smallest_role(people, active)
        return people

    def unsafe_rows(self, people: MatchedPeople, active: Flags) -> tuple[Flags, Flags]:
        """Of which roles, and of which schools, a row of their table doesn't divide this wave safely."""
        shown, of_role = self._groups(people)
        detail, of_role_detail = self._details(people)
        kinds = self._wave.kind * 4 + shown * 2 + of_role
        unsafe_roles = np.zeros_like(people.roles_shown)
        for row, left in _each_row(of_role, self._row_of(of_role_detail)):
            known = [*self._wave.known_of_roles, left]
            unsafe_roles |= ~self._divide(active, row, kinds, known, of_roles=True)
            kinds = kinds * 2 + row
        unsafe = np.zeros_like(people.shown)
        taken = of_role & (of_role_detail >= detail)
        for row, left in _each_row(shown & ~taken, self._row_of(detail)):
            unsafe |= ~self._divide(active, row, kinds, [*self._wave.known, left])
            kinds = kinds * 2 + row
        return unsafe_roles & people.roles_shown, unsafe & people.shown

    def add(self, people: MatchedPeople) -> None:
        """Take what is shown of a pair as known."""
        shown, of_role = self._groups(people)
        detail, of_role_detail = self._details(people) if self._is_later else (np.int64(MOVES), np.int64(MOVES))
        row, row_of_role = np.where(shown, self._row_of(detail), 7), np.where(of_role, self._row_of(of_role_detail), 7)
        _, kind = np.unique((self._wave.kind * 8 + row) * 8 + row_of_role, return_inverse=True)
        self._wave.kind = kind.reshape(self._answered.shape).astype(np.int64)
        self._wave.known += [shown, shown & ~of_role, *(one for one, _ in _each_row(shown, row))]
        self._wave.known_of_roles += [of_role, *(one for one, _ in _each_row(of_role, row_of_role))]

    def _groups(self, people: MatchedPeople) -> tuple[Flags, Flags]:
        """Who is among the matched people of a school that are shown, and of a role that is shown."""
        shown: Flags = self._matched & people.shown[:, self._school]
        return shown, self._stayed & people.roles_shown[:, self._school, self._role]

    def _details(self, people: MatchedPeople) -> tuple[Counts, Counts]:
        return people.details[:, self._school], people.role_details[:, self._school, self._role]

    def _row_of(self, detail: Counts | np.int64) -> Counts:
        """The code of the row of a table with so much detail that each is in."""
        halves = np.where(detail == PROFICIENT_OR_NOT, 4 + (self._level_from >= PROFICIENT), _WHOLE)
        rows: Counts = np.where(detail == LEVELS, self._level_from, halves)
        return rows

    def _divide(
        self, active: Flags, inside: Flags, kinds: Counts, known: Sequence[Flags], *, of_roles: bool = False
    ) -> Flags:
        """Which schools, or roles of schools, the group divides safely; looked at are those of `active` schools."""
        items, schools = active.shape
        units = np.arange(items)[:, None] * schools + self._school
        shape = (items, schools, len(self._both.roles)) if of_roles else active.shape
        units = units * shape[2] + self._role if of_roles else units
        looked = self._answered & active[:, self._school]
        safe = divides_safely(
            units[looked], kinds[looked], inside[looked], [one[looked] for one in known], int(np.prod(shape)),
            are_schools=not of_roles,
        )  # fmt: skip
        return safe.reshape(shape)


def divided(people: MatchedPeople, sides: Sequence[Side]) -> MatchedPeople:
    """The pair without what doesn't divide both waves safely."""
    while True:
        found = people
        for side in sides:
            found = side.without_what_does_not_divide(found)
        if found is people:
            break
        people = found
    return replace(
        people,
        details=np.where(people.shown, people.details, HIDDEN),
        role_details=np.where(people.roles_shown, people.role_details, HIDDEN),
    )


def with_rows_that_divide(people: MatchedPeople, later: Side) -> MatchedPeople:
    """The pair with as much of each table as divides the later wave safely: tables of the smallest roles go first."""
    active = people.shown | people.roles_shown.any(axis=2)
    while active.any():
        roles, schools = later.unsafe_rows(people, active)
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
    """The people of each row of a table, and those that the rows before it leave of the group."""
    left = group
    for row in range(_WHOLE):
        inside = left & (rows == row)
        if inside.any():
            yield inside, left
            left = left & ~inside


def _smallest(people: MatchedPeople, which: Flags, schools: Flags) -> Flags:
    """The smallest of the roles `which`, of each of these schools that has one."""
    sizes = np.where(which, people.tables.sum(axis=(3, 4)), np.iinfo(np.int64).max)
    smallest: Flags = np.arange(which.shape[2]) == sizes.argmin(axis=2)[..., None]
    return smallest & which & schools[..., None]


def _without_smallest_role(people: MatchedPeople, schools: Flags) -> MatchedPeople:
    """Without the smallest role that is shown of these schools, and without those that have none."""
    if not schools.any():
        return people
    has_role = people.roles_shown.any(axis=2)
    roles_shown = people.roles_shown & ~_smallest(people, people.roles_shown, schools)
    return replace(people, shown=people.shown & ~(schools & ~has_role), roles_shown=roles_shown)
