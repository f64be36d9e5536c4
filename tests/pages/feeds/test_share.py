"""The Share dialog makes a feed, shows its addresses and the steps, and revokes it."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from pages.components import data
from pd_core.access import Actor
from pd_core.actions import table_feeds
from pd_core.entities import TableFeed
from pd_core.storage.signed_addresses import addresses
from pd_core.storage.table_feeds import FEEDS
from tests.pages.seen import OpenPage, words
from tests.pages.session.test_share_dialog import FAY, choose, field, press

PAT = Actor("pat@example.org", "principal", frozenset({"lincoln"}))


def made() -> list[TableFeed]:
    return addresses(data.store(), FEEDS)


def shown(page: AppTest) -> list[str]:
    """The addresses that there are to copy."""
    return [str(field.value) for field in page.text_input if str(field.key).startswith(("feed_csv", "feed_json"))]


@pytest.mark.parametrize(("who", "tables"), [(FAY, 10), (PAT, 10)], ids=["facilitator", "principal"])
def test_a_feed_of_a_school_is_made_with_its_steps(app: OpenPage, answers: Path, who: Actor, tables: int) -> None:
    page = app(store=answers, as_=who)
    page.context = {"url": "https://pulse.example.org/growth"}
    page = choose(page, "lincoln")
    assert len(field(page, "selectbox", "Table").options) == tables
    page = press(page, "Make a feed")
    (feed,) = made()
    assert (feed.table_name, feed.school_id, feed.made_by) == ("skill-summary", "lincoln", who.name)
    assert [urlsplit(address).path for address in shown(page)] == [
        "/feed/skill-summary.csv",
        "/feed/skill-summary.json",
    ]
    token = table_feeds.token(feed, data.key())
    assert [parse_qs(urlsplit(address).query) for address in shown(page)] == [{"token": [token]}] * 2
    said = words(page)
    assert all(f"**{program}**" in said for program in ("Power BI", "Excel", "pandas"))
    assert f"pandas.read_csv('https://pulse.example.org/feed/skill-summary.csv?token={token}')" in said
    assert "The table has the rows of Lincoln High and of the district." in said
    assert "`wave`, `school`, `skill`, `role`" in said


def test_the_whole_district_has_every_table(app: OpenPage, answers: Path) -> None:
    page = choose(app(store=answers, as_=FAY), "district")
    assert "The table has the rows of every school and of the district." in words(page)
    assert {"Impact of trainings", "Outcomes", "Hours of training", "Credentials"} <= set(
        field(page, "selectbox", "Table").options
    )


def test_a_feed_is_revoked_in_the_dialog(app: OpenPage, answers: Path) -> None:
    page = press(choose(app(store=answers, as_=FAY), "lincoln"), "Make a feed")
    (feed,) = made()
    page.button(key="share").click()
    page.button(key=f"feed_revoke_{feed.feed_id}").click().run()
    assert made()[0].is_revoked and not shown(page)
    assert "no longer works" in words(page)
