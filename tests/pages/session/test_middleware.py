"""What every request passes before a page runs."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any
from urllib.parse import quote

import pytest
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.types import Message, Receive, Scope, Send

from pages.components.session.middleware import SIGN_IN, SIGNED_IN, WAY_BACK, SecurityHeaders, WayBack
from tests.coroutines import finished

HOST = "pulse.example.org"
App = Callable[[Scope, Receive, Send], Coroutine[Any, Any, None]]


async def streamlit(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers as Streamlit does: away to the provider, and back to the first page."""
    answers = {SIGN_IN: RedirectResponse("https://accounts.example.org/authorize"), SIGNED_IN: RedirectResponse("/")}
    await answers.get(scope["path"], PlainTextResponse("a page"))(scope, receive, send)


def ask(app: App, path: str, **headers: str) -> dict[str, str]:
    """The headers of the answer."""
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    pairs = {"host": HOST, **{name.replace("_", "-"): value for name, value in headers.items()}}
    scope = {"type": "http", "method": "GET", "path": path, "query_string": b"", "root_path": ""}
    scope["headers"] = [(name.encode(), value.encode("latin-1")) for name, value in pairs.items()]
    finished(app(scope, receive, send))
    return {name.decode(): value.decode() for name, value in sent[0]["headers"]}


@pytest.mark.parametrize("page", ["/", "/training_planning?school=lincoln&wave=Fall+2026", "/upload"])
def test_after_sign_in_the_way_leads_back_to_the_page_where_it_began(page: str) -> None:
    app = WayBack(streamlit)
    cookie = ask(app, SIGN_IN, referer=f"https://{HOST}{page}")["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie
    answer = ask(app, SIGNED_IN, cookie=cookie.partition(";")[0])
    assert answer["location"] == page
    assert f"{WAY_BACK}=;" in answer["set-cookie"], "the way back is used once"


@pytest.mark.parametrize("elsewhere", ["https://evil.example.org/page", "https://pulse.example.org.evil.org/", ""])
def test_a_page_of_another_site_is_no_way_back(elsewhere: str) -> None:
    assert "set-cookie" not in ask(WayBack(streamlit), SIGN_IN, referer=elsewhere)


@pytest.mark.parametrize(
    "path",
    ["//evil.example.org", "/\\evil.example.org", "https://evil.example.org", "javascript:alert(1)", "/\r\nX: y", ""],
)
def test_a_forged_way_back_leads_to_the_first_page(path: str) -> None:
    answer = ask(WayBack(streamlit), SIGNED_IN, cookie=f"{WAY_BACK}={quote(path, safe='')}")
    assert answer["location"] == "/"


@pytest.mark.parametrize(
    ("said", "is_secure"), [("https", True), ("https, http", True), ("HTTPS", True), ("http", False), ("", False)]
)
def test_behind_https_cookies_are_sent_over_https_alone(said: str, is_secure: bool) -> None:
    answer = ask(SecurityHeaders(WayBack(streamlit)), SIGN_IN, referer=f"https://{HOST}/upload", x_forwarded_proto=said)
    assert answer["set-cookie"].endswith("SameSite=Lax; Secure" if is_secure else "SameSite=Lax")


def test_a_cookie_that_is_secure_already_is_left_as_it_is() -> None:
    async def with_cookies(scope: Scope, receive: Receive, send: Send) -> None:
        answer = PlainTextResponse("a page")
        answer.set_cookie("a", "secure", secure=True)
        await answer(scope, receive, send)

    answer = ask(SecurityHeaders(with_cookies), "/", x_forwarded_proto="https")
    assert answer["set-cookie"].lower().count("; secure") == 1


def test_other_answers_are_left_as_they_are() -> None:
    answer = ask(WayBack(streamlit), "/upload", cookie=f"{WAY_BACK}=%2Fmethods", referer=f"https://{HOST}/")
    assert {"location", "set-cookie"} & answer.keys() == set()


def test_the_district_adds_sites_that_may_show_the_app_in_a_frame(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PD_FRAMES", "https://intranet.example.org https://*.example.com")
    policy = ask(SecurityHeaders(streamlit), "/")["content-security-policy"]
    frames = policy.partition(";")[0]
    assert frames.endswith("https://*.office.com https://intranet.example.org https://*.example.com")


@pytest.mark.parametrize("sites", ["*", "https://*", "http://intranet.example.org", "https://*.org", "https:"])
def test_no_setting_lets_every_site_show_the_app_in_a_frame(monkeypatch: pytest.MonkeyPatch, sites: str) -> None:
    monkeypatch.setenv("PD_FRAMES", sites)
    policy = ask(SecurityHeaders(streamlit), "/")["content-security-policy"]
    assert sites not in policy.partition(";")[0].split()
