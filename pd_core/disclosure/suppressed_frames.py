"""Frames of groups (schools, and within them roles) with the rule that hides each; hidden groups have no numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl

from pd_core.access import DISTRICT
from pd_core.disclosure import suppression
from pd_core.disclosure.suppression import PART_HIDDEN, SHOWN, Counts, Flags, Roles, Rules, Schools
from pd_core.measures.district import district_share

DISTRICT_NAME = "District"
SMALL_SCHOOLS = "small_schools"
"""The id of the row “small schools together”; no school may have it."""
OTHER_ROLES = ":other_roles"
"""What follows a school's id in the id of its row “other roles together”."""
EVERYBODY = ""
NO_ROLE = "?"
_ROUNDING = 1e-6
_RULES = {
    **{"school_id": pl.String, "item_id": pl.String, "respondents": pl.Int64, "rule": pl.Int8},
    **{"counted": pl.Boolean, "is_district": pl.Boolean},
}


@dataclass(frozen=True)
class Hidden:
    """What is hidden of an item's respondents, by school and by school and role; `roles` are worked out when asked for,
    since most figures are of all roles."""

    schools: Schools
    make_roles: Callable[[], Roles]

    @cached_property
    def roles(self) -> Roles:
        return self.make_roles()

    def of(self, role: int | None) -> tuple[Rules, Flags, int]:
        """The rule of each school, whether it counts in the district's figure, and the rule of that, for a role."""
        if role is None:
            return self.schools.rules, self.schools.counted, self.schools.district
        return self.roles.rules[:, role], self.roles.counted[:, role], int(self.roles.districts[role])


def hide_item(
    everybody: Counts, answered: Counts, parts: tuple[Counts, ...] = (), knowers: Flags | None = None
) -> Hidden:
    """What to hide of an item: `everybody` who answered anything and those who `answered` it, by school and role.

    `parts` are the respondents of the items that it is made up of. Such an item is counted of all respondents, with the
    answers “not told”; it is shown where each of its parts is, and a role of the district is the cells shown alone.
    """
    if not parts:
        schools = suppression.hide_schools(everybody.sum(axis=1), answered.sum(axis=1), knowers)
        return Hidden(schools, lambda: suppression.hide_roles(everybody, schools, answered, knowers))
    hidden = [hide_item(everybody, part, knowers=knowers) for part in parts]
    rules, counted = _both([(one.schools.rules, one.schools.counted) for one in hidden])
    total = suppression.NOT_ENOUGH_SCHOOLS if not counted.any() and answered.any() else SHOWN
    return Hidden(Schools(rules, counted, total), lambda: _roles_of_parts(answered, [one.roles for one in hidden]))


def _roles_of_parts(answered: Counts, parts: list[Roles]) -> Roles:
    cells, shown = _both([(one.rules, one.counted) for one in parts])
    shown = shown & (cells == SHOWN)
    merged = np.any([one.merged for one in parts], axis=0)
    totals = np.where(answered.any(axis=0) & ~shown.any(axis=0), suppression.NOT_ENOUGH_SCHOOLS, SHOWN).astype(np.int8)
    return Roles(cells, shown, merged, totals)


def _both(parts: list[tuple[Rules, Flags]]) -> tuple[Rules, Flags]:
    """What is hidden where one of the parts is, and counted where all are, alike."""
    (rules, counted), *others = parts
    for other_rules, other_counted in others:
        one_hidden = (rules == SHOWN) != (other_rules == SHOWN)
        rules = np.where(one_hidden, PART_HIDDEN, rules).astype(np.int8)
        counted = counted & other_counted
    rules[(rules != SHOWN) & np.any([part == suppression.TOO_FEW for part, _ in parts], axis=0)] = suppression.TOO_FEW
    return rules, counted


