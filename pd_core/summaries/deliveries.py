"""What was taught: how many people were newly trained, by school and training."""

from __future__ import annotations

from datetime import date

import polars as pl

from pd_core.access import DISTRICT
from pd_core.disclosure.two_waves import MIN_GROUP
from pd_core.reference.periods import span
from pd_core.storage import Store, outcomes
from pd_core.storage.training_lists import training_list
from pd_core.summaries.growth import Growth
from pd_core.survey.beyond_scope import store_of

FEW = f"fewer than {MIN_GROUP} people"
_CATALOG = ("title", "skill_id", "kind", "minutes", "actions")


def deliveries(store: Store) -> pl.DataFrame:
    """Everyone newly trained, nothing hidden: school_id, training_id, period, people, and what the catalog says of the
    training: title (else its id), skill_id, kind, minutes, actions (null where it is not in the catalog)."""
    catalog = training_list(store, "training").select("training_id", *_CATALOG)
    found = outcomes.outside_deliveries(store).join(catalog, on="training_id", how="left", maintain_order="left")
    return found.with_columns(title=pl.coalesce("title", "training_id"))


def taught_between(pair: Growth, school_id: str) -> pl.DataFrame:
    """What a school, or the district, was taught from the first answers of one wave to those of the other.

    training_id, title, skill_id, skill_name (null: not in the catalog), people (newly trained; null where suppressed),
    hours (of all of them together; null where unknown), suppressed, reason; most people first. Periods that reach into
    that time count whole.
    """
    after, before = (moment.date() for moment in pair.began)
    skills = {skill_id: skill.name for skill_id, skill in pair.later.codebook.skills.items()}
    rows = _within(deliveries(store_of(pair.later)), after, before)
    if school_id != DISTRICT:
        rows = rows.filter(pl.col("school_id") == (school_id if pair.scope.sees(school_id) else ""))
    return summed(rows).with_columns(
        skill_name=pl.col("skill_id").replace_strict(skills, default=None, return_dtype=pl.String)
    )


def summed(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows of `deliveries` by training: training_id, title, skill_id, actions, schools, people, hours, suppressed,
    reason; fewer than `MIN_GROUP` people are hidden."""
    found = rows.group_by("training_id", maintain_order=True).agg(
        pl.col("title").first(),
        pl.col("skill_id").first(),
        pl.col("actions").first(),
        schools=pl.col("school_id").n_unique(),
        people=pl.col("people").sum().cast(pl.Int64),
        minutes=pl.col("minutes").first(),
    )
    few = pl.col("people") < MIN_GROUP
    return found.sort("people", descending=True, maintain_order=True).select(
        "training_id", "title", "skill_id", "actions", "schools",
        people=pl.when(~few).then("people"),
        hours=pl.when(~few).then(pl.col("people") * pl.col("minutes") / 60),
        suppressed=few,
        reason=pl.when(few).then(pl.lit(FEW)).otherwise(pl.lit("")),
    )  # fmt: skip


def _within(rows: pl.DataFrame, after: date, before: date) -> pl.DataFrame:
    periods = rows["period"].unique().to_list()
    inside = [period for period in periods if span(period)[1] >= after and span(period)[0] < before]
    return rows.filter(pl.col("period").is_in(inside))
