"""What was taught, in sums that may be shown: by training, of a school or the district, in a time or ever."""

from __future__ import annotations

import numpy as np
import polars as pl

from pd_core.access import DISTRICT
from pd_core.cache import Cache
from pd_core.disclosure.sums import MIN_PEOPLE, Flags
from pd_core.storage import Store
from pd_core.storage.training_lists import training_list
from pd_core.summaries.growth import Growth
from pd_core.summaries.taught import Taught, taught
from pd_core.survey.beyond_scope import store_of

_kept = Cache(max_entries=500, max_bytes=8_000_000)
"""A sum takes a moment in a large district: once until something that was taught, or a list, is written."""
FEW = f"fewer than {MIN_PEOPLE} people"
FOLLOWS = f"else {FEW} of one session or school could be worked out"


def taught_between(pair: Growth, school_id: str) -> pl.DataFrame:
    """What a school, or the district, was taught from the first answers of one wave to those of the other.

    training_id, title, skill_id, skill_name (null: not in the catalog), people (each time that someone attended; of
    files, newly trained; null where suppressed), hours (of all of them together; null where unknown), suppressed,
    reason; most people first. Periods of files that reach into that time count whole.
    """
    skills = {skill_id: skill.name for skill_id, skill in pair.later.codebook.skills.items()}
    store = store_of(pair.later)
    return summed(store, _inside(pair, taught(store).rows, school_id)).with_columns(
        skill_name=pl.col("skill_id").replace_strict(skills, default=None, return_dtype=pl.String)
    )


def taught_mark(pair: Growth) -> str:
    """Changes whenever something that was taught is written: what is made of it is kept under it."""
    return taught(store_of(pair.later)).mark


def between(pair: Growth) -> pl.Expr:
    """Which rows of `taught` were between the first answers of one wave and those of the other: periods of files that
    reach into that time, and no session of which the people are not known yet."""
    after, before = (moment.date() for moment in pair.began)
    when = (pl.col("last_day") >= after) & (pl.col("first_day") < before)
    return when & (~pl.col("is_held") | (pl.col("people") > 0))


def _inside(pair: Growth, rows: pl.DataFrame, school_id: str) -> pl.Series:
    is_here = pl.lit(value=True)
    if school_id != DISTRICT:
        is_here = pl.col("school_id") == (school_id if pair.scope.sees(school_id) else "-")
    return rows.select(between(pair) & is_here).to_series()


def summed(store: Store, inside: pl.Series | None = None, rate: float = 0.0) -> pl.DataFrame:
    """What was taught, by training, of the rows of `taught` that are `inside` (null: all): training_id, title (else its
    id), skill_id, actions (null: not in the catalog), schools, people, hours, cost (dollars that funds pay, and `rate`
    for each hour that none does; null where some of it is not known), suppressed, reason; most people first.

    Fewer than five people are hidden, and sums from which so few could be worked out. Of sessions that were held, only
    what follows from the sums of `export hours` and `deliveries` is shown, so that it adds nothing to them.
    """
    found = taught(store)
    chosen = np.ones(found.rows.height, dtype=np.bool_) if inside is None else inside.to_numpy()
    place, version = (id(store), store.location), (store.version(), found.mark)
    return _kept.get(
        (place, version, chosen.tobytes(), rate),
        lambda: _summed(store, found, chosen, rate),
        outdated=lambda key: key[0] == place and key[1] != version,
    )


def _summed(store: Store, found: Taught, chosen: Flags, rate: float) -> pl.DataFrame:
    rows = found.rows.filter(pl.Series(chosen, dtype=pl.Boolean))
    summary = rows.group_by("training_id", maintain_order=True).agg(
        schools=pl.col("school_id").filter(pl.col("school_id") != "").n_unique(),
        people=pl.col("people").sum(),
        hours=_whole_sum(pl.col("hours")),
        cost=_whole_sum(pl.coalesce("cost", pl.col("hours") * (rate or None))),
    )
    catalog = training_list(store, "training").select("training_id", "title", "skill_id", "actions")
    summary = summary.join(catalog, on="training_id", how="left", maintain_order="left")
    few = pl.col("people") < MIN_PEOPLE
    summary = summary.with_columns(
        title=pl.coalesce("title", "training_id"),
        follows=pl.Series(_tells(found, chosen, summary["training_id"].to_list())),
    ).with_columns(suppressed=few | pl.col("follows"))
    shown = ~pl.col("suppressed")
    return summary.sort("people", descending=True, maintain_order=True).select(
        "training_id", "title", "skill_id", "actions", "schools",
        people=pl.when(shown).then("people"), hours=pl.when(shown).then("hours"), cost=pl.when(shown).then("cost"),
        suppressed="suppressed",
        reason=pl.when(few).then(pl.lit(FEW)).when(pl.col("follows")).then(pl.lit(FOLLOWS)).otherwise(pl.lit("")),
    )  # fmt: skip


def _whole_sum(column: pl.Expr) -> pl.Expr:
    """The sum of a column; null where a row of people has no value, since a part would pass for the whole."""
    return pl.when(~(column.is_null() & (pl.col("people") > 0)).any()).then(column.sum())


def _tells(found: Taught, inside: Flags, training_ids: list[str]) -> Flags:
    """Whether the sum of each training tells of few people: of one session, or of the schools where fewer than five
    were trained."""
    of_training = found.rows["training_id"].to_numpy()
    groups = inside[None, :] & (np.array(training_ids, dtype=object)[:, None] == of_training[None, :])
    few = []
    for group in groups:
        files = found.rows.filter(pl.Series(group, dtype=pl.Boolean) & ~pl.col("is_held"))
        people = files.group_by("school_id").agg(pl.col("people").sum())["people"]
        hidden = int(people.filter(people < MIN_PEOPLE).sum())
        few.append(0 < hidden < MIN_PEOPLE)
    flags: Flags = ~found.may_be_shown(groups) | np.array(few, dtype=np.bool_)
    return flags
