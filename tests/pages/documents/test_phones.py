"""A share link on a phone opens the brief; on a computer, and from the brief's button, the live dashboard."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Message

from pages.components import data
from pages.components.documents.phones import BriefFirst
from pd_core.actions import share_links
from pd_core.storage import Store, links
from tests.coroutines import finished

KEY = b"a key of the tests"
PHONE = {"user-agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148"}
ANDROID = {"user-agent": "Mozilla/5.0 (Linux; Android 16; K) AppleWebKit/537.36 Chrome/156.0 Mobile Safari/537.36"}
LAPTOP = {"user-agent": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/156.0 Safari/537.36"}


def way(headers: dict[str, str], path: str = "/", method: str = "GET", **asked: str) -> str:
    """Where a request is led to; empty where it is answered by Streamlit."""
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "method": method, "path": path, "root_path": "", "query_string": urlencode(asked).encode()}
    scope["headers"] = [(name.encode(), value.encode()) for name, value in headers.items()]
    app = BriefFirst(PlainTextResponse("the live dashboard"))
    finished(app(scope, receive, send))
    return next((value.decode() for name, value in sent[0]["headers"] if name == b"location"), "")


@pytest.mark.parametrize("phone", [PHONE, ANDROID, {"sec-ch-ua-mobile": "?1"}], ids=["iPhone", "Android", "hint"])
def test_a_phone_opens_the_brief_of_the_links_school(phone: dict[str, str]) -> None:
    assert way(phone, link="abc", school="lincoln") == "/brief/lincoln?link=abc"
    assert way(phone, link="abc", school="lincoln", embed="true") == "/brief/lincoln?link=abc&embed=true"
    assert way(phone, link="a&b", school="//evil.example.org") == "/brief/%2F%2Fevil.example.org?link=a%26b"


def test_all_else_opens_as_before() -> None:
    assert not way(LAPTOP, link="abc", school="lincoln")
    assert not way({**PHONE, "sec-ch-ua-mobile": "?0"}, link="abc", school="lincoln"), "a tablet or a desktop view"
    assert not way(PHONE, link="abc", school="lincoln", wave="Fall 2026"), "the brief's button, and a copied view"
    assert not way(PHONE, school="lincoln"), "someone who signs in"
    assert not way(PHONE, "/growth", link="abc")
    assert not way(PHONE, method="HEAD", link="abc", school="lincoln")


def test_a_link_without_a_school_in_its_address_opens_its_own(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(data, "store", lambda: store)
    monkeypatch.setattr(data, "key", lambda: KEY)
    for school_id in ("lincoln", "district"):
        token = share_links.token(links.make_link(store, school_id, 7, "test"), KEY)
        assert way(PHONE, link=token) == f"/brief/{school_id}?link={token}"
    assert way(PHONE, link="forged") == "/brief/district?link=forged", "which says that it no longer works"
