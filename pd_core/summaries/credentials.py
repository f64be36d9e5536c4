"""Credentials in numbers: awards and people, by school, skill, month, issuer and credential; and standards covered."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

import numpy as np
import polars as pl

from pd_core.access import DISTRICT, EVERYTHING, Scope
from pd_core.codebook import Codebook
from pd_core.disclosure.sums import MIN_PEOPLE, hidden_sums
from pd_core.iste import STANDARDS, YEAR, standards_in
from pd_core.storage import Store, queries
from pd_core.storage.credentials import credential_counts
from pd_core.storage.training_lists import training_list

_COLUMNS: Final = ("school_id", "skill_id", "month", "issuer", "credential")
CREDENTIALS: Final = {
    "by": pl.String, **dict.fromkeys(_COLUMNS, pl.String), "awards": pl.Int64, "people": pl.Int64, "share": pl.Float64,
    "suppressed": pl.Boolean,
}  # fmt: skip
_ALONE: Final = ("month", "issuer", "credential")


def credential_rows(store: Store, scope: Scope, today: date) -> pl.DataFrame:
    """Credentials that count today. `by` says what a row is of: all, school_id, skill_id, school_id and skill_id,
    month, issuer, credential; columns that it is not of are empty, and school_id is `district`.

    Then awards, people (each once), share (of the headcount, 0 to 1; null: not known, or not of a school or the
    district), suppressed. Groups of fewer than five people are hidden, and others from which they would follow.
    """
    by_cell = credential_counts(store, today, ("school_id", "skill_id"))
    total = credential_counts(store, today, ()).with_columns(by=pl.lit("all"))
    schools, skills = (credential_counts(store, today, (name,)) for name in ("school_id", "skill_id"))
    frames = [
        by_cell.with_columns(by=pl.lit("school_id and skill_id")), schools.with_columns(by=pl.lit("school_id")),
        skills.with_columns(by=pl.lit("skill_id")), total,
    ]  # fmt: skip
    cells = list(by_cell.select("school_id", "skill_id").iter_rows())
    groups = [[cell == other for other in cells] for cell in cells]
    groups += [[cell[0] == school_id for cell in cells] for school_id in schools["school_id"]]
    groups += [[cell[1] == skill_id for cell in cells] for skill_id in skills["skill_id"]]
    found = [_flagged(frames, [*groups, [True] * len(cells)], by_cell["awards"])]
    for name in _ALONE:
        alone = credential_counts(store, today, (name,)).with_columns(by=pl.lit(name))
        parts = [[place == other for other in range(alone.height)] for place in range(alone.height)]
        found.append(_flagged([alone, total], [*parts, [True] * alone.height], alone["awards"]))
    is_total = pl.col("by") == "all"
    rows = pl.concat(found, how="diagonal")
    total_hidden = bool(rows.filter(is_total)["suppressed"].any())
    rows = rows.unique(["by", *_COLUMNS], keep="first", maintain_order=True) if rows.height else rows
    rows = rows.with_columns(suppressed=pl.col("suppressed") | (is_total & total_hidden))
    return _shown(store, rows, scope)


def _flagged(frames: Sequence[pl.DataFrame], groups: Sequence[Sequence[bool]], awards: pl.Series) -> pl.DataFrame:
    rows = pl.concat(frames, how="diagonal")
    rows = rows.with_columns(pl.lit("").alias(name) for name in _COLUMNS if name not in rows.columns)
    if not len(awards):
        return rows.with_columns(suppressed=pl.lit(False))
    small = ((rows["people"] > 0) & (rows["people"] < MIN_PEOPLE)).to_numpy()
    hidden = hidden_sums(np.array(groups, dtype=np.bool_), awards.to_numpy(), small=small)
    return rows.with_columns(suppressed=pl.Series(hidden, dtype=pl.Boolean))


def _shown(store: Store, rows: pl.DataFrame, scope: Scope) -> pl.DataFrame:
    """The rows as a scope sees them: of its schools, and of the district."""
    listed = queries.schools(store, EVERYTHING)
    headcounts = dict(listed.select("school_id", "headcount").iter_rows())
    known = [number for number in headcounts.values() if number is not None]
    headcounts[DISTRICT] = sum(known) if known else None
    of_school = pl.col("by").str.starts_with("school_id")
    rows = rows.with_columns(pl.col(name).fill_null("") for name in _COLUMNS)
    rows = rows.filter(~(of_school & (pl.col("school_id") == "")))
    rows = rows.with_columns(school_id=pl.when(of_school).then("school_id").otherwise(pl.lit(DISTRICT)))
    if scope.school_ids is not None:
        rows = rows.filter(pl.col("school_id").is_in([*scope.school_ids, DISTRICT]))
    staff = pl.col("school_id").replace_strict(headcounts, default=None, return_dtype=pl.Int64)
    share = pl.when(pl.col("by").is_in(["school_id", "all"]) & (staff > 0)).then((pl.col("people") / staff).clip(0, 1))
    shown = ~pl.col("suppressed")
    return rows.select(
        "by", *_COLUMNS,
        awards=pl.when(shown).then("awards"),
        people=pl.when(shown).then("people"),
        share=pl.when(shown).then(share),
        suppressed="suppressed",
    ).cast(CREDENTIALS).sort("by", *_COLUMNS)  # type: ignore[arg-type]  # fmt: skip


def standard_rows(store: Store, codebook: Codebook, today: date) -> pl.DataFrame:
    """A row per ISTE standard for educators: standard (2.1 to 2.7), name, year (of the numbering), trainings (of the
    catalog, by their skill), credentials (different ones that count), awards (null: too few people), covered_by
    (trainings and credentials, trainings, credentials, no one), suppressed."""
    of_skill = {skill_id: standards_in(skill.iste_standard)[0] for skill_id, skill in codebook.skills.items()}
    trainings = training_list(store, "training")["skill_id"].to_list()
    awarded = credential_counts(store, today, ("credential", "skill_id", "iste", "month", "issuer"))
    of_people = credential_counts(store, today, ("credential", "skill_id", "iste"))

    def are_of(number: str, found: pl.DataFrame) -> list[bool]:
        pairs = found.select("skill_id", "iste").iter_rows()
        return [number in (iste.split(";") if iste else of_skill.get(skill_id, ())) for skill_id, iste in pairs]

    parts = {number: are_of(number, awarded) for number in STANDARDS}
    most = [max(of_people.filter(are_of(number, of_people))["people"], default=0) for number in STANDARDS]
    is_small = [0 < people < MIN_PEOPLE for people in most]
    hidden = _hidden_standards(credential_rows(store, EVERYTHING, today), awarded, list(parts.values()), is_small)
    rows = []
    for (number, name), is_hidden in zip(STANDARDS.items(), hidden, strict=True):
        taught = sum(number in of_skill.get(skill_id, ()) for skill_id in trainings)
        counted = awarded.filter(parts[number])
        names = counted["credential"].n_unique()
        covers = [word for word, has in (("trainings", taught), ("credentials", names)) if has]
        awards = None if is_hidden else int(counted["awards"].sum())
        rows.append((number, name, YEAR, taught, names, awards, " and ".join(covers) or "no one", is_hidden))
    schema: dict[str, type[pl.DataType]] = {
        "standard": pl.String, "name": pl.String, "year": pl.Int64, "trainings": pl.Int64, "credentials": pl.Int64,
        "awards": pl.Int64, "covered_by": pl.String, "suppressed": pl.Boolean,
    }  # fmt: skip
    return pl.DataFrame(rows, schema=schema, orient="row")


def _hidden_standards(
    credentials: pl.DataFrame, awarded: pl.DataFrame, standards: Sequence[Sequence[bool]], is_small: Sequence[bool]
) -> list[bool]:
    """Which standards are hidden: those of a few people, and those from which a hidden row of `credentials` follows.

    `awarded` are the parts that both are made of; `standards` (standard, part) say which are whose.
    """
    if awarded.is_empty():
        return [False] * len(standards)
    groups, small = [], []
    for by, *values, is_hidden in credentials.select("by", *_COLUMNS, "suppressed").iter_rows():
        if by in ("all", "skill_id", *_ALONE):
            value = dict(zip(_COLUMNS, values, strict=True)).get(by)
            groups.append([True] * awarded.height if by == "all" else (awarded[by] == value).to_list())
            small.append(is_hidden)
    flags = np.array([*groups, *standards], dtype=np.bool_)
    found = hidden_sums(flags, awarded["awards"].to_numpy(), kept=len(groups), small=np.array([*small, *is_small]))
    return [bool(one) for one in found[len(groups) :]]
