"""How a school stands beside others: words that chance alone rarely earns, ranges of ranks, pooled shares.

Whatever is said here follows from rows that are shown: a school's own, the district's, and those of other schools that
are shown. A hidden school has no word, no rank and no part in any group; it changes what is said of others through
nothing but the district's row. Two groups stand for comparison:

- The rest of the district is the district's row less the school's: whoever is told of it sees both.
- Schools like it have the same level, and a headcount within a factor of `SIZE` either way. Of those that are shown,
  whoever sees all schools by name needs `FEWEST_LIKE`. Somebody with one school needs `FEWEST_UNNAMED`, as where
  schools stand beside without their names, and is told the word alone, which fits many shares. Whoever has several is
  told nothing: the shares of two groups that differ by one school would tell that school's by subtraction.

How much chance a word leaves is a matter of how many are looked for at once: all rows of a table together.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Literal

import polars as pl

from pd_core.access import DISTRICT
from pd_core.disclosure.suppressed_frames import coarse
from pd_core.measures.differences import LEAST, STRESS, with_difference
from pd_core.measures.intervals import inverse_effective_size, with_worst_case_bounds
from pd_core.measures.polya_posterior import rank_ranges
from pd_core.measures.reference_groups import alike, with_like_schools, with_rest_of_district
from pd_core.measures.shrinkage import completed_shares, with_pooled_share
from pd_core.needs.verdicts import MOST_STAFF
from pd_core.summaries.unnamed_schools import FEWEST_UNNAMED, comparable_schools
from pd_core.survey.beyond_scope import unscoped
from pd_core.survey.scoped_survey import Survey
from pd_core.wording import whole

ComparedWith = Literal["district", "like"]
COMPARED_WITH: Mapping[ComparedWith, str] = {"district": "The rest of the district", "like": "Schools like it"}
ABOVE, SAME, BELOW, CANNOT_TELL = "clearly above", "about the same", "clearly below", "cannot tell yet"
NO_GROUP: Mapping[ComparedWith, str] = {
    "district": "no other school to compare with",
    "like": "too few schools like it",
}
"""Stands in for a word where there is no group, or too small a one."""
SIZE = 1.5
FEWEST_LIKE = 3
FEW = 10
"""Respondents under whom a share swings with each of them: one of nine is 11 points. Such a school's is pooled."""
NARROW = 0.2
"""As wide as a range may be without a word of why: ten points either way."""
DRAWS = 400
MOST_RANKED = 500
"""Schools in a table beyond which none is ranked: a range of ranks among so many tells nobody anything."""
POOLED = "pooled with the district's answers"
_SEED = 2026
_FITS = pl.col("headcount") <= MOST_STAFF
_BESIDE = ("beside_share", "beside_inverse_size", "beside_unanswered")
LEAST_POINTS, STRESS_POINTS = whole(100 * LEAST), whole(100 * STRESS)
_WHY = {
    "small": f"they are less than {LEAST_POINTS} points apart",
    "stress": f"it might not hold if those who did not answer are {STRESS_POINTS} points lower everywhere",
    "chance": "among so many comparisons, chance alone could make that difference",
}
"""Why a mark outside a share's range has no clear word, by what holds the word back."""
_POOLED = ("pooled", "pooled_low", "pooled_high")
_DIFFERENCE = ("difference", "difference_low", "difference_high")


@dataclass(frozen=True)
class _View:
    """What a comparison is of: the schools in it by name, their group, and what of the group is told."""

    survey: Survey
    school_ids: frozenset[str]
    compared_with: ComparedWith
    fewest_like: int
    is_told: bool

    def kept(self, what: str, make: Callable[[], pl.DataFrame]) -> pl.DataFrame:
        """What `make` gives, made once for the same comparison."""
        key = (__name__, what, self.school_ids, self.compared_with, self.fewest_like, self.is_told)
        return self.survey.kept(key, make)


