"""The district's share: every school counts by its headcount, not by how many of its staff answered.

Each school is a stratum of a stratified sample without replacement, so a school where nearly everyone has answered adds
nearly nothing to the uncertainty. Schools without answers and schools without a headcount carry no weight: the
share speaks for the staff of the other schools (column headcount), as if the missing schools were like them.
"""

from collections.abc import Sequence

import polars as pl

from pd_core.measures.intervals import (
    inverse_effective_size,
    require_counts_within_bases,
    whole_people_outward,
    wilson_bounds,
)

PULL = 5
"""How many respondents with the district's share are added to a stratum when its spread is estimated."""

_NOTHING = 1e-12
"""A spread up to which rounding may leave something of zero."""
_EVERYONE = "_everyone"
"""In place of group columns if there are none."""


def district_share(
    frame: pl.DataFrame, *, by: Sequence[str], count: str = "count", confidence: float = 0.95
) -> pl.DataFrame:
    """One row a group: the share of staff, weighted by headcount, with its standard error and interval.

    Needs one row for each group and school (none for the whole district): the columns of by, school_id str, level str
    (of the school; may be null), respondents i64 (n), headcount i64 (N; null when unknown; taken as n where n is
    larger) and the column named by count i64 (x, of those n). A school's row must be there even when its count is 0.
    Gives, in order of first appearance: the columns of by; respondents, count i64, sums over all rows;
    weighted_respondents, headcount i64, sums over the schools that carry weight (headcount null if there are none);
    share, share_low, share_high f64 in [0, 1], share_se f64.

    share = sum(N_s p_s) / sum(N_s) over strata (see strata). Var = sum((N_s / N)^2 (1 - n_s / N_s) s_s^2 / n_s) with
    s_s^2 = n_s p_s (1 - p_s) / (n_s - 1); share_se is its root. The interval is Wilson's with n_eff = p (1 - p) / Var,
    where Var has (x_s + PULL p) / (n_s + PULL) in place of p_s: a small school where all agree is no certainty. Its
    ends are of whole people of the headcount, rounded outward. Where that Var is 0 too, if everyone answered the
    interval is the share; if some have not, but all of the district agree, n_eff is that of one pooled group,
    n (N - 1) / (N - n).
    Where no school has both answers and a headcount, share is the plain sum(x) / sum(n) and the rest is null. share_se
    is also null if a single person answered; all are null if no one did.

    Strata depend on respondents and headcounts only, never on the counts, so the share is linear in the count: with the
    answer's level among by (and the people at that level as the count) the shares of an item's levels sum to 1, and
    those of the proficient levels sum to the share of the proficient.
    ValueError when a count is negative or exceeds its respondents, or confidence is not between 0 and 1.
    Source: Cochran, Sampling Techniques (1977), section 5A; checked against R's survey package in test_district.py.
    """
    require_counts_within_bases(frame, count, "respondents")
    rows = frame if by else frame.with_columns(pl.lit(0).alias(_EVERYONE))
    groups = list(by) or [_EVERYONE]
    parts = _per_stratum(strata(rows, by=groups), groups, count).with_columns(weighted=pl.col("stratum").is_not_null())
    parts = parts.with_columns(
        _answered=pl.when("weighted").then("n"),
        _people=pl.when("weighted").then("people"),
        _expected=pl.when("weighted").then(pl.col("people") * pl.col("x") / pl.col("n")),
        _variance=pl.when("weighted").then(_variance_of_total(pl.col("x") / pl.col("n"))),
        _lone=pl.col("weighted") & (pl.col("n") == 1) & (pl.col("people") > 1),
    )
    overall = (pl.col("_expected").sum() / pl.col("_people").sum()).over(groups)
    pulled = (pl.col("x") + PULL * pl.col("_overall")) / (pl.col("n") + PULL)
    totals = (
        parts.with_columns(_overall=overall)
        .with_columns(_pulled_variance=pl.when("weighted").then(_variance_of_total(pulled)))
        .group_by(groups, maintain_order=True)
        .agg(
            pl.col("n", "x", "_answered", "_people", "_expected", "_variance", "_pulled_variance").sum(),
            pl.col("_lone").any(),
        )
    )
    columns = ["respondents", "count", "weighted_respondents", "headcount", "share", "share_se"]
    return _with_interval(totals, confidence).select(*by, *columns, "share_low", "share_high")


def _per_stratum(rows: pl.DataFrame, groups: list[str], count: str) -> pl.DataFrame:
    """Columns: groups, stratum; n (respondents), x (count), people (headcount) f64. A null stratum has no weight."""
    sizes = rows.select(
        *groups,
        "stratum",
        shared=pl.col("stratum") != pl.col("school_id").cast(pl.String),
        n=pl.col("respondents").cast(pl.Float64),
        x=pl.col(count).cast(pl.Float64),
        people=_people().cast(pl.Float64),
    )
    if not sizes["shared"].any():
        return sizes  # Each school is its own stratum, and adding up thousands of single rows is most of the work.
    return sizes.group_by([*groups, "stratum"], maintain_order=True).agg(pl.col("n", "x", "people").sum())


