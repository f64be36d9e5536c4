"""What of an upload is new, replaced or already stored, compared with the rows that the store holds."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

import polars as pl

from pd_core.storage.change import Change
from pd_core.storage.current_responses import RANK, claims
from pd_core.storage.migrate import quoted
from pd_core.storage.queries import LIVE, LIVE_UPLOADS


@dataclass(frozen=True)
class Upload:
    """What is known of a file before its rows are compared with the stored ones.

    `rows_corrected` are rows that an earlier file already holds corrected: they count as existing. `wordings` are the
    questions as the form words them: item_id and wording.
    """

    upload_id: str
    content_hash: str
    file: str
    wave_id: str
    form: str
    uploaded_by: str
    rows_read: int
    rows_set_aside: int
    rows_corrected: int = 0
    is_limited: bool = False
    wordings: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Outcome:
    """What happened to an upload's rows. `other_waves` counts rows that already belong to another wave.

    `rows_differing` are rows of `rows_existing` whose stored answers differ, with nothing to say which are later;
    `held_by` are the uploads that have them (upload_id to file), empty for people who upload for some schools only.
    If every row was stored before, `upload_id`, `earlier_file` and `earlier_at` (UTC) are the earlier file's. They stay
    empty for people who upload for some schools only: the file may be someone else's.
    """

    status: Literal["committed", "unchanged"]
    upload_id: str | None
    rows_added: int = 0
    rows_existing: int = 0
    rows_replaced: int = 0
    other_waves: dict[str, int] = field(default_factory=dict)
    earlier_file: str = ""
    earlier_at: datetime | None = None
    rows_differing: int = 0
    held_by: dict[str, str] = field(default_factory=dict)


def compare(
    change: Change, upload: Upload, responses: pl.DataFrame, items: list[str]
) -> tuple[pl.DataFrame, list[str], Outcome]:
    """The rows to store with `stands` set, the stored rows that lose to them, and the counts."""
    keys = responses.select("row_key", "person")
    rivals = ["person", "school_id"] if upload.is_limited else ["person"]
    stored = change.frame_with(
        keys,
        f"""select r.row_key, r.wave_id, r.is_complete, r.answered_at, r.answers, u.number, u.upload_id, u.file,
            {", ".join(f"r.{quoted(name)}" for name in items) or "null as nothing"}
        from store.response r join ({LIVE_UPLOADS}) u on r.upload_id = u.upload_id
        semi join incoming i on r.row_key = i.row_key""",
    )
    elsewhere = claims(stored).filter(pl.col("claimed_by") != upload.wave_id)
    known = (
        stored.filter(pl.col("wave_id") == upload.wave_id)
        .sort("is_complete", "answered_at", "answers", descending=True)
        .unique("row_key", keep="first")
        .select("row_key", known_complete="is_complete", known_at="answered_at", known_answers="answers")
    )
    counting = change.frame_with(
        keys,
        f"""select r.person, r.school_id, r.response_id, {", ".join(f"r.{name}" for name in RANK)}
        from ({LIVE}) r semi join incoming i on r.person = i.person where r.wave_id = $wave_id""",
        wave_id=upload.wave_id,
    )
    # For an uploader with some schools only, the counts must not reveal that another school's answer won.
    known_here = _held_here(change, upload, responses) if upload.is_limited else counting.select(rivals)
    counting = counting.sort(RANK, descending=True).unique(rivals, keep="first").select("response_id", *rivals, *RANK)

    is_newer = _goes_before(
        ("is_complete", "known_complete"), ("answered_at", "known_at"), ("answers", "known_answers")
    )
    counts_now = {name: f"counting_{name}" for name in RANK}
    rows = (
        responses.sort(RANK, descending=True)
        .filter(pl.col("row_key").is_first_distinct())
        .join(elsewhere, on="row_key", how="left", maintain_order="left")
        .join(known, on="row_key", how="left", maintain_order="left")
        .with_columns(is_new=pl.col("claimed_by").is_null() & (pl.col("known_at").is_null() | is_newer))
        .join(counting.rename(counts_now), on=rivals, how="left", maintain_order="left")
        .with_columns(is_first=pl.col("is_new") & pl.struct(rivals).is_first_distinct().over("is_new"))
    )
    has_rival = pl.col("response_id").is_not_null()
    known = rows.select(rivals).join(known_here.unique(rivals), on=rivals, how="semi")
    rows = rows.with_columns(
        stands=pl.col("is_first") & (~has_rival | _goes_before(*counts_now.items())),
        is_added=pl.col("is_first") & ~pl.struct(rivals).is_in(known.unique().to_struct().implode()),
    )
    losers = rows.filter(pl.col("stands") & has_rival)["response_id"].to_list()
    new, added = int(rows["is_new"].sum()), int(rows["is_added"].sum())
    differing, held_by = _differing(rows.filter(~pl.col("is_new")), stored, items)
    outcome = Outcome(
        "committed" if new else "unchanged",
        upload.upload_id if new else None,
        rows_added=added,
        rows_existing=responses.height - new,
        rows_replaced=new - added,
        rows_differing=differing,
        held_by=held_by,
        other_waves={str(wave): int(count) for wave, count in elsewhere["claimed_by"].value_counts().iter_rows()},
    )
    to_store = rows.select(
        *responses.columns,
        "stands",
        response_id=pl.lit(upload.upload_id + "-") + pl.int_range(pl.len()).cast(pl.String),
        upload_id=pl.lit(upload.upload_id),
        wave_id=pl.lit(upload.wave_id),
    )
    return to_store, losers, outcome


def _held_here(change: Change, upload: Upload, responses: pl.DataFrame) -> pl.DataFrame:
    """person, school_id: everyone with an answer from that school in this wave, whether it counts or not."""
    return change.frame_with(
        responses.select("person", "school_id"),
        f"""select distinct r.person, r.school_id from store.response r
        join ({LIVE_UPLOADS}) u on r.upload_id = u.upload_id
        semi join incoming i on r.person = i.person and r.school_id = i.school_id where r.wave_id = $wave_id""",
        wave_id=upload.wave_id,
    )


def _differing(rows: pl.DataFrame, stored: pl.DataFrame, items: list[str]) -> tuple[int, dict[str, str]]:
    """How many rows say something else than the stored row of the same key, and the uploads that hold those rows.

    Of several stored rows the one counts that was answered last; a row answered before that is an older one, and no
    other answer.
    """
    if not items or rows.is_empty():
        return 0, {}
    latest = stored.sort("is_complete", "answered_at", "answers", "number", descending=[True, True, True, False])
    said = latest.unique("row_key", keep="first").select("row_key", "answered_at", *items)
    pairs = rows.select("row_key", "answered_at", *items).join(said, on="row_key", suffix="_stored")
    differs = pl.any_horizontal(pl.col(name).ne_missing(pl.col(f"{name}_stored")) for name in items)
    keys = pairs.filter(differs & (pl.col("answered_at") >= pl.col("answered_at_stored"))).select("row_key")
    held = stored.join(keys, on="row_key", how="semi").select("upload_id", "file").unique(maintain_order=True)
    return keys.height, {str(upload_id): str(file) for upload_id, file in held.iter_rows()}


def _goes_before(*pairs: tuple[str, str]) -> pl.Expr:
    """Whether the first columns of `pairs` are lexicographically greater than the second."""
    found = pl.lit(False)
    for mine, theirs in reversed(pairs):
        found = (pl.col(mine) > pl.col(theirs)) | ((pl.col(mine) == pl.col(theirs)) & found)
    return found
