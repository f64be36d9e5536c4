"""The follow-up link: a plain page without sign-in, one answer a device, nothing of others."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from starlette.requests import Request

from pages.components import data
from pages.components.next_day import route as page
from pages.components.next_day.limits import Limit
from pd_core.access import Visitor
from pd_core.actions import deliveries, next_day
from pd_core.actions.plan_record import change_plan, record_of
from pd_core.errors import RefusedAccess, UserError
from pd_core.reference.delivery_file import DeliverRow
from pd_core.storage.next_day import next_day_counts
from pd_core.summaries.given import given_rows
from pd_core.summaries.next_day import followed
from pd_core.summaries.years import year_of
from tests.actions.people import FACILITATOR as PLANNER
from tests.coroutines import finished
from tests.pages.planned import load_lists
from tests.pages.seen import OpenPage, words
from tests.pages.test_access import FACILITATOR, MIE, PRINCIPAL
from tests.pages.test_sessions import NOW, SESSIONS

TODAY = date.today()
LATER = TODAY + timedelta(days=15)


@pytest.fixture
def held(app: OpenPage, answers: Path):
    """Opens the Sessions page where Mia's session was held today, with six people."""

    def open_page(**how: Any):
        opened = app("sessions", store=answers, **how)
        load_lists(data.store(), data.real_codebook())
        change_plan(data.store(), PLANNER, "proposed", lambda _: SESSIONS)
        row = DeliverRow(1, "S001", TODAY, 6, None, "")
        deliveries.deliver(data.store(), PLANNER, row, NOW, "UTC")
        opened.run()
        assert not opened.exception
        return opened

    return open_page


def token() -> str:
    return next_day.token(data.store(), PLANNER, record_of(data.store(), PLANNER).session("S001"), data.key())


@dataclass(frozen=True)
class Answer:
    status_code: int
    text: str
    headers: Mapping[str, str]


class Client:
    """Asks the route, as the server does."""

    def get(self, address: str) -> Answer:
        return self._ask("GET", address, b"")

    def post(self, address: str, data: Mapping[str, str] | None = None, content: bytes = b"") -> Answer:
        return self._ask("POST", address, content or urlencode(data or {}).encode())

    def _ask(self, method: str, address: str, body: bytes) -> Answer:
        token = address.rsplit("/", 1)[1]
        scope = {
            "type": "http", "method": method, "path": address, "headers": [], "query_string": b"",
            "path_params": {"token": token}, "client": ("192.0.2.1", 1),
        }  # fmt: skip

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        found = finished(page.route(Request(scope, receive)))
        return Answer(found.status_code, bytes(found.body).decode(), found.headers)


@pytest.fixture
def client(held, monkeypatch: pytest.MonkeyPatch) -> Client:
    held(as_=FACILITATOR)
    for name in ("OPENED", "ANSWERED", "OF_SESSION"):
        monkeypatch.setattr(page, name, Limit(1_000))
    return Client()


def device(html: str) -> str:
    found = re.search(r'name="device" value="([^"]+)"', html)
    assert found
    return found[1]


def counts() -> dict[str, int]:
    return {answer: people for _, answer, people in next_day_counts(data.store()).iter_rows()}


def test_a_tap_is_stored_once_a_device_and_can_be_changed(client: Client) -> None:
    address = f"/next-day/{token()}"
    seen = client.get(address)
    assert seen.status_code == 200 and "Did you do it?" in seen.text
    assert "set-cookie" not in seen.headers and "no-store" in seen.headers["cache-control"]
    sent = {"device": device(seen.text), "answer": "yes", "line": " It   worked "}
    for answer in ("yes", "yes", "not yet"):
        assert client.post(address, data={**sent, "answer": answer}).status_code == 200
    assert counts() == {"not yet": 1}


