"""Calendar addresses: Outlook, Google and Apple read sessions from them, without sign-in, until they are revoked."""

from __future__ import annotations

from collections.abc import Collection

from pd_core.access import DISTRICT, EVERYTHING, Visitor
from pd_core.actions.plan_record import record_of
from pd_core.actions.plan_rights import own_trainer
from pd_core.actions.signed_addresses import carried, maker_of, revoke, token_of
from pd_core.entities import CalendarFeed, FeedAbout, PlanSession
from pd_core.errors import RefusedAccess, UnknownName
from pd_core.planning.record import Record
from pd_core.storage import Store, calendar_feeds, queries
from pd_core.storage.calendar_feeds import CALENDARS
from pd_core.storage.signed_addresses import addresses
from pd_core.storage.training_lists import training_list


def make_feed(store: Store, visitor: Visitor, about: FeedAbout, subject_id: str = DISTRICT) -> CalendarFeed:
    """Make an address for the sessions of a trainer, a school or the district.

    People who plan may make any; others one of their own schools, or of the sessions that they teach.
    Raises RefusedAccess; UnknownName for a trainer or a school that is not listed.
    """
    _require(store, visitor, about, subject_id)
    known = {
        "trainer": list(training_list(store, "trainer")["trainer_id"]),
        "school": list(queries.schools(store, EVERYTHING)["school_id"]),
        "district": [DISTRICT],
    }[about]
    if subject_id not in known:
        raise UnknownName(f"There is no {about} “{subject_id}”.", "Reload the page to see the current list.")
    return calendar_feeds.make_feed(store, about, subject_id, visitor.audit_name)


def open_feeds(store: Store, visitor: Visitor) -> list[CalendarFeed]:
    """The addresses that work and that the visitor may revoke, latest first: their own; for people who plan, all."""
    visitor.require("decide")
    return [feed for feed in addresses(store, CALENDARS) if not feed.is_revoked and _is_theirs(visitor, feed)]


def revoke_feed(store: Store, visitor: Visitor, feed_id: str) -> None:
    """Revoke an address. Raises UnknownName if it does not exist or is already revoked, RefusedAccess for another's."""
    visitor.require("decide")
    revoke(store, visitor, CALENDARS, feed_id, lambda feed: _is_theirs(visitor, feed))


def token(feed: CalendarFeed, key: bytes) -> str:
    """The token in the address."""
    return token_of(CALENDARS, feed, key)


def carried_feed(
    store: Store, carried_token: str, key: bytes, administrators: Collection[str]
) -> tuple[CalendarFeed, Record, list[PlanSession]] | None:
    """The address for a token, the plan, and the sessions that it shows; null if it was not made here, was revoked, or
    its maker may no longer see them."""
    feed = carried(store, CALENDARS, carried_token, key)
    visitor = maker_of(store, administrators, feed.made_by) if feed and not feed.is_revoked else None
    if feed is None or visitor is None:
        return None
    try:
        _require(store, visitor, feed.about, feed.subject_id)
    except RefusedAccess:
        return None
    record = record_of(store, visitor)
    return feed, record, [one for one in record.sessions() if _is_about(feed, one)]


def _is_theirs(visitor: Visitor, feed: CalendarFeed) -> bool:
    return visitor.may("plan") or feed.made_by == visitor.audit_name


def _is_about(feed: CalendarFeed, session: PlanSession) -> bool:
    if feed.about == "trainer":
        return session.trainer_id == feed.subject_id
    return feed.about == "district" or feed.subject_id in session.school_ids


def _require(store: Store, visitor: Visitor, about: FeedAbout, subject_id: str) -> None:
    if visitor.may("plan"):
        return
    if about == "school":
        visitor.require("decide", subject_id)
    elif about == "district" or own_trainer(store, visitor) != subject_id:
        raise RefusedAccess("These sessions are not all yours.", "Choose your own school or your own sessions.")
