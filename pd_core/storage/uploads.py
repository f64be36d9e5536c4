"""Stores the rows of one upload, all or nothing, and undoes uploads.

Of a person's rows in a wave exactly one counts: a complete one before an incomplete one, then the latest, then the one
with more answers. This order is total, so the same rows, uploaded in any order any number of times, give the same
tables. Rows uploaded by someone with a role for some schools only are counted separately, one row per person and
school: they compete within their school, and neither replace another school's answer nor lose to one.

A row uploaded for two waves belongs to the wave of the earlier upload. Rows that do not count are stored too: they come
back when the upload that outranked them is undone.
"""

from __future__ import annotations

from dataclasses import asdict, replace

import polars as pl

from pd_core.access import Scope
from pd_core.errors import RefusedAccess, UnknownName
from pd_core.storage import queries
from pd_core.storage.change import Change
from pd_core.storage.current_responses import put_right, settle, tombstones
from pd_core.storage.queries import LIVE, LIVE_UPLOADS
from pd_core.storage.store import Store
from pd_core.storage.upload_comparison import Outcome, Upload, compare
from pd_core.storage.wordings import wording_rows

NO_ITEMS = (
    *("row_key", "person", "is_identified", "is_complete"),
    *("school_id", "started_at", "completed_at", "answered_at", "origin"),
)


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
        rows, losers, outcome = compare(change, named, responses, items)
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
