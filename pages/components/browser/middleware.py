"""Adds PD Pulse's style and scripts to the page that Streamlit serves, and has it fetch what it will need.

Streamlit has no setting for what they do, and once the server is away only the browser can say so.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pages.components.browser.chunks import preloads

_HERE = Path(__file__).parent
_SCRIPTS = ("connection.js", "hand_over.js", "focus.js", "page.js")
# The browser would keep a page from before an upgrade, and a compressed one cannot be added to.
_NOT_PASSED_ON = (b"accept-encoding", b"if-none-match", b"if-modified-since")
_PLAIN = ("/brief/", "/said/")
"""Pages below these addresses are complete, and have no script."""
_NOT_PASSED_BACK = ("content-length", "etag", "last-modified")


class StyleAndScript:
    """Adds style, scripts and the links of `chunks` to each page, and names it PD Pulse from the first moment."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        style, *scripts = ((_HERE / name).read_bytes() for name in ("page.css", *_SCRIPTS))
        self.added = b"<style>%b</style><script>%b</script>" % (style, b"".join(scripts))
        self.links = lru_cache(maxsize=1)(preloads)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not _is_asked_for_a_page(scope):
            await self.app(scope, receive, send)
            return
        headers = [(name, value) for name, value in scope["headers"] if name not in _NOT_PASSED_ON]
        start: Message = {}
        body = bytearray()

        async def send_added(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start" and _is_page(message):
                start = message  # its headers change with the body
            elif start and message["type"] == "http.response.body":
                body.extend(message.get("body", b""))
                if not message.get("more_body"):
                    await self._send_page(start, bytes(body), send)
            else:
                await send(message)

        await self.app({**scope, "headers": headers}, receive, send_added)

    async def _send_page(self, start: Message, page: bytes, send: Send) -> None:
        added = self.added + self.links(page.decode()).encode()
        page = page.replace(b"</head>", added + b"</head>", 1).replace(
            b"<title>Streamlit</title>", b"<title>PD Pulse</title>", 1
        )
        headers = MutableHeaders(scope=start)
        for name in _NOT_PASSED_BACK:
            del headers[name]
        headers["Content-Length"] = str(len(page))
        await send(start)
        await send({"type": "http.response.body", "body": page})


def _is_asked_for_a_page(scope: Scope) -> bool:
    is_read = scope["type"] == "http" and scope["method"] == "GET"
    is_plain = is_read and any(part in scope["path"] for part in _PLAIN)
    return is_read and not is_plain and "text/html" in Headers(scope=scope).get("accept", "")


def _is_page(start: Message) -> bool:
    return start["status"] == 200 and Headers(raw=start["headers"]).get("content-type", "").startswith("text/html")