def _variance_of_total(share: pl.Expr) -> pl.Expr:
    """Variance of a stratum's estimated number of people, spread as a share says; 0 where all answered, null for n = 1.

    Exactly 0 too where the share is 0 or 1.
    """
    n, people = pl.col("n"), pl.col("people")
    return pl.when(n > 1).then(people**2 * (1 - n / people) * share * (1 - share) / (n - 1))


def _with_interval(totals: pl.DataFrame, confidence: float) -> pl.DataFrame:
    weighted = pl.col("_answered") > 0
    pooled = pl.when(pl.col("n") > 0).then(pl.col("x") / pl.col("n"))
    squared_people = pl.col("_people") ** 2
    shares = totals.with_columns(
        respondents=pl.col("n").cast(pl.Int64),
        count=pl.col("x").cast(pl.Int64),
        weighted_respondents=pl.col("_answered").cast(pl.Int64),
        headcount=pl.when(weighted).then(pl.col("_people").cast(pl.Int64)),
        share=pl.when(weighted).then(pl.col("_expected") / pl.col("_people")).otherwise(pooled),
        _variance=pl.when(weighted).then(pl.col("_variance") / squared_people),
        _pulled_variance=pl.when(weighted).then(pl.col("_pulled_variance") / squared_people),
    )
    share, variance = pl.col("share"), pl.col("_pulled_variance")
    spread = share * (1 - share)
    inverse_size = (
        pl.when((variance > 0) & (spread > _NOTHING))
        .then(variance / spread)
        .otherwise(inverse_effective_size(pl.col("_answered"), pl.col("_people")))
    )
    # In steps, because Polars would work the size and the bounds out anew at each of their places.
    low, high = wilson_bounds(share, pl.col("_inverse_size"), confidence=confidence)
    ends = whole_people_outward(pl.col("share_low"), pl.col("share_high"), pl.col("_people"))
    return (
        shares.with_columns(
            share_se=pl.when(~pl.col("_lone")).then(pl.col("_variance").sqrt()), _inverse_size=inverse_size
        )
        .with_columns(share_low=low, share_high=high)
        .with_columns(share_low=ends[0], share_high=ends[1])
    )


def strata(schools: pl.DataFrame, *, by: Sequence[str] = ()) -> pl.DataFrame:
    """Adds the stratum each school belongs to, so that every stratum has two respondents and hence a variance.

    Needs, a row for each group of by and school: school_id str, level str (of the school; may be null), respondents
    i64, headcount i64 (null when unknown).
    Adds stratum str: a school with two or more respondents is its own (its school_id). The schools of a level with one
    respondent each form a pooled stratum ("pooled: <level>"). A pooled stratum that would hold a single respondent
    joins the largest stratum of its level, else the largest of the district, else (no stratum has two respondents) the
    others like it ("pooled"). Largest is by headcount before anything joins; ties go to the first by name. Null: the
    school has no respondent or no headcount and carries no weight.
    """
    if not by:
        return strata(schools.with_columns(pl.lit(0).alias(_EVERYONE)), by=[_EVERYONE]).drop(_EVERYONE)
    level_of_group = list(dict.fromkeys([*by, "level"]))
    weighted = (pl.col("respondents") >= 1) & pl.col("headcount").is_not_null()
    single = weighted & (pl.col("respondents") == 1)
    placed = schools.with_columns(
        stratum=pl.when(weighted & ~single)
        .then(pl.col("school_id").cast(pl.String))
        .when(single & (single.sum().over(level_of_group) > 1))
        .then(pl.lit("pooled: ") + pl.col("level").cast(pl.String).fill_null("no level"))
    )
    alone = weighted & pl.col("stratum").is_null()
    if not placed.select(alone.any()).item():
        return placed
    return _join_largest(placed, alone, groups=list(by), level_of_group=level_of_group)


def _join_largest(
    placed: pl.DataFrame, alone: pl.Expr, *, groups: list[str], level_of_group: list[str]
) -> pl.DataFrame:
    """Gives each lone respondent's school the stratum it joins, in the order that strata documents."""
    largest_first = (
        placed.filter(alone.any().over(groups) & pl.col("stratum").is_not_null())
        .group_by([*level_of_group, "stratum"])
        .agg(_people=_people().sum())
        .sort(["_people", "stratum"], descending=[True, False])
        .drop("_people")
    )
    for name, keys in (("_of_level", level_of_group), ("_of_district", groups)):
        largest = largest_first.unique(keys, keep="first", maintain_order=True).select(
            *keys, pl.col("stratum").alias(name)
        )
        placed = placed.join(largest, on=keys, how="left", nulls_equal=True, maintain_order="left")
    home = pl.coalesce("_of_level", "_of_district", pl.lit("pooled"))
    return placed.with_columns(stratum=pl.when(alone).then(home).otherwise("stratum")).drop("_of_level", "_of_district")


def _people() -> pl.Expr:
    """The headcount of a school, never under its respondents: an out-of-date headcount must not undo their answers."""
    return pl.max_horizontal(
        pl.col("headcount").cast(pl.Int64),
        pl.when(pl.col("headcount").is_not_null()).then(pl.col("respondents").cast(pl.Int64)),
    )
