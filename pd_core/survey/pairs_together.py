"""All pairs of waves together: what of the matched people of each may be shown next to the others.

Pairs are decided in order of their later wave, and for the same later wave the nearest first: a new wave takes nothing
back of what was shown before it. See `disclosure.several_waves` for the rules.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np
import polars as pl

from pd_core.background import Note, unnoted
from pd_core.disclosure.several_waves import have_large_patterns
from pd_core.disclosure.suppression import merged_roles
from pd_core.disclosure.two_waves import Counts, Flags
from pd_core.storage import queries
from pd_core.survey.district_survey import DistrictSurvey
from pd_core.survey.divided_waves import Side, divided, with_rows_that_divide
from pd_core.survey.matched_people import PERSON, Answers, Both, MatchedPeople, both_waves, counted
from pd_core.survey.merged_schools import merged_between, successors_of
from pd_core.survey.wave_cells import WaveCells


def waves_in_order(whole: DistrictSurvey) -> list[str]:
    """The waves that have answers, in order of time."""
    return [str(one) for one in whole.results.get("waves in order", lambda: queries.waves(whole.store)["wave_id"])]


def matched_people(whole: DistrictSurvey, earlier: str, later: str, note: Note = unnoted) -> MatchedPeople:
    """The matched people of a wave and a later one, with what may be shown of them next to all pairs before it.

    `note` takes how many pairs of waves are decided, and of how many.
    """
    waves = waves_in_order(whole)
    return _Pairs(whole, waves[: waves.index(later) + 1]).decided(waves.index(earlier), waves.index(later), note)


class _Pairs:
    """Some waves, in order, and what was decided of the pairs of them so far."""

    def __init__(self, whole: DistrictSurvey, waves: Sequence[str]) -> None:
        self._whole, self._names = whole, waves
        items = whole.codebook.items_of("proficiency")
        self._skills, self._schools = [item.skill_id for item in items], len(whole.school_ids)
        self._waves: dict[int, WaveCells] = {}
        self._patterns: dict[int, Flags] = {}

    def decided(self, earlier: int, later: int, note: Note) -> MatchedPeople:
        """The pair of these two, after all that come before it."""
        asked = self._counted(earlier, later)
        is_open = self._with_merged(asked[1].shown | asked[1].roles_shown.any(axis=2))
        pairs = [(first, second) for second in range(1, later + 1) for first in reversed(range(second))]
        before = pairs[: pairs.index((earlier, later))]
        for number, (first, second) in enumerate(before):
            note(number, len(before) + 1)
            both, people = self._counted(first, second)
            # What is decided about other schools tells nothing about those of the pair that is asked for.
            people = replace(people, shown=people.shown & is_open, roles_shown=people.roles_shown & is_open[:, :, None])
            people, sides = self._decided(first, second, both, people)
            for side in sides:
                side.add(people)
        note(len(before), len(before) + 1)
        return self._decided(earlier, later, *asked)[0]

    def _with_merged(self, schools: Flags) -> Flags:
        """These items and schools, and those that were merged into one of them, now or once."""
        successors, found = queries.successors(self._whole.store), schools.copy()
        place = {school_id: number for number, school_id in enumerate(self._whole.school_ids)}
        for school_id in place.keys() & successors.keys():
            for became in successors_of(school_id, successors):
                if became in place:
                    found[:, place[school_id]] |= schools[:, place[became]]
        return found

    def _wave(self, place: int) -> WaveCells:
        if place not in self._waves:
            whole = self._whole
            answers = Answers(whole.store, whole.codebook, self._names[place], whole.school_ids)
            self._waves[place] = WaveCells(answers)
        return self._waves[place]

    @cached_property
    def _who(self) -> Sequence[Counts]:
        """A number for each row of each wave, a person's the same in all; who isn't recognized has one alone."""
        of_waves = [self._wave(place).answers.rows[PERSON] for place in range(len(self._names))]
        persons = pl.concat(of_waves).cast(pl.Categorical).to_physical().cast(pl.Int64)
        alone = -1 - np.arange(len(persons))
        who = np.where(persons.is_null(), alone, persons.fill_null(0))
        return np.split(who, np.cumsum([len(one) for one in of_waves])[:-1])

    def _counted(self, first: int, second: int) -> tuple[Both, MatchedPeople]:
        """A pair, and what its own numbers and its place among the waves let be shown."""
        merged = merged_between(self._whole.store, (self._names[first], self._names[second]))
        both = both_waves(self._wave(first).answers, self._wave(second).answers, merged)
        people = counted(both, self._skills, self._whole.school_ids)
        if second > 1:
            is_next = self._is_next(first, second)
            shown = people.shown & is_next
            if (people.shown & ~is_next).any():
                shown |= people.shown & self._have_large_patterns(second)
            people = replace(people, shown=shown, roles_shown=people.roles_shown & is_next[:, :, None])
        told = ~(self._merged_roles(both, 0) | self._merged_roles(both, 1))
        return both, replace(people, roles_shown=people.roles_shown & told)

    def _decided(
        self, first: int, second: int, both: Both, people: MatchedPeople
    ) -> tuple[MatchedPeople, Sequence[Side]]:
        """The pair without what divides a wave unsafely, and its sides: none if nothing is shown."""
        looked_at = people.shown | people.roles_shown.any(axis=2)
        if not looked_at.any():
            return divided(people, ()), ()
        sides = [Side(both, side, self._wave(wave), looked_at) for side, wave in enumerate((first, second))]
        people = divided(people, sides)
        if not (people.shown.any() or people.roles_shown.any()):
            return people, ()
        return with_rows_that_divide(people, sides[1]), sides

    def _merged_roles(self, both: Both, side: int) -> Flags:
        """Which roles the tables of one wave of a pair merge with others: axes item, school, role."""
        wave, schools, roles = (both.first, both.second)[side], both.schools[side], both.role_places[side]
        shape = (self._schools, len(both.roles))

        def people(place: Counts) -> Counts:
            return np.bincount(place, minlength=shape[0] * shape[1]).reshape(shape).astype(np.int64)

        place = wave.school * shape[1] + roles
        everybody, found = people(place), []
        of_pair, of_wave = np.divmod(np.unique(schools * self._schools + wave.school), self._schools)
        for levels in wave.levels:
            merged = merged_roles(everybody, people(place[levels >= 0]))
            of_item = np.zeros(shape, dtype=np.bool_)
            np.logical_or.at(of_item, of_pair, merged[of_wave])
            found.append(of_item)
        return np.array(found)

    def _is_next(self, first: int, second: int) -> Flags:
        """Of which items and schools no wave between these two has answers."""
        between = np.zeros((len(self._skills), self._schools), dtype=np.bool_)
        for place in range(first + 1, second):
            wave = self._wave(place).answers
            for item, levels in enumerate(wave.levels):
                between[item] |= np.bincount(wave.school[levels >= 0], minlength=self._schools) > 0
        return ~between

    def _have_large_patterns(self, second: int) -> Flags:
        """Of which items and schools no one or enough people answered in each pattern of waves until the second."""
        if second not in self._patterns:
            self._patterns[second] = self._large_patterns(second)
        return self._patterns[second]

    def _large_patterns(self, second: int) -> Flags:
        size, parts = len(self._skills) * self._schools, []
        for place in range(second + 1):
            merged = merged_between(self._whole.store, (self._names[place], self._names[second]))
            parts.append(self._who[place] * self._schools + self._wave(place).answers.schools(merged))
        numbers = np.unique(np.concatenate(parts), return_inverse=True)[1]
        school_of = np.zeros(numbers.max(initial=-1) + 1, dtype=np.int64)
        school_of[numbers] = np.concatenate(parts) % self._schools
        patterns = np.zeros((len(self._skills), school_of.size), dtype=np.int64)
        for place, whose in enumerate(np.split(numbers, np.cumsum([len(part) for part in parts])[:-1])):
            for item, levels in enumerate(self._wave(place).answers.levels):
                patterns[item, whose[levels >= 0]] |= 1 << place
        found = have_large_patterns(self._units(school_of).ravel(), patterns.ravel(), size)
        return found.reshape(-1, self._schools)

    def _units(self, schools: Counts) -> Counts:
        """A number for each item and school, by item and row."""
        units: Counts = np.arange(len(self._skills))[:, None] * self._schools + schools
        return units
