"""How far the district's share moved between two waves: every school by its headcount, as in the share itself."""

from __future__ import annotations

import numpy as np
import polars as pl

from pd_core.measures.change import MATCHED, MIN_MATCHED, NEEDED, Numbers, changed_shares

KEYS = ("share_from", "share_to")


def with_district_change(district: pl.DataFrame, schools: pl.DataFrame, *, by: str) -> pl.DataFrame:
    """Adds to the district's rows what `change.with_change` adds to a school's; share_from and share_to stay.

    `district` has `by`, share_from, share_to (f64, null: unknown), respondents_from and respondents_to. `schools` has a
    row for each value of `by` and school: headcount (null: unknown, and then it has no weight), the columns that
    `with_change` reads; what is null there adds nothing. Each share's standard error is that of a stratified sample
    without finite-population correction, over the schools with two respondents or more in that wave, their weights
    adding up to 1; n_eff = p (1 - p) / V. Matched people of a school make its two shares go together, and so the
    district's. Source: Cochran, Sampling Techniques (1977), section 5A; Zou and Donner (2008).
    """
    weighed = schools.with_columns(pl.col(name).cast(pl.Float64) for name in (*NEEDED, *MATCHED, "headcount"))
    n1, x1, n2, x2, m, first, second, both = (pl.col(name) for name in (*NEEDED, *MATCHED))
    covariance = (both - first * second / m) / (m - 1)
    is_matched = (m >= MIN_MATCHED) & both.is_not_null()
    staff = pl.col("headcount").fill_null(0.0)
    weighed = weighed.with_columns(
        _w1=pl.when(n1 > 1).then(staff).otherwise(0.0),
        _w2=pl.when(n2 > 1).then(staff).otherwise(0.0),
        _v1=pl.when(n1 > 1).then(x1 / n1 * (1 - x1 / n1) / (n1 - 1)),
        _v2=pl.when(n2 > 1).then(x2 / n2 * (1 - x2 / n2) / (n2 - 1)),
        _c=pl.when(is_matched).then(m * covariance / (n1 * n2)),
    )
    sums = weighed.group_by(by, maintain_order=True).agg(
        _v1=(pl.col("_w1") ** 2 * pl.col("_v1")).sum() / pl.col("_w1").sum() ** 2,
        _v2=(pl.col("_w2") ** 2 * pl.col("_v2")).sum() / pl.col("_w2").sum() ** 2,
        _c=(pl.col("_w1") * pl.col("_w2") * pl.col("_c")).sum() / (pl.col("_w1").sum() * pl.col("_w2").sum()),
    )
    rows = district.join(sums, on=by, how="left", maintain_order="left")
    columns = rows.select(pl.col(*KEYS, "_v1", "_v2", "_c", "respondents_from", "respondents_to").cast(pl.Float64))
    p1, p2, v1, v2, c, n_from, n_to = columns.to_numpy().T
    unknown = np.isnan(p1) | np.isnan(p2)
    p1, p2 = np.where(unknown, np.nan, p1), np.where(unknown, np.nan, p2)
    inverse = [_inverse_n(p, v, n) for p, v, n in ((p1, v1, n_from), (p2, v2, n_to))]
    spread = v1 * v2
    r = np.clip(np.divide(c, np.sqrt(spread), out=np.zeros_like(c), where=spread > 0), -1, 1)
    found = changed_shares(p1, inverse[0], p2, inverse[1], r, np.maximum(v1 + v2 - 2 * c, 0))
    added = {name: values for name, values in found.items() if name not in KEYS}
    return rows.drop("_v1", "_v2", "_c").with_columns(
        pl.Series(name, np.where(unknown, np.nan, values)).fill_nan(None) for name, values in added.items()
    )


def _inverse_n(share: Numbers, variance: Numbers, respondents: Numbers) -> Numbers:
    """1 / n_eff; that of a simple sample where the strata say nothing about the variance."""
    spread = share * (1 - share)
    is_told = (spread > 0) & (variance > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        inverse: Numbers = np.where(is_told, variance / spread, 1 / respondents)
    return inverse
