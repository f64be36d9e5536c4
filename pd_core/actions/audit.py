"""Reads the audit, and writes down what changes nothing: sign-ins, exports, refusals, links that were opened."""

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
    """What was done, latest first, of these kinds and people (none: of all), as long ago as `since` (null: ever).

    Columns: recorded_at (UTC), actor, kind, school_ids (separated by `;`), subject.
    """
    visitor.require("administer")
    return audit.audit(store, kinds, names, None if since is None else _now() - since)


def names(store: Store, visitor: Visitor) -> list[str]:
    """Everyone who did anything: addresses, accounts and links, sorted."""
    visitor.require("administer")
    return audit.actors(store)


def note(store: Store, kind: AuditKind, name: str, subject: str, school_id: str = "") -> None:
    """Writes down what `name` did, or was refused; “” as the school where it was about none."""
    store.note(kind, name, {school_id} - {""}, subject)


def note_export(store: Store, visitor: Visitor, table: str, school_id: str | None = None) -> None:
    """Writes down that a table was taken away: of one school, or of all that the visitor sees."""
    visitor.require("export", *([school_id] if school_id else ()))
    schools = {school_id} if school_id else visitor.scope.school_ids or {DISTRICT}
    store.note("export", visitor.audit_name, schools, table)


def note_sign_in(store: Store, sign_in: SignIn, actor: Actor | None) -> None:
    """Writes down a sign-in, once; `actor` is null for an address without a role."""
    if not audit.has_signed_in(store, sign_in.session):
        store.note("sign-in", sign_in.email, actor.school_ids if actor else (), sign_in.session)


def end_session(store: Store, sign_in: SignIn) -> None:
    """Ends a sign-in, in every browser that holds a copy of it."""
    if not is_over(store, sign_in):
        audit.end_session(store, sign_in.session, sign_in.email)


def is_over(store: Store, sign_in: SignIn) -> bool:
    """Whether a sign-in was ended by a sign-out."""
    return audit.is_over(store, sign_in.session)


def _now() -> datetime:
    """Now, as the store writes times: UTC without a zone."""
    return datetime.now(UTC).replace(tzinfo=None)
