"""The audit: who did what, when. Changes of data, and events that changed nothing."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

import polars as pl

from pd_core.storage.change import Reader
from pd_core.storage.store import Store

SESSION = "session"
_DONE = """(select number, recorded_at, actor, kind, school_ids, subject from store.change
    union all select number, recorded_at, actor, kind, school_ids, subject from store.event)"""
_LIMITS = {
    "kinds": "list_contains($kinds, kind)",
    "actors": "list_contains($actors, actor)",
    "since": "recorded_at >= $since",
}


def audit(
    store: Reader, kinds: Collection[str] = (), actors: Collection[str] = (), since: datetime | None = None
) -> pl.DataFrame:
    """The audit, latest first: recorded_at (UTC), actor, kind, school_ids (separated by `;`, “district” for the whole),
    subject (a few words, no answer). Limited to these kinds and actors (none: all) and to `since` (UTC) or later.
    """
    asked: dict[str, Any] = {"kinds": list(kinds), "actors": list(actors), "since": since}
    limits = {name: value for name, value in asked.items() if value}
    where = " and ".join(_LIMITS[name] for name in limits) or "true"
    return store.frame(
        f"""select recorded_at, actor, kind, coalesce(school_ids, '') as school_ids, coalesce(subject, '') as subject
        from {_DONE} where {where} order by number desc, kind""",
        **limits,
    )


def actors(store: Reader) -> list[str]:
    """Every actor in the audit, sorted."""
    found = store.frame(f"select distinct actor from {_DONE} order by lower(actor), actor")
    return [str(actor) for actor in found["actor"]]


def end_session(store: Store, session: str, actor: str) -> None:
    """End the sign-in with this id, in every browser that holds a copy of its cookie."""
    store.note("sign-out", actor, ended=(SESSION, session))


def is_over(store: Reader, session: str) -> bool:
    """Whether the sign-in with this id was ended by a sign-out."""
    found = store.frame(
        "select 1 as one from store.dead where kind = $kind and id = $id limit 1", kind=SESSION, id=session
    )
    return not found.is_empty()


def has_signed_in(store: Reader, session: str) -> bool:
    """Whether the sign-in with this id is already in the audit."""
    found = store.frame("select 1 as one from store.event where kind = 'sign-in' and subject = $id limit 1", id=session)
    return not found.is_empty()