def grid(survey: Survey, school_ids: Collection[str], compared_with: ComparedWith) -> pl.DataFrame:
    """Schools by skills, the district last: the columns of `skill_summary`, and

    word: clearly above, about the same, clearly below, cannot tell yet (see `measures.differences`), or `NO_GROUP`;
    null for the district and where nothing is shown. The rows of all schools are one family. Where a school is_small
    (see `standing`), it is clear only if the urn's range says so too.
    compared_share, difference, difference_low, difference_high: the group's share (0-1) and the school's less it, with
    its interval of 95%; null where there is none, and of schools like it for whoever does not see all by name.
    trust: why a share is not to be trusted much, in words; “” where its range is at most `NARROW` wide, or nothing is
    shown. why: where the group's share is told and lies outside the school's range, but the word is not clear, what
    keeps it from being so; else “”.

    share_worst_low, share_worst_high (0-1): if those who did not answer all said no, or all yes; null without a
    headcount, and for the district.

    Schools and skills without answers are left out, and schools that do not stand here by name (see `others`).
    """
    rows = _grid(_view(survey, school_ids, compared_with)).drop("headcount", "towards", "is_small", *_POOLED)
    return _as_told(survey, rows)


def standing(
    survey: Survey, skill_id: str, school_ids: Collection[str], compared_with: ComparedWith, *, pooled: bool
) -> pl.DataFrame:
    """One skill, school by school, no district: the rows and columns of `grid`, those without answers left out, and

    rank_text: where the school's share stands among those of the table, greatest first, as a range that holds the rank
    in 90% of the urn's draws (see `measures.pooling`). Null for schools without a headcount or shown share, which
    take no part, where fewer than two do, or more than `MOST_RANKED`.
    is_small: fewer than `FEW` of its staff answered, and not all. share_alone (0-1): of those who answered.

    With `pooled`, share and its range are those of the urn for a school that is_small: its answers and, with the weight
    of five, the district's, whose plain counts its row shows. trust says so.
    """
    return _as_told(survey, _standing(_view(survey, school_ids, compared_with), skill_id, pooled))


