"""Who chose what: one wave read once, and counted for all of its tables."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from pd_core.codebook import LEVEL_KINDS, PROFICIENT, SET_KINDS, Codebook, Item
from pd_core.disclosure.suppressed_frames import NO_ROLE
from pd_core.disclosure.suppression import Counts, Flags
from pd_core.storage import Store, responses

UNCHANGED = 1
"""The highest SAMR level (S) at which a task is what it was before."""


@dataclass(frozen=True)
class Tallies:
    """People of a wave by school and role (one role without a role filter). Not to be shown: nothing is hidden.

    `role` is the place of the role that is asked for. The counts have these axes:

    - `everybody`: school, role
    - `at_level`: item (of `items`), school, role, level
    - `both` (answered about their proficiency and their students' use), `waiting` (proficient and at SAMR level none or
      S), `not_used` (those of them at none): skill (of `pairs`), school, role
    - by item, `answered`: school, role; `chosen`: school, role, answer in the codebook's order

    What people whose role does not teach say about students does not count.
    """

    items: list[Item]
    pairs: list[str]
    role: int
    everybody: Counts
    at_level: Counts
    both: Counts
    waiting: Counts
    not_used: Counts
    answered: dict[str, Counts]
    chosen: dict[str, Counts]


def count(store: Store, codebook: Codebook, wave_id: str, school_ids: list[str], role: str | None) -> Tallies:
    """Count the answers of a wave, of the schools in `school_ids`."""
    items, sets = codebook.items_of(*LEVEL_KINDS), codebook.items_of(*SET_KINDS)
    asks_role = "role" in codebook.items
    columns = [*(item.item_id for item in (*items, *sets)), *(["role"] if asks_role or role is not None else [])]
    rows = responses.answers(store, columns, wave_id=wave_id)
    rows = rows.with_columns(school=pl.col("school_id").cast(pl.Enum(school_ids), strict=False).to_physical())
    rows = rows.filter(pl.col("school").is_not_null())
    group, roles = rows["school"].to_numpy().astype(np.int64), [NO_ROLE]
    if role is not None:
        known = rows["role"].fill_null(NO_ROLE)
        roles = sorted({role, *known.unique().to_list()})
        group = group * len(roles) + known.cast(pl.Enum(roles)).to_physical().to_numpy()
    shape = (len(school_ids), len(roles))

    def people(where: Flags | None = None) -> Counts:
        found = np.bincount(group if where is None else group[where], minlength=shape[0] * shape[1])
        return found.reshape(shape)

    levels = max((len(codebook.scales[item.scale_id]) for item in items), default=0)
    teaches = who_teaches(rows, codebook)
    answers = {
        (item.kind, item.skill_id): said if item.kind != "samr" else np.where(teaches, said, -1)
        for item in items
        for said in [rows[item.item_id].fill_null(-1).to_numpy()]
    }
    at_level = np.zeros((len(items), *shape, levels), dtype=np.int64)
    for place, answer in enumerate(answers.values()):
        level = np.where(answer < 0, levels, answer)  # an extra column for no answer, dropped below
        counts = np.bincount(group * (levels + 1) + level, minlength=shape[0] * shape[1] * (levels + 1))
        at_level[place] = counts.reshape(*shape, levels + 1)[..., :levels]
    pairs = [item.skill_id for item in codebook.items_of("proficiency") if ("samr", item.skill_id) in answers]
    both, waiting, not_used = np.zeros((3, len(pairs), *shape), dtype=np.int64)
    for place, skill_id in enumerate(pairs):
        own, use = answers["proficiency", skill_id], answers["samr", skill_id]
        both[place] = people((own >= 0) & (use >= 0))
        waiting[place] = people((own >= PROFICIENT) & (use >= 0) & (use <= UNCHANGED))
        not_used[place] = people((own >= PROFICIENT) & (use == 0))
    answered, chosen = {}, {}
    for item in sets:
        given = rows[item.item_id].unique().drop_nulls().to_list()
        # The place of each set among those given; the last place is for no answer.
        place_of = rows[item.item_id].cast(pl.Enum(given)).to_physical().cast(pl.Int64).fill_null(len(given)).to_numpy()
        codes = [set(one.split(";")) for one in given]
        answered[item.item_id] = people(place_of < len(given))
        chosen[item.item_id] = np.stack(
            [
                people(np.array([code in chosen_codes for chosen_codes in codes] + [False])[place_of])
                for code in codebook.labels(item.scale_id)
            ],
            axis=2,
        )
    place = roles.index(role or NO_ROLE)
    return Tallies(items, pairs, place, people(), at_level, both, waiting, not_used, answered, chosen)


def who_teaches(rows: pl.DataFrame, codebook: Codebook) -> Flags:
    """Of each row of answers, whether the person's role teaches; true if the role is missing or not asked for."""
    if "role" not in rows.columns:
        return np.ones(rows.height, dtype=np.bool_)
    found: Flags = ~rows["role"].fill_null("").is_in(list(codebook.other_roles)).to_numpy()
    return found
