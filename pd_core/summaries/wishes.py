"""What staff asked for: topics they want and times that suit."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

import polars as pl

from pd_core.storage import queries
from pd_core.summaries.survey import DISTRICT, DISTRICT_NAME, Survey, hide, suppressed

Wish = Literal["topics", "times"]


@lru_cache(maxsize=64)
def wishes(survey: Survey, wish: Wish) -> pl.DataFrame:
    """wave_id, school_id, school_name, code, label, respondents, share (0-1), answered; most wanted first within a school.

    `respondents` chose it, of `answered` who answered the question; for the district all are added up. Numbers are null where the
    group is hidden.
    """
    answered = queries.answered_counts(survey.store, wish, wave_id=survey.wave_id).select(
        "school_id", answered="respondents"
    )
    chosen = queries.choice_counts(survey.store, wish, wave_id=survey.wave_id).select(
        "school_id", "code", "respondents"
    )
    labels = survey.codebook.labels(survey.codebook.items[wish].scale_id)
    answered = survey.schools.select("school_id", school_name="name").join(
        answered, on="school_id", how="left", maintain_order="left"
    )
    answered = answered.with_columns(pl.col("answered").fill_null(0))
    total = pl.DataFrame(
        {"school_id": [DISTRICT], "school_name": [DISTRICT_NAME], "answered": [int(answered["answered"].sum())]}
    )
    everywhere = (
        chosen.group_by("code")
        .agg(pl.col("respondents").sum())
        .select(school_id=pl.lit(DISTRICT), code="code", respondents="respondents")
    )
    rules = hide(answered.select("school_id", item_id=pl.lit(wish), respondents="answered"), survey.schools)
    rows = (
        pl.concat([answered, total], how="vertical_relaxed")
        .with_row_index("place")
        .join(pl.DataFrame({"code": list(labels), "label": list(labels.values())}), how="cross", maintain_order="left")
        .join(pl.concat([chosen, everywhere]), on=["school_id", "code"], how="left", maintain_order="left")
        .with_columns(pl.col("respondents").fill_null(0))
        .join(rules.select("school_id", "rule"), on="school_id", how="left", maintain_order="left")
        .with_columns(share=pl.when(pl.col("answered") > 0).then(pl.col("respondents") / pl.col("answered")))
        .sort("place", "respondents", descending=[False, True], maintain_order=True)
    )
    return suppressed(rows, ["respondents", "share", "answered"]).select(
        pl.lit(survey.wave_id).alias("wave_id"), "school_id", "school_name", "code", "label", "respondents", "share",
        "answered", "suppressed", "reason",
    )  # fmt: skip
