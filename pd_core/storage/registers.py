"""Writes what a district keeps beside the answers: its schools, its roster, and what forms' words mean."""

from __future__ import annotations

import polars as pl

from pd_core.storage import queries
from pd_core.storage.store import Change, Store

DISTRICT = "district"
"""The id under which tables hold the whole district; no school may have it."""
SCHOOL_COLUMNS = ("school_id", "name", "aliases", "level", "region", "headcount")


def set_schools(store: Store, schools: pl.DataFrame, actor: str) -> list[str]:
    """Makes `schools` (columns `SCHOOL_COLUMNS`) the district's list; returns ids kept though no longer listed.

    A school that has answers stays: a list that forgets it must not take its answers off the pages.
    """

    def action(change: Change) -> list[str]:
        current = queries.schools(change)
        gone = current.join(schools, on="school_id", how="anti")
        answered = change.frame(f"select distinct school_id from ({queries.LIVE})")
        unlisted = gone.join(answered, on="school_id", how="anti")
        for rows, listed in ((schools, True), (unlisted, False)):
            change.insert("school", _school_rows(rows, listed=listed))
        return gone.join(answered, on="school_id", how="semi")["school_id"].to_list()

    return store.write("schools", actor, action)


def put_school(store: Store, school: dict[str, object], actor: str) -> None:
    """Adds one school, or puts new values (keys `SCHOOL_COLUMNS`) in place of the known ones."""
    rows = pl.DataFrame([school], schema_overrides={"headcount": pl.Int64})
    store.write("schools", actor, lambda change: change.insert("school", _school_rows(rows, listed=True)))


def set_roster(store: Store, roster: pl.DataFrame, actor: str) -> None:
    """Makes `roster` the district's staff list: respondent (a keyed code), school_id, role, grade_band."""
    columns = ["respondent", "school_id", "role", "grade_band"]
    store.write("roster", actor, lambda change: change.insert("roster", roster.select(columns)))


def save_mapping(store: Store, form: str, mapping: pl.DataFrame, actor: str) -> None:
    """Remembers what a form's words mean: subject, answer, code, as `queries.mapping` gives them back."""
    rows = mapping.select("subject", "answer", "code", form=pl.lit(form))
    store.write("mapping", actor, lambda change: change.insert("mapping", rows))


def _school_rows(schools: pl.DataFrame, *, listed: bool) -> pl.DataFrame:
    texts = [pl.col(name).cast(pl.String).fill_null("") for name in SCHOOL_COLUMNS[:-1]]
    return schools.select(*texts, pl.col("headcount").cast(pl.Int32), listed=pl.lit(listed))
