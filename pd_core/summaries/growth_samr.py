"""How far the part that redesigns tasks with an application, or makes new ones, moved between two waves."""

from __future__ import annotations

import polars as pl

from pd_core.access import DISTRICT
from pd_core.measures.change import MATCHED, with_change

_REDESIGNS = ("M", "R")


def redesigned(profiles: pl.DataFrame, school_id: str) -> pl.DataFrame:
    """A row per skill, the one that moved most first, of rows of `Growth.samr` of this school or the district.

    skill_name, share_from, share_to (0-1: Modification and Redefinition together), respondents_from, respondents_to;
    p_of_all in [0, 1]: how often chance alone moves the greatest of so many as far, by Bonferroni, of different people
    each time. Null for the district, whose shares weigh schools by their staff.
    """
    of_waves = [
        rows.filter(pl.col("level").is_in(_REDESIGNS) & pl.col("share").is_not_null())
        .group_by("skill_name", maintain_order=True)
        .agg(pl.col("share").sum(), pl.col("respondents").first())
        .rename({name: f"{name}_{ending}" for name in ("share", "respondents")})
        for ending, rows in (("to", profiles.filter(~pl.col("is_then"))), ("from", profiles.filter("is_then")))
    ]
    both = of_waves[0].join(of_waves[1], on="skill_name", how="inner", maintain_order="left")
    size = (pl.col("share_to") - pl.col("share_from")).abs()
    both = both.sort(size, descending=True, maintain_order=True)
    if school_id == DISTRICT:
        return both.with_columns(p_of_all=pl.lit(None, pl.Float64))
    shares = [(pl.col(f"share_{ending}") * pl.col(f"respondents_{ending}")).round() for ending in ("from", "to")]
    first, second = (share.cast(pl.Int64) for share in shares)
    counts = both.select("respondents_from", "respondents_to", proficient_from=first, proficient_to=second)
    changes = with_change(counts.with_columns(pl.lit(None, pl.Int64).alias(name) for name in MATCHED))
    return both.with_columns(p_of_all=(changes["p"] * both.height).clip(0, 1))
