"""Stores the rows of one upload, whole or not at all, and takes them out again.

Of all rows of a person in a wave exactly one counts: a complete one before an incomplete one, then the latest. That order is
total, so the same rows in any order of uploads, any number of times, end in the same tables.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

import polars as pl

from pd_core.errors import UnknownName
from pd_core.storage.queries import LIVE, LIVE_UPLOADS
from pd_core.storage.store import Change, Store

RANK = ["is_complete", "answered_at", "row_key"]


@dataclass(frozen=True)
class Upload:
    """What is known of a file before its rows are compared with the stored ones."""

    upload_id: str
    content_hash: str
    file: str
    wave_id: str
    form: str
    uploaded_by: str
    rows_read: int
    rows_set_aside: int


@dataclass(frozen=True)
class Outcome:
    """What became of an upload's rows. `other_waves` counts rows that already stand in another wave."""

    status: Literal["committed", "unchanged"]
    upload_id: str | None
    rows_added: int = 0
    rows_existing: int = 0
    rows_replaced: int = 0
    other_waves: dict[str, int] = field(default_factory=dict)
    earlier_file: str = ""
    earlier_at: datetime | None = None


def store_upload(store: Store, upload: Upload, responses: pl.DataFrame, *, dry_run: bool = False) -> Outcome:
    """Stores `responses` as one upload; safe to repeat with the same upload_id or the same content.

    `responses` has a row per valid row of the file: row_key, person, is_identified, is_complete, school_id, started_at,
    completed_at, answered_at and a column per item. With `dry_run` nothing is written; the outcome is what it would be.
    """

    def action(change: Change) -> Outcome:
        if earlier := _stored_before(change, upload, responses.height):
            return earlier
        rows, losers, outcome = _compare(change, upload, responses)
        if outcome.status == "committed" and not dry_run:
            record = {
                "upload_id": upload.upload_id,
                "content_hash": upload.content_hash,
                "file": upload.file,
                "wave_id": upload.wave_id,
                "form": upload.form,
                "uploaded_at": change.at,
                "uploaded_by": upload.uploaded_by,
                "rows_read": upload.rows_read,
                "rows_added": outcome.rows_added,
                "rows_existing": outcome.rows_existing,
                "rows_replaced": outcome.rows_replaced,
                "rows_set_aside": upload.rows_set_aside,
            }
            change.insert("upload", pl.DataFrame([record]))
            change.insert("response", rows)
            change.insert("dead", _tombstones("response", losers))
        return outcome

    outcome = store.write("upload", upload.uploaded_by, action)
    if outcome.status == "committed" and not dry_run:
        settle(store, upload.wave_id)
    return outcome


def _stored_before(change: Change, upload: Upload, height: int) -> Outcome | None:
    """The outcome where this very upload is stored already (a retry), or another with the same content."""
    earlier = change.frame(
        f"""select * from ({LIVE_UPLOADS}) where upload_id = $upload_id or content_hash = $content_hash
        order by upload_id = $upload_id desc, number limit 1""",
        upload_id=upload.upload_id,
        content_hash=upload.content_hash,
    )
    if earlier.is_empty():
        return None
    row = earlier.row(0, named=True)
    if row["upload_id"] == upload.upload_id:
        return Outcome("committed", upload.upload_id, row["rows_added"], row["rows_existing"], row["rows_replaced"])
    elsewhere = {row["wave_id"]: height} if row["wave_id"] != upload.wave_id else {}
    return Outcome("unchanged", row["upload_id"], 0, height, 0, elsewhere, row["file"], row["uploaded_at"])


