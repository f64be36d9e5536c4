"""Whom each training is for, from the answers of those who answered."""

from __future__ import annotations

import numpy as np
import polars as pl

from pd_core.access import DISTRICT
from pd_core.disclosure.suppressed_frames import crossed
from pd_core.survey.district_survey import DistrictSurvey, kept_by_district

ENTRY, IMPLEMENTATION = "entry", "implementation"
CONFIDENCE = 0.8
"""The confidence of needs' ranges: a plan can bear being wrong one time in five."""
TRAINERS = {ENTRY: "MIE", IMPLEMENTATION: "Facilitator"}
_LEADING = [
    *("wave_id", "school_id", "school_name", "skill_id", "skill_name"),
    *("respondents", "suppressed", "reason", "headcount"),
]


@kept_by_district
def trainings(whole: DistrictSurvey) -> pl.DataFrame:
    """Whom each training is for, in all schools, as if all staff were like those who answered: wave_id, school_id,
    school_name, skill_id, skill_name, training, trainer, respondents, people, people_low, people_high, headcount,
    suppressed, reason as in `needs.needs`, and

    - seen: how many respondents need it
    - not_used, substituted: for an implementation class, how many of them are at SAMR level none and S
    - lean (-1 to 1): how many more people need it for each person who did not answer and is, against expectation, not
      proficient

    Null if hidden or without answers. people is headcount × share, and its range that of the share's interval at
    `CONFIDENCE`, unrounded. A headcount smaller than the number of respondents is out of date and counts as unknown.
    Rows by school, the district last, then by training, in the codebook's order of skills.
    """
    own = whole.proficiency(CONFIDENCE)
    entry = _without_stale(whole, own).select(
        *_LEADING,
        training=pl.lit(ENTRY),
        people=_of_staff(1 - pl.col("share"), pl.col("respondents") - pl.col("proficient")),
        people_low=(1 - pl.col("share_high")) * pl.col("headcount"),
        people_high=(1 - pl.col("share_low")) * pl.col("headcount"),
        seen=pl.col("respondents") - pl.col("proficient"),
        not_used=pl.lit(None, pl.Int64),
        substituted=pl.lit(None, pl.Int64),
        lean=pl.when(~pl.col("suppressed")).then(1.0),
    )  # fmt: skip
    proficient = own.select("school_id", "skill_id", "proficient")
    later = _implementation(whole).join(proficient, on=["school_id", "skill_id"], how="left", maintain_order="left")
    lean = pl.when(pl.col("proficient") > 0).then(-pl.col("seen") / pl.col("proficient"))
    both = pl.concat([entry, later.with_columns(lean=lean).select(entry.columns)], how="vertical_relaxed")
    order = {school_id: place for place, school_id in enumerate([*whole.school_ids, DISTRICT])}
    return (
        both.with_columns(
            trainer=pl.col("training").replace_strict(TRAINERS, return_dtype=pl.String),
            place=pl.col("school_id").replace_strict(order, return_dtype=pl.Int64),
        )
        .sort("place", "training", maintain_order=True)
        .select(
            "wave_id", "school_id", "school_name", "skill_id", "skill_name", "training", "trainer", "respondents",
            "people", "people_low", "people_high", "headcount", "suppressed", "reason",
            "seen", "not_used", "substituted", "lean",
        )
    )  # fmt: skip


def _implementation(whole: DistrictSurvey) -> pl.DataFrame:
    tallies, school_ids = whole.tallies, whole.school_ids
    place_of = {(item.kind, item.skill_id): place for place, item in enumerate(tallies.items)}
    answered = tallies.at_level.sum(axis=3)
    parts = {
        skill_id: answered[[place_of["proficiency", skill_id], place_of["samr", skill_id]]]
        for skill_id in tallies.pairs
    }
    rules = whole.hidden(tallies.both, tallies.pairs, parts).select("school_id", "rule", "counted", skill_id="item_id")
    # All respondents are the base, so that no one is left over. If no one answered both questions, nothing is known
    # about who is waiting, and the need is unknown instead of zero.
    base = np.where(tallies.both > 0, tallies.everybody, 0)
    numbers = ("respondents", "waiting", "not_used")
    rows = pl.DataFrame(
        {
            "school_id": crossed(school_ids, after=len(tallies.pairs)),
            "skill_id": crossed(tallies.pairs, before=len(school_ids)),
            "respondents": base[:, :, tallies.role].T.ravel(),
            "waiting": tallies.waiting[:, :, tallies.role].T.ravel(),
            "not_used": tallies.not_used[:, :, tallies.role].T.ravel(),
        },
        schema={"school_id": pl.String, "skill_id": pl.String} | dict.fromkeys(numbers, pl.Int64),
    )
    measured = whole.measured(rows, rules, count="waiting", others=["not_used"], confidence=CONFIDENCE)
    return _without_stale(whole, measured).select(
        *_LEADING,
        training=pl.lit(IMPLEMENTATION),
        people=_of_staff(pl.col("share"), pl.col("waiting")),
        people_low=pl.col("share_low") * pl.col("headcount"),
        people_high=pl.col("share_high") * pl.col("headcount"),
        seen="waiting",
        not_used="not_used",
        substituted=pl.col("waiting") - pl.col("not_used"),
    )  # fmt: skip


def _without_stale(whole: DistrictSurvey, rows: pl.DataFrame) -> pl.DataFrame:
    """Remove the headcount of schools where more people answered than it counts."""
    stale = whole.response_rates.filter(pl.col("status") == "check headcount")["school_id"].to_list()
    is_stale = pl.col("school_id").is_in(stale) & (pl.col("school_id") != DISTRICT)
    return rows.with_columns(headcount=pl.when(~is_stale).then("headcount"))


def _of_staff(share: pl.Expr, respondents: pl.Expr) -> pl.Expr:
    return pl.when(pl.col("respondents") > 0).then(
        pl.coalesce(share * pl.col("headcount"), respondents.cast(pl.Float64))
    )
