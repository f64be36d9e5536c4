"""Calendar addresses: who may make which, what they show, and when they end."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import icalendar
import pytest
from starlette.requests import Request
from starlette.responses import Response

from pages.components import data
from pages.components.session.singletons import kept
from pages.components.sessions import feed as page
from pd_core.access import Actor, Visitor
from pd_core.actions import calendar_feeds
from pd_core.actions.plan_record import change_plan, take_step
from pd_core.codebook import Codebook
from pd_core.errors import RefusedAccess, UnknownName
from pd_core.sign_in import signed_id
from pd_core.storage import Store, audit, open_store, reference, roles
from tests.conftest import SCHOOLS
from tests.coroutines import finished
from tests.pages.planned import load_lists
from tests.pages.test_sessions import NOW, SESSIONS

FAY, MIA = (Visitor.as_oneself(Actor(name, role, ids)) for name, role, ids in (  # type: ignore[arg-type]
    ("fay@example.org", "facilitator", frozenset()), ("mia@example.org", "mie", frozenset({"lincoln"})),
))  # fmt: skip
KEY = b"a key of the tests"


@pytest.fixture
def store(tmp_path: Path, codebook: Codebook) -> Store:
    found = open_store(str(tmp_path / "pd.duckdb"), list(codebook.items.values()))
    reference.set_schools(found, SCHOOLS, "test")
    load_lists(found, codebook)
    for visitor in (FAY, MIA):
        roles.put_person(found, visitor.actor.name, visitor.actor.role, visitor.actor.school_ids, "test")
    change_plan(
        found, FAY, "proposed", lambda _: [*SESSIONS, replace(SESSIONS[2], session_id="S004", trainer_id="mia")]
    )
    return found


def shown(store: Store, token: str) -> list[str] | None:
    found = calendar_feeds.carried_feed(store, token, KEY, frozenset())
    return None if found is None else [one.session_id for one in found[2]]


def test_an_address_shows_the_sessions_of_a_trainer_a_school_or_the_district(store: Store) -> None:
    for about, subject_id, expected in (
        ("trainer", "mia", ["S001", "S004"]),
        ("school", "washington", ["S003", "S004"]),
        ("district", "district", ["S001", "S002", "S003", "S004"]),
    ):
        feed = calendar_feeds.make_feed(store, FAY, about, subject_id)  # type: ignore[arg-type]
        assert shown(store, calendar_feeds.token(feed, KEY)) == expected


def test_people_make_addresses_of_their_own_sessions_and_schools_alone(store: Store) -> None:
    mine = [calendar_feeds.make_feed(store, MIA, *what) for what in (("trainer", "mia"), ("school", "lincoln"))]
    assert shown(store, calendar_feeds.token(mine[0], KEY)) == ["S001", "S004"]
    assert shown(store, calendar_feeds.token(mine[1], KEY)) == ["S001", "S002"]
    for what in (("trainer", "wes"), ("school", "washington"), ("district", "district")):
        with pytest.raises(RefusedAccess):
            calendar_feeds.make_feed(store, MIA, *what)  # type: ignore[arg-type]
    with pytest.raises(UnknownName):
        calendar_feeds.make_feed(store, FAY, "trainer", "no one")


def test_an_address_ends_when_it_is_revoked_and_when_its_maker_has_no_role_any_more(store: Store) -> None:
    first, second = (calendar_feeds.make_feed(store, MIA, "trainer", "mia") for _ in range(2))
    foreign = calendar_feeds.make_feed(store, FAY, "trainer", "mia")
    with pytest.raises(RefusedAccess):
        calendar_feeds.revoke_feed(store, MIA, foreign.feed_id)
    calendar_feeds.revoke_feed(store, MIA, first.feed_id)
    assert shown(store, calendar_feeds.token(first, KEY)) is None
    with pytest.raises(UnknownName):
        calendar_feeds.revoke_feed(store, MIA, first.feed_id)
    assert calendar_feeds.open_feeds(store, MIA) == [second]
    assert calendar_feeds.open_feeds(store, FAY) == [foreign, second]
    assert shown(store, calendar_feeds.token(second, KEY)) == ["S001", "S004"]
    roles.remove_person(store, MIA.actor.name, "test")
    assert shown(store, calendar_feeds.token(second, KEY)) is None
    kinds = audit.audit(store, ["calendar made", "calendar revoked"])
    assert sorted(kinds["kind"]) == ["calendar made"] * 3 + ["calendar revoked"]


@pytest.mark.parametrize("token", ["", "x", "ünsigned", "forged", "share link"])
def test_a_token_that_was_not_made_for_a_calendar_shows_nothing(store: Store, token: str) -> None:
    feed = calendar_feeds.make_feed(store, FAY, "district")
    made = {
        "forged": calendar_feeds.token(feed, b"another key"),
        "share link": signed_id(feed.feed_id, KEY, "share link"),
    }.get(token, token)
    assert shown(store, made) is None


def test_a_calendar_reads_changes_and_no_notes(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    feed = calendar_feeds.make_feed(store, FAY, "school", "washington")
    monkeypatch.setattr(data, "store", kept(lambda: store))
    monkeypatch.setattr(data, "key", lambda: KEY)
    token = calendar_feeds.token(feed, KEY)
    answer = asked(token)
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert b"In the library" not in answer.body
    calendar = icalendar.Calendar.from_ical(bytes(answer.body))
    assert calendar["x-wr-calname"] == "Trainings: Washington Elementary"
    assert [str(one["status"]) for one in calendar.walk("VEVENT")] == ["TENTATIVE", "TENTATIVE"]
    tag = answer.headers["etag"]
    with monkeypatch.context() as unchanged:
        unchanged.setattr(page, "calendar", lambda *_, **__: pytest.fail("made again"))
        unchanged.setattr(calendar_feeds, "carried_feed", lambda *_: pytest.fail("replayed again"))
        assert (asked(token, tag).status_code, asked(token).body) == (304, answer.body)

    take_step(store, FAY, ["S003"], "cancelled", NOW, note="Snow day")
    events = icalendar.Calendar.from_ical(bytes(asked(token, tag).body)).walk("VEVENT")
    cancelled = next(one for one in events if str(one["uid"]).startswith("S003"))
    assert (str(cancelled["status"]), cancelled["sequence"]) == ("CANCELLED", 1)
    calendar_feeds.revoke_feed(store, FAY, feed.feed_id)
    assert asked(token).status_code == 404


def asked(token: str, known: str = "") -> Response:
    """What a calendar that knows a version gets from the address."""
    scope = {
        "type": "http", "path": f"/calendar/{token}.ics", "path_params": {"token": token}, "query_string": b"",
        "server": ("pulse.example.org", 80), "headers": [(b"if-none-match", known.encode())],
    }  # fmt: skip
    return finished(page.route(Request(scope)))
