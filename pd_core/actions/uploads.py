"""Stores exports, and undoes uploads."""

from __future__ import annotations

from dataclasses import replace

from pd_core import storage
from pd_core.access import EVERYTHING, Visitor, can_somewhere, can_undo
from pd_core.actions import form_mappings
from pd_core.codebook import Codebook
from pd_core.errors import RefusedAccess
from pd_core.ingestion import Choices, Preview, Receipt, commit, prepare
from pd_core.ingestion.choices import NO_CHOICES
from pd_core.ingestion.reading import Table
from pd_core.storage import Store, queries


def prepare_upload(
    store: Store, visitor: Visitor, table: Table, codebook: Codebook, key: bytes, choices: Choices = NO_CHOICES
) -> Preview:
    """Preview what a file would store for the schools that the visitor may upload for; nothing is stored.

    `key` is the secret behind respondents' codes. Raises UserError as `ingestion.prepare`.
    """
    return prepare(table, codebook, store, key, visitor.upload_scope, choices, visitor.mapping_owner)


def expected_receipt(store: Store, visitor: Visitor, preview: Preview) -> Receipt:
    """The receipt that a file would get if it were stored now."""
    return commit(store, preview, visitor.audit_name, dry_run=True)


def commit_upload(store: Store, visitor: Visitor, preview: Preview) -> Receipt:
    """Store a file's answers. Raises RefusedAccess for answers from schools that the visitor may not upload for."""
    visitor.require("upload", *preview.schools)
    if preview.reach != visitor.upload_scope:  # prepared by someone else: the limits of the person who stores it apply
        preview = replace(preview, reach=visitor.upload_scope)
    return commit(store, preview, visitor.audit_name)


def ingest(
    store: Store,
    visitor: Visitor,
    table: Table,
    codebook: Codebook,
    key: bytes,
    choices: Choices = NO_CHOICES,
    *,
    dry_run: bool = False,
) -> Receipt:
    """Store a file without asking anyone, and remember the form mapping in `choices`; returns the receipt.

    With `dry_run` nothing is stored or remembered. Raises UserError.
    """
    preview = prepare_upload(store, visitor, table, codebook, key, choices)
    if dry_run:
        return expected_receipt(store, visitor, preview)
    if not preview.blockers:
        form_mappings.remember(store, visitor, codebook, preview.form, choices.meaning)
    return commit_upload(store, visitor, preview)


def undo_upload(store: Store, visitor: Visitor, upload_id: str) -> int:
    """Undo an upload; returns how many people's answers no longer count.

    Raises RefusedAccess for an upload that the visitor may not undo, and UnknownName for one that does not exist or was
    already undone; people with some schools only can't find out which uploads exist.
    """
    visitor.require("undo")
    if visitor.upload_scope != EVERYTHING and upload_id not in undoable(store, visitor):
        raise RefusedAccess("You can't undo this upload.", "Ask your facilitator.")
    return storage.undo_upload(store, upload_id, visitor.audit_name)


def undoable(store: Store, visitor: Visitor) -> frozenset[str]:
    """Ids of the uploads that the visitor's role may undo, including those already undone."""
    uploads = dict(queries.uploads(store).select("upload_id", "uploaded_by").iter_rows())
    if visitor.upload_scope == EVERYTHING:
        return frozenset(uploads if can_somewhere(visitor.actor, "undo") else ())
    schools: dict[str, list[str]] = {}
    for row in queries.schools_of_uploads(store).to_dicts():
        schools.setdefault(row["upload_id"], []).append(row["school_id"])
    return frozenset(
        upload_id
        for upload_id, uploaded_by in uploads.items()
        if can_undo(visitor.actor, uploaded_by, schools.get(upload_id, ()))
    )
