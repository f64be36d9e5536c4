"""Reads the audit, and records events that change nothing: sign-ins, exports, refusals, opened links."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime, timedelta

import polars as pl

from pd_core.access import DISTRICT, Actor, Visitor
from pd_core.audit_kinds import AuditKind
from pd_core.sign_in import SignIn
from pd_core.storage import Store, audit


def entries(
    store: Store,
    visitor: Visitor,
    kinds: Collection[str] = (),
    names: Collection[str] = (),
    since: timedelta | None = None,
) -> pl.DataFrame:
    """The audit, latest first, limited to these kinds and people (none: all) and to `since` or later (null: all).

    Columns: recorded_at (UTC), actor, kind, school_ids (separated by `;`), subject.
    """
    visitor.require("administer")
    return audit.audit(store, kinds, names, None if since is None else _now() - since)


def names(store: Store, visitor: Visitor) -> list[str]:
    """Every actor in the audit: e-mail addresses, accounts and links, sorted."""
    visitor.require("administer")
    return audit.actors(store)


def note(store: Store, kind: AuditKind, name: str, subject: str, school_id: str = "") -> None:
    """Record what `name` did, or was refused; the school is "" if it was about none."""
    store.note(kind, name, {school_id} - {""}, subject)


def note_export(store: Store, visitor: Visitor, table: str, school_id: str | None = None) -> None:
    """Record the export of a table: of one school, or of everything in the visitor's scope."""
    visitor.require("export", *([school_id] if school_id else ()))
    schools = {school_id} if school_id else visitor.scope.school_ids or {DISTRICT}
    store.note("export", visitor.audit_name, schools, table)


def note_sign_in(store: Store, sign_in: SignIn, actor: Actor | None) -> None:
    """Record a sign-in, once; `actor` is null for an address without a role."""
    if not audit.has_signed_in(store, sign_in.session):
        store.note("sign-in", sign_in.email, actor.school_ids if actor else (), sign_in.session)


def end_session(store: Store, sign_in: SignIn) -> None:
    """End a sign-in, in every browser that has a copy of its cookie."""
    if not is_over(store, sign_in):
        audit.end_session(store, sign_in.session, sign_in.email)


def is_over(store: Store, sign_in: SignIn) -> bool:
    """Whether a sign-in was ended by a sign-out."""
    return audit.is_over(store, sign_in.session)


def _now() -> datetime:
    """The current time as the store keeps it: UTC without a time zone."""
    return datetime.now(UTC).replace(tzinfo=None)
