"""What a group that was picked because it was low would have gained by chance alone."""

from __future__ import annotations

import polars as pl


def expected_regression(frame: pl.DataFrame, chosen: pl.Expr) -> float | None:
    """The change (in shares, -1 to 1) that the `chosen` schools show on average though nothing has changed.

    Needs a row a school: respondents (i64, of the first wave), share (f64, of the first wave), headcount (i64; null:
    unknown, and then no finite-population correction) and changed_share (f64: of the people who answered both times,
    the share whose answer changed; null: unknown, and then the mean of the others, or 0). Null where fewer than two
    schools have a share, or none is chosen.
    mean of (1 - B)(mean share - share) over the chosen, B = τ² / (τ² + V), V = (1 - n/N) S²/n + w/N, where w is half
    the share of matched people who changed, and τ² = max(0, the variance of the shares less the mean of V).
    Source: Stigler (1997), `Regression towards the mean, historically considered`; Davis (1976).
    """
    rows = frame.filter(pl.col("share").is_not_null() & (pl.col("respondents") > 1))
    if rows.height < 2:
        return None
    n, share = pl.col("respondents").cast(pl.Float64), pl.col("share")
    people = pl.max_horizontal(pl.col("headcount").cast(pl.Float64), n)
    unseen = pl.when(pl.col("headcount").is_not_null()).then(1 - n / people).otherwise(1.0)
    changed = pl.col("changed_share").fill_null(pl.col("changed_share").mean()).fill_null(0.0)
    noise = unseen * share * (1 - share) / (n - 1) + changed / 2 / people
    rows = rows.with_columns(_noise=noise)
    spread = pl.max_horizontal(0.0, share.var() - pl.col("_noise").mean())
    total = spread + pl.col("_noise")
    kept = pl.when(total > 0).then(spread / total).otherwise(0.0)
    gains = rows.with_columns(_gain=(1 - kept) * (share.mean() - share)).filter(chosen)["_gain"]
    mean = gains.mean()
    return None if mean is None else float(mean)  # type: ignore[arg-type]
