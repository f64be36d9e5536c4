"""How schools compare: words that chance alone rarely earns, ranges of ranks, pooled shares.

Every figure here follows from rows that are shown: a school's own, the district's, and those of other schools that are
shown. A hidden school has no word and no rank, and is in no group; it affects other schools' figures only through the
district's row. A school is compared with one of two groups:

- The rest of the district: the district's row less the school's. Everyone who gets that figure sees both rows.
- Similar schools: those shown with the same level and a headcount within a factor of `SIZE` either way. For people who
  see all schools by name there must be `FEWEST_LIKE` of them. For people with one school there must be
  `FEWEST_UNNAMED`, as in comparisons with unnamed schools, and they get only the word, which fits many shares. People
  with several schools get nothing: two groups that differ by one school would reveal its share by subtraction.

All rows of a table are one family: what chance explains depends on how many comparisons are made at once.
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
from pd_core.summaries.unnamed_schools import FEWEST_UNNAMED, comparable_schools, unnamed_skills
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
"""In place of a word where there is no group, or one that is too small."""
SIZE = 1.5
FEWEST_LIKE = 3
FEW = 10
"""With fewer respondents, each one moves the share a lot: one of nine is 11 points. Such a school's share is pooled."""
DRAWS = 400
MOST_RANKED = 500
"""The most schools that are ranked: a range of ranks among more means little."""
_SEED = 2026
_FITS = pl.col("headcount") <= MOST_STAFF
_REFERENCE = ("reference_share", "reference_inverse_size", "reference_unanswered")
LEAST_POINTS, STRESS_POINTS = whole(100 * LEAST), whole(100 * STRESS)
_POOLED = ("pooled", "pooled_low", "pooled_high")
_DIFFERENCE = ("difference", "difference_low", "difference_high")


@dataclass(frozen=True)
class _View:
    """One comparison: the schools in it by name, their group, and whether the group's figures are shown."""

    survey: Survey
    school_ids: frozenset[str]
    compared_with: ComparedWith
    fewest_like: int
    shows_group: bool

    def kept(self, what: str, make: Callable[[], pl.DataFrame]) -> pl.DataFrame:
        """What `make` gives, made once for the same comparison."""
        key = (__name__, what, self.school_ids, self.compared_with, self.fewest_like, self.shows_group)
        return self.survey.kept(key, make)


def grid(survey: Survey, school_ids: Collection[str], compared_with: ComparedWith = "district") -> pl.DataFrame:
    """Schools by skills, the district last: the columns of `skill_summary`, and

    word: clearly above, about the same, clearly below, cannot tell yet (see `measures.differences`), or `NO_GROUP`;
    null for the district and for hidden rows. The rows of all schools are one family. The word of a school that is
    small (see `one_skill`) is clear only if its pooled range agrees.
    compared_share (0-1): the group's share. difference, difference_low, difference_high: the school's share less the
    group's, with its interval at 95%. Null without a group, and for similar schools if not all are seen by name.
    why: why the word is not clear though the group's share is shown and outside the school's range: “small” (the
    difference), “stress” (see `measures.differences`), “chance”; otherwise null.
    headcount: the number of staff, or of staff with this role; null if unknown, and for hidden rows.
    share_worst_low, share_worst_high (0-1): the share if everyone who did not answer said no, or yes; null without a
    headcount, and for the district.

    Schools and skills without answers are left out, and so are schools that are not seen by name: a row with all skills
    would reveal which school it is.
    """
    rows = _grid(_view(survey, school_ids, compared_with)).drop("prior_share", "is_small", *_POOLED)
    return _as_seen(survey, rows)


def one_skill(
    survey: Survey,
    skill_id: str,
    school_ids: Collection[str],
    compared_with: ComparedWith = "district",
    *,
    pooled: bool = True,
) -> pl.DataFrame:
    """One skill by school, largest share first, hidden schools last, without the district: the columns of `grid`, and

    rank_from, rank_to: the range of the school's rank, largest share first, that holds it in 90% of the draws (see
    `measures.polya_posterior`); ranked: the number of schools that are ranked. Null for schools without a headcount or
    a shown share, and if fewer than two or more than `MOST_RANKED` schools have both.
    is_small: fewer than `FEW` of its staff answered, and not all. share_alone (0-1): the share of respondents.
    is_pooled: with `pooled`, a small school's share and range include the district's plain counts, weighed as five
    people.

    Unnamed schools are among them, whatever `school_ids` are: their `school_id` is `UNNAMED`, and of their numbers they
    have only the share.
    """
    named = _as_seen(survey, _standing(_view(survey, school_ids, compared_with), skill_id, pooled))
    unnamed = unnamed_skills(survey, skill_id)
    if unnamed.is_empty():
        return named
    rows = pl.concat([named, unnamed], how="diagonal").with_columns(pl.col("is_small", "is_pooled").fill_null(False))
    return rows.sort("share", descending=True, nulls_last=True, maintain_order=True)


