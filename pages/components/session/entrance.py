"""The way in where no sign-in is set up: the address that the server prints, and what a browser without it reads."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import parse_qs

import streamlit as st
from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.types import Scope
from streamlit.cli_util import open_browser

from pages.components import data
from pages.components.addresses import base_path
from pages.components.session.singletons import kept
from pd_core.entrance import DAYS, Entrance, kept_secret
from pd_core.errors import UserError
from pd_core.sign_in import is_loopback

PATH, TOKEN = "/start", "token"
SECRET_FILE = "browsers.key"
HOW_TO_ENTER = (
    "PD Pulse has no sign-in here, so it opens only for the person who started it. In the window in which it was "
    "started it printed an address that contains `/start?token=`. Open that address once in this browser: after that, "
    "this page opens too. If that window is gone, start PD Pulse again; a service prints the address to its log."
)


@kept
def entrance() -> Entrance:
    """The entrance of this start of the server."""
    return Entrance(kept_secret(data.directory() / SECRET_FILE))


def may_enter(headers: Mapping[str, str]) -> bool:
    """Whether a request is from a browser that opened the server's address, or that need not have."""
    return not _is_on() or entrance().knows(_cookies(headers).get(_cookie_name(), ""), datetime.now(UTC))


def entered(scope: Scope) -> Response | None:
    """The answer to a browser that brings a token of this start: a cookie and the way to the first page; else null."""
    if scope["type"] != "http" or scope["method"] != "GET" or scope["path"] != f"{base_path()}{PATH}":
        return None
    token = parse_qs(scope["query_string"].decode("latin-1")).get(TOKEN, [""])[0]
    if not (entrance().admits(token) or may_enter(Headers(scope=scope))):
        return None
    answer = RedirectResponse(f"{base_path()}/", 303, {"Cache-Control": "no-store"})
    value, seconds = entrance().cookie(datetime.now(UTC)), DAYS * 24 * 3600
    answer.set_cookie(_cookie_name(), value, seconds, httponly=True, samesite="lax", secure=_is_https())
    return answer


def page() -> HTMLResponse:
    """What a browser without the cookie reads."""
    text = HOW_TO_ENTER.replace("`", "")
    return HTMLResponse(_PAGE.format(text=text), 403, {"Cache-Control": "no-store"})


def announce(*, is_own: bool) -> None:
    """Print where PD Pulse is. `is_own`: people do not sign in, so its address has the token."""
    has_token = is_own and _has_token()
    lines = [f"PD Pulse is at {_address(entrance().token if has_token else None)}"]
    if has_token:
        lines.append("Keep this address to yourself: it opens PD Pulse as its administrator.")
    with contextlib.suppress(OSError, ValueError):  # nowhere to print to
        sys.stdout.write("\n" + "".join(f"  {line}\n" for line in lines) + "\n")
        sys.stdout.flush()


def open_here(*, is_own: bool) -> None:
    """Open PD Pulse in a browser of this computer, unless it runs without a screen."""
    if not st.config.get_option("server.headless"):
        with contextlib.suppress(Exception):  # without a browser the printed address is the way
            open_browser(_address(entrance().once if is_own and _has_token() else None))


def _has_token() -> bool:
    """Whether the address has a token: bound to a network without sign-in, the server lets no one in."""
    return _is_on() and is_loopback(st.config.get_option("server.address") or "")


def _is_on() -> bool:
    try:
        return data.settings().start_token
    except UserError:  # every page says what is wrong with the settings
        return True


def _address(token: str | None) -> str:
    bound = st.config.get_option("server.address")
    host = bound if bound and bound not in ("0.0.0.0", "::") else "localhost"
    host = f"[{host}]" if ":" in host else host
    own = f"http{'s' if _is_https() else ''}://{host}:{st.config.get_option('server.port')}{base_path()}"
    return f"{own}{PATH}?{TOKEN}={token}" if token else own


def _is_https() -> bool:
    return bool(st.config.get_option("server.sslCertFile"))


def _cookie_name() -> str:
    """Browsers send a cookie to every port of a computer, so each server's has a name of its own."""
    return f"pd_start_{st.config.get_option('server.port')}"


def _cookies(headers: Mapping[str, str]) -> dict[str, str]:
    sent = next((value for name, value in headers.items() if name.casefold() == "cookie"), "")
    return cookie_parser(sent)


_STYLE = "font:1rem/1.5 sans-serif;max-width:40rem;margin:3rem auto;padding:0 1rem"
_PAGE = f"""<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>PD Pulse</title><body style="{_STYLE}"><h1>Open PD Pulse by its start address</h1>
<p>{{text}}</p></body></html>"""
