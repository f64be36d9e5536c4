"""Share links: each shows one school or the district until it expires or is revoked."""

from __future__ import annotations

import secrets
from datetime import timedelta

import polars as pl

from pd_core.entities import Link
from pd_core.errors import UnknownName
from pd_core.storage.change import Change, Reader
from pd_core.storage.store import Store


def make_link(store: Store, school_id: str, days: int, actor: str) -> Link:
    """Make a link that expires after this many days."""

    def action(change: Change) -> Link:
        link = Link(secrets.token_hex(12), school_id, actor, change.at, change.at + timedelta(days=days), False)
        row = {"link_id": link.link_id, "school_id": school_id, "made_by": actor}
        change.insert("link", pl.DataFrame([row | {"made_at": link.made_at, "expires_at": link.expires_at}]))
        change.school_ids = {school_id}
        change.subject = f"link {link.link_id}, until {link.expires_at:%Y-%m-%d}"
        return link

    return store.write("link made", actor, action, is_event=True)


def revoke_link(store: Store, link_id: str, actor: str) -> None:
    """Revoke a link. Raises UnknownName if it does not exist or is already revoked."""

    def action(change: Change) -> None:
        link = find_link(change, link_id)
        if link is None or link.is_revoked:
            raise UnknownName(f"There is no open link {link_id}.", "Reload the page to see the current links.")
        change.insert("dead", pl.DataFrame([{"kind": "link", "id": link_id}]))
        change.school_ids, change.subject = {link.school_id}, f"link {link_id}"

    store.write("link revoked", actor, action, is_event=True)


def links(store: Reader) -> list[Link]:
    """Every link, latest first."""
    return _links(store, "")


def find_link(store: Reader, link_id: str) -> Link | None:
    """The link with this id, open or not; null if there is none."""
    return next(iter(_links(store, "where l.link_id = $link_id", link_id=link_id)), None)


def _links(store: Reader, where: str, **params: str) -> list[Link]:
    found = store.frame(
        f"""select l.link_id, l.school_id, l.made_by, l.made_at, l.expires_at, d.id is not null as is_revoked
        from store.link l left join (select distinct id from store.dead where kind = 'link') d on l.link_id = d.id
        {where} order by l.number desc, l.link_id""",
        **params,
    )
    return [Link(**row) for row in found.iter_rows(named=True)]
