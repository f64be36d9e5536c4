"""What people wrote in their own words, without anything that says who wrote it."""

from __future__ import annotations

import polars as pl

from pd_core.access import DISTRICT
from pd_core.disclosure.suppressed_frames import DISTRICT_NAME
from pd_core.disclosure.suppression import why_no_comments
from pd_core.storage import responses
from pd_core.survey.scoped_survey import Survey
from pd_core.survey.unsuppressed import district_of

_SCHEMA = dict.fromkeys(("wave_id", "school_id", "school_name", "comment"), pl.String) | {
    "suppressed": pl.Boolean,
    "reason": pl.String,
}


def comments(survey: Survey, school_id: str) -> pl.DataFrame:
    """The comments of a school, or of the district: the columns and rows of `all_comments`.

    Raises KeyError for a school outside the scope.
    """
    if school_id != DISTRICT and school_id not in survey.schools["school_id"]:
        raise KeyError(school_id)
    return all_comments(survey).filter(pl.col("school_id") == school_id)


def all_comments(survey: Survey) -> pl.DataFrame:
    """A row per comment, school by school, the district's last: wave_id, school_id, school_name, comment (as written),
    suppressed, reason.

    They come alphabetically, which reveals neither who wrote them nor when, and without any other answer. A school with
    hidden comments has one row with comment null, whether it has comments or not; a school without respondents has
    none. The district's comments are those of the schools whose comments are shown, without the school: if there were
    more, the difference would be those of the hidden schools. Only for people who see every school.
    """
    items = [item.item_id for item in survey.codebook.items_of("comment")]
    whole = district_of(survey)
    if not items or survey.scope.school_ids is not None:
        return pl.DataFrame(schema=_SCHEMA)
    people = pl.DataFrame(
        {"school_id": whole.school_ids, "people": whole.tallies.everybody.sum(axis=1)},
        schema={"school_id": pl.String, "people": pl.Int64},
    )
    schools = whole.schools.select("school_id", school_name="name").join(people, on="school_id", maintain_order="left")
    schools = schools.filter(pl.col("people") > 0)
    reasons = [why_no_comments(respondents, of_role=survey.role is not None) for respondents in schools["people"]]
    schools = schools.with_columns(reason=pl.Series(reasons, dtype=pl.String))
    shown, hidden = schools.filter(pl.col("reason") == ""), schools.filter(pl.col("reason") != "")
    written = _written(survey, items).join(shown, on="school_id", maintain_order="left")
    hidden = hidden.with_columns(comment=pl.lit(None, pl.String))
    columns = ["school_id", "school_name", "comment", "reason"]
    place = pl.col("school_id").cast(pl.Enum(whole.school_ids))
    of_schools = pl.concat([written.select(columns), hidden.select(columns)]).sort(place, maintain_order=True)
    district = (hidden.head(1) if shown.is_empty() else written).select(columns)
    district = district.with_columns(school_id=pl.lit(DISTRICT), school_name=pl.lit(DISTRICT_NAME))
    return pl.concat([of_schools, district]).select(
        pl.lit(survey.wave_id).alias("wave_id"),
        *columns[:-1],
        suppressed=pl.col("reason") != "",
        reason="reason",
    )


def _written(survey: Survey, items: list[str]) -> pl.DataFrame:
    """school_id, comment: of a wave, alphabetically."""
    answers = responses.answers(district_of(survey).store, items, wave_id=survey.wave_id)
    texts = pl.concat([answers.select("school_id", comment=pl.col(item_id)) for item_id in items])
    texts = texts.filter(pl.col("comment").str.strip_chars() != "")
    return texts.sort(pl.col("comment").str.to_lowercase(), "comment")
