"""Writes the district's reference data: its schools, its roster, and form mappings."""

from __future__ import annotations

import polars as pl

from pd_core.access import DISTRICT, EVERYTHING
from pd_core.codebook import fold
from pd_core.errors import RefusedName
from pd_core.storage import queries
from pd_core.storage.change import Change
from pd_core.storage.store import Store

SCHOOL_COLUMNS = ("school_id", "name", "aliases", "level", "region", "headcount")
SUCCESSOR = "successor"
"""An optional further column of a list of schools: the school into which one was merged."""


def set_schools(store: Store, schools: pl.DataFrame, actor: str) -> list[str]:
    """Make `schools` (columns `SCHOOL_COLUMNS`) the district's list; returns ids kept although no longer listed.

    With a column `SUCCESSOR`, it also says which schools were merged into which; a list without it leaves that alone.

    A school with answers stays: a list that omits it must not remove its answers from the pages, nor those that would
    count again after an undo. Raises RefusedName if the list gives such a school's name to another id, since files with
    that name would become ambiguous.
    """

    def action(change: Change) -> list[str]:
        current = queries.schools(change, EVERYTHING)
        gone = current.join(schools, on="school_id", how="anti")
        answered = change.frame(
            f"""select distinct r.school_id from store.response r
            join ({queries.LIVE_UPLOADS}) u on r.upload_id = u.upload_id"""
        )
        kept = gone.join(answered, on="school_id", how="semi")
        _require_free_names(schools, kept)
        unlisted = gone.join(answered, on="school_id", how="anti")
        for rows, listed in ((schools, True), (unlisted, False)):
            change.insert("school", _school_rows(rows, listed=listed))
        if SUCCESSOR in schools.columns:
            change.insert("school_successor", _changed_successors(schools, queries.successors(change)))
        change.school_ids, change.subject = {DISTRICT}, f"{schools.height} schools"
        return kept["school_id"].to_list()

    return store.write("schools", actor, action)


def put_school(store: Store, school: dict[str, object], actor: str) -> None:
    """Add one school, or replace its values (keys `SCHOOL_COLUMNS`)."""
    rows = pl.DataFrame([school], schema_overrides={"headcount": pl.Int64})

    def action(change: Change) -> None:
        change.insert("school", _school_rows(rows, listed=True))
        change.school_ids, change.subject = {str(school["school_id"])}, str(school["name"])

    store.write("schools", actor, action)


def set_roster(store: Store, roster: pl.DataFrame, actor: str) -> None:
    """Make `roster` the district's staff list: respondent (a keyed code), school_id, role, grade_band."""
    columns = ["respondent", "school_id", "role", "grade_band"]

    def action(change: Change) -> None:
        change.insert("roster", roster.select(columns))
        change.school_ids, change.subject = {DISTRICT}, f"{roster.height} staff"

    store.write("roster", actor, action)


def save_mapping(store: Store, form: str, mapping: pl.DataFrame, actor: str, owner: str | None = None) -> None:
    """Store a form mapping: subject, answer, code, as `queries.mapping` returns them.

    With an `owner` it applies to that person's files only.
    """
    rows = mapping.select("subject", "answer", "code", form=pl.lit(form), owner=pl.lit(owner, pl.String))

    def action(change: Change) -> None:
        change.insert("mapping", rows)
        change.subject = f"form {form[:12]}: {rows.height} questions and answers"
        change.school_ids = () if owner else {DISTRICT}

    store.write("mapping", actor, action)


def _changed_successors(schools: pl.DataFrame, known: dict[str, str]) -> pl.DataFrame:
    said = dict(schools.select("school_id", pl.col(SUCCESSOR).fill_null("")).iter_rows())
    said = dict.fromkeys(known, "") | said
    changed = [(school, successor) for school, successor in said.items() if known.get(school, "") != successor]
    return pl.DataFrame(changed, schema=dict.fromkeys(("school_id", SUCCESSOR), pl.String), orient="row")


def _require_free_names(schools: pl.DataFrame, kept: pl.DataFrame) -> None:
    """Raise RefusedName if a listed school has the name of one that is kept under another id."""
    holders = {fold(name): school_id for school_id, name in kept.select("school_id", "name").iter_rows()}
    taken = [
        f"“{name}” has the id {school_id} in the list, but its answers are stored under {holders[fold(name)]}."
        for school_id, name in schools.select("school_id", "name").iter_rows()
        if fold(name or "") in holders
    ]
    if taken:
        raise RefusedName(
            taken[0],
            "Keep the school's id, or list both schools under different names.",
            taken[1:],
        )


def _school_rows(schools: pl.DataFrame, *, listed: bool) -> pl.DataFrame:
    texts = [pl.col(name).cast(pl.String).fill_null("") for name in SCHOOL_COLUMNS[:-1]]
    return schools.select(*texts, pl.col("headcount").cast(pl.Int32), listed=pl.lit(listed))