def _as_told(survey: Survey, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with what comes from the district's figures in whole per cents, for whoever does not see all schools."""
    if survey.scope.school_ids is None:
        return rows
    numbers = [name for name in ("compared_share", *_DIFFERENCE) if name in rows.columns]
    told = coarse(rows.select(numbers), whole=True)
    if "share_alone" in rows.columns:  # a share that is pooled with the district's
        is_pooled = pl.col("share") != pl.col("share_alone")
        shares = coarse(rows.select("share", "share_low", "share_high"), whole=True)
        rows = rows.with_columns(
            pl.when(is_pooled).then(shares[name]).otherwise(name).alias(name) for name in shares.columns
        )
    return survey.coarse(rows.with_columns(told))


def _view(survey: Survey, school_ids: Collection[str], compared_with: ComparedWith) -> _View:
    by_name = frozenset(comparable_schools(survey)["school_id"])
    own = survey.scope.school_ids
    sees_all = own is None or survey.scope.others == "named"
    # Whoever has several schools could change one's answers and see where the others' words turn: no group for those.
    has_one = own is not None and len(own) == 1
    fewest = FEWEST_LIKE if sees_all else FEWEST_UNNAMED if has_one else sys.maxsize
    is_told = sees_all or compared_with == "district"  # whoever sees a school and the district has the rest of it
    return _View(survey, by_name & frozenset(school_ids), compared_with, fewest, is_told)


def _grid(view: _View) -> pl.DataFrame:
    return view.kept("grid", lambda: _made_grid(view))


def _made_grid(view: _View) -> pl.DataFrame:
    """As `grid`, with headcount, towards (the district's share of all who answered, not weighted), is_small and, for
    those schools, pooled, pooled_low, pooled_high."""
    is_district = pl.col("school_id") == DISTRICT
    rows = _compared(view.survey, view.compared_with)
    rows = rows.filter(pl.col("school_id").is_in(view.school_ids) | is_district)
    for of in ("school_id", "skill_id"):
        rows = rows.filter(pl.col("suppressed").any().over(of) | (pl.col("respondents").sum().over(of) > 0))
    too_few = pl.col("beside_schools") < view.fewest_like
    rows = rows.with_columns(pl.when(~too_few.fill_null(False)).then(name).alias(name) for name in _BESIDE)
    rows = with_difference(rows, unanswered="unanswered", beside_unanswered="beside_unanswered")
    rows = _with_pooled(rows).with_columns(staff=pl.when(~is_district).then("headcount"))
    rows = with_worst_case_bounds(rows, count="proficient", base="respondents", population="staff")
    compares = pl.col("share").is_not_null() & ~is_district
    has_group = pl.col("beside_share").is_not_null() | pl.col("inverse_size").is_null()
    is_within = pl.col("beside_share").is_between("pooled_low", "pooled_high")
    only_alone = pl.col("word").is_in([ABOVE, BELOW]) & is_within.fill_null(False)
    own_word = pl.when(only_alone).then(pl.lit(CANNOT_TELL)).otherwise("word")
    is_outside = ~pl.col("beside_share").is_between("share_low", "share_high")
    is_unclear = has_group & own_word.is_in([SAME, CANNOT_TELL]) & is_outside & compares & view.is_told
    held_back = pl.col("held_back").fill_null("chance").replace_strict(_WHY, return_dtype=pl.String)
    numbers = {"compared_share": "beside_share", **{name: name for name in _DIFFERENCE}}
    return rows.select(
        *unscoped(view.survey, "skill_summary").columns,
        *("share_worst_low", "share_worst_high", "headcount", "towards", "is_small", *_POOLED),
        word=pl.when(compares).then(pl.when(has_group).then(own_word).otherwise(pl.lit(NO_GROUP[view.compared_with]))),
        trust=_trust(is_role=view.survey.role is not None),
        why=pl.when(is_unclear.fill_null(False)).then(held_back).otherwise(pl.lit("")),
        **{name: pl.when(view.is_told & compares).then(value) for name, value in numbers.items()},
    )


def _with_pooled(rows: pl.DataFrame) -> pl.DataFrame:
    is_district = pl.col("school_id") == DISTRICT
    plain = pl.when(is_district & (pl.col("respondents") > 0)).then(pl.col("proficient") / pl.col("respondents"))
    some = pl.col("respondents").is_between(1, FEW - 1) & (pl.col("respondents") < pl.col("headcount")) & _FITS
    rows = rows.with_columns(towards=plain.max().over("skill_id"))
    rows = rows.with_columns(is_small=some.fill_null(False) & pl.col("towards").is_not_null() & ~is_district)
    small = with_pooled_share(
        rows.filter("is_small"), count="proficient", base="respondents", population="headcount", towards="towards"
    )
    return rows.join(
        small.select("school_id", "skill_id", *_POOLED), on=["school_id", "skill_id"], how="left", maintain_order="left"
    )


def _standing(view: _View, skill_id: str, pooled: bool) -> pl.DataFrame:
    return view.kept(f"{skill_id} {pooled}", lambda: _made_standing(view, skill_id, pooled))


def _made_standing(view: _View, skill_id: str, pooled: bool) -> pl.DataFrame:
    rows = _grid(view).filter((pl.col("skill_id") == skill_id) & (pl.col("school_id") != DISTRICT))
    rows = rows.filter(pl.col("suppressed") | (pl.col("respondents") > 0))
    answered = pl.col("respondents").cast(pl.String)
    instead = {"share": "pooled", "share_low": "pooled_low", "share_high": "pooled_high"}
    is_pooled = pl.col("is_small") & pooled
    rows = rows.with_columns(
        *(pl.when(is_pooled).then(value).otherwise(name).alias(name) for name, value in instead.items()),
        trust=pl.when(is_pooled).then(pl.lit(f"{POOLED}, since only ") + answered + " answered").otherwise("trust"),
        rank_text=_rank_text(rows),
        share_alone="share",
    )
    rows = rows.sort("share", descending=True, nulls_last=True, maintain_order=True)
    return rows.drop("headcount", "towards", *_POOLED)


def _rank_text(rows: pl.DataFrame) -> pl.Series:
    """The range of ranks of each row, in words; null for those that take no part."""
    columns = ["proficient", "respondents", "headcount", "towards"]
    takes_part = rows.select(pl.all_horizontal(pl.col(columns).is_not_null()) & _FITS).to_series()
    number = int(takes_part.sum())
    if not 2 <= number <= MOST_RANKED:
        return pl.Series("rank_text", [None] * rows.height, pl.String)
    counted, answered, people, towards = rows.filter(takes_part).select(pl.col(columns).cast(pl.Float64)).to_numpy().T
    low, high = rank_ranges(completed_shares(counted, answered, people, towards, draws=DRAWS, seed=_SEED))
    ranges = iter(zip(low.tolist(), high.tolist(), strict=True))
    texts = [_said_range(*next(ranges), number) if part else None for part in takes_part]
    return pl.Series("rank_text", texts, pl.String)


def _said_range(low: int, high: int, number: int) -> str:
    if low == high:
        return f"{_ordinal(low)} of {number}, most likely"
    return f"{_ordinal(low)} to {_ordinal(high)} of {number}"


def _ordinal(number: int) -> str:
    teens = 10 < number % 100 < 20
    return f"{number}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def _trust(*, is_role: bool) -> pl.Expr:
    """Why a share is not to be trusted much, in words."""
    unknown = "how many have this role is not known" if is_role else "the number of staff is not known"
    answered, width = pl.col("respondents").cast(pl.String), pl.col("share_high") - pl.col("share_low")
    points = (width * 50).round().cast(pl.Int64).cast(pl.String)
    some = pl.when(pl.col("respondents") < pl.col("headcount"))
    of_staff = some.then(answered + " of " + pl.col("headcount").cast(pl.String)).otherwise(answered) + " answered"
    return (
        pl.when(pl.col("share").is_null())
        .then(pl.lit(""))
        .when(pl.col("headcount").is_null())
        .then(pl.lit(unknown))
        .when(width.is_null())
        .then(of_staff)
        .when(width > NARROW + 1e-9)
        .then(of_staff + ", give or take " + points + " points")
        .otherwise(pl.lit(""))
    )


def _compared(survey: Survey, compared_with: ComparedWith) -> pl.DataFrame:
    return survey.kept((__name__, "compared", compared_with), lambda: _made_compared(survey, compared_with))


def _made_compared(survey: Survey, compared_with: ComparedWith) -> pl.DataFrame:
    """The columns of `skill_shares` of all schools and the district, with inverse_size, and beside_share,
    beside_inverse_size and beside_schools (null for the rest of the district) of each school's group."""
    rows, all_schools = unscoped(survey, "skill_shares"), unscoped(survey, "schools")
    schools = rows.filter(pl.col("school_id") != DISTRICT)
    district = rows.filter(pl.col("school_id") == DISTRICT)
    if compared_with == "district":
        schools = with_rest_of_district(schools, district, by="skill_id").with_columns(
            beside_schools=pl.lit(None, pl.Int64)
        )
    else:
        is_like = alike(all_schools["level"].to_list(), all_schools["headcount"].to_list(), factor=SIZE)
        schools = with_like_schools(schools, all_schools["school_id"].to_list(), is_like, by="skill_id")
    size = inverse_effective_size(pl.col("respondents").cast(pl.Float64), pl.col("headcount").cast(pl.Float64))
    missing = 1 - pl.col("respondents") / pl.max_horizontal("headcount", "respondents")
    return pl.concat([schools.with_columns(inverse_size=size, unanswered=missing), district], how="diagonal")
