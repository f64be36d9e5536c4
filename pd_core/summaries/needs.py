"""What each building needs most, and who would teach it."""

from __future__ import annotations

from functools import lru_cache

import polars as pl

from pd_core.codebook import PROFICIENT
from pd_core.storage import queries
from pd_core.summaries.groups import DISTRICT, NO_ROLE, hide
from pd_core.summaries.survey import Survey

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


def _implementation(survey: Survey) -> pl.DataFrame:
    samr = {item.skill_id: item.item_id for item in survey.codebook.items_of("samr")}
    pairs = {
        item.skill_id: (item.item_id, samr[item.skill_id])
        for item in survey.codebook.items_of("proficiency")
        if item.skill_id in samr
    }
    counts = queries.ready_for_implementation(
        survey.store, pairs, proficient=PROFICIENT, wave_id=survey.wave_id, by_role=survey.role is not None
    )
    if survey.role is not None:
        counts = counts.with_columns(pl.col("role").fill_null(NO_ROLE))
    rules = hide(counts.rename({"skill_id": "item_id"}), survey.schools, survey.role)
    rules = rules.select("school_id", "rule", skill_id="item_id")
    if survey.role is not None:
        counts = counts.filter(pl.col("role") == survey.role)
    grid = survey.schools.select("school_id").join(pl.DataFrame({"skill_id": list(pairs)}), how="cross")
    rows = grid.join(
        counts.select("school_id", "skill_id", "respondents", "waiting"),
        on=["school_id", "skill_id"],
        how="left",
        maintain_order="left",
    ).with_columns(pl.col("respondents", "waiting").fill_null(0))
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
