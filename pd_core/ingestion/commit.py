"""Stores a preview, whole or not at all."""

from __future__ import annotations

from pd_core.ingestion.preview import Preview, compared_again
from pd_core.ingestion.receipt import Receipt, rejected, taken
from pd_core.storage import Outcome, Store, Upload, store_upload


def commit(store: Store, preview: Preview, actor: str, *, dry_run: bool = False) -> Receipt:
    """Stores the responses of `preview` and says what became of each row; safe to call again with the same preview.

    With `dry_run` nothing is stored and the receipt is what it would be. What is stored keeps to `preview.reach`, as
    `storage.store_upload` says. Raises StoreError where the store cannot be written.
    """
    if preview.blockers:
        return rejected(preview)
    if preview.responses.is_empty():
        outcome = Outcome("unchanged", None, rows_existing=preview.rows_corrected)
        return taken(preview, outcome, dry_run=dry_run)
    # Another file may have stored the same rows, or made this wave, since the preview was prepared.
    preview = compared_again(store, preview)
    upload = Upload(
        preview.upload_id,
        preview.content_hash,
        preview.file,
        preview.wave_id,
        preview.form,
        actor,
        preview.rows_read,
        preview.rows_set_aside,
        preview.rows_corrected,
        wordings=tuple((column.item_id, column.header) for column in preview.columns if column.item_id),
    )
    outcome = store_upload(store, upload, preview.responses.drop("row"), reach=preview.reach, dry_run=dry_run)
    return taken(preview, outcome, dry_run=dry_run)