def district_share_of(survey: Survey, skill_id: str) -> float | None:
    """The district's share of proficient people for a skill (0-1); null if it is hidden or no one answered."""
    rows = survey.skill_summary
    found = rows.filter((pl.col("school_id") == DISTRICT) & (pl.col("skill_id") == skill_id))["share"]
    return None if found.is_empty() else found.item()


def _as_seen(survey: Survey, rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with what comes from the district's figures in whole percents, unless all schools are seen."""
    if survey.scope.school_ids is None:
        return rows
    numbers = [name for name in ("compared_share", *_DIFFERENCE) if name in rows.columns]
    told = coarse(rows.select(numbers), whole=True)
    if "is_pooled" in rows.columns:
        shares = coarse(rows.select("share", "share_low", "share_high"), whole=True)
        rows = rows.with_columns(
            pl.when("is_pooled").then(shares[name]).otherwise(name).alias(name) for name in shares.columns
        )
    return survey.coarse(rows.with_columns(told))


def _view(survey: Survey, school_ids: Collection[str], compared_with: ComparedWith) -> _View:
    by_name = frozenset(comparable_schools(survey)["school_id"])
    own = survey.scope.school_ids
    sees_all = own is None or survey.scope.others == "named"
    # Someone with several schools could change the answers of one and see when the words of the others change.
    has_one = own is not None and len(own) == 1
    fewest = FEWEST_LIKE if sees_all else FEWEST_UNNAMED if has_one else sys.maxsize
    shows_group = sees_all or compared_with == "district"  # the rest follows from the school and the district
    return _View(survey, by_name & frozenset(school_ids), compared_with, fewest, shows_group)


def _grid(view: _View) -> pl.DataFrame:
    return view.kept("grid", lambda: _made_grid(view))


def _made_grid(view: _View) -> pl.DataFrame:
    """As `grid`, with prior_share (the district's share of respondents, not weighted), is_small and, for those schools,
    pooled, pooled_low, pooled_high."""
    is_district = pl.col("school_id") == DISTRICT
    rows = _compared(view.survey, view.compared_with)
    rows = rows.filter(pl.col("school_id").is_in(view.school_ids) | is_district)
    for of in ("school_id", "skill_id"):
        rows = rows.filter(pl.col("suppressed").any().over(of) | (pl.col("respondents").sum().over(of) > 0))
    too_few = pl.col("reference_schools") < view.fewest_like
    rows = rows.with_columns(pl.when(~too_few.fill_null(False)).then(name).alias(name) for name in _REFERENCE)
    rows = with_difference(rows, unanswered="unanswered", reference_unanswered="reference_unanswered")
    rows = _with_pooled(rows).with_columns(staff=pl.when(~is_district).then("headcount"))
    rows = with_worst_case_bounds(rows, count="proficient", base="respondents", population="staff")
    compares = pl.col("share").is_not_null() & ~is_district
    has_group = pl.col("reference_share").is_not_null() | pl.col("inverse_size").is_null()
    is_within = pl.col("reference_share").is_between("pooled_low", "pooled_high")
    only_alone = pl.col("word").is_in([ABOVE, BELOW]) & is_within.fill_null(False)
    own_word = pl.when(only_alone).then(pl.lit(CANNOT_TELL)).otherwise("word")
    is_outside = ~pl.col("reference_share").is_between("share_low", "share_high")
    is_unclear = has_group & own_word.is_in([SAME, CANNOT_TELL]) & is_outside & compares & view.shows_group
    numbers = {"compared_share": "reference_share", **{name: name for name in _DIFFERENCE}}
    return rows.select(
        *unscoped(view.survey, "skill_summary").columns,
        *("share_worst_low", "share_worst_high", "prior_share", "is_small", *_POOLED),
        headcount=pl.when(pl.col("share").is_not_null()).then("headcount"),
        word=pl.when(compares).then(pl.when(has_group).then(own_word).otherwise(pl.lit(NO_GROUP[view.compared_with]))),
        why=pl.when(is_unclear).then(pl.col("held_back").fill_null("chance")),
        **{name: pl.when(view.shows_group & compares).then(value) for name, value in numbers.items()},
    )


def _with_pooled(rows: pl.DataFrame) -> pl.DataFrame:
    is_district = pl.col("school_id") == DISTRICT
    plain = pl.when(is_district & (pl.col("respondents") > 0)).then(pl.col("proficient") / pl.col("respondents"))
    some = pl.col("respondents").is_between(1, FEW - 1) & (pl.col("respondents") < pl.col("headcount")) & _FITS
    rows = rows.with_columns(prior_share=plain.max().over("skill_id"))
    rows = rows.with_columns(is_small=some.fill_null(False) & pl.col("prior_share").is_not_null() & ~is_district)
    small = with_pooled_share(
        rows.filter("is_small"),
        count="proficient",
        base="respondents",
        population="headcount",
        prior_share="prior_share",
    )
    return rows.join(
        small.select("school_id", "skill_id", *_POOLED), on=["school_id", "skill_id"], how="left", maintain_order="left"
    )


def _standing(view: _View, skill_id: str, pooled: bool) -> pl.DataFrame:
    return view.kept(f"{skill_id} {pooled}", lambda: _made_standing(view, skill_id, pooled))


def _made_standing(view: _View, skill_id: str, pooled: bool) -> pl.DataFrame:
    rows = _grid(view).filter((pl.col("skill_id") == skill_id) & (pl.col("school_id") != DISTRICT))
    rows = rows.filter(pl.col("suppressed") | (pl.col("respondents") > 0))
    instead = {"share": "pooled", "share_low": "pooled_low", "share_high": "pooled_high"}
    is_pooled = pl.col("is_small") & pooled
    rows = rows.with_columns(
        *(pl.when(is_pooled).then(value).otherwise(name).alias(name) for name, value in instead.items()),
        *_ranks(rows),
        is_pooled=is_pooled,
        share_alone="share",
    )
    rows = rows.sort("share", descending=True, nulls_last=True, maintain_order=True)
    return rows.drop("prior_share", *_POOLED)


def _ranks(rows: pl.DataFrame) -> list[pl.Series]:
    """The columns rank_from, rank_to and ranked; null for rows that take no part."""
    columns = ["proficient", "respondents", "headcount", "prior_share"]
    takes_part = rows.select(pl.all_horizontal(pl.col(columns).is_not_null()) & _FITS).to_series()
    number = int(takes_part.sum())
    ranks: list[list[int | None]] = [[None] * rows.height for _ in range(3)]
    if 2 <= number <= MOST_RANKED:
        ranked = rows.filter(takes_part).select(pl.col(columns).cast(pl.Float64)).to_numpy().T
        low, high = rank_ranges(completed_shares(*ranked, draws=DRAWS, seed=_SEED))
        for place, ends in zip(takes_part.arg_true(), zip(low.tolist(), high.tolist(), strict=True), strict=True):
            ranks[0][place], ranks[1][place], ranks[2][place] = *ends, number
    return [
        pl.Series(name, values, pl.Int64)
        for name, values in zip(("rank_from", "rank_to", "ranked"), ranks, strict=True)
    ]


def _compared(survey: Survey, compared_with: ComparedWith) -> pl.DataFrame:
    return survey.kept((__name__, "compared", compared_with), lambda: _made_compared(survey, compared_with))


def _made_compared(survey: Survey, compared_with: ComparedWith) -> pl.DataFrame:
    """The columns of `skill_shares` of all schools and the district, with inverse_size, and reference_share,
    reference_inverse_size and reference_schools (null for the rest of the district) of each school's group."""
    rows, all_schools = unscoped(survey, "skill_shares"), unscoped(survey, "schools")
    schools = rows.filter(pl.col("school_id") != DISTRICT)
    district = rows.filter(pl.col("school_id") == DISTRICT)
    if compared_with == "district":
        schools = with_rest_of_district(schools, district, by="skill_id").with_columns(
            reference_schools=pl.lit(None, pl.Int64)
        )
    else:
        is_like = alike(all_schools["level"].to_list(), all_schools["headcount"].to_list(), factor=SIZE)
        schools = with_like_schools(schools, all_schools["school_id"].to_list(), is_like, by="skill_id")
    size = inverse_effective_size(pl.col("respondents").cast(pl.Float64), pl.col("headcount").cast(pl.Float64))
    missing = 1 - pl.col("respondents") / pl.max_horizontal("headcount", "respondents")
    return pl.concat([schools.with_columns(inverse_size=size, unanswered=missing), district], how="diagonal")