def hide(
    counts: Counts,
    item_ids: list[str],
    school_ids: list[str],
    role: int | None = None,
    parts: Mapping[str, Counts] | None = None,
    everybody: Counts | None = None,
    knowers: Flags | None = None,
) -> pl.DataFrame:
    """The rule that hides each group of an item: school_id, item_id, respondents, rule (0: none), counted, is_district.

    `counts` are the respondents by item, school and role, `everybody` those who answered anything (null: item
    `EVERYBODY` of `counts`); `role` is the place of one that is asked for, null for all. Item `EVERYBODY` means all who
    answered anything. `counted` says whose answers are in the district's figure; of the district it is true,
    and its respondents are those. After the schools comes the district. `parts` has, for an item that is made up of
    others, the counts of each of those; see `hide_item`.
    """
    everybody = counts[item_ids.index(EVERYBODY)] if everybody is None else everybody
    respondents = np.zeros((len(item_ids), len(school_ids) + 1), dtype=np.int64)
    rules = np.zeros(respondents.shape, dtype=np.int8)
    counted = np.ones(respondents.shape, dtype=np.bool_)
    for place, of_item in enumerate(counts):
        hidden = hide_item(everybody, of_item, tuple((parts or {}).get(item_ids[place], ())), knowers)
        cells, of_district, total = hidden.of(role)
        respondents[place, :-1] = of_item.sum(axis=1) if role is None else of_item[:, role]
        rules[place], counted[place, :-1] = [*cells, total], of_district
        respondents[place, -1] = respondents[place, :-1] @ of_district
    places = [*school_ids, DISTRICT]
    return pl.DataFrame(
        {
            "school_id": crossed(places, before=len(item_ids)),
            "item_id": crossed(item_ids, after=len(places)),
            "respondents": respondents.ravel(),
            "rule": rules.ravel(),
            "counted": counted.ravel(),
            "is_district": np.tile(np.arange(len(places)) == len(school_ids), len(item_ids)),
        },
        schema=_RULES,
    )


def hide_any(
    counts: Counts, parts: Mapping[int, Counts] | None = None, knowers: Flags | None = None
) -> tuple[Flags, Flags]:
    """Which roles of a school are hidden in any item, and which count in the district's figure of every item that they
    answered: both by school and role.

    `counts` are the respondents by item, school and role; the first item is all who answered anything. `parts`
    has, by the place of an item, those of the items that it is made up of, as in `hide`.
    """
    hidden = [
        hide_item(counts[0], of_item, tuple((parts or {}).get(place, ())), knowers).roles
        for place, of_item in enumerate(counts)
    ]
    counted = [one.counted | (of_item == 0) for one, of_item in zip(hidden, counts, strict=True)]
    return np.any([one.rules != SHOWN for one in hidden], axis=0), np.all(counted, axis=0)


def crossed(values: list[str] | list[int], *, before: int = 1, after: int = 1) -> pl.Series:
    """`values` as the column of a table of all combinations: each `after` times, and the whole `before` times."""
    return pl.Series(values).gather(np.tile(np.repeat(np.arange(len(values)), after), before))


def suppressed(frame: pl.DataFrame, numbers: list[str]) -> pl.DataFrame:
    """Takes all `numbers` out of hidden rows, adds suppressed and reason. `frame` has them and rule (null: shown)."""
    frame = frame.with_columns(pl.col("rule").fill_null(SHOWN))
    return frame.with_columns(
        *(pl.when(pl.col("rule") == SHOWN).then(name).alias(name) for name in numbers),
        suppressed=pl.col("rule") != SHOWN,
        reason=pl.col("rule").replace_strict(suppression.REASONS, return_dtype=pl.String),
    )


