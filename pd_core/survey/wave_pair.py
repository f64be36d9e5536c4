"""Two waves of the whole district as a pair: who answered both times, school by school, and where they stood.

People are matched by their pseudonym, within a school: who moved to another school is a leaver of the one and a newcomer
of the other. Anonymous answers match nobody. Not fit for showing: `matched` is hidden by `disclosure.two_waves`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from pd_core.codebook import PROFICIENT, Codebook, Item
from pd_core.disclosure.two_waves import Counts, Flags, detail, shows_matched, shows_matched_roles
from pd_core.storage import Store, responses

_ROLE, _PERSON = "role", "person"


@dataclass(frozen=True)
class MatchedPeople:
    """People by skill, school and level then and now, and those who answered at each time; with their roles.

    `tables` has the axes skill, school, role, level then, level now, of people who had that role both times; `first` and
    `second` skill, school, role; `all_tables` skill, school, level then, level now, and `all_first`, `all_second` skill,
    school, of everybody.
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

    @cached_property
    def shown(self) -> Flags:
        """Whether figures of a school's matched people are shown: axes skill, school."""
        return shows_matched(self.all_first, self.all_second, self.all_tables.sum(axis=(2, 3)))

    @cached_property
    def roles_shown(self) -> Flags:
        """The same for each role: axes skill, school, role."""
        matched = self.tables.sum(axis=(3, 4))
        shape, roles = matched.shape, matched.shape[2]
        flat = [one.reshape(-1, roles) for one in (self.first, self.second, matched)]
        everybody = self.all_tables.sum(axis=(2, 3)).ravel()
        return shows_matched_roles(*flat, everybody, self.shown.ravel()).reshape(shape)

    def of_role(self, role: str | None) -> tuple[Counts, Flags, Counts]:
        """Tables (skill, school, level then, level now), whether their people are shown, and how much of each table is;
        of one role or everybody."""
        if role is None:
            tables, shown = self.all_tables, self.shown
        elif role in self.roles:
            place = self.roles.index(role)
            tables, shown = self.tables[:, :, place], self.roles_shown[:, :, place]
        else:
            tables, shown = np.zeros_like(self.all_tables), np.zeros_like(self.shown)
        return tables, shown, detail(tables, shown, PROFICIENT)


def matched_people(
    store: Store, codebook: Codebook, from_wave: str, to_wave: str, school_ids: list[str]
) -> MatchedPeople:
    """Counts who answered about each proficiency item in both waves, in the listed schools."""
    items = codebook.items_of("proficiency")
    has_role = _ROLE in codebook.items
    columns = [_PERSON, "is_identified", *(item.item_id for item in items), *([_ROLE] if has_role else [])]
    first, second = (
        _placed(responses.answers(store, columns, wave_id=wave), school_ids) for wave in (from_wave, to_wave)
    )
    anonymous = tuple(bool(wave.height) and not wave["is_identified"].any() for wave in (first, second))
    roles = sorted({*first[_ROLE].unique(), *second[_ROLE].unique()})
    pairs = _identified(first).join(_identified(second), on=["school", _PERSON], suffix="_to")
    shape = (len(school_ids), len(roles))
    found = [_counted(item, first, second, pairs, roles, shape) for item in items]
    stacked = [np.stack([one[place] for one in found]) for place in range(6)] if found else [np.zeros((0, *shape))] * 6
    skills = [item.skill_id for item in items]
    return MatchedPeople(skills, school_ids, roles, *stacked, anonymous)  # type: ignore[arg-type]


def _placed(rows: pl.DataFrame, school_ids: list[str]) -> pl.DataFrame:
    rows = rows.with_columns(school=pl.col("school_id").cast(pl.Enum(school_ids), strict=False).to_physical())
    role = pl.col(_ROLE).fill_null("") if _ROLE in rows.columns else pl.lit("")
    return rows.filter(pl.col("school").is_not_null()).with_columns(role.alias(_ROLE))


def _identified(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.filter("is_identified").unique(["school", _PERSON], keep="first", maintain_order=True)


def _counted(
    item: Item, first: pl.DataFrame, second: pl.DataFrame, pairs: pl.DataFrame, roles: list[str], shape: tuple[int, int]
) -> tuple[Counts, Counts, Counts, Counts, Counts, Counts]:
    """tables, first, second, all_tables, all_first, all_second of one item."""
    levels, name = 4, item.item_id
    enum = pl.Enum(roles)
    each = []
    for wave in (first, second):
        answered = wave.filter(pl.col(name).is_not_null())
        place = answered["school"].to_numpy().astype(np.int64) * shape[1] + _codes(answered[_ROLE], enum)
        each.append(np.bincount(place, minlength=shape[0] * shape[1]).reshape(shape))
    both = pairs.filter(pl.col(name).is_not_null() & pl.col(f"{name}_to").is_not_null())
    school = both["school"].to_numpy().astype(np.int64)
    moved = both[name].to_numpy().astype(np.int64) * levels + both[f"{name}_to"].to_numpy().astype(np.int64)
    cells = levels * levels
    everybody = np.bincount(school * cells + moved, minlength=shape[0] * cells).reshape(shape[0], levels, levels)
    stayed = (both[_ROLE] == both[f"{_ROLE}_to"]).to_numpy()
    place = (school * shape[1] + _codes(both[_ROLE], enum)) * cells + moved
    tables = np.bincount(place[stayed], minlength=shape[0] * shape[1] * cells).reshape(*shape, levels, levels)
    return tables, each[0], each[1], everybody, each[0].sum(axis=1), each[1].sum(axis=1)


def _codes(roles: pl.Series, enum: pl.Enum) -> Counts:
    return roles.cast(enum).to_physical().to_numpy().astype(np.int64)
