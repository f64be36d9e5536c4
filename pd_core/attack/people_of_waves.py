"""The people of several waves as they really are, person by person: what an attack on all pairs must not find."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from pd_core.attack.published import Published
from pd_core.codebook import Codebook
from pd_core.disclosure.suppression import Counts, Flags
from pd_core.storage import Store, responses
from pd_core.survey.merged_schools import merged_between

_KEY = ["became", "person"]


@dataclass(frozen=True)
class PeopleOfWaves:
    """Everyone in a school who answered any wave; who moved to another school is someone else there.

    `schools` and `roles` are places by wave (wave, person; -1: absent; the role after the last: none); `levels` by
    skill the level in each wave (wave, person; -1: no answer). `pairs` are the schools' places by pair of waves and
    side: a school that was merged is its successor.
    """

    school_ids: list[str]
    schools: Counts
    roles: Counts
    levels: Mapping[str, Counts]
    pairs: Mapping[tuple[int, int], tuple[Counts, Counts]]

    def both_times(self, skill_id: str, pair: tuple[int, int], school: int, role: int) -> Flags:
        """The matched people of a school; `role` (place of a filter, 0: all) had that role both times."""
        levels = self.levels[skill_id]
        both: Flags = np.ones(levels.shape[1], dtype=np.bool_)
        for wave, places in zip(pair, self.pairs[pair], strict=True):
            both &= (levels[wave] >= 0) & (places == school)
            if role:
                both &= self.roles[wave] == role - 1
        return both

    def of_wave(self, skill_id: str, wave: int, school: int, role: int) -> Flags:
        """Those of a school, and of a role, who answered in one wave."""
        of: Flags = (self.levels[skill_id][wave] >= 0) & (self.schools[wave] == school)
        return of & (self.roles[wave] == role - 1) if role else of


def people_of_waves(store: Store, codebook: Codebook, published: Published) -> PeopleOfWaves:
    """Reads the answers about skills of all published waves."""
    items = codebook.items_of("proficiency")
    last = published.waves[-1]
    people: pl.DataFrame | None = None
    for place, wave in enumerate(published.waves):
        rows = _answers(store, codebook, published, wave, [item.item_id for item in items])
        became = merged_between(store, (wave, last)) if wave != last else {}
        rows = rows.with_columns(became=pl.col("school_id").replace(became))
        rows = rows.rename({name: f"{name} {place}" for name in rows.columns if name not in _KEY})
        people = rows if people is None else people.join(rows, on=_KEY, how="full", coalesce=True)
    assert people is not None, "there is no wave"
    waves = range(len(published.waves))

    def each(name: str) -> Counts:
        columns = [pl.col(f"{name} {place}").fill_null(-1).cast(pl.Int64) for place in waves]
        numbers: Counts = people.select(columns).to_numpy().T
        return numbers

    schools = each("school")
    pairs = {}
    for one in waves:
        for other in range(one + 1, len(waves)):
            merged = merged_between(store, (published.waves[one], published.waves[other]))
            places = {school_id: place for place, school_id in enumerate(published.school_ids)}
            became_places = [places.get(merged.get(school_id, school_id), -1) for school_id in published.school_ids]
            of = np.array([*became_places, -1], dtype=np.int64)  # the last one for those who are absent
            pairs[one, other] = of[schools[one]], of[schools[other]]
    levels = {item.skill_id: each(item.item_id) for item in items}
    return PeopleOfWaves(published.school_ids, schools, each("role"), levels, pairs)


def _answers(store: Store, codebook: Codebook, published: Published, wave_id: str, item_ids: list[str]) -> pl.DataFrame:
    """school and role (places), school_id, person, and the answers; who cannot be recognized is someone else in each
    wave."""
    asks_role = "role" in codebook.items
    columns = ["person", "is_identified", *item_ids, *(["role"] if asks_role else [])]
    rows = responses.answers(store, columns, wave_id=wave_id)
    roles = {role: place for place, role in enumerate(published.filters[1:])}
    role = pl.col("role").replace_strict(roles, default=len(roles), return_dtype=pl.Int64) if asks_role else pl.lit(0)
    places = {school_id: place for place, school_id in enumerate(published.school_ids)}
    alone = pl.format("{} {}", pl.lit(wave_id), pl.int_range(pl.len()))
    rows = rows.with_columns(
        role=role.fill_null(len(roles)),
        school=pl.col("school_id").replace_strict(places, default=None, return_dtype=pl.Int64),
        person=pl.when("is_identified").then(pl.col("person").cast(pl.String)).otherwise(alone),
    )
    kept = rows.filter(pl.col("school").is_not_null()).select("school", "school_id", "person", "role", *item_ids)
    return kept.unique(["school_id", "person"], keep="first", maintain_order=True)
