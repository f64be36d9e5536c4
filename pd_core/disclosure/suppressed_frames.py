"""Frames of groups (schools, and within them roles) with the rule that hides each; numbers taken out where one does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from pd_core.access import DISTRICT
from pd_core.disclosure import suppression
from pd_core.measures.district import district_share

DISTRICT_NAME = "District"
EVERYBODY = ""
NO_ROLE = "?"
_RULES = {"school_id": pl.String, "item_id": pl.String, "respondents": pl.Int64, "rule": pl.Int8}


def hide(
    counts: suppression.Counts,
    item_ids: list[str],
    school_ids: list[str],
    role: int | None = None,
    parts: Mapping[str, suppression.Counts] | None = None,
) -> pl.DataFrame:
    """The rule that hides each group of an item: school_id, item_id, respondents, rule (0: none).

    `counts` are the respondents by item and school and, where `role` is the place of one that is asked for, by role,
    everybody in one. Item `EVERYBODY` stands for all who answered anything; where it is there, its smallest schools are
    hidden first for all items. `respondents` are those of `role`, or everybody. After the schools comes the district.
    `parts` has, for an item that is made up of others, the counts of each of those: where one of them is hidden, so is
    the item, or a number of the one would tell those of the other.
    """
    respondents = np.zeros((len(item_ids), len(school_ids) + 1), dtype=np.int64)
    rules = np.zeros(respondents.shape, dtype=np.int8)
    everybody = None
    if EVERYBODY in item_ids:
        everybody = counts[item_ids.index(EVERYBODY)]
        everybody = everybody if role is None else everybody.sum(axis=1)
    for place, of_item in enumerate(counts):
        hidden_parts = [_hide_item(part, everybody) for part in (parts or {}).get(item_ids[place], ())]
        hidden = _hide_item(of_item, everybody, hidden_parts)
        respondents[place, :-1] = of_item if role is None else of_item[:, role]
        cells, total = hidden.of(role)
        rules[place] = [*cells, total]
    respondents[:, -1] = respondents.sum(axis=1)
    places = [*school_ids, DISTRICT]
    return pl.DataFrame(
        {
            "school_id": crossed(places, before=len(item_ids)),
            "item_id": crossed(item_ids, after=len(places)),
            "respondents": respondents.ravel(),
            "rule": rules.ravel(),
        },
        schema=_RULES,
    )


def hide_any(
    counts: suppression.Counts, parts: Mapping[int, suppression.Counts] | None = None
) -> tuple[suppression.Flags, suppression.Flags]:
    """Which roles are hidden in any item: of each school (axes school, role), and of the whole district.

    `counts` are the respondents by item, school and role; the first item is everybody who answered anything. `parts`
    has, by the place of an item, those of the items that it is made up of, as in `hide`.
    """
    everybody = counts[0].sum(axis=1)
    hidden = [
        _hide_item(of_item, everybody, [_hide_item(part, everybody) for part in (parts or {}).get(place, ())])
        for place, of_item in enumerate(counts)
    ]
    return np.any([one.cells for one in hidden], axis=0), np.any([one.roles for one in hidden], axis=0)


@dataclass(frozen=True)
class _Hidden:
    """What is hidden of an item: of its schools, and (empty without roles) of their roles and the district's."""

    schools: suppression.Hidden
    cells: suppression.Rules
    roles: suppression.Rules

    def of(self, role: int | None) -> tuple[suppression.Rules, int]:
        """The rule of each school, and of the district, for a role or everybody."""
        if role is None:
            return self.schools.schools, self.schools.district
        return self.cells[:, role], int(self.roles[role])


