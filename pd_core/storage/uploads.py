"""Stores the rows of one upload, all or nothing, and undoes uploads.

Of a person's rows in a wave exactly one counts: a complete one before an incomplete one, then the latest, then the one
with more answers. This order is total, so the same rows, uploaded in any order any number of times, give the same
tables. Rows uploaded by someone with a role for some schools only are counted separately, one row per person and
school: they compete within their school, and neither replace another school's answer nor lose to one.

A row uploaded for two waves belongs to the wave of the earlier upload. Rows that do not count are stored too: they come
back when the upload that outranked them is undone.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Literal

import polars as pl

from pd_core.access import Scope
from pd_core.errors import RefusedAccess, UnknownName
from pd_core.storage import queries
from pd_core.storage.current_responses import RANK, claims, put_right, settle, tombstones
from pd_core.storage.migrate import quoted
from pd_core.storage.queries import LIVE, LIVE_UPLOADS
from pd_core.storage.store import Change, Store
from pd_core.storage.wordings import wording_rows

NO_ITEMS = (
    *("row_key", "person", "is_identified", "is_complete"),
    *("school_id", "started_at", "completed_at", "answered_at", "origin"),
)


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


def store_upload(
    store: Store, upload: Upload, responses: pl.DataFrame, *, reach: Scope, dry_run: bool = False
) -> Outcome:
    """Store `responses` as one upload; safe to repeat with the same upload_id or the same content.

    `responses` has one row per valid row of the file: row_key, person, is_identified, is_complete, school_id,
    started_at, completed_at, answered_at and a column per item. With `dry_run` nothing is written; the outcome is what
    would happen. An undone upload can be stored again; the outcome then has a new upload_id.

    `reach` are the uploader's schools. If it is only some schools, rows neither replace an answer of another school nor
    lose to one, so that nothing in the outcome depends on other schools. Raises RefusedAccess for rows of schools
    outside it.
    """
    is_limited = reach.school_ids is not None
    if is_limited and not responses["school_id"].is_in(list(reach.school_ids or ())).all():
        raise RefusedAccess("The file has answers from schools that are not yours.", "Nothing was stored.")
    upload = replace(upload, is_limited=is_limited)
    items = [name for name in responses.columns if name not in NO_ITEMS]
    answers = pl.sum_horizontal(pl.col(items).is_not_null().cast(pl.Int16)) if items else pl.lit(0, pl.Int16)
    responses = responses.with_columns(answers=answers)

    corrected = upload.rows_corrected

    def action(change: Change) -> Outcome:
        named = _renamed_if_undone(change, upload)
        if earlier := _stored_before(change, named, responses.height):
            is_own = not is_limited or earlier.status == "committed"  # a retry
            earlier = replace(earlier, rows_existing=earlier.rows_existing + corrected)
            return earlier if is_own else replace(earlier, upload_id=None, earlier_file="", earlier_at=None)
        rows, losers, outcome = _compare(change, named, responses, items)
        outcome = replace(outcome, rows_existing=outcome.rows_existing + corrected)
        if is_limited:
            outcome = replace(outcome, held_by={})
        if outcome.status == "committed" and not dry_run:
            kept = {name: value for name, value in asdict(named).items() if name not in ("rows_corrected", "wordings")}
            record = kept | {
                "uploaded_at": change.at,
                "rows_added": outcome.rows_added,
                "rows_existing": outcome.rows_existing,
                "rows_replaced": outcome.rows_replaced,
            }
            change.insert("upload", pl.DataFrame([record]))
            change.insert("wording", wording_rows(named.upload_id, named.wordings))
            change.insert("response", rows)
            change.insert("dead", tombstones("response", losers))
            if not is_limited:
                put_right(change, _held_for_schools(change, responses))
            change.school_ids = rows["school_id"].unique()
            change.subject = f"{named.file}, {named.wave_id}: {outcome.rows_added} added, upload {named.upload_id}"
        return outcome

    outcome = store.write("upload", upload.uploaded_by, action)
    if outcome.status == "committed" and not dry_run and store.is_shared:
        settle(store, upload.wave_id)
    return outcome


def _renamed_if_undone(change: Change, upload: Upload) -> Upload:
    """The upload under a new id if its id was undone: tombstones are permanent."""
    undone = change.frame(
        """select count(distinct id)::bigint as undone from store.dead
        where kind = 'upload' and (id = $upload_id or starts_with(id, $upload_id || '.'))""",
        upload_id=upload.upload_id,
    ).item()
    return replace(upload, upload_id=f"{upload.upload_id}.{undone}") if undone else upload


def _stored_before(change: Change, upload: Upload, height: int) -> Outcome | None:
    """The outcome if this upload is already stored (a retry), or another with the same content."""
    earlier = change.frame(
        f"""select * from ({LIVE_UPLOADS}) where upload_id = $upload_id or (content_hash = $content_hash
            and upload_id in (select upload_id from store.response))  -- not where its answers are deleted
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


def _held_for_schools(change: Change, responses: pl.DataFrame) -> pl.DataFrame:
    """The people in `responses` who have an answer from an upload for some schools only: their schools keep it."""
    return change.frame_with(
        responses.select("person"),
        f"""select distinct r.person from store.response r join ({LIVE_UPLOADS}) u on r.upload_id = u.upload_id
        semi join incoming i on r.person = i.person where u.is_limited""",
    )


def _held_here(change: Change, upload: Upload, responses: pl.DataFrame) -> pl.DataFrame:
    """person, school_id: everyone with an answer from that school in this wave, whether it counts or not."""
    return change.frame_with(
        responses.select("person", "school_id"),
        f"""select distinct r.person, r.school_id from store.response r
        join ({LIVE_UPLOADS}) u on r.upload_id = u.upload_id
        semi join incoming i on r.person = i.person and r.school_id = i.school_id where r.wave_id = $wave_id""",
        wave_id=upload.wave_id,
    )


def _compare(
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


def undo_upload(store: Store, upload_id: str, actor: str) -> int:
    """Undo an upload, as if it had never been stored; returns how many people's answers no longer count.

    If another upload has an answer from the same person, that one counts again. Raises UnknownName for an upload that
    does not exist or was already undone.
    """

    def action(change: Change) -> int:
        upload = change.frame(f"select file from ({LIVE_UPLOADS}) where upload_id = $upload_id", upload_id=upload_id)
        if upload.is_empty():
            raise UnknownName(
                f"There is no upload {upload_id} to undo.",
                "The history of uploads and `export uploads` list the uploads.",
            )
        rows = change.frame("select person, school_id from store.response where upload_id = $id", id=upload_id)
        counted = change.frame(f"select count(*)::bigint as n from ({LIVE}) where upload_id = $id", id=upload_id).item()
        change.insert("dead", tombstones("upload", [upload_id]))
        change.school_ids, change.subject = rows["school_id"].unique(), f"{upload.item()}, upload {upload_id}"
        gone, back = put_right(change, rows.select("person").unique())
        return int(counted) + gone - back

    result = store.write("undo", actor, action)
    if store.is_shared:
        for wave_id in queries.uploads(store)["wave_id"].unique():
            settle(store, wave_id)
    return result
