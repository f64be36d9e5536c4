"""Administration lists every open feed and revokes one."""

from __future__ import annotations

from pathlib import Path

from pages.components import data
from pd_core.storage.signed_addresses import addresses
from pd_core.storage.table_feeds import FEEDS, make_table_feed
from tests.pages.seen import OpenPage, tables, words
from tests.pages.test_access import ADMINISTRATOR
from tests.pages.test_administration import confirm


def test_open_feeds_are_listed_and_one_is_revoked(app: OpenPage, answers: Path) -> None:
    page = app("administration", store=answers, as_=ADMINISTRATOR)
    assert "Feeds" not in [header.value for header in page.header]
    first = make_table_feed(data.store(), "needs", "lincoln", 90, "pat@example.org")
    second = make_table_feed(data.store(), "growth", "district", 90, "fay@example.org")
    make_table_feed(data.store(), "needs", "lincoln", -1, "expired@example.org")
    page.run()
    (rows,) = [rows for rows in tables(page) if rows and "feed_id" in rows[0]]
    assert [(row["what"], row["where"], row["made_by"], row["feed_id"]) for row in rows] == [
        ("Growth between two waves", "Whole district", "fay@example.org", f"Feed {second.feed_id}"),
        ("Training needs", "Lincoln High", "pat@example.org", f"Feed {first.feed_id}"),
    ]
    page.selectbox(key="feed_0").select(first.feed_id).run()
    page.button(key="feed_revoke_chosen").click().run()
    assert "2 feeds are open." in words(page), "only after a second press"
    page = confirm(page, "Revoke", "Revoke the feed")
    assert "no longer works" in words(page) and "1 feed is open." in words(page)
    assert [feed.feed_id for feed in addresses(data.store(), FEEDS) if feed.is_revoked] == [first.feed_id]
