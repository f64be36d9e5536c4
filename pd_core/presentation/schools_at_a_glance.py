"""All schools in one table: what each needs, whether it is safe to decide, and when its staff can attend."""

from __future__ import annotations

import polars as pl

from pd_core.access import DISTRICT
from pd_core.needs.estimates import ENTRY, IMPLEMENTATION
from pd_core.needs.needs import needed, needs
from pd_core.needs.verdicts import VERDICTS
from pd_core.presentation.need_sentences import with_sentences
from pd_core.presentation.section import Column, Columns, Section, Table
from pd_core.survey.preferences import Wish, wishes
from pd_core.survey.scoped_survey import Survey
from pd_core.wording import plural

_COLUMNS: Columns = {
    "school_name": Column("School"),
    "verdict": Column("Can we decide?"),
    "rate": Column("Answered", "share"),
    "first_need": Column("Entry class needed"),
    "first_people": Column("For"),
    "second_need": Column("Second entry class"),
    "second_people": Column("For how many"),
    "implementation_need": Column("Implementation class"),
    "topic": Column("Most requested topic"),
    "time": Column("Best time"),
}
_OTHER = "other"


def schools_section(survey: Survey, verdicts: pl.DataFrame) -> Section:
    """One row per school in scope, by name; `verdicts` are theirs (schools not worked out yet are missing).

    A need or preference that is hidden, or that no one has, is empty.
    """
    if verdicts["verdict"].null_count():
        return _made(survey, verdicts)
    key = (__name__, survey.scope, tuple(verdicts["school_id"]))
    return survey.kept(key, lambda: _made(survey, verdicts))


def _made(survey: Survey, verdicts: pl.DataFrame) -> Section:
    found = with_sentences(needed(needs(survey)).filter(pl.col("school_id") != DISTRICT))
    place = pl.int_range(pl.len()).over("school_id", "training")
    found = found.with_columns(place=place)
    rows = verdicts.select(
        "school_id",
        "school_name",
        "rate",
        verdict=pl.col("verdict").replace_strict(VERDICTS, default="Being worked out", return_dtype=pl.String),
    )
    for training, number, name in ((ENTRY, 0, "first"), (ENTRY, 1, "second"), (IMPLEMENTATION, 0, "implementation")):
        wanted = found.filter((pl.col("training") == training) & (pl.col("place") == number))
        wanted = wanted.select(
            "school_id", pl.col("skill_name").alias(f"{name}_need"), pl.col("sentence").alias(f"{name}_people")
        )
        rows = rows.join(wanted, on="school_id", how="left", maintain_order="left")
    wanted_most: dict[Wish, str] = {"topics": "topic", "times": "time"}
    for wish, name in wanted_most.items():
        rows = rows.join(_most_wanted(survey, wish, name), on="school_id", how="left", maintain_order="left")
    early = rows.filter(pl.col("verdict") == VERDICTS["too early"]).height
    sentence = f"What {plural(rows.height, 'school')} need, in one table"
    note = f"For {plural(early, 'school')} it is too early to decide: they need more answers." if early else None
    table = Table("schools-at-a-glance", rows.sort("school_name"), _COLUMNS)
    return Section("schools-at-a-glance", sentence, heading=sentence, table=table, lines=(note,) if note else ())


def _most_wanted(survey: Survey, wish: Wish, name: str) -> pl.DataFrame:
    """The answer that most of a school's staff chose: school_id, `name`. “Other” is left out: no one can act on it."""
    rows = wishes(survey, wish).filter(
        (pl.col("school_id") != DISTRICT) & (pl.col("respondents") > 0) & (pl.col("code") != _OTHER)
    )
    return rows.unique("school_id", keep="first", maintain_order=True).select("school_id", pl.col("label").alias(name))
