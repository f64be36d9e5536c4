"""What a school's share is compared with: the rest of its district, or similar schools.

Both are stratified shares as in `measures.district`, each school a stratum weighted by its headcount, and both come
with 1 / n_eff for Wilson's interval. They are worked out only from the shares of schools and of the district, never
from a school whose share is null.

Source: Cochran, Sampling Techniques (1977), section 5A; checked in test_reference_groups.py against
`measures.district`, which counts each group again.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from pd_core.measures.intervals import inverse_effective_size

_NOTHING: Final = 1e-9
"""The relative size of what subtraction leaves of a number when it should leave 0."""


def with_rest_of_district(schools: pl.DataFrame, district: pl.DataFrame, *, by: str) -> pl.DataFrame:
    """Adds the share of the district less the school: reference_share f64 in [0, 1], reference_inverse_size f64 and
    reference_unanswered f64 in [0, 1], the part of the rest's staff that did not answer.

    Needs a row a school and group of by: by, respondents i64, headcount i64 (null when unknown), share f64 (null: not
    known); and for the district a row per group: by, respondents i64 (of all), headcount i64 (of the schools behind its
    share), share, share_se f64. All are null if the district's are, or if no one is left. A school without a headcount
    is no part of the district's share, and nothing is subtracted for it.

    The variance is the district's less the school's own part. If nothing is left of it, because everyone answered or
    all agree, n_eff is that of one group of the remaining respondents.
    """
    of_district = {"respondents": "_respondents", "headcount": "_headcount", "share": "_share", "share_se": "_se"}
    rows = schools.join(
        district.select(by, *of_district).rename(of_district), on=by, how="left", maintain_order="left"
    ).with_columns(_weighs())
    own, all_people = pl.col("_people"), pl.col("_headcount")
    unweighed = pl.when(pl.col("headcount").is_null() & pl.col("share").is_not_null()).then("respondents")
    left = pl.when(all_people > own).then(all_people - own)
    variance = (all_people * pl.col("_se")) ** 2
    rest_of_variance = variance - pl.col("_variance")
    return (
        rows.with_columns(
            _left=left.cast(pl.Float64),
            _left_respondents=pl.col("_respondents") - pl.col("_answered") - unweighed.sum().over(by),
            _total=all_people * pl.col("_share") - pl.col("_expected"),
            _rest=pl.when(rest_of_variance > _NOTHING * variance).then(rest_of_variance).otherwise(0),
        )
        .with_columns(reference_share=(pl.col("_total") / pl.col("_left")).clip(0, 1))
        .with_columns(
            reference_inverse_size=pl.when(pl.col("_se").is_not_null()).then(
                _inverse_size(pl.col("_rest") / pl.col("_left") ** 2, pl.col("_left_respondents"), pl.col("_left"))
            )
        )
        .with_columns(reference_unanswered=_unanswered(pl.col("_left_respondents"), pl.col("_left")))
        .select(*schools.columns, "reference_share", "reference_inverse_size", "reference_unanswered")
    )


def with_like_schools(
    schools: pl.DataFrame, school_ids: Sequence[str], is_like: NDArray[np.bool_], *, by: str
) -> pl.DataFrame:
    """Adds the share of all schools similar to a row's: reference_share f64 in [0, 1], reference_inverse_size f64,
    reference_unanswered f64 in [0, 1] (the part of their staff that did not answer) and reference_schools i64, their
    number.

    Needs a row a school and group of by: school_id str (one of school_ids), by, respondents i64, headcount i64, share
    f64. is_like bool (school, other) has the order of school_ids. A school without a share or a headcount is in no
    group. Share and size are null where the group is empty; where its schools leave no variance, n_eff is that of one
    group of all their respondents.
    """
    rows = schools.with_columns(_weighs())
    groups = rows[by].unique(maintain_order=True).to_list()
    at = (
        rows["school_id"].replace_strict(school_ids, range(len(school_ids)), return_dtype=pl.Int64).to_numpy(),
        rows[by].replace_strict(groups, range(len(groups)), return_dtype=pl.Int64).to_numpy(),
    )
    sums = {}
    for name in ("_people", "_answered", "_expected", "_variance", "_one"):
        values = np.zeros((len(school_ids), len(groups)))
        values[at] = rows[name].to_numpy()
        sums[name] = pl.Series(name, (is_like.astype(np.float64) @ values)[at])
    left = pl.when(pl.col("_people") > 0).then("_people")
    return (
        rows.with_columns(**sums)
        .with_columns(_people=left, reference_schools=pl.col("_one").round().cast(pl.Int64))
        .with_columns(reference_share=(pl.col("_expected") / pl.col("_people")).clip(0, 1))
        .with_columns(
            reference_inverse_size=_inverse_size(
                pl.col("_variance") / pl.col("_people") ** 2, pl.col("_answered"), pl.col("_people")
            )
        )
        .with_columns(reference_unanswered=_unanswered(pl.col("_answered"), pl.col("_people")))
        .select(
            *schools.columns, "reference_share", "reference_inverse_size", "reference_unanswered", "reference_schools"
        )
    )


def alike(levels: Sequence[str | None], headcounts: Sequence[int | None], *, factor: float) -> NDArray[np.bool_]:
    """Which schools are similar, bool (school, other): of the same level, and neither larger than the other by more
    than the factor. No school is similar to itself, nor is one without a level or a headcount."""
    kinds = {level: place for place, level in enumerate(dict.fromkeys(levels))}
    level = np.array([kinds[level] if level else np.nan for level in levels], dtype=np.float64)
    staff = np.array([headcount or np.nan for headcount in headcounts], dtype=np.float64)
    larger = staff[:, None] / staff[None, :]
    found: NDArray[np.bool_] = (level[:, None] == level) & (np.maximum(larger, larger.T) <= factor)
    np.fill_diagonal(found, False)
    return found


def _weighs() -> list[pl.Expr]:
    """What a school adds to its groups: people, respondents, people with a yes, their variance, and _one; all 0 for a
    school without a share or a headcount."""
    weighs = pl.col("share").is_not_null() & pl.col("headcount").is_not_null()
    people = pl.max_horizontal("headcount", "respondents").cast(pl.Float64)
    answered, share = pl.col("respondents").cast(pl.Float64), pl.col("share")
    variance = people**2 * (1 - answered / people) * share * (1 - share) / (answered - 1)
    weighed = {
        "_people": people,
        "_answered": answered,
        "_expected": people * share,
        "_variance": pl.when(answered > 1).then(variance).otherwise(0),
        "_one": pl.lit(1.0),
    }
    return [pl.when(weighs).then(value).otherwise(0.0).alias(name) for name, value in weighed.items()]


def _unanswered(respondents: pl.Expr, people: pl.Expr) -> pl.Expr:
    return (1 - respondents / people).clip(0, 1)


def _inverse_size(variance: pl.Expr, respondents: pl.Expr, people: pl.Expr) -> pl.Expr:
    spread = pl.col("reference_share") * (1 - pl.col("reference_share"))
    varies = (spread > _NOTHING) & (variance > 0)
    return pl.when(varies).then(variance / spread).otherwise(inverse_effective_size(respondents, people))
