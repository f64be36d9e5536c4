"""How many have answered, by school and in the district."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from pd_core.access import DISTRICT
from pd_core.disclosure.suppressed_frames import DISTRICT_NAME, EVERYBODY, suppressed
from pd_core.disclosure.suppression import FEWEST
from pd_core.measures.response_rates import with_response_rates

if TYPE_CHECKING:
    from pd_core.survey.district_survey import DistrictSurvey


def response_rates(whole: DistrictSurvey) -> pl.DataFrame:
    """As `Survey.response_rates`, of all schools.

    The district's `respondents` are all; its headcount, rate and status are those of the schools whose headcount is
    known. How many answered is no answer and never hidden; with a role filter it says what roles people have, small
    groups are hidden like any others, and the district's figures are those of the schools that count in them.
    """
    groups = whole.groups.filter(pl.col("item_id") == EVERYBODY)
    answered = groups.filter(~pl.col("is_district")).drop("item_id", "is_district")
    schools = whole.schools.select("school_id", school_name="name", school_level="level", region="region")
    schools = (
        schools.join(answered, on="school_id", how="left", maintain_order="left")
        .join(whole.headcounts, on="school_id", how="left", maintain_order="left")
        .with_columns(pl.col("respondents", "rule").fill_null(0))
    )
    in_figure = schools
    if whole.role is not None:
        in_figure = schools.filter("counted" if len(schools) else pl.lit(True)).vstack(
            schools.filter((pl.col("respondents") == 0) & (pl.col("rule") == 0))
        )
    everybody = int(in_figure["respondents"].sum())
    # Where not all small groups together have a headcount, none is in the rate: it would tell some from the others.
    known = in_figure.filter(pl.col("headcount").is_not_null())
    small = in_figure.filter(pl.col("rule") != 0)
    if whole.role is not None and small["headcount"].null_count():
        known = known.filter(pl.col("rule") == 0)
    rule = groups.filter("is_district")["rule"]
    district = pl.DataFrame(
        {
            "school_id": [DISTRICT],
            "school_name": [DISTRICT_NAME],
            "headcount": [known["headcount"].sum() if known.height else None],
            "respondents": [known["respondents"].sum() if known.height else everybody],
            "rule": rule.to_list() or [0],
        },
        schema_overrides={"headcount": pl.Int64, "respondents": pl.Int64, "rule": pl.Int8},
    )
    both = pl.concat([schools, district], how="diagonal")
    rows = with_response_rates(both, target_share=whole.target_share, fewest=FEWEST)
    rows = rows.with_columns(
        respondents=pl.when(pl.col("school_id") == DISTRICT).then(everybody).otherwise("respondents"),
        rule=pl.col("rule") if whole.role else pl.lit(0, pl.Int8),
    )
    return (
        suppressed(rows, ["respondents", "rate"])
        .with_columns(status=pl.when("suppressed").then(pl.lit("hidden")).otherwise("status"))
        .select(
            pl.lit(whole.wave_id).alias("wave_id"), "school_id", "school_name", "school_level", "region",
            "headcount", "respondents", "rate", "status", "suppressed", "reason",
        )
    )  # fmt: skip
