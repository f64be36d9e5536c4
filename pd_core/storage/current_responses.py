"""Which row of a person counts in a wave, where several are stored."""

from __future__ import annotations

import polars as pl

from pd_core.storage.queries import LIVE, LIVE_UPLOADS
from pd_core.storage.store import Change, Store

RANK = ["is_complete", "answered_at", "answers", "row_key"]
"""What makes one row of a person go before another, in this order; greater goes first."""


def settle(store: Store, wave_id: str) -> int:
    """Leaves one row a person in a wave where two processes stored the same person at once; returns how many went."""

    def action(change: Change) -> int:
        people = change.frame(
            f"select person from ({LIVE}) where wave_id = $wave_id group by person having count(*) > 1", wave_id=wave_id
        )
        return put_right(change, people)[0]

    return store.write("settle", "PD Pulse", action)


def put_right(change: Change, people: pl.DataFrame) -> tuple[int, int]:
    """Makes the right row of each person count in each wave; returns how many rows stop and how many begin to count."""
    if people.is_empty():
        return 0, 0
    held = change.frame_with(
        people,
        f"""select r.*, u.number as uploaded, coalesce(u.is_limited, false) as is_limited
        from store.response r join ({LIVE_UPLOADS}) u on r.upload_id = u.upload_id
        semi join incoming i on r.person = i.person""",
    )
    row = ["upload_id", "row_key"]  # in one upload a row stands once; what came back is a copy of it
    ranked = (
        held.join(claims(held.rename({"number": "written", "uploaded": "number"})), on="row_key")
        .filter(pl.col("wave_id") == pl.col("claimed_by"))
        .sort(*RANK, "uploaded", "upload_id", descending=[*[True] * len(RANK), False, False])
    )
    # Of the rows that compete across schools the first; beside it the first of each school that keeps its own.
    is_rival = pl.col("is_limited") | pl.struct("wave_id", "person").is_first_distinct().over("is_limited")
    right = ranked.filter(is_rival).unique(["wave_id", "person", "school_id"], keep="first", maintain_order=True)
    counting = change.frame_with(
        people,
        f"select r.response_id, r.upload_id, r.row_key from ({LIVE}) r semi join incoming i on r.person = i.person",
    )
    staying = counting.join(right, on=row, how="semi").sort("response_id").unique(row, keep="first")
    gone = counting.join(staying, on="response_id", how="anti")
    back = right.join(staying, on=row, how="anti").with_columns(
        stands=pl.lit(True), response_id=pl.format("{}-{}+{}", "upload_id", "row_key", pl.lit(change.number))
    )
    change.insert("dead", tombstones("response", gone["response_id"].to_list()))
    change.insert("response", back.drop("uploaded", "claimed_by", "is_limited"))
    return gone.height, back.height


def claims(rows: pl.DataFrame) -> pl.DataFrame:
    """The wave each row belongs to: row_key, claimed_by; that of its earliest upload (`number`)."""
    earliest = rows.sort("number", "upload_id").unique("row_key", keep="first", maintain_order=True)
    return earliest.select("row_key", claimed_by="wave_id")


def tombstones(kind: str, ids: list[str]) -> pl.DataFrame:
    """Rows of `dead` for these ids: what is taken out again."""
    return pl.DataFrame({"kind": [kind] * len(ids), "id": ids}, schema={"kind": pl.String, "id": pl.String})
