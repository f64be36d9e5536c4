"""The page that Streamlit serves gets PD Pulse's style and script; every other answer is left as it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.datastructures import Headers
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.types import Message, Receive, Scope, Send

from pages.components.browser import middleware
from pages.components.browser.middleware import StyleAndScript
from tests.coroutines import finished

FOLDER = Path(middleware.__file__).parent
PAGE = "<html><head><title>Streamlit</title></head><body>" + "x" * 2000 + "</body></html>"
BROWSER = {"accept": "text/html,application/xhtml+xml", "accept-encoding": "gzip"}


def ask(response: Response, method: str = "GET", **headers: str) -> tuple[Headers, bytes, Headers]:
    """The answer's headers and body, and the headers of the request that the app was given."""
    sent: list[Message] = []
    seen: list[Headers] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(Headers(scope=scope))
        await GZipMiddleware(response)(scope, receive, send)

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "asgi": {"spec_version": "2.4"}, "method": method, "path": "/", "headers": raw}
    finished(StyleAndScript(app)(scope, receive, send))
    body = b"".join(message.get("body", b"") for message in sent[1:])
    return Headers(raw=sent[0]["headers"]), body, seen[0]


def test_a_page_has_our_style_and_script_and_name() -> None:
    headers, body, _ = ask(HTMLResponse(PAGE, headers={"ETag": '"1"', "Last-Modified": "yesterday"}), **BROWSER)
    head = body.partition(b"</head>")[0]
    assert b"<title>PD Pulse</title>" in head and b"@media print" in head and b"data-pulse" in head
    assert body.endswith(b"x</body></html>")
    assert int(headers["content-length"]) == len(body)
    assert {"etag", "last-modified", "content-encoding"}.isdisjoint(headers)


def test_what_is_chosen_is_as_readable_in_a_dialog_which_is_drawn_outside_the_page() -> None:
    rule = next(line for line in (FOLDER / "page.css").read_text().splitlines() if 'aria-checked="true"' in line)
    assert rule.startswith(':is(#root, [role="dialog"]) ') and "color: inherit" in rule


def test_a_page_that_comes_in_parts_has_them_once() -> None:
    parts = [PAGE[:10], PAGE[10:50], PAGE[50:]]
    _, body, _ = ask(StreamingResponse(iter(parts), media_type="text/html"), **BROWSER)
    assert body.count(b"@media print") == 1 and body.endswith(b"</body></html>")


def test_a_browsers_copy_from_before_an_upgrade_is_not_used_again() -> None:
    _, _, asked = ask(HTMLResponse(PAGE), **BROWSER, **{"if-none-match": '"1"', "if-modified-since": "yesterday"})
    assert {"if-none-match", "if-modified-since"}.isdisjoint(asked)


@pytest.mark.parametrize(
    ("response", "method", "headers"),
    [
        (JSONResponse({"status": "ok"}), "GET", BROWSER),
        (HTMLResponse(PAGE, status_code=403), "GET", BROWSER),
        (HTMLResponse(PAGE), "HEAD", {"accept": "text/html"}),
        (HTMLResponse(PAGE), "GET", {"accept": "*/*"}),
    ],
    ids=["data", "a refusal", "headers alone", "a program"],
)
def test_another_answer_is_left_as_it_is(response: Response, method: str, headers: dict[str, str]) -> None:
    expected = response.body
    _, body, _ = ask(response, method, **headers)
    assert b"@media print" not in body
    assert body == expected
