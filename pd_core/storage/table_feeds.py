"""Feeds: addresses under which programs read a table of a school or of the district, until they expire."""

from __future__ import annotations

from pd_core.entities import TableFeed
from pd_core.storage.signed_addresses import AddressKind, make_address
from pd_core.storage.store import Store

FEEDS = AddressKind(
    "table_feed", "feed_id", TableFeed, "feed", "table feed", "feed made", "feed revoked",
    school_of=lambda feed: feed.school_id,
    about=lambda feed: f"the table {feed.table_name}, until {feed.expires_at:%Y-%m-%d}",
)  # fmt: skip


def make_table_feed(store: Store, table_name: str, school_id: str, days: int, actor: str) -> TableFeed:
    """Make a feed that expires after this many days."""
    return make_address(store, FEEDS, {"table_name": table_name, "school_id": school_id}, actor, days=days)
