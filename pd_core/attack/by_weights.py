"""Whether a weighted share of the district, or its range, tells something that nothing else does."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from pd_core.access import DISTRICT
from pd_core.attack.findings import BY_WEIGHTS, Found
from pd_core.attack.linear_sums import NONE
from pd_core.attack.published import Published
from pd_core.measures.district import district_share


def found_by_weights(published: Published) -> Iterator[Found]:
    """Questions of which a weighted share of the district tells more than what else is shown."""
    for wave_id, role, table, frame in published.weighted:
        for name in unexplained(frame):
            yield Found(wave_id, (table,), name, DISTRICT, role, BY_WEIGHTS)


def unexplained(frame: pl.DataFrame) -> list[str]:
    """The questions whose weighted share of the district, or its range, is not what the shown numbers make it.

    `frame` is one of `Published.weighted`. Hidden schools are in what is left of the district's sums, as one.
    """
    by, numbers = ["question", "answer"], ["respondents", "count"]
    district = frame.filter((pl.col("school_id") == DISTRICT) & pl.col("share").is_not_null())
    schools = frame.filter(pl.col("school_id") != DISTRICT)
    seen = schools.filter(~pl.col("suppressed"))
    staff = (
        schools.filter(pl.col("suppressed") & pl.col("counted"))
        .group_by(by)
        .agg(headcount=pl.when(pl.col("headcount").is_not_null().any()).then(pl.col("headcount").sum()))
    )
    rest = (
        district.select(*by, *numbers)
        .join(seen.group_by(by).agg(pl.col(numbers).sum().name.prefix("seen_")), on=by, how="left")
        .with_columns(*(pl.col(name) - pl.col(f"seen_{name}").fill_null(0) for name in numbers))
        .join(staff, on=by, how="left")
        .with_columns(school_id=pl.lit(""))
    )
    columns = ["school_id", *by, *numbers, "headcount"]
    whole = pl.concat([seen.select(columns), rest.select(columns)]).with_columns(level=pl.lit("one"))
    expected = district_share(whole, by=by, count="count").select(*by, pl.col("^share.*$").name.prefix("expected_"))
    shares = [name for name in ("share", "share_low", "share_high") if name in frame.columns]
    found = district.join(expected, on=by, how="left").filter(
        pl.any_horizontal(*((pl.col(name) - pl.col(f"expected_{name}")).abs() > NONE for name in shares))
    )
    return sorted(set(found["question"].to_list()))