def with_district(
    schools: pl.DataFrame,
    rules: pl.DataFrame,
    *,
    by: list[str],
    count: str,
    others: Sequence[str] = (),
    confidence: float = 0.95,
) -> pl.DataFrame:
    """The rows of schools, then the district's, each with its rule; respondents who are in no figure are in none here.

    `schools` has a row for each school and group of `by`: school_id, school_name, level (of the school), respondents,
    headcount, the columns `count` and `others`, and what may come with them (share …); `rules` has school_id, rule,
    counted and the columns of `by` that it depends on. The district's share is that of `count`, with a stratum for each
    school that is shown and one for the small groups together (`together`); `others` are counts that it adds up alone.
    """
    on = [name for name in ("school_id", *by) if name in rules.columns]
    schools = schools.join(rules, on=on, how="left", maintain_order="left")
    columns = [*by, "school_id", "level", "respondents", "headcount", count, *others]
    shown = schools.filter(pl.col("rule").fill_null(SHOWN) == SHOWN).select(columns)
    strata = pl.concat([shown, together(schools, by, [count, *others]).select(columns)], how="vertical_relaxed")
    shares = district_share(strata, by=by, count=count, confidence=confidence).rename({"count": count})
    if others:
        shares = shares.join(strata.group_by(by).agg(pl.col(others).sum()), on=by, how="left", maintain_order="left")
    zero = {name: pl.col(name).fill_null(0) for name in ("respondents", count, *others)}
    district = (
        schools.select(by)
        .unique(maintain_order=True)
        .join(shares, on=by, how="left", maintain_order="left")
        .with_columns(school_id=pl.lit(DISTRICT), school_name=pl.lit(DISTRICT_NAME), **zero)
        .join(rules, on=on, how="left", maintain_order="left")
    )
    shared = [column for column in schools.columns if column in district.columns]
    return pl.concat([schools.select(shared), district.select(shared)], how="vertical_relaxed")


STEP_OF_PEOPLE = 5
"""What counts of the district's people are rounded to for those who do not see every school."""
_SHARES = ("share", "share_se", "rate", "compared_share", "difference")
_COUNTS = (
    *("respondents", "proficient", "answered", "people", "people_low", "people_high", "people_stressed"),
    *("seen", "not_used", "substituted", "waiting"),
)


def coarse(frame: pl.DataFrame, *, whole: bool = False) -> pl.DataFrame:
    """The frame with the district's shares in whole percents, its intervals too (outward), and its counts of people
    rounded to `STEP_OF_PEOPLE`; with `whole`, the shares of all rows in whole percents.

    An exact share of the district is an equation: someone who knows one school's answers could solve it for others.
    """
    if frame.is_empty():
        return frame
    is_district = pl.lit(True) if whole else pl.col("school_id") == DISTRICT
    step = pl.lit(100.0)
    changed = {name: (pl.col(name) * step).round() / step for name in _SHARES if name in frame.columns}
    for column in frame.columns:
        if column.endswith("_low") and column not in _COUNTS:
            changed[column] = (pl.col(column) * step + _ROUNDING).floor() / step
        elif column.endswith("_high") and column not in _COUNTS:
            changed[column] = (pl.col(column) * step - _ROUNDING).ceil() / step
    if not whole:
        for column in (name for name in _COUNTS if name in frame.columns):
            people = (pl.col(column) / STEP_OF_PEOPLE).round() * STEP_OF_PEOPLE
            changed[column] = people.cast(frame.schema[column])
    return frame.with_columns(pl.when(is_district).then(v).otherwise(name).alias(name) for name, v in changed.items())


def together(schools: pl.DataFrame, by: list[str], counts: Sequence[str]) -> pl.DataFrame:
    """A row for each group of `by` of the hidden schools that count in the district's figure, as one stratum.

    The columns of by; school_id `SMALL_SCHOOLS`, level (null), schools (how many), respondents, headcount (of those
    whose is known; null: none), the columns `counts`. Each weighted by its own headcount, they would give equations in
    addition to the plain sum of the district's counts. `schools` has rule and counted.
    """
    staff = pl.col("headcount").filter(pl.col("respondents") > 0)  # as in the district's share
    is_together = pl.col("counted") & (pl.col("rule").fill_null(SHOWN) != SHOWN)
    return (
        schools.filter(is_together)
        .group_by(by, maintain_order=True)
        .agg(
            pl.col("respondents", *counts).sum(),
            headcount=pl.when(staff.is_not_null().any()).then(staff.sum()),
            schools=pl.col("school_id").n_unique(),
            school_id=pl.lit(SMALL_SCHOOLS),
            level=pl.lit(None, pl.String),
        )
    )
