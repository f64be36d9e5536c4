"""Leads a phone that opens a share link to the brief, before anything of the live dashboard is loaded."""

from __future__ import annotations

import asyncio
from urllib.parse import parse_qs, quote, urlencode

from starlette.datastructures import Headers
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from pages.components import data
from pages.components.addresses import base_path
from pages.components.documents.plain_pages import PATHS
from pd_core.access import DISTRICT
from pd_core.actions import share_links
from pd_core.errors import UserError

_OF_A_VIEW = "wave"
"""Each address of the live dashboard has it once a page was shown, the brief's button too; a link that is shared
does not."""


class BriefFirst:
    """Answers a phone's request for the first page, by a share link, with the way to the link's brief."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "GET" and _is_first_page(scope["path"]):
            asked = parse_qs(scope["query_string"].decode("latin-1"))
            if "link" in asked and _OF_A_VIEW not in asked and is_phone(Headers(scope=scope)):
                way = await asyncio.to_thread(_brief, asked)
                headers = {"Cache-Control": "no-store", "Vary": "User-Agent"}
                await RedirectResponse(way, 302, headers)(scope, receive, send)
                return
        await self.app(scope, receive, send)


def is_phone(headers: Headers) -> bool:
    """Whether the browser says that it is on a phone."""
    said = headers.get("sec-ch-ua-mobile")
    return said == "?1" if said else "mobi" in headers.get("user-agent", "").lower()


def _is_first_page(path: str) -> bool:
    return path.rstrip("/") == base_path()


def _brief(asked: dict[str, list[str]]) -> str:
    """The path of the brief that the address is about: its school's, else the link's own. It says what is closed."""
    token = asked["link"][0]
    school_id = asked["school"][0] if "school" in asked else _school_of(token)
    view = {"link": token} | ({"embed": "true"} if asked.get("embed") == ["true"] else {})
    path = PATHS["brief"].format(school_id=quote(school_id, safe=""))
    return f"{base_path()}{path}?{urlencode(view)}"


def _school_of(token: str) -> str:
    try:
        link = share_links.carried_link(data.store(), token, data.key())
    except UserError:  # the brief says what is wrong with the store
        return DISTRICT
    return link.school_id if link else DISTRICT