def _compare(change: Change, upload: Upload, responses: pl.DataFrame) -> tuple[pl.DataFrame, list[str], Outcome]:
    """The rows to store with `stands` set, the stored rows that lose to them, and the counts."""
    keys = responses.select("row_key", "person")
    stored = change.frame_with(
        keys,
        f"""select r.row_key, r.wave_id, r.is_complete, r.answered_at from store.response r
        semi join ({LIVE_UPLOADS}) u on r.upload_id = u.upload_id semi join incoming i on r.row_key = i.row_key""",
    )
    here = pl.col("wave_id") == upload.wave_id
    elsewhere = stored.filter(~here).unique("row_key")
    known = (
        stored.filter(here)
        .sort("is_complete", "answered_at", descending=True)
        .unique("row_key", keep="first")
        .select("row_key", known_complete="is_complete", known_at="answered_at")
    )
    counting = change.frame_with(
        keys,
        f"""select r.person, r.response_id, r.is_complete, r.answered_at, r.row_key
        from ({LIVE}) r semi join incoming i on r.person = i.person where r.wave_id = $wave_id""",
        wave_id=upload.wave_id,
    ).unique("person")

    is_newer = _goes_before(("is_complete", "known_complete"), ("answered_at", "known_at"))
    counts_now = {name: f"counting_{name}" for name in RANK}
    rows = (
        responses.sort(RANK, descending=True)
        .filter(pl.col("row_key").is_first_distinct())
        .join(elsewhere.select("row_key"), on="row_key", how="anti", maintain_order="left")
        .join(known, on="row_key", how="left", maintain_order="left")
        .with_columns(is_new=pl.col("known_at").is_null() | is_newer)
        .join(counting.rename(counts_now), on="person", how="left", maintain_order="left")
        .with_columns(is_first=pl.col("is_new") & pl.col("person").is_first_distinct().over("is_new"))
    )
    known_person = pl.col("response_id").is_not_null()
    rows = rows.with_columns(
        stands=pl.col("is_first") & (~known_person | _goes_before(*counts_now.items())),
        is_added=pl.col("is_first") & ~known_person,
    )
    losers = rows.filter(pl.col("stands") & known_person)["response_id"].to_list()
    new, added = int(rows["is_new"].sum()), int(rows["is_added"].sum())
    outcome = Outcome(
        "committed" if new else "unchanged",
        upload.upload_id if new else None,
        rows_added=added,
        rows_existing=responses.height - new,
        rows_replaced=new - added,
        other_waves={str(wave): int(count) for wave, count in elsewhere.group_by("wave_id").len().iter_rows()},
    )
    to_store = rows.drop(
        "known_complete", "known_at", "is_new", "is_first", "is_added", *counts_now.values()
    ).with_columns(
        response_id=pl.lit(upload.upload_id + "-") + pl.int_range(pl.len()).cast(pl.String),
        upload_id=pl.lit(upload.upload_id),
        wave_id=pl.lit(upload.wave_id),
    )
    return to_store, losers, outcome


def _goes_before(*pairs: tuple[str, str]) -> pl.Expr:
    """Whether the first columns of `pairs`, taken in order, are greater than the second."""
    found = pl.lit(False)
    for mine, theirs in reversed(pairs):
        found = (pl.col(mine) > pl.col(theirs)) | ((pl.col(mine) == pl.col(theirs)) & found)
    return found


def undo_upload(store: Store, upload_id: str, actor: str) -> int:
    """Takes an upload out, as if it had never been; returns how many people's answers no longer count.

    Where another upload holds an answer of the same person, that one counts again. Raises UnknownName for an upload that
    does not exist or is out already.
    """

    def action(change: Change) -> int:
        upload = change.frame(f"select wave_id from ({LIVE_UPLOADS}) where upload_id = $upload_id", upload_id=upload_id)
        if upload.is_empty():
            raise UnknownName(
                f"There is no upload {upload_id} that could be taken out.",
                "The history of uploads, and `export uploads`, list those that can.",
            )
        people = change.frame(f"select person from ({LIVE}) where upload_id = $upload_id", upload_id=upload_id)
        change.insert("dead", _tombstones("upload", [upload_id]))
        others = change.frame_with(
            people,
            f"""select r.* from store.response r semi join ({LIVE_UPLOADS}) u on r.upload_id = u.upload_id
            semi join incoming i on r.person = i.person where r.wave_id = $wave_id""",
            wave_id=upload.item(),
        )
        back = (
            others.sort([*RANK, "number"], descending=[True, True, True, False])
            .unique("person", keep="first")
            .with_columns(stands=pl.lit(True), response_id=pl.col("response_id") + pl.lit(f"+{change.number}"))
        )
        change.insert("response", back)
        return people.height - back.height

    return store.write("undo", actor, action)


def settle(store: Store, wave_id: str) -> int:
    """Leaves one row a person in a wave where two processes stored the same person at once; returns how many went."""

    def action(change: Change) -> int:
        losers = change.frame(
            f"""select response_id from (select response_id, row_number() over (
                partition by person order by is_complete desc, answered_at desc, row_key desc, number, response_id) as place
            from ({LIVE}) where wave_id = $wave_id and person in (
                select person from ({LIVE}) where wave_id = $wave_id group by person having count(*) > 1))
            where place > 1""",
            wave_id=wave_id,
        )["response_id"].to_list()
        change.insert("dead", _tombstones("response", losers))
        return len(losers)

    return store.write("settle", "PD Pulse", action)


def _tombstones(kind: str, ids: list[str]) -> pl.DataFrame:
    return pl.DataFrame({"kind": [kind] * len(ids), "id": ids}, schema={"kind": pl.String, "id": pl.String})
