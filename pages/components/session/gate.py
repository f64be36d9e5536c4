"""The gate in front of what Streamlit serves without a page: uploads, downloads, metrics, sign-out."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import runtime
from streamlit.auth_util import get_cookie_with_chunks
from streamlit.web.server.server_util import get_cookie_secret
from streamlit.web.server.starlette.starlette_app_utils import decode_signed_value
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

from pages.components import data
from pages.components.addresses import base_path
from pages.components.session import entrance
from pages.components.session.authentication import THIS_COMPUTER, has_sign_in
from pd_core.access import Actor, can_somewhere
from pd_core.actions import audit, share_links
from pd_core.actions.roles import actor_of
from pd_core.errors import UserError
from pd_core.sign_in import NotSignedIn, SignIn, read_sign_in

UPLOADS, METRICS, MEDIA, SIGN_OUT = "/_stcore/upload_file/", "/_stcore/metrics", "/media/", "/auth/logout"
MOST_OF_SESSION, MOST = 300 * 1024**2, 1024**3
"""The most bytes of uploaded files that the server holds for one session, and for all of them."""
LEFT_SECONDS = 120.0
"""How long the files of a closed tab are held, so that a tab that only lost its connection finds them again."""
_LOOK_SECONDS = 20.0
_PICTURES = (".png", ".svg", ".jpg", ".ico", ".webp")


def _is_file(path: str) -> bool:
    """Whether a path is of a file made for a visitor; pictures, and Streamlit's own fonts and icons, are for all."""
    is_own = path.startswith(f"{base_path()}/static/")
    return MEDIA in path and not is_own and not path.endswith(_PICTURES)


class Gate:
    """Lets people upload who may, up to a size; serves files to people with a role or an open link; ends sign-ins.

    Streamlit itself takes a file from anyone whose browser holds a session, whatever their role.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._under_way: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] == "OPTIONS":
            await self.app(scope, receive, send)
            return
        path, headers = scope["path"], Headers(scope=scope)
        if path.endswith(METRICS) and has_sign_in():
            await _refused(403, "The metrics are closed.")(scope, receive, send)
        elif UPLOADS in path:
            await self._upload(scope, receive, send)
        elif _is_file(path) and not await asyncio.to_thread(may_look, headers):
            await _refused(403, "Your sign-in or link has ended. Open the page again.")(scope, receive, send)
        else:
            if path.endswith(SIGN_OUT):
                await asyncio.to_thread(end_sign_in, headers)
            await self.app(scope, receive, send)

    async def _upload(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope=scope)
        if not await asyncio.to_thread(may_upload, headers):
            await _refused(403, "Sign in with a role that uploads first.")(scope, receive, send)
            return
        if scope["method"] != "PUT":
            await self.app(scope, receive, send)
            return
        session, size = scope["path"].partition(UPLOADS)[2].partition("/")[0], headers.get("content-length", "")
        if not size.isdecimal():
            await _refused(411, "Say how large the file is.")(scope, receive, send)
            return
        held = held_bytes() + self._under_way
        if held[session] + int(size) > MOST_OF_SESSION:
            text = "This tab holds too many files. Store those on the page, or remove some, then try again."
            await _refused(413, text)(scope, receive, send)
        elif held.total() + int(size) > MOST:
            text = "The server holds as many files as it can. Try again in a few minutes."
            await _refused(503, text)(scope, receive, send)
        else:
            self._under_way[session] += int(size)
            try:
                await self.app(scope, receive, send)
            finally:
                self._under_way[session] -= int(size)


def may_upload(headers: Headers) -> bool:
    """Whether a request comes from someone with a live sign-in and a role that uploads; false if it cannot be told."""
    try:
        actor = request_actor(headers)
    except UserError:
        return False
    return actor is not None and can_somewhere(actor, "upload")


def may_look(headers: Headers) -> bool:
    """Whether a request comes from someone with a role, or from a page of a link that is open."""
    try:
        return request_actor(headers) is not None or _is_open(headers)
    except UserError:
        return False


def end_sign_in(headers: Headers) -> None:
    """End the sign-in that a request carries, in every browser that has a copy of its cookie."""
    try:
        if found := _sign_in(headers):
            audit.end_session(data.store(), found)
    except UserError:  # the pages say what is wrong with the store
        return


def held_bytes() -> Counter[str]:
    """Session to the bytes of its uploaded files that the server holds."""
    if not runtime.exists():
        return Counter()
    stored: Any = runtime.get_instance().uploaded_file_mgr
    files = list(stored.file_storage.items())
    return Counter({session: sum(len(file.data) for file in list(own.values())) for session, own in files})


def drop_left_files(left: dict[str, float], now: float) -> None:
    """Drop the files of sessions whose tab has been closed for `LEFT_SECONDS`; `left` keeps since when (seconds)."""
    if not runtime.exists():
        return
    server: Any = runtime.get_instance()
    gone = [session for session in held_bytes() if not server.is_active_session(session)]
    for session in set(left) - set(gone):
        del left[session]
    for session in gone:
        if now - left.setdefault(session, now) >= LEFT_SECONDS:
            server.uploaded_file_mgr.remove_session_files(session)
            del left[session]
    # Streamlit forgets a closed session, and what its pages read, only when it next looks through them.
    vars(server)["_session_mgr"].list_sessions()


async def keep_dropping() -> None:
    """Look every few seconds for files that closed tabs left, until it is stopped."""
    left: dict[str, float] = {}
    while True:
        await asyncio.sleep(_LOOK_SECONDS)
        drop_left_files(left, time.monotonic())


def request_actor(headers: Headers) -> Actor | None:
    """The person whose sign-in a request carries; this computer's administrator where no sign-in is set up."""
    if not has_sign_in():
        is_own = entrance.may_enter(headers)  # another computer did not come this far
        return Actor(THIS_COMPUTER, "administrator") if is_own else None
    found = _sign_in(headers)
    if found is None or audit.is_over(data.store(), found):
        return None
    return actor_of(data.store(), data.settings().administrators, found.email)


def _sign_in(headers: Headers) -> SignIn | None:
    """The sign-in of a request's cookie; null without one that Streamlit signed, or if it is too old."""
    cookies = cookie_parser(headers.get("cookie", ""))
    secret = get_cookie_secret()

    def value(name: str) -> bytes | None:
        text = cookies.get(name)
        return None if text is None else decode_signed_value(secret, name, text.encode("latin-1", "replace"))

    try:
        claims = json.loads(get_cookie_with_chunks(value, USER_COOKIE_NAME) or b"{}")
        if claims.get("is_logged_in") is not True:
            return None
        return read_sign_in(claims, datetime.now(UTC), data.settings().sign_in_hours)
    except (ValueError, AttributeError, NotSignedIn):
        return None


def _is_open(headers: Headers) -> bool:
    """Whether the page that a request comes from was opened by a link that still works."""
    try:
        asked = parse_qs(urlsplit(headers.get("referer", "")).query)
    except ValueError:
        return False
    link = share_links.carried_link(data.store(), asked.get("link", [""])[0], data.key())
    return link is not None and link.is_open(datetime.now(UTC).replace(tzinfo=None))


def _refused(status: int, text: str) -> PlainTextResponse:
    return PlainTextResponse(text, status_code=status)