def test_a_forged_link_device_or_answer_stores_nothing(client: Client) -> None:
    address = f"/next-day/{token()}"
    assert client.get("/next-day/S001").status_code == 404
    assert client.get(f"{address}x").status_code == 404
    mine = device(client.get(address).text)
    for sent in ({"device": "x", "answer": "yes"}, {"device": mine, "answer": "maybe"}, {"answer": "yes"}):
        assert client.post(address, data=sent).status_code == 409
    other = next_day.new_device("S002", data.key())
    assert client.post(address, data={"device": other, "answer": "yes"}).status_code == 409
    assert client.post(address, content=b"x" * 5_000).status_code == 413
    assert counts() == {}


def test_no_more_answers_are_taken_than_people_attended(client: Client) -> None:
    address = f"/next-day/{token()}"
    found = []
    for _ in range(9):
        sent = {"device": device(client.get(address).text), "answer": "yes"}
        found.append(client.post(address, data=sent).status_code)
    assert found == [200] * 6 + [409] * 3
    assert counts() == {"yes": 6}


def test_ten_thousand_taps_are_slowed_down(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "ANSWERED", Limit(3))
    address = f"/next-day/{token()}"
    sent = {"device": device(client.get(address).text), "answer": "yes"}
    assert [client.post(address, data=sent).status_code for _ in range(5)] == [200] * 3 + [429] * 2
    limit = Limit(90)
    assert sum(limit.allows("one", now=0.001 * tap) for tap in range(10_000)) == 90
    assert limit.allows("another", now=10.0) and limit.allows("one", now=100.0)


def test_the_page_is_served_quickly(client: Client) -> None:
    address = f"/next-day/{token()}"
    client.get(address)
    times = []
    for _ in range(15):
        start = time.perf_counter()
        client.get(address)
        times.append(time.perf_counter() - start)
    assert min(times) < 0.05


def test_the_link_closes_after_two_weeks_and_only_then_are_answers_counted(client: Client) -> None:
    store, key = data.store(), data.key()
    for number in range(6):
        mark = next_day.new_device("S001", key)
        answer = "yes" if number < 4 else "not for me"
        next_day.take_answer(store, token(), mark, answer, "Good" if number else "", key, TODAY)
    early = followed(store, "S001", TODAY + timedelta(days=14))
    assert early and not early.is_closed and early.counts is None
    with pytest.raises(UserError, match="This link is closed"):
        next_day.take_answer(store, token(), next_day.new_device("S001", key), "yes", "", key, LATER)
    late = followed(store, "S001", LATER)
    assert late and late.counts == {"yes": 4, "not yet": 0, "not for me": 2}
    assert next_day.lines(store, PLANNER, "S001", LATER) == ["Good"] * 5
    assert next_day.lines(store, Visitor.as_oneself(MIE), "S001", LATER) == []


def test_fewer_than_five_answers_are_hidden(client: Client) -> None:
    store, key = data.store(), data.key()
    for _ in range(4):
        next_day.take_answer(store, token(), next_day.new_device("S001", key), "yes", "x", key, TODAY)
    late = followed(store, "S001", LATER)
    assert late and late.is_closed and late.answered is None and late.counts is None
    assert next_day.lines(store, PLANNER, "S001", LATER) == []


def test_the_trainer_finds_the_message_to_send_and_others_do_not(held) -> None:
    opened = held(as_=MIE)
    (text,) = [code.value for code in opened.code if "/next-day/" in code.value]
    assert text.startswith("Thank you for coming to “") and "Did you do it?" in text
    assert "are counted after" in words(opened)
    with pytest.raises(RefusedAccess):
        session = record_of(data.store(), PLANNER).session("S001")
        next_day.token(data.store(), Visitor.as_oneself(PRINCIPAL), session, data.key())


def test_what_each_training_took_has_the_share_of_those_who_did_it(client: Client) -> None:
    store, key = data.store(), data.key()
    for number in range(6):
        answer = "yes" if number < 3 else "not yet"
        next_day.take_answer(store, token(), next_day.new_device("S001", key), answer, "", key, TODAY)
    (early,) = given_rows(store, year_of(TODAY), TODAY).to_dicts()
    assert (early["attended"], early["answered"], early["did_share"]) == (6, 0, None)
    (late,) = given_rows(store, year_of(TODAY), LATER).to_dicts()
    assert (late["training_id"], late["answered"], late["did_share"]) == ("word-entry", 6, 0.5)
