"""The route of a feed: what a program gets, how little is made anew, and what an address may ask for."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from urllib.parse import urlencode

import pytest
from starlette.requests import Request
from starlette.responses import Response

from pages.components import data, signed_files
from pages.components.feeds import route as page
from pages.components.session.singletons import kept
from pd_core.access import DISTRICT, EVERYTHING, Actor, Scope, Visitor
from pd_core.actions import guesses, table_feeds
from pd_core.attack.published import TABLES as ATTACKED
from pd_core.codebook import Codebook
from pd_core.entities import TableFeed, Wave
from pd_core.reports.files import render
from pd_core.storage import Store, audit, open_store, roles, waves
from pd_core.summaries.credentials import credential_rows
from pd_core.summaries.feed_tables import CREDENTIALS, FEED_TABLES, HOURS
from pd_core.summaries.held import held_table
from pd_core.summaries.tables import GROWTH_TABLES, export_table
from tests.coroutines import finished

FAY = Visitor.as_oneself(Actor("fay@example.org", "facilitator"))
KEY = b"a key of the tests"
TABLE = "skill-summary"


@pytest.fixture
def store(answers: Path, codebook: Codebook, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    opened = open_store(str(answers), list(codebook.items.values()))
    roles.put_person(opened, FAY.actor.name, "facilitator", (), "test")
    monkeypatch.setattr(data, "store", kept(lambda: opened))
    monkeypatch.setattr(data, "key", lambda: KEY)
    yield opened
    opened.close()


def address(feed: TableFeed, **asked: str) -> dict[str, str]:
    return {"token": table_feeds.token(feed, KEY), **asked}


def got(asked: dict[str, str], table: str = TABLE, format: str = "csv", known: str = "") -> Response:
    """What a program that knows a version gets."""
    scope = {
        "type": "http", "path_params": {"table": table, "format": format}, "query_string": urlencode(asked).encode(),
        "path": f"/feed/{table}.{format}", "server": ("pulse.example.org", 80),
        "headers": [(b"if-none-match", known.encode())],
    }  # fmt: skip
    return finished(page.route(Request(scope)))


def feed_of(store: Store, table: str = TABLE, school_id: str = DISTRICT) -> TableFeed:
    return table_feeds.make_feed(store, FAY, table, school_id, 90)


@pytest.mark.parametrize("school_id", ["lincoln", "jefferson", DISTRICT])
def test_a_feed_is_what_its_scope_exports(store: Store, codebook: Codebook, school_id: str) -> None:
    scope = EVERYTHING if school_id == DISTRICT else Scope(frozenset({school_id}))
    for table in [name for name in FEED_TABLES if name not in (*GROWTH_TABLES, HOURS, CREDENTIALS)]:
        asked = address(feed_of(store, table, school_id))
        frame = export_table(store, codebook, table, target_share=0.6, scope=scope)
        answer = got(asked, table)
        assert (answer.status_code, answer.headers["content-type"]) == (200, "text/csv; charset=utf-8")
        assert bytes(answer.body) == render(frame, "csv")
        rows = json.loads(bytes(got(asked, table, "json").body))
        assert rows == json.loads(render(frame, "json"))
        assert {row["school_id"] for row in rows} <= {school_id, DISTRICT} or school_id == DISTRICT
        assert table in (*ATTACKED, "verdicts"), "the attack reads every table that a feed may have"


def test_hours_and_credentials_are_read_as_they_are_exported(store: Store) -> None:
    for table, frame in (
        (HOURS, held_table(store, HOURS, EVERYTHING)),
        (CREDENTIALS, credential_rows(store, EVERYTHING, date(2031, 1, 1))),
    ):
        asked = address(feed_of(store, table))
        assert bytes(got(asked, table).body) == render(frame, "csv")
        assert got({**asked, "school": "lincoln"}, table).status_code == 200
        assert b"There is no school" in got({**asked, "school": "nowhere"}, table).body
        assert b"has no filter" in got({**asked, "wave": "Fall 2026"}, table).body


def test_a_group_that_is_too_small_stays_hidden(store: Store) -> None:
    rows = list(csv.DictReader(io.StringIO(bytes(got(address(feed_of(store, school_id="jefferson"))).body).decode())))
    mine = [row for row in rows if row["school_id"] == "jefferson"]
    assert mine and all((row["share"], row["suppressed"]) == ("", "true") for row in mine)


def test_the_filters_are_in_the_address(store: Store) -> None:
    asked = address(feed_of(store), school="lincoln", skill="Word")
    (row,) = csv.DictReader(io.StringIO(bytes(got(asked).body).decode()))
    assert (row["school_id"], row["skill_id"]) == ("lincoln", "word")


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"wave": "Fall 1999"}, "There is no wave “Fall 1999”."),
        ({"school": "washington"}, "There is no school “washington”."),
        ({"from": "Fall 2026"}, "The table skill-summary has no filter “from”."),
        ({"school": "'; drop table"}, "There is no school"),
    ],
)
def test_an_address_that_asks_for_what_there_is_not_is_told_so(store: Store, asked: dict[str, str], said: str) -> None:
    answer = got(address(feed_of(store, school_id="lincoln"), **asked))
    assert (answer.status_code, said in bytes(answer.body).decode()) == (400, True)
    assert b"Washington" not in answer.body and b"Traceback" not in answer.body


def test_growth_without_a_second_wave_says_why(store: Store) -> None:
    assert got(address(feed_of(store, "growth")), "growth").status_code == 400


def test_nothing_is_made_or_sent_again_until_something_changes(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = address(feed_of(store))
    got(asked)  # notes that it was read, which is a write
    answer = got(asked)
    monkeypatch.setattr(page, "feed_table", lambda *_, **__: pytest.fail("made again"))
    tag = answer.headers["etag"]
    again = got(asked, known=tag)
    assert (again.status_code, again.body, again.headers["etag"]) == (304, b"", tag)
    assert got(asked).body == answer.body
    monkeypatch.undo()
    monkeypatch.setattr(data, "store", kept(lambda: store))
    monkeypatch.setattr(data, "key", lambda: KEY)
    roles.put_person(store, "new@example.org", "principal", ("lincoln",), "test")
    assert got(asked, known=tag).status_code == 304, "made again, and the same"


def test_a_feed_of_a_school_waits_for_its_makers_guess(store: Store, codebook: Codebook) -> None:
    waves.put_wave(store, Wave("Fall 2026", asks_guesses=True), "test")
    asked = address(feed_of(store, school_id="lincoln"))
    answer = got(asked)
    assert (answer.status_code, b"asked for a guess before the results of Fall 2026" in answer.body) == (403, True)
    assert got(address(feed_of(store))).status_code == 200, "nothing is guessed of the whole district"
    guesses.put_guesses(store, FAY, codebook, "Fall 2026", "lincoln", {})
    assert got(asked).status_code == 200


def test_a_feed_ends_at_once(store: Store) -> None:
    feeds = [feed_of(store), feed_of(store)]
    assert [got(address(feed)).status_code for feed in feeds] == [200, 200]
    table_feeds.revoke_feed(store, FAY, feeds[0].feed_id)
    assert [got(address(feed)).status_code for feed in feeds] == [404, 200]
    roles.remove_person(store, FAY.actor.name, "test")
    assert [got(address(feed)).status_code for feed in feeds] == [404, 404]


@pytest.mark.parametrize("asked", [{}, {"token": "x"}, {"token": "é"}])
def test_without_a_token_of_ours_there_is_nothing(store: Store, asked: dict[str, str]) -> None:
    assert [got(asked, table).status_code for table in (TABLE, "comments", "audit", "nothing")] == [404] * 4
    assert got(address(feed_of(store)), format="xlsx").status_code == 404


def test_a_reading_is_in_the_audit_once_an_hour(store: Store) -> None:
    feed = feed_of(store)
    for _ in range(3):
        got(address(feed))
    assert audit.audit(store, ["feed read"])["actor"].to_list() == [f"Feed {feed.feed_id}"]


def test_files_of_an_earlier_revision_are_dropped(store: Store) -> None:
    asked = address(feed_of(store))
    for name in ("a@example.org", "b@example.org", "c@example.org"):
        roles.put_person(store, name, "principal", ("lincoln",), "test")
        got(asked)
    assert len(signed_files._kept._of_stores[store][1]) == 1
