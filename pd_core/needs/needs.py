"""What each building needs most, how sure that is, and who would teach it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl

from pd_core.access import DISTRICT
from pd_core.needs.estimates import trainings
from pd_core.needs.posterior import posterior
from pd_core.survey.district_survey import DistrictSurvey, kept_by_district
from pd_core.survey.scoped_survey import Survey
from pd_core.survey.unsuppressed import district_of

_URN = {
    "training": pl.String,
    "skill_id": pl.String,
    **dict.fromkeys(("expected", "likely", "likely_low", "likely_high", "top_two"), pl.Float64),
}


def needs(survey: Survey, school_ids: Sequence[str] | None = None) -> pl.DataFrame:
    """A row per school, class and skill, greatest need first within a school and class.

    wave_id, school_id, school_name, skill_id, skill_name, training (entry, implementation), trainer (MIE, Facilitator),
    respondents, people, people_low, people_high, top_two, headcount, suppressed, reason. Only of `school_ids` (null: of
    all that are seen): each school's urn takes some milliseconds when it is first asked for.

    An entry class is for people below proficient; an implementation class for people who are proficient but do not use
    the skill with students yet, or only in place of an older tool (SAMR none or S). Both are of all who answered about
    the skill (`respondents`): who says nothing of students does not wait for an implementation class. `people` is how
    many of the headcount that would be, the unseen staff drawn from the school's urn (see `measures.urn`), in whole
    people; people_low and people_high are the ends of its 80% range (where all who are drawn agree, at least those of
    the share's interval); `top_two` (0-1) is the probability that the class
    is among the two of its kind that most people need, and ties count. The district's people are by its weighted share,
    with the interval of 80%, its headcount that of the schools which the share rests on (null where there are none or
    it is hidden); it has no top_two. Without a headcount `people` is the respondents alone, without a range. People are
    null where nobody answered (for an implementation class: about both) or the group is hidden; an implementation class
    is hidden too where either of its two answers is.
    """
    places = [*survey.schools["school_id"], DISTRICT]
    wanted = places if school_ids is None else [place for place in places if place in school_ids]
    empty = _of_school(district_of(survey), "")
    return pl.concat([empty, *(_of_school(district_of(survey), place) for place in wanted)])


def needed(rows: pl.DataFrame) -> pl.DataFrame:
    """Those of `needs` that at least one person has, in whole people."""
    return rows.filter(pl.col("people") >= 0.5)


@kept_by_district
def _of_school(whole: DistrictSurvey, school_id: str) -> pl.DataFrame:
    """As `needs`, of one school or of the district; no rows for an id that is neither."""
    rows = trainings(whole).filter(pl.col("school_id") == school_id)
    rows = rows.join(_drawn(whole, school_id), on=["training", "skill_id"], how="left", maintain_order="left")
    is_drawn = pl.col("people").is_not_null() & pl.col("likely").is_not_null()
    # Where all who can be drawn agree the urn knows no doubt; the share's own interval does.
    has_no_width = (pl.col("likely_low") == pl.col("likely_high")) & (pl.col("respondents") < pl.col("headcount"))
    low, high = pl.min_horizontal("likely_low", "people_low"), pl.max_horizontal("likely_high", "people_high")
    rows = rows.with_columns(
        likely_low=pl.when(has_no_width).then(low.round()).otherwise("likely_low"),
        likely_high=pl.when(has_no_width).then(high.round()).otherwise("likely_high"),
    )
    drawn = {"people": "likely", "people_low": "likely_low", "people_high": "likely_high"}
    return (
        rows.with_columns(pl.when(is_drawn).then(likely).otherwise(name).alias(name) for name, likely in drawn.items())
        .with_columns(top_two=pl.when(is_drawn).then("top_two"))
        .sort(
            "training",
            pl.when(is_drawn).then("expected").otherwise("people"),
            descending=[False, True],
            nulls_last=True,
            maintain_order=True,
        )
        .select(
            "wave_id", "school_id", "school_name", "skill_id", "skill_name", "training", "trainer", "respondents",
            "people", "people_low", "people_high", "top_two", "headcount", "suppressed", "reason",
        )
    )  # fmt: skip


def _drawn(whole: DistrictSurvey, school_id: str) -> pl.DataFrame:
    found = posterior(whole, school_id) if school_id in whole.school_ids else None
    if found is None:
        return pl.DataFrame(schema=_URN)
    training, skill = zip(*found.columns, strict=True)
    numbers = (found.expected, found.people, found.people_low, found.people_high, found.in_top_two)
    columns = [training, skill, *(np.asarray(one, dtype=np.float64) for one in numbers)]
    return pl.DataFrame(columns, schema=_URN).fill_nan(None)
