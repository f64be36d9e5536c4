"""Schools that were merged: their answers count as those of their successor when two waves are compared."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import polars as pl

from pd_core.storage import Store, queries
from pd_core.survey.beyond_scope import store_of
from pd_core.survey.scoped_survey import Survey

COUNTS = ("respondents", "proficient")


def merged_schools(earlier: Survey, later: Survey) -> dict[str, str]:
    """School id to the id of the school that it became between two waves; schools open in both are not among them."""
    store, waves = store_of(later), (earlier.wave_id, later.wave_id)
    return later.kept(("merged schools", earlier.wave_id), lambda: merged_between(store, waves))


def merged_between(store: Store, waves: tuple[str, str]) -> dict[str, str]:
    """As `merged_schools`, for two waves by their names."""
    successors = queries.successors(store)
    if not successors:
        return {}
    both = queries.answered_schools(store, waves[0]) & queries.answered_schools(store, waves[1])
    found = {}
    for school_id in successors.keys() - both:
        became = school_id
        for became in successors_of(school_id, successors):
            if became in both:
                break
        found[school_id] = became
    return found


def successors_of(school_id: str, successors: Mapping[str, str]) -> Iterator[str]:
    """The schools that a school became, one after the other."""
    while school_id in successors:
        school_id = successors[school_id]
        yield school_id


def with_merged(rows: pl.DataFrame, merged: dict[str, str]) -> pl.DataFrame:
    """Rows of one wave (school_id, skill_id, respondents, proficient, share, suppressed, reason) with those of merged
    schools added up under their successor.

    Where a school that was merged is hidden, so is the sum: it would tell the hidden one from the others.
    """
    if not merged:
        return rows
    placed = rows.with_columns(pl.col("school_id").replace(merged))
    sums = placed.group_by("school_id", "skill_id", maintain_order=True).agg(
        *(pl.when(~pl.col("suppressed").any()).then(pl.col(name).sum()).alias(name) for name in COUNTS),
        pl.col("share").first(),
        pl.col("suppressed").any(),
        pl.col("reason").filter(pl.col("suppressed")).first().fill_null(""),
    )
    share = pl.when(pl.col("respondents") > 0).then(pl.col("proficient") / pl.col("respondents"))
    is_sum = pl.col("school_id").is_in(list(merged.values()))
    return sums.with_columns(share=pl.when(is_sum).then(share).otherwise("share"))
