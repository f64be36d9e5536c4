"""Which of a person's rows counts in a wave, if several are stored."""

from __future__ import annotations

import polars as pl

from pd_core.storage.change import Change
from pd_core.storage.queries import LIVE, LIVE_UPLOADS
from pd_core.storage.store import Store

RANK = ["is_complete", "answered_at", "answers", "row_key"]
"""The columns that rank a person's rows, in this order; greater ranks first."""


def settle(store: Store, wave_id: str) -> int:
    """Leave one row per person in a wave after two processes stored the same person at once; returns how many went."""

    def action(change: Change) -> int:
        people = change.frame(
            f"select person from ({LIVE}) where wave_id = $wave_id group by person having count(*) > 1", wave_id=wave_id
        )
        return put_right(change, people)[0]

    return store.write("settle", "PD Pulse", action)


def put_right(change: Change, people: pl.DataFrame) -> tuple[int, int]:
    """Make each person's right row count in each wave; returns how many rows stop counting and how many start."""
    if people.is_empty():
        return 0, 0
    held = change.frame_with(
        people,
        f"""select r.*, u.number as uploaded, coalesce(u.is_limited, false) as is_limited
        from store.response r join ({LIVE_UPLOADS}) u on r.upload_id = u.upload_id
        semi join incoming i on r.person = i.person""",
    )
    row = ["upload_id", "row_key"]  # an upload has each row once; a restored row is a copy of it
    ranked = (
        held.join(claims(held.rename({"number": "written", "uploaded": "number"})), on="row_key")
        .filter(pl.col("wave_id") == pl.col("claimed_by"))
        .sort(*RANK, "uploaded", "upload_id", descending=[*[True] * len(RANK), False, False])
    )
    # The first of the rows that compete across schools, and the first of each school that keeps its own.
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
    """The wave of each row, which is its earliest upload's (`number`): row_key, claimed_by."""
    earliest = rows.sort("number", "upload_id").unique("row_key", keep="first", maintain_order=True)
    return earliest.select("row_key", claimed_by="wave_id")


def tombstones(kind: str, ids: list[str]) -> pl.DataFrame:
    """Tombstones (rows of `dead`) for these ids."""
    return pl.DataFrame({"kind": [kind] * len(ids), "id": ids}, schema={"kind": pl.String, "id": pl.String})
