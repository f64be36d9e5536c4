"""Addresses under which calendars read the sessions of a trainer, a school or the district, until they are revoked."""

from __future__ import annotations

from typing import get_args

from pd_core.access import DISTRICT
from pd_core.entities import CalendarFeed, FeedAbout
from pd_core.storage.signed_addresses import AddressKind, make_address
from pd_core.storage.store import Store

CALENDARS = AddressKind(
    "calendar_feed", "feed_id", CalendarFeed, "calendar address", "calendar address",
    "calendar made", "calendar revoked",
    school_of=lambda feed: feed.subject_id if feed.about == "school" else DISTRICT,
    about=lambda feed: f"of the {feed.about} {feed.subject_id}".removesuffix(" district"),
)  # fmt: skip


def make_feed(store: Store, about: FeedAbout, subject_id: str, actor: str) -> CalendarFeed:
    """Make an address for the sessions of `subject_id`."""
    assert about in get_args(FeedAbout)
    return make_address(store, CALENDARS, {"about": about, "subject_id": subject_id}, actor)