def _hide_item(
    respondents: suppression.Counts, everybody: suppression.Counts | None, parts: Sequence[_Hidden] = ()
) -> _Hidden:
    """What to hide of an item's respondents by school (and role), at least what is hidden of its parts."""
    by_role = respondents if respondents.ndim == 2 else respondents[:, None]
    already: _Hidden | None = None
    for part in parts:
        already = part if already is None else _either(already, part)
    of_schools = already.schools if already else None
    schools = suppression.hide_schools(by_role.sum(axis=1), everybody, of_schools)
    if respondents.ndim == 1:
        nothing = np.zeros(0, dtype=np.int8)
        return _Hidden(schools, nothing, nothing)
    of_roles = (already.cells, already.roles) if already else None
    return _Hidden(schools, *suppression.hide_roles(respondents, schools, of_roles))


def _either(one: _Hidden, other: _Hidden) -> _Hidden:
    either = suppression.either
    return _Hidden(
        suppression.Hidden(
            either(one.schools.schools, other.schools.schools), one.schools.district or other.schools.district
        ),
        either(one.cells, other.cells),
        either(one.roles, other.roles),
    )


def crossed(values: list[str] | list[int], *, before: int = 1, after: int = 1) -> pl.Series:
    """`values` as the column of a table of all combinations: each `after` times, and the whole `before` times."""
    return pl.Series(values).gather(np.tile(np.repeat(np.arange(len(values)), after), before))


def suppressed(frame: pl.DataFrame, numbers: list[str]) -> pl.DataFrame:
    """Takes all `numbers` out of hidden rows, adds suppressed and reason. `frame` has them and rule (null: shown)."""
    frame = frame.with_columns(pl.col("rule").fill_null(suppression.SHOWN))
    return frame.with_columns(
        *(pl.when(pl.col("rule") == suppression.SHOWN).then(name).alias(name) for name in numbers),
        suppressed=pl.col("rule") != suppression.SHOWN,
        reason=pl.col("rule").replace_strict(suppression.REASONS, return_dtype=pl.String),
    )


def with_district(
    schools: pl.DataFrame, rules: pl.DataFrame, *, by: list[str], count: str, confidence: float = 0.95
) -> pl.DataFrame:
    """The rows of schools, then the district's, each with its rule.

    `schools` has a row for each school and group of `by`: school_id, school_name, level (of the school), respondents,
    headcount, the column `count` and what may come with them (share …); `rules` has school_id, rule and the columns of
    `by` that it depends on.
    """
    on = [name for name in ("school_id", *by) if name in rules.columns]
    schools = schools.join(rules, on=on, how="left", maintain_order="left")
    shares = district_share(_hidden_together(schools, by, count), by=by, count=count, confidence=confidence).rename(
        {"count": count}
    )
    district = (
        schools.select(by)
        .unique(maintain_order=True)
        .join(shares, on=by, how="left", maintain_order="left")
        .with_columns(school_id=pl.lit(DISTRICT), school_name=pl.lit(DISTRICT_NAME))
        .join(rules, on=on, how="left", maintain_order="left")
    )
    shared = [column for column in schools.columns if column in district.columns]
    return pl.concat([schools.select(shared), district.select(shared)], how="vertical_relaxed")


def _hidden_together(schools: pl.DataFrame, by: list[str], count: str) -> pl.DataFrame:
    """Puts the hidden schools of each group in one row.

    Weighted each by its own headcount, they would be one more equation beside the plain sum of the district's counts:
    with two schools hidden, both could be solved for, and with a few more the whole numbers that fit are few. Weighted
    together, they enter both by the same sum.
    """
    columns = [*by, "school_id", "level", "respondents", "headcount", count]
    is_hidden = pl.col("rule").fill_null(suppression.SHOWN) != suppression.SHOWN
    staff = pl.col("headcount").filter(pl.col("respondents") > 0)  # as in the district's share
    together = (
        schools.filter(is_hidden)
        .group_by(by, maintain_order=True)
        .agg(
            pl.col("respondents", count).sum(),
            headcount=pl.when(staff.is_not_null().any()).then(staff.sum()),
            school_id=pl.lit(""),
            level=pl.lit(None, pl.String),
        )
    )
    return pl.concat([schools.filter(~is_hidden).select(columns), together.select(columns)], how="vertical_relaxed")
