"""Feeds: programs such as Power BI and Excel read a table from them, without sign-in, until they end."""

from __future__ import annotations

from collections.abc import Collection

from pd_core.access import DISTRICT, EVERYTHING, EVERYWHERE, Scope, Visitor
from pd_core.actions.share_links import LINK_DAYS
from pd_core.actions.signed_addresses import carried, maker_of, revoke, token_of, utc_now
from pd_core.entities import TableFeed
from pd_core.errors import RefusedAccess, RefusedName
from pd_core.storage import Store, queries
from pd_core.storage.signed_addresses import addresses
from pd_core.storage.table_feeds import FEEDS, make_table_feed
from pd_core.summaries.feed_tables import FEED_TABLES, FOR_THE_WHOLE_DISTRICT


def tables_for(visitor: Visitor, school_id: str) -> list[str]:
    """The tables of which the visitor may make a feed for a school or the district."""
    return [table for table in FEED_TABLES if _may(visitor, table, school_id)]


def make_feed(store: Store, visitor: Visitor, table: str, school_id: str, days: int) -> TableFeed:
    """Make a feed of a table: of one school with the district's figures, or (“district”) of every school.

    Raises RefusedAccess; RefusedName for an unknown table, school or lifetime.
    """
    visitor.require("share", school_id)
    if table not in FEED_TABLES:
        raise RefusedName(f"There is no feed of a table {table}.", f"Choose one of {', '.join(FEED_TABLES)}.")
    if school_id not in (DISTRICT, *queries.schools(store, EVERYTHING)["school_id"]):
        raise RefusedName(f"There is no school {school_id}.", "Reload the page to see the current list.")
    if days not in LINK_DAYS:
        raise RefusedName(f"A feed cannot be made for {days} days.", f"Choose one of {', '.join(map(str, LINK_DAYS))}.")
    if not _may(visitor, table, school_id):
        raise RefusedAccess(f"The table {table} is for the whole district.", "Ask your facilitator for it.")
    return make_table_feed(store, table, school_id, days, visitor.audit_name)


def open_feeds(store: Store, visitor: Visitor) -> list[TableFeed]:
    """The feeds that work and that the visitor may revoke, latest first: their own; for the whole district, all."""
    visitor.require("share")
    return [feed for feed in addresses(store, FEEDS) if feed.is_open(utc_now()) and _is_theirs(visitor, feed)]


def revoke_feed(store: Store, visitor: Visitor, feed_id: str) -> None:
    """Revoke a feed. Raises UnknownName if it does not exist or is already revoked, RefusedAccess for another's."""
    visitor.require("share")
    revoke(store, visitor, FEEDS, feed_id, lambda feed: _is_theirs(visitor, feed))


def token(feed: TableFeed, key: bytes) -> str:
    """The token in the feed's address."""
    return token_of(FEEDS, feed, key)


def carried_feed(
    store: Store, carried_token: str, key: bytes, administrators: Collection[str], table: str
) -> tuple[TableFeed, Scope, Visitor] | None:
    """The feed for a token, the schools that it shows, and its maker with the role that they have now.

    Null if it was not made here or not for this table, has expired or was revoked, or if its maker could not make it
    any more: with their role, it ends.
    """
    feed = carried(store, FEEDS, carried_token, key)
    if feed is None or feed.table_name != table or not feed.is_open(utc_now()):
        return None
    maker = maker_of(store, administrators, feed.made_by)
    if maker is None or not _may(maker, feed.table_name, feed.school_id):
        return None
    return feed, maker.scope if feed.school_id == DISTRICT else Scope(frozenset({feed.school_id})), maker


def _may(visitor: Visitor, table: str, school_id: str) -> bool:
    if table in FOR_THE_WHOLE_DISTRICT and (school_id != DISTRICT or not visitor.may("outcomes")):
        return False
    return visitor.may("share", school_id)


def _is_theirs(visitor: Visitor, feed: TableFeed) -> bool:
    made_it = feed.made_by == visitor.audit_name and visitor.may("share", feed.school_id)
    return visitor.actor.role in EVERYWHERE or made_it
