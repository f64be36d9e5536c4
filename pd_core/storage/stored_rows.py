"""Rows of earlier uploads that a file's rows may be: the same answers, saved otherwise or corrected."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from pd_core.access import Scope
from pd_core.storage.migrate import quoted
from pd_core.storage.queries import LIVE_UPLOADS
from pd_core.storage.store import Store

_ANOTHER_CLOCK = timedelta(hours=27)  # the farthest that two clocks on earth are apart, and an hour for summer time


def stored_rows(store: Store, reach: Scope, around: pl.DataFrame, items: list[str]) -> pl.DataFrame:
    """Rows of all live uploads that may be those of a file, one a row key: the one that was answered last.

    `around` has the file's rows: row_key, school_id, completed_at (its wall clock; another clock may be more than a day
    off, which is in the range). No rows where all of the file's are stored by their key already. Columns: row_key,
    person, is_identified, school_id, started_at, completed_at, answered_at, has_seconds (whether any time of that
    upload has seconds) and `items`.
    """
    school_ids = [school for school in around["school_id"].unique().to_list() if reach.sees(school)]
    known = """from store.response r join ({uploads}) u on r.upload_id = u.upload_id
        where r.school_id in (select unnest($school_ids)) and r.completed_at between $first and $last"""
    known = known.format(uploads=LIVE_UPLOADS)
    bounds = {"first": around["completed_at"].min(), "last": around["completed_at"].max()}
    bounds = {name: at + (1 if name == "last" else -1) * _ANOTHER_CLOCK for name, at in bounds.items()}  # type: ignore[operator]
    keys = store.frame(f"select distinct r.row_key {known}", school_ids=school_ids, **bounds)
    is_new = around.join(keys, on="row_key", how="anti")
    if is_new.is_empty() or keys.is_empty():
        return pl.DataFrame()
    return store.frame(
        f"""select r.row_key, r.person, r.is_identified, r.school_id, r.started_at, r.completed_at, r.answered_at,
            bool_or(second(r.completed_at) <> 0) over (partition by r.upload_id) as has_seconds,
            {", ".join(f"r.{quoted(name)}" for name in items)}
        {known}
        qualify row_number() over (
            partition by r.row_key order by r.is_complete desc, r.answered_at desc, r.answers desc, u.number
        ) = 1""",
        school_ids=school_ids,
        **bounds,
    )


def corrected_rows(store: Store, reach: Scope) -> set[str]:
    """What rows are known by (`origin`) that were set aside, corrected, and stored for a school of `reach`."""
    found = store.frame(
        f"""select distinct r.origin, r.school_id from store.response r
        join ({LIVE_UPLOADS}) u on r.upload_id = u.upload_id where r.origin is not null"""
    )
    return {origin for origin, school_id in found.iter_rows() if reach.sees(school_id)}
