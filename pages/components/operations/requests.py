"""Gives each request an id, counts it, and logs it where JSON logs are asked for."""

from __future__ import annotations

import logging
import re
import secrets
import threading
import time
from bisect import bisect_left
from collections import Counter
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pages.components.operations.log_lines import REQUESTS, request_id

BOUNDS: Final = (0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Upper ends, in seconds, of the classes into which durations are counted."""
_ID: Final = re.compile(r"[A-Za-z0-9._-]{1,64}")
_KINDS: Final = ("_stcore", "auth", "brief", "calendar", "component", "feed", "health", "media", "metrics", "next-day",
                 "ready", "static", "uploads")  # fmt: skip
_log = logging.getLogger(REQUESTS)


class Counts:
    """Requests since the server started: by kind, method and status; their durations; the open connections."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.requests: Counter[tuple[str, str, int]] = Counter()
        self.within: dict[str, list[int]] = {}
        self.seconds: Counter[str] = Counter()
        self.connections = 0

    def add(self, kind: str, method: str, status: int, seconds: float) -> None:
        """Count one request."""
        with self.lock:
            self.requests[kind, method, status] += 1
            self.within.setdefault(kind, [0] * (len(BOUNDS) + 1))[bisect_left(BOUNDS, seconds)] += 1
            self.seconds[kind] += seconds  # type: ignore[assignment]  # a sum of seconds


counts = Counts()


class Requests:
    """The first middleware, so that refused requests are counted too.

    A request keeps the id that a proxy gave it in X-Request-ID. Logs and counts have the kind of an address and not the
    address: it may hold a token.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        given = Headers(scope=scope).get("x-request-id", "")
        own = given if _ID.fullmatch(given) else secrets.token_hex(8)
        token = request_id.set(own)
        began, status, kind = time.perf_counter(), 500, kind_of(scope["path"])
        is_connection = scope["type"] == "websocket"
        method = "CONNECT" if is_connection else scope["method"]
        counts.connections += is_connection

        async def send_with_id(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-ID"] = own
            elif message["type"] == "websocket.accept":
                status = 101
            elif message["type"] == "websocket.close" and status != 101:
                status = 403
            await send(message)

        try:
            await self.app(scope, receive, send_with_id)
        finally:
            seconds = time.perf_counter() - began
            counts.connections -= is_connection
            if is_connection:  # how long a tab was open is no measure of the server
                counts.add(kind, method, status, 0.0)
            else:
                counts.add(kind, method, status, seconds)
            values = {"kind": kind, "method": method, "status": status, "ms": round(seconds * 1000, 1)}
            _log.info("request", extra={"values": values})
            request_id.reset(token)


def kind_of(path: str) -> str:
    """The kind of an address: its first part where that is a known one, “page” for everything else."""
    first = path.lstrip("/").partition("/")[0]
    return first if first in _KINDS else "page"
