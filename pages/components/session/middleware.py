"""Middleware for every request: headers, the computer it came from, and the way back after sign-in."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote, urlsplit

import streamlit as st
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pages.components.addresses import base_path
from pages.components.session import entrance
from pages.components.session.authentication import HOW_TO_CONFIGURE, has_sign_in
from pd_core.config import load_settings
from pd_core.errors import UserError
from pd_core.sign_in import is_this_computer

# Where the app may be shown in a frame: on its own site and in Teams, Microsoft 365 and Office.
FRAMES = (
    "'self' https://*.cloud.microsoft https://teams.microsoft.com https://*.teams.microsoft.com"
    " https://*.microsoft365.com https://*.office.com"
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    # The address holds the view (school, wave, filters) and may hold a share link; it stays on this site.
    "Referrer-Policy": "same-origin",
}
PROBES = ("/health", "/ready")
WITH_OWN_TOKEN = re.compile(r"/(calendar/[^/]+|feed/[^/]+|metrics|next-day/[^/]+|uploads)")
"""Addresses that check for themselves who asks."""
SIGN_IN, SIGNED_IN = "/auth/login", "/oauth2callback"
WAY_BACK = "pd_way_back"
MINUTES = 10


class SecurityHeaders:
    """Adds HEADERS, and the sites that may show the app in a frame, to every response. Over HTTPS, browsers send its
    cookies over HTTPS alone."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        try:
            frames = " ".join((FRAMES, *load_settings().frames))
        except UserError:  # the log and every page say what is wrong with the settings
            frames = FRAMES
        # Images from other sites are blocked: one written into an answer would show its owner who reads it.
        policy = f"frame-ancestors {frames}; img-src 'self' data: blob:; object-src 'none'; base-uri 'self'"
        self.headers = {**HEADERS, "Content-Security-Policy": policy}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(self.headers)
                if is_https:
                    message["headers"] = [*map(_secure, message["headers"])]
            await send(message)

        is_https = scope["type"] == "http" and _came_over_https(scope)
        await self.app(scope, receive, send_with_headers if scope["type"] == "http" else send)


class OnlyThisComputer:
    """Without sign-in, serves this computer only, and there the person who started the server; others read why."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_asked = scope["type"] in ("http", "websocket") and scope["path"] not in PROBES
        if not is_asked or has_sign_in():
            await self.app(scope, receive, send)
            return
        refusal: Response | None = None
        if not _is_this_computer(scope):
            refusal = HTMLResponse(_PAGE, status_code=403)
        elif scope["type"] != "http" or not WITH_OWN_TOKEN.fullmatch(scope["path"].removeprefix(base_path())):
            refusal = entrance.entered(scope) or (None if entrance.may_enter(Headers(scope=scope)) else entrance.page())
        if refusal is None:
            await self.app(scope, receive, send)
        elif scope["type"] == "http":
            await refusal(scope, receive, send)
        else:
            await receive()
            await send({"type": "websocket.close", "code": 1008})


class WayBack:
    """Returns people to the page where they started to sign in; Streamlit always returns to the first page.

    The page comes from the browser's Referer; a cookie keeps it until the provider sends the person back. The cookie
    holds a path on this site and nothing else.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].endswith((SIGN_IN, SIGNED_IN)):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        is_leaving = scope["path"].endswith(SIGN_IN)
        path = _page_left(headers) if is_leaving else _page_kept(headers)

        async def send_with_way(message: Message) -> None:
            if message["type"] == "http.response.start" and path:
                answer = MutableHeaders(scope=message)
                if is_leaving:
                    answer.append("Set-Cookie", _cookie(quote(path, safe=""), MINUTES * 60))
                elif _is_redirect_home(answer.get("location", "")):
                    answer["Location"] = path
                    answer.append("Set-Cookie", _cookie("", 0))
            await send(message)

        await self.app(scope, receive, send_with_way)


def _is_this_computer(scope: Scope) -> bool:
    client = scope.get("client")
    headers = Headers(scope=scope)
    return is_this_computer(st.config.get_option("server.address"), client[0] if client else "", headers)


def _came_over_https(scope: Scope) -> bool:
    """Whether the browser used HTTPS, as the server or the proxy in front of it says."""
    said = Headers(scope=scope).get("x-forwarded-proto", scope.get("scheme", ""))
    return said.partition(",")[0].strip().casefold() == "https"


def _secure(header: tuple[bytes, bytes]) -> tuple[bytes, bytes]:
    """A header; a cookie with the attribute Secure, which Streamlit leaves out."""
    name, value = header
    has_it = any(part.strip().lower() == b"secure" for part in value.split(b";"))
    return (name, value + b"; Secure") if name.lower() == b"set-cookie" and not has_it else header


def _page_left(headers: Headers) -> str:
    """The path and query of the page that the browser left, if it is on this site."""
    try:
        left = urlsplit(headers.get("referer", ""))
    except ValueError:
        return ""
    is_ours = left.netloc == headers.get("host")
    return _safe(f"{left.path}?{left.query}" if left.query else left.path) if is_ours else ""


def _page_kept(headers: Headers) -> str:
    return _safe(unquote(cookie_parser(headers.get("cookie", "")).get(WAY_BACK, "")))


def _safe(path: str) -> str:
    """A path on this site; "" for anything that a browser might read as another site's address."""
    is_path = (
        path.startswith("/")
        and not path.startswith(("//", "/\\"))
        and path.isascii()
        and path.isprintable()
        and "\\" not in path
    )
    return path if is_path and len(path) < 2000 else ""


def _is_redirect_home(location: str) -> bool:
    return urlsplit(location).netloc == "" and location.rstrip("/").count("/") <= 1


def _cookie(value: str, seconds: int) -> str:
    return f"{WAY_BACK}={value}; Max-Age={seconds}; Path=/; HttpOnly; SameSite=Lax"


_STYLE = "font:1rem/1.5 sans-serif;max-width:40rem;margin:3rem auto;padding:0 1rem"
_PAGE = f"""<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>PD Pulse</title><body style="{_STYLE}"><h1>PD Pulse is not set up for a network yet</h1>
<p>{HOW_TO_CONFIGURE.replace("`", "")}</p></body></html>"""
