"""Addresses under which calendars read the sessions of a trainer, a school or the district, until they are revoked."""

from __future__ import annotations

import secrets
from typing import get_args

import polars as pl

from pd_core.access import DISTRICT
from pd_core.entities import CalendarFeed, FeedAbout
from pd_core.errors import UnknownName
from pd_core.storage.change import Change, Reader
from pd_core.storage.store import Store


def make_feed(store: Store, about: FeedAbout, subject_id: str, actor: str) -> CalendarFeed:
    """Make an address for the sessions of `subject_id`."""
    assert about in get_args(FeedAbout)

    def action(change: Change) -> CalendarFeed:
        feed = CalendarFeed(secrets.token_hex(12), about, subject_id, actor, change.at, False)
        row = {"feed_id": feed.feed_id, "about": about, "subject_id": subject_id, "made_by": actor}
        change.insert("calendar_feed", pl.DataFrame([row | {"made_at": feed.made_at}]))
        change.school_ids = {subject_id if about == "school" else DISTRICT}
        change.subject = f"calendar {feed.feed_id}, of the {about} {subject_id}".removesuffix(" district")
        return feed

    return store.write("calendar made", actor, action, is_event=True)


def revoke_feed(store: Store, feed_id: str, actor: str) -> None:
    """Revoke an address. Raises UnknownName if it does not exist or is already revoked."""

    def action(change: Change) -> None:
        feed = find_feed(change, feed_id)
        if feed is None or feed.is_revoked:
            raise UnknownName(f"There is no open calendar address {feed_id}.", "Look at the list of those there are.")
        change.insert("dead", pl.DataFrame([{"kind": "calendar_feed", "id": feed_id}]))
        change.school_ids = {feed.subject_id if feed.about == "school" else DISTRICT}
        change.subject = f"calendar {feed_id}"

    store.write("calendar revoked", actor, action, is_event=True)


def feeds(store: Reader) -> list[CalendarFeed]:
    """Every address, latest first."""
    return _feeds(store, "")


def find_feed(store: Reader, feed_id: str) -> CalendarFeed | None:
    """The address with this id, open or not; null if there is none."""
    return next(iter(_feeds(store, "where f.feed_id = $feed_id", feed_id=feed_id)), None)


def _feeds(store: Reader, where: str, **params: str) -> list[CalendarFeed]:
    found = store.frame(
        f"""select f.feed_id, f.about, f.subject_id, f.made_by, f.made_at, d.id is not null as is_revoked
        from store.calendar_feed f
        left join (select distinct id from store.dead where kind = 'calendar_feed') d on f.feed_id = d.id
        {where} order by f.number desc, f.feed_id""",
        **params,
    )
    return [CalendarFeed(**row) for row in found.iter_rows(named=True)]
