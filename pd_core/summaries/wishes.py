"""What staff asked for: topics they want and times that suit."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

import polars as pl

from pd_core.storage import queries
from pd_core.summaries.groups import DISTRICT, DISTRICT_NAME, NO_ROLE, hide, suppressed
from pd_core.summaries.survey import Survey

Wish = Literal["topics", "times"]


@lru_cache(maxsize=64)
def wishes(survey: Survey, wish: Wish) -> pl.DataFrame:
    """wave_id, school_id, school_name, code, label, respondents, share (0-1), answered, suppressed, reason; most wanted
    first within a school, the district last.

    `respondents` chose it, of `answered` who answered the question; for the district all are added up. `share` is null
    where nobody answered; all numbers are where the group is hidden, and its rows are in the codebook's order.
    """
    by_role = survey.role is not None
    answered = queries.answered_counts(survey.store, wish, wave_id=survey.wave_id, by_role=by_role)
    chosen = queries.choice_counts(survey.store, wish, wave_id=survey.wave_id, by_role=by_role)
    if survey.role is not None:
        answered = answered.with_columns(pl.col("role").fill_null(NO_ROLE))
        chosen = chosen.filter(pl.col("role") == survey.role)
    rules = hide(answered.with_columns(item_id=pl.lit(wish)), survey.schools, survey.role)
    chosen = chosen.join(survey.schools, on="school_id", how="semi").select("school_id", "code", "respondents")
    everywhere = chosen.group_by("code").agg(pl.col("respondents").sum())
    labels = survey.codebook.labels(survey.codebook.items[wish].scale_id)
    places = [*survey.schools.select("school_id", "name").rows(), (DISTRICT, DISTRICT_NAME)]
    rows = (
        pl.DataFrame(places, schema={"school_id": pl.String, "school_name": pl.String}, orient="row")
        .with_row_index("place")
        .join(rules.select("school_id", "rule", answered="respondents"), on="school_id", how="left")
        .with_columns(pl.col("answered").fill_null(0))
        .join(
            pl.DataFrame({"code": list(labels), "label": list(labels.values())}).with_row_index("choice"), how="cross"
        )
        .join(
            pl.concat([chosen, everywhere.select(pl.lit(DISTRICT).alias("school_id"), "code", "respondents")]),
            on=["school_id", "code"],
            how="left",
        )
        .with_columns(pl.col("respondents").fill_null(0))
        .with_columns(share=pl.when(pl.col("answered") > 0).then(pl.col("respondents") / pl.col("answered")))
    )
    # First taken out, then put in order: the order of a hidden group's wishes would be as good as its numbers.
    rows = suppressed(rows, ["respondents", "share", "answered"])
    rows = rows.sort("place", "respondents", "choice", descending=[False, True, False], nulls_last=True)
    return rows.select(
        pl.lit(survey.wave_id).alias("wave_id"), "school_id", "school_name", "code", "label", "respondents", "share",
        "answered", "suppressed", "reason",
    )  # fmt: skip
