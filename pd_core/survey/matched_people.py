"""The people who answered in both of two waves, counted by school, role and level; and how much of that is shown."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from pd_core.codebook import PROFICIENT, Codebook
from pd_core.disclosure.two_waves import Counts, Flags, detail, shows_matched
from pd_core.storage import Store, responses

ROLE, PERSON = "role", "person"
_STEPS = 4


@dataclass(frozen=True)
class MatchedPeople:
    """People by skill, school, role, and level in each wave, and those who answered in each wave. These are the axes:

    - `tables`: skill, school, role, first level, second level, of people with that role both times
    - `all_tables`: skill, school, first level, second level, of all roles
    - `shown`: whether figures of a school's matched people are shown, skill and school, and `details` how much of their
      table is; `roles_shown` and `role_details` the same of each role: skill, school, role
    - `shown_alone`, `roles_alone`: whether the numbers of this pair and group alone let them be shown

    `anonymous`: whether no one in the first, and in the second wave can be recognized; `unrecognized` are the people of
    each school who can't be. `moved` people answered in
    another school than before, `new_role` in the same school with another role.
    """

    skills: list[str]
    school_ids: list[str]
    roles: list[str]
    tables: Counts
    all_tables: Counts
    anonymous: tuple[bool, bool]
    unrecognized: tuple[Counts, Counts]
    moved: int
    new_role: int
    shown: Flags
    roles_shown: Flags
    details: Counts
    role_details: Counts
    shown_alone: Flags
    roles_alone: Flags

    def backward(self) -> MatchedPeople:
        """The later wave first: nothing is shown that is not shown the other way."""
        tables, all_tables = self.tables.swapaxes(3, 4), self.all_tables.swapaxes(2, 3)
        return replace(
            self,
            tables=tables, all_tables=all_tables, anonymous=self.anonymous[::-1],
            unrecognized=self.unrecognized[::-1],
            details=np.minimum(self.details, detail(all_tables, self.shown, PROFICIENT)),
            role_details=np.minimum(self.role_details, detail(tables, self.roles_shown, PROFICIENT)),
        )  # fmt: skip

    def of_role(self, role: str | None) -> tuple[Counts, Flags, Counts]:
        """Tables (skill, school, first level, second level), whether their people are shown, and how much of each table
        is; of one role, or of all (null)."""
        if role is None:
            return self.all_tables, self.shown, self.details
        if role in self.roles:
            place = self.roles.index(role)
            return self.tables[:, :, place], self.roles_shown[:, :, place], self.role_details[:, :, place]
        return np.zeros_like(self.all_tables), np.zeros_like(self.shown), np.zeros_like(self.details)

    def alone(self, role: str | None) -> Flags:
        """Whether this pair alone lets figures of one role, or of all (null), be shown: axes skill, school."""
        if role is None:
            return self.shown_alone
        return self.roles_alone[:, :, self.roles.index(role)] if role in self.roles else np.zeros_like(self.shown)


class Answers:
    """A wave's answers in the listed schools as arrays, a row each: `school` (place), and by item its level (-1: none).

    `rows` has their row, role and person (null: not recognized).
    """

    def __init__(self, store: Store, codebook: Codebook, wave_id: str, school_ids: list[str]) -> None:
        self.item_ids = [item.item_id for item in codebook.items_of("proficiency")]
        role = [ROLE] if ROLE in codebook.items else []
        rows = responses.answers(store, [PERSON, "is_identified", *self.item_ids, *role], wave_id=wave_id)
        self.rows = rows.with_columns(
            school=pl.col("school_id").cast(pl.Enum(school_ids), strict=False).to_physical().cast(pl.Int64),
            role=pl.col(ROLE).fill_null("") if role else pl.lit(""),
            person=pl.when("is_identified").then(PERSON),
        ).filter(pl.col("school").is_not_null()).with_row_index("row")  # fmt: skip
        levels = self.rows.select(pl.col(self.item_ids).fill_null(-1).cast(pl.Int8)).to_numpy().T
        self.levels = np.ascontiguousarray(levels)
        self.school = self.rows["school"].to_numpy()
        self.is_anonymous = bool(rows.height) and not rows["is_identified"].any()
        self._school_ids = school_ids

    def roles(self) -> set[str]:
        """The roles that occur."""
        return set(self.rows[ROLE].unique())

    def schools(self, merged: dict[str, str]) -> Counts:
        """Of each row the place of the school that its own became."""
        places = {school_id: place for place, school_id in enumerate(self._school_ids)}
        became = np.array(
            [places.get(merged.get(school_id, school_id), place) for school_id, place in places.items()], dtype=np.int64
        )
        found: Counts = became[self.school] if len(became) else self.school
        return found

    def role_places(self, roles: list[str]) -> Counts:
        """Of each row the place of its role."""
        return self.rows[ROLE].cast(pl.Enum(roles)).to_physical().to_numpy().astype(np.int64)

    def identified(self, merged: dict[str, str]) -> pl.DataFrame:
        """row, school (place), person, role of those who can be recognized, each once a school."""
        found = self.rows.with_columns(school=pl.Series(self.schools(merged))).filter(pl.col(PERSON).is_not_null())
        found = found.select("row", "school", PERSON, ROLE)
        return found.unique(["school", PERSON], keep="first", maintain_order=True)


@dataclass(frozen=True)
class Both:
    """Two waves' answers: of each row the place of its school in this pair, and of its role; `before` and `after` are
    the rows of the same people. `moved`, `new_role`: as in `MatchedPeople`."""

    first: Answers
    second: Answers
    roles: list[str]
    schools: tuple[Counts, Counts]
    role_places: tuple[Counts, Counts]
    before: Counts
    after: Counts
    moved: int
    new_role: int


def both_waves(first: Answers, second: Answers, merged: dict[str, str]) -> Both:
    """Who answered in both waves, in one school; a school that was merged counts as its successor."""
    roles = sorted(first.roles() | second.roles())
    then, now = first.identified(merged), second.identified(merged)
    pairs = then.join(now, on=["school", PERSON], suffix="_to")
    again = then.join(now, on=PERSON, how="semi")
    told = (pl.col(ROLE) != "") & (pl.col(f"{ROLE}_to") != "") & (pl.col(ROLE) != pl.col(f"{ROLE}_to"))
    return Both(
        first, second, roles, (first.schools(merged), second.schools(merged)),
        (first.role_places(roles), second.role_places(roles)),
        pairs["row"].to_numpy(), pairs["row_to"].to_numpy(),
        again.join(pairs, on=PERSON, how="anti")[PERSON].n_unique(), pairs.filter(told)[PERSON].n_unique(),
    )  # fmt: skip


def counted(both: Both, skills: list[str], school_ids: list[str]) -> MatchedPeople:
    """Count who answered about each skill in both waves, with what each group alone lets be shown."""
    shape, waves = (len(school_ids), len(both.roles)), (both.first, both.second)
    places = [schools * shape[1] + roles for schools, roles in zip(both.schools, both.role_places, strict=True)]
    school, role = places[0][both.before] // shape[1], places[0][both.before]
    has_stayed = both.role_places[0][both.before] == both.role_places[1][both.after]
    all_tables, tables, people_of_roles = [], [], []
    for first, second in zip(both.first.levels, both.second.levels, strict=True):
        then, now = first[both.before], second[both.after]
        is_twice = (then >= 0) & (now >= 0)
        step = then * np.int64(_STEPS) + now
        all_tables.append(_tables(school[is_twice], step[is_twice], shape[:1]))
        is_twice &= has_stayed
        tables.append(_tables(role[is_twice], step[is_twice], shape))
        people_of_roles.append(np.bincount(role[is_twice], minlength=shape[0] * shape[1]).reshape(shape))
    of_roles, everybody = np.array(tables), np.array(all_tables)
    before, after = (
        np.array([np.bincount(place[levels >= 0], minlength=shape[0] * shape[1]) for levels in wave.levels])
        .reshape(-1, *shape)
        .astype(np.int64)
        for wave, place in zip(waves, places, strict=True)
    )
    shown = shows_matched(before.sum(axis=2), after.sum(axis=2), everybody.sum(axis=(2, 3)))
    roles_shown = shows_matched(before, after, np.array(people_of_roles, dtype=np.int64))
    unrecognized = [
        np.bincount(places[wave.rows[PERSON].is_null().to_numpy()], minlength=shape[0]).astype(np.int64)
        for wave, places in zip(waves, both.schools, strict=True)
    ]
    return MatchedPeople(
        skills, school_ids, both.roles, of_roles, everybody, (both.first.is_anonymous, both.second.is_anonymous),
        (unrecognized[0], unrecognized[1]), both.moved, both.new_role, shown, roles_shown,
        detail(everybody, shown, PROFICIENT), detail(of_roles, roles_shown, PROFICIENT), shown, roles_shown,
    )  # fmt: skip


def _tables(places: Counts, steps: Counts, shape: tuple[int, ...]) -> Counts:
    """How many people of each place (of `shape`) took each step, a number for both levels: axes place, then, now."""
    people = np.bincount(places * _STEPS**2 + steps, minlength=int(np.prod(shape)) * _STEPS**2)
    return people.reshape(*shape, _STEPS, _STEPS)
