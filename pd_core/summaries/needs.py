"""What each building needs most, and who would teach it."""

from __future__ import annotations

from functools import lru_cache

import polars as pl

from pd_core.summaries.groups import crossed
from pd_core.summaries.survey import DISTRICT, Survey

ENTRY, IMPLEMENTATION = "entry", "implementation"
TRAINERS = {ENTRY: "MIE", IMPLEMENTATION: "Facilitator"}
_LEADING = [
    *("wave_id", "school_id", "school_name", "skill_id", "skill_name"),
    *("respondents", "suppressed", "reason", "headcount"),
]


@lru_cache(maxsize=64)
def needs(survey: Survey) -> pl.DataFrame:
    """A row per school, class and skill, greatest need first within a school and class.

    wave_id, school_id, school_name, skill_id, skill_name, training (entry, implementation), trainer (MIE, Facilitator),
    respondents, people, people_low, people_high, headcount, suppressed, reason.

    An entry class is for people below proficient; an implementation class for people who are proficient but do not use
    the skill with students yet, or only in place of an older tool (SAMR none or S). `people` is how many of the
    headcount that would be, if those who did not answer are like those who did: headcount × share, with the ends of
    the share's interval; without a headcount it is the respondents alone, without a range. The district's people are
    the sum over its schools' staff, by its weighted share. Null where nobody answered or the group is hidden.
    """
    entry = survey.skill_summary.join(_headcounts(survey), on="school_id", how="left", maintain_order="left")
    entry = entry.select(
        *_LEADING,
        training=pl.lit(ENTRY),
        people=_of_staff(1 - pl.col("share"), pl.col("respondents") - pl.col("proficient")),
        people_low=(1 - pl.col("share_high")) * pl.col("headcount"),
        people_high=(1 - pl.col("share_low")) * pl.col("headcount"),
    )  # fmt: skip
    both = pl.concat([entry, _implementation(survey).select(entry.columns)], how="vertical_relaxed")
    order = {school_id: place for place, school_id in enumerate([*survey.schools["school_id"].to_list(), DISTRICT])}
    return (
        both.with_columns(
            trainer=pl.col("training").replace_strict(TRAINERS, return_dtype=pl.String),
            place=pl.col("school_id").replace_strict(order, return_dtype=pl.Int64),
        )
        .sort("place", "training", "people", descending=[False, False, True], nulls_last=True, maintain_order=True)
        .select(
            "wave_id", "school_id", "school_name", "skill_id", "skill_name", "training", "trainer", "respondents",
            "people", "people_low", "people_high", "headcount", "suppressed", "reason",
        )
    )  # fmt: skip


def needed(rows: pl.DataFrame) -> pl.DataFrame:
    """Those of `needs` that at least one person has, in whole people."""
    return rows.filter(pl.col("people") >= 0.5)


def _implementation(survey: Survey) -> pl.DataFrame:
    tallies, school_ids = survey.tallies, survey.school_ids
    rules = survey.hidden(tallies.both, tallies.pairs).select("school_id", "rule", skill_id="item_id")
    rows = pl.DataFrame(
        {
            "school_id": crossed(school_ids, after=len(tallies.pairs)),
            "skill_id": crossed(tallies.pairs, before=len(school_ids)),
            "respondents": tallies.both[:, :, tallies.role].T.ravel(),
            "waiting": tallies.waiting[:, :, tallies.role].T.ravel(),
        },
        schema={"school_id": pl.String, "skill_id": pl.String, "respondents": pl.Int64, "waiting": pl.Int64},
    )
    measured = survey.measured(rows, rules, count="waiting").drop("headcount")
    return measured.join(_headcounts(survey), on="school_id", how="left", maintain_order="left").select(
        *_LEADING,
        training=pl.lit(IMPLEMENTATION),
        people=_of_staff(pl.col("share"), pl.col("waiting")),
        people_low=pl.col("share_low") * pl.col("headcount"),
        people_high=pl.col("share_high") * pl.col("headcount"),
    )  # fmt: skip


def _of_staff(share: pl.Expr, respondents: pl.Expr) -> pl.Expr:
    return pl.when(pl.col("respondents") > 0).then(
        pl.coalesce(share * pl.col("headcount"), respondents.cast(pl.Float64))
    )


def _headcounts(survey: Survey) -> pl.DataFrame:
    return survey.response_rates.select("school_id", "headcount")
