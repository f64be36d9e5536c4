"""All open feeds, and revoking one."""

from __future__ import annotations

from pages.components import data
from pages.components.administration import open_addresses
from pages.components.administration.open_addresses import Address, Kind
from pages.components.session.current_visitor import current
from pd_core.actions import table_feeds
from pd_core.presentation.table_feeds import FEED_LABELS

_FEEDS = Kind(
    noun="feed",
    meaning="Programs read these tables without sign-in, as far as the maker of the feed may.",
    of_what="Table",
)


def section() -> None:
    """Show the open feeds with their makers and expiry dates; nothing where there are none."""
    found = [
        Address(feed.feed_id, FEED_LABELS[feed.table_name], feed.school_id, feed.made_by, feed.made_at, feed.expires_at)
        for feed in table_feeds.open_feeds(data.store(), current())
    ]
    open_addresses.section(_FEEDS, found, lambda feed_id: table_feeds.revoke_feed(data.store(), current(), feed_id))
