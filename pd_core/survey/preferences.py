"""What staff asked for: topics they want and times that work for them."""

from __future__ import annotations

from typing import Literal

import numpy as np
import polars as pl

from pd_core.access import DISTRICT
from pd_core.disclosure.suppressed_frames import DISTRICT_NAME, suppressed
from pd_core.survey.district_survey import DistrictSurvey, kept_by_district
from pd_core.survey.scoped_survey import Survey
from pd_core.survey.unsuppressed import district_of

Wish = Literal["topics", "times"]


def wishes(survey: Survey, wish: Wish) -> pl.DataFrame:
    """wave_id, school_id, school_name, code, label, respondents, share (0-1), answered, suppressed, reason; most chosen
    first within a school, the district last.

    `respondents` chose it, of `answered` who answered the question; the district's are the sums of the schools that
    count in its figures. `share` is null without answers. In a hidden group all numbers are null, and the rows are in
    the codebook's order.
    """
    return survey.seen(_of_district(district_of(survey), wish), f"wishes: {wish}")


@kept_by_district
def _of_district(whole: DistrictSurvey, wish: Wish) -> pl.DataFrame:
    """As `wishes`, for all schools."""
    tallies, labels = whole.tallies, whole.codebook.labels(whole.codebook.items[wish].scale_id)
    codes = list(labels)
    rules = whole.hidden(tallies.answered[wish][None], [wish])
    by_school = tallies.chosen[wish][:, tallies.role]
    counted = rules.filter(pl.col("school_id") != DISTRICT)["counted"].to_numpy()
    counts = np.vstack([by_school, by_school[counted].sum(axis=0)])
    places = [*whole.schools.select("school_id", school_name="name").rows(), (DISTRICT, DISTRICT_NAME)]
    groups = pl.DataFrame(places, schema={"school_id": pl.String, "school_name": pl.String}, orient="row").join(
        rules.select("school_id", "rule", answered="respondents"), on="school_id", how="left", maintain_order="left"
    )
    # In a hidden group the order would reveal as much as the numbers.
    is_hidden = (groups["rule"].fill_null(0) != 0).to_numpy()
    order = np.argsort(np.where(is_hidden[:, None], 0, -counts), axis=1, kind="stable")
    rows = groups.select(pl.all().gather(np.repeat(np.arange(groups.height), len(codes)))).with_columns(
        pl.col("answered").fill_null(0),
        code=pl.Series(codes, dtype=pl.String).gather(order.ravel()),
        label=pl.Series(list(labels.values()), dtype=pl.String).gather(order.ravel()),
        respondents=pl.Series(np.take_along_axis(counts, order, axis=1).ravel(), dtype=pl.Int64),
    )
    share = pl.when(pl.col("answered") > 0).then(pl.col("respondents") / pl.col("answered"))
    return suppressed(rows.with_columns(share=share), ["respondents", "share", "answered"]).select(
        pl.lit(whole.wave_id).alias("wave_id"), "school_id", "school_name", "code", "label", "respondents", "share",
        "answered", "suppressed", "reason",
    )  # fmt: skip
