"""Feeds: who may make which, whose figures they show, and when they end."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest

from pd_core.access import DISTRICT, EVERYTHING, Actor, Scope, Visitor
from pd_core.actions import share_links, signed_addresses, table_feeds
from pd_core.errors import RefusedAccess, RefusedName, UnknownName
from pd_core.presentation.table_feeds import FEED_LABELS
from pd_core.sign_in import signed_id
from pd_core.storage import Store, audit, roles
from pd_core.storage.table_feeds import make_table_feed
from pd_core.summaries.feed_tables import FEED_TABLES, FOR_THE_WHOLE_DISTRICT
from pd_core.summaries.tables import ALL_TABLES, GROWTH_TABLES
from tests.actions.people import ADMINISTRATOR, COMMAND_LINE, FACILITATOR, KEY, MIE, PRINCIPAL

TABLE = "skill-summary"
LINCOLN = Scope(frozenset({"lincoln"}))
FIGURES = {*ALL_TABLES, *GROWTH_TABLES, "hours", "credentials"} - {"comments", "uploads"}


def shown(store: Store, token: str, table: str = TABLE) -> Scope | None:
    """The schools that a token shows of a table; null: it shows nothing."""
    found = table_feeds.carried_feed(store, token, KEY, frozenset(), table)
    return found[1] if found else None


@pytest.fixture
def people(store: Store) -> Store:
    for visitor in (ADMINISTRATOR, FACILITATOR, PRINCIPAL):
        roles.put_person(store, visitor.actor.name, visitor.actor.role, visitor.actor.school_ids, "test")
    return store


def test_every_table_of_figures_has_a_feed_and_none_that_names_people() -> None:
    assert set(FEED_TABLES) == set(FEED_LABELS) == FIGURES


@pytest.mark.parametrize("maker", [ADMINISTRATOR, FACILITATOR, PRINCIPAL, COMMAND_LINE], ids=lambda one: one.actor.name)
def test_a_feed_shows_no_more_than_its_maker_sees(people: Store, maker: Visitor) -> None:
    for table, school_id in product(FEED_TABLES, ("lincoln", "washington", DISTRICT)):
        if table not in table_feeds.tables_for(maker, school_id):
            with pytest.raises(RefusedAccess):
                table_feeds.make_feed(people, maker, table, school_id, 90)
            continue
        feed = table_feeds.make_feed(people, maker, table, school_id, 90)
        scope = shown(people, table_feeds.token(feed, KEY), table)
        assert scope == (EVERYTHING if school_id == DISTRICT else Scope(frozenset({school_id})))
        assert maker.scope.school_ids is None or scope == LINCOLN
    offered = {school_id: table_feeds.tables_for(PRINCIPAL, school_id) for school_id in ("lincoln", DISTRICT)}
    assert offered == {"lincoln": [name for name in FEED_TABLES if name not in FOR_THE_WHOLE_DISTRICT], DISTRICT: []}


@pytest.mark.parametrize(
    ("table", "school_id", "days"),
    [("comments", "lincoln", 90), ("nothing", "lincoln", 90), (TABLE, "nowhere", 90), (TABLE, "lincoln", 36_500)],
)
def test_a_feed_of_nothing_or_for_another_time_is_refused(people: Store, table: str, school_id: str, days: int) -> None:
    with pytest.raises(RefusedName):
        table_feeds.make_feed(people, FACILITATOR, table, school_id, days)
    assert table_feeds.open_feeds(people, FACILITATOR) == []


@pytest.mark.parametrize("how", ["forged", "cut", "share link", "calendar", "share link's token", "", "é", "x" * 9_999])
def test_a_token_that_was_not_made_for_a_feed_shows_nothing(people: Store, how: str) -> None:
    feed = table_feeds.make_feed(people, FACILITATOR, TABLE, "lincoln", 90)
    token = table_feeds.token(feed, KEY)
    made = {
        "forged": table_feeds.token(feed, b"another key"),
        "cut": token[:-3],
        "share link": signed_id(feed.feed_id, KEY, "share link"),
        "calendar": signed_id(feed.feed_id, KEY, "calendar address"),
        "share link's token": share_links.token(share_links.make_link(people, FACILITATOR, "lincoln"), KEY),
    }.get(how, how)
    assert shown(people, token) == LINCOLN and shown(people, made) is None


def test_a_feed_is_for_its_table_alone(people: Store) -> None:
    feed = table_feeds.make_feed(people, FACILITATOR, TABLE, "lincoln", 90)
    token = table_feeds.token(feed, KEY)
    assert [name for name in (*FIGURES, "comments", "uploads", "audit") if shown(people, token, name)] == [TABLE]


def test_an_expired_or_revoked_feed_shows_nothing(people: Store) -> None:
    expired = make_table_feed(people, TABLE, "lincoln", -1, FACILITATOR.actor.name)
    revoked = table_feeds.make_feed(people, PRINCIPAL, TABLE, "lincoln", 7)
    assert revoked.expires_at - revoked.made_at == timedelta(days=7)
    assert shown(people, table_feeds.token(revoked, KEY)) == LINCOLN
    table_feeds.revoke_feed(people, PRINCIPAL, revoked.feed_id)
    assert [shown(people, table_feeds.token(one, KEY)) for one in (expired, revoked)] == [None, None]
    with pytest.raises(UnknownName):
        table_feeds.revoke_feed(people, PRINCIPAL, revoked.feed_id)
    assert table_feeds.open_feeds(people, FACILITATOR) == []


@pytest.mark.parametrize(
    ("role", "school_ids", "left"),
    [
        (None, (), None),
        ("mie", ("lincoln",), None),
        ("principal", ("washington",), None),
        ("principal", ("lincoln", "washington"), LINCOLN),
    ],
)
def test_a_feed_has_its_makers_present_rights(
    people: Store, role: str | None, school_ids: tuple[str, ...], left: Scope | None
) -> None:
    feed = table_feeds.make_feed(people, PRINCIPAL, TABLE, "lincoln", 90)
    every = table_feeds.make_feed(people, FACILITATOR, TABLE, DISTRICT, 90)
    for name in (PRINCIPAL.actor.name, FACILITATOR.actor.name):
        roles.remove_person(people, name, "test")
        if role:
            roles.put_person(people, name, role, frozenset(school_ids), "test")
    assert shown(people, table_feeds.token(feed, KEY)) == left
    assert shown(people, table_feeds.token(every, KEY)) is None


def test_people_list_and_revoke_their_own_feeds(people: Store) -> None:
    foreign = table_feeds.make_feed(people, FACILITATOR, TABLE, "lincoln", 90)
    mine = table_feeds.make_feed(people, PRINCIPAL, TABLE, "lincoln", 90)
    assert table_feeds.open_feeds(people, PRINCIPAL) == [mine]
    assert table_feeds.open_feeds(people, FACILITATOR) == [mine, foreign]
    for refused, feed in ((PRINCIPAL, foreign), (MIE, mine)):
        with pytest.raises(RefusedAccess):
            table_feeds.revoke_feed(people, refused, feed.feed_id)
    table_feeds.revoke_feed(people, FACILITATOR, mine.feed_id)
    ends = [f"the table {TABLE}, until {feed.expires_at:%Y-%m-%d}" for feed in (mine, foreign)]
    done = audit.audit(people, ["feed made", "feed revoked"]).select("actor", "kind", "subject").rows()
    assert done == [
        (FACILITATOR.actor.name, "feed revoked", f"feed {mine.feed_id}"),
        (PRINCIPAL.actor.name, "feed made", f"feed {mine.feed_id}, {ends[0]}"),
        (FACILITATOR.actor.name, "feed made", f"feed {foreign.feed_id}, {ends[1]}"),
    ]


def test_who_made_an_address_without_an_account_is_this_computers_administrator(people: Store) -> None:
    maker = signed_addresses.maker_of(people, frozenset(), COMMAND_LINE.actor.name)
    assert maker == Visitor.as_oneself(Actor("this computer", "administrator"))
    assert signed_addresses.maker_of(people, frozenset(), "gone@example.org") is None
