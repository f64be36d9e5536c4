"""Writes what a district keeps beside the answers: its schools, its roster, and what forms' words mean."""

from __future__ import annotations

import polars as pl

from pd_core.access import DISTRICT, EVERYTHING
from pd_core.codebook import fold
from pd_core.errors import RefusedName
from pd_core.storage import queries
from pd_core.storage.store import Change, Store

SCHOOL_COLUMNS = ("school_id", "name", "aliases", "level", "region", "headcount")


def set_schools(store: Store, schools: pl.DataFrame, actor: str) -> list[str]:
    """Makes `schools` (columns `SCHOOL_COLUMNS`) the district's list; returns ids kept though no longer listed.

    A school that has answers stays: a list that forgets it must not take its answers off the pages, nor those that
    would count again if another upload were taken out. Raises RefusedName where the list gives the name of such a
    school to another id: files that name it could then be neither's.
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
        change.school_ids, change.subject = {DISTRICT}, f"{schools.height} schools"
        return kept["school_id"].to_list()

    return store.write("schools", actor, action)


def put_school(store: Store, school: dict[str, object], actor: str) -> None:
    """Adds one school, or puts new values (keys `SCHOOL_COLUMNS`) in place of the known ones."""
    rows = pl.DataFrame([school], schema_overrides={"headcount": pl.Int64})

    def action(change: Change) -> None:
        change.insert("school", _school_rows(rows, listed=True))
        change.school_ids, change.subject = {str(school["school_id"])}, str(school["name"])

    store.write("schools", actor, action)


def set_roster(store: Store, roster: pl.DataFrame, actor: str) -> None:
    """Makes `roster` the district's staff list: respondent (a keyed code), school_id, role, grade_band."""
    columns = ["respondent", "school_id", "role", "grade_band"]

    def action(change: Change) -> None:
        change.insert("roster", roster.select(columns))
        change.school_ids, change.subject = {DISTRICT}, f"{roster.height} staff"

    store.write("roster", actor, action)


def save_mapping(store: Store, form: str, mapping: pl.DataFrame, actor: str, owner: str | None = None) -> None:
    """Remembers what a form's words mean: subject, answer, code, as `queries.mapping` gives them back.

    With an `owner` they hold for that one person's files only.
    """
    rows = mapping.select("subject", "answer", "code", form=pl.lit(form), owner=pl.lit(owner, pl.String))

    def action(change: Change) -> None:
        change.insert("mapping", rows)
        change.subject = f"form {form[:12]}: {rows.height} words"
        change.school_ids = () if owner else {DISTRICT}

    store.write("mapping", actor, action)


def _require_free_names(schools: pl.DataFrame, kept: pl.DataFrame) -> None:
    """Raises RefusedName where a listed school has the name of one that is kept under another id."""
    holders = {fold(name): school_id for school_id, name in kept.select("school_id", "name").iter_rows()}
    taken = [
        f"“{name}” has the id {school_id} in the list, but its answers are stored under {holders[fold(name)]}."
        for school_id, name in schools.select("school_id", "name").iter_rows()
        if fold(name or "") in holders
    ]
    if taken:
        raise RefusedName(
            taken[0],
            "Keep the id that the school had, or list both schools under names that differ.",
            taken[1:],
        )


def _school_rows(schools: pl.DataFrame, *, listed: bool) -> pl.DataFrame:
    texts = [pl.col(name).cast(pl.String).fill_null("") for name in SCHOOL_COLUMNS[:-1]]
    return schools.select(*texts, pl.col("headcount").cast(pl.Int32), listed=pl.lit(listed))
