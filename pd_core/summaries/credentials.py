"""Credentials in numbers: awards and people, by school, skill, month, issuer and credential; and standards covered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import polars as pl

from pd_core.access import DISTRICT, EVERYTHING, Scope
from pd_core.cache import CacheByRevision
from pd_core.codebook import Codebook, fold
from pd_core.disclosure.sums import MIN_PEOPLE, Flags, hidden_sums
from pd_core.disclosure.suppressed_frames import DISTRICT_NAME
from pd_core.iste import STANDARDS, YEAR, standards_in
from pd_core.storage import Store, queries
from pd_core.storage.credentials import credential_counts, credential_names
from pd_core.storage.training_lists import training_list
from pd_core.summaries.tables import named

_COLUMNS: Final = ("school_id", "skill_id", "month", "issuer", "credential")
CREDENTIALS: Final = {
    "by": pl.String, **dict.fromkeys(_COLUMNS, pl.String), "awards": pl.Int64, "people": pl.Int64, "share": pl.Float64,
    "suppressed": pl.Boolean,
}  # fmt: skip
GROUPINGS: Final[tuple[tuple[str, ...], ...]] = (
    (), ("school_id",), ("credential",), ("issuer",), ("skill_id",), ("month",), ("school_id", "skill_id"),
)  # fmt: skip
"""What the sums are of that are shown; together they decide what is hidden."""
_WORTH: Final = (2, 1, 1, 1, 0, 0, 0)
"""Sums of groupings of more worth are hidden only where hiding others does not help."""
_kept = CacheByRevision(max_entries=4, max_bytes=32_000_000)


@dataclass(frozen=True)
class Earned:
    """Credentials that count on a day. `parts`: awards by all that they are counted by, never shown as they are.

    `rows`: by, school_id, skill_id, month, issuer, credential, awards, people, suppressed, a row per sum; `matrix` says
    which parts are in which.
    """

    parts: pl.DataFrame
    rows: pl.DataFrame
    matrix: Flags


def earned(store: Store, today: date) -> Earned:
    """Credentials that count today, and which sums of them are hidden; kept until something is written."""
    return _kept.get(store, store.revision(), today, lambda: _earned(store, today))


def _earned(store: Store, today: date) -> Earned:
    parts = credential_counts(store, today, (*_COLUMNS, "iste"))
    frames, flags = [], []
    for by in GROUPINGS:
        frame = credential_counts(store, today, by)
        if by:
            groups = parts.select(by).join(frame.with_row_index("group"), on=by, how="left", maintain_order="left")
            flags.append(np.arange(frame.height)[:, None] == groups["group"].to_numpy()[None, :])
        else:
            flags.append(np.ones((1, parts.height), dtype=np.bool_))
        frames.append(frame.with_columns(by=pl.lit(" and ".join(by) or "all")))
    rows = pl.concat(frames, how="diagonal").with_columns(pl.col(name).fill_null("") for name in _COLUMNS)
    matrix = np.vstack(flags)
    small = ((rows["people"] > 0) & (rows["people"] < MIN_PEOPLE)).to_numpy()
    worth = np.repeat(_WORTH, [frame.height for frame in frames])
    hidden = hidden_sums(matrix, parts["awards"].to_numpy(), small=small, worth=worth)
    return Earned(parts, rows.with_columns(suppressed=pl.Series(hidden, dtype=pl.Boolean)), matrix)


def credential_rows(store: Store, scope: Scope, today: date) -> pl.DataFrame:
    """Credentials that count today. `by` says what a row is of: all, school_id, skill_id, school_id and skill_id,
    month, issuer, credential; columns that it is not of are empty, and school_id is `district`.

    Then awards, people (each once), share (of the headcount, 0 to 1; null: not known, or not of a school or the
    district), suppressed. Groups of fewer than five people are hidden, and others from which they would follow, be it
    by schools, skills, months, issuers and credentials together.
    """
    return _shown(store, earned(store, today).rows, scope)


def credential_table(store: Store, scope: Scope, today: date, school: str | None) -> pl.DataFrame:
    """As `credential_rows`, of one school or “district” (id or name; null: all). Raises UnknownName."""
    rows = credential_rows(store, scope, today)
    if school is None:
        return rows
    names = dict(queries.schools(store, scope).select("school_id", "name").iter_rows()) | {DISTRICT: DISTRICT_NAME}
    return rows.filter(pl.col("school_id") == named("school", school, names))


def _shown(store: Store, rows: pl.DataFrame, scope: Scope) -> pl.DataFrame:
    """The rows as a scope sees them: of its schools, and of the district."""
    listed = queries.schools(store, EVERYTHING)
    headcounts = dict(listed.select("school_id", "headcount").iter_rows())
    known = [number for number in headcounts.values() if number is not None]
    headcounts[DISTRICT] = sum(known) if known else None
    of_school = pl.col("by").str.starts_with("school_id")
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
    found = earned(store, today)
    awarded = found.parts
    of_people = credential_counts(store, today, ("credential", "skill_id", "iste"))

    parts = of_standards(codebook, awarded)
    most = [max(of_people.filter(of_one)["people"], default=0) for of_one in of_standards(codebook, of_people).values()]
    is_small = [0 < people < MIN_PEOPLE for people in most]
    hidden = _hidden_standards(found, list(parts.values()), is_small)
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


def of_standards(codebook: Codebook, rows: pl.DataFrame) -> dict[str, list[bool]]:
    """Each standard with which rows (skill_id, iste) are for it: those that name it, or whose skill is for it where
    they name none."""
    of_skill = {skill_id: standards_in(skill.iste_standard)[0] for skill_id, skill in codebook.skills.items()}
    named = [
        tuple(iste.split(";")) if iste else tuple(of_skill.get(skill_id, ()))
        for skill_id, iste in rows.select("skill_id", "iste").iter_rows()
    ]
    return {number: [number in one for one in named] for number in STANDARDS}


def credential_meanings(store: Store) -> pl.DataFrame:
    """What each credential is for, as the list says it, A–Z: credential, skill_id, iste (empty: not said); those that
    were taken, and others of the list."""
    listed = training_list(store, "credential_map")
    of_name = {fold(row[0]): row for row in listed.iter_rows()}
    names = {fold(name): name for name in [*listed["credential"], *credential_names(store)]}
    rows = [(name, *of_name.get(key, ("", "", ""))[1:]) for key, name in sorted(names.items())]
    return pl.DataFrame(rows, schema=listed.schema, orient="row")


def _hidden_standards(found: Earned, standards: Sequence[Sequence[bool]], is_small: Sequence[bool]) -> list[bool]:
    """Which standards are hidden: those of a few people, and those from which a hidden sum of `found` follows.

    `standards` (standard, part) say which parts are whose.
    """
    if found.parts.is_empty():
        return [False] * len(standards)
    flags = np.vstack([found.matrix, np.array(standards, dtype=np.bool_)])
    small = np.array([*found.rows["suppressed"], *is_small])
    hidden = hidden_sums(flags, found.parts["awards"].to_numpy(), kept=found.rows.height, small=small)
    return [bool(one) for one in hidden[found.rows.height :]]
