"""The brief, and what staff said and what was done, as plain web pages: a share link opens them without a script."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from html import escape
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pages.components import data
from pages.components.documents import sources
from pages.components.session.plain_visitor import NoWayIn, note_hourly, visitor_of
from pd_core.error_log import record_incident
from pd_core.errors import UserError
from pd_core.reports.documents.files import Kind
from pd_core.reports.documents.source import Source

PATHS: Mapping[Kind, str] = {"brief": "/brief/{school_id}", "said": "/said/{school_id}"}
_HTML = "text/html; charset=utf-8"
_ADDRESS = "https://address.invalid"
_TOKEN = "link-of-the-reader"
"""In kept pages, the places of the address and the link: they are the reader's own."""
_MOST_NOTED = 60
"""So much of the name of a school that was refused goes into the audit."""
_NO_SCHOOL = "There is no such school, or it is not one of yours. Ask your facilitator, or open the link again."


def routes() -> list[Route]:
    """A route for each of `PATHS`."""
    return [Route(path, partial(_answer, kind)) for kind, path in PATHS.items()]


async def _answer(kind: Kind, request: Request) -> Response:
    """The document of a school as HTML; 304 where the browser has it already, a sentence where it can't be shown."""
    try:
        page = await asyncio.to_thread(_page, kind, request)
    except NoWayIn as error:
        return _plain(error.status, error.title, error.text)
    except UserError as error:
        return _plain(404, "This page can't be shown", error.text())
    except Exception as error:  # a bug, which gets a number as on every page
        return _plain(500, "Something went wrong", record_incident(error, data.directory()).text())
    headers = {"ETag": page.tag, "Cache-Control": "private, no-cache", "Vary": "Cookie, Accept-Encoding"}
    if page.tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(page.compressed, headers={**headers, "Content-Type": _HTML, "Content-Encoding": "gzip"})
    return Response(page.content, headers={**headers, "Content-Type": _HTML})


@dataclass(frozen=True)
class Page:
    """A page as one reader gets it, as it is and compressed."""

    tag: str
    content: bytes
    compressed: bytes


def _page(kind: Kind, request: Request) -> Page:
    """The page that a request asks for. Raises NoWayIn, UserError."""
    school_id, token = request.path_params["school_id"], request.query_params.get("link", "")
    own, is_framed = str(request.base_url).rstrip("/"), request.query_params.get("embed") == "true"
    with data.store().at_one_revision():
        visitor = visitor_of(request.headers, token)
        wave_id, kept_token = request.query_params.get("wave") or None, _TOKEN if token else ""
        found = sources.source(visitor, wave_id, _ADDRESS, kept_token, is_framed=is_framed)
        if not found.scope.sees(school_id):
            note_hourly("refused", visitor.audit_name, f"school: {school_id[:_MOST_NOTED]}")
            raise NoWayIn(404, "This school can't be shown", _NO_SCHOOL)
        key = (kind, sources.stamp(found), sources.sees(visitor), school_id, bool(token), is_framed)

        def make() -> Page:
            content: bytes = sources.documents().get(key, lambda: _made(kind, found, school_id))
            content = content.replace(_ADDRESS.encode(), escape(own).encode())
            content = content.replace(_TOKEN.encode(), quote(token).encode())
            tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
            return Page(tag, content, gzip.compress(content, 6, mtime=0))

        page: Page = sources.documents().get((*key, own, token), make)
        return page


def _made(kind: Kind, found: Source, school_id: str) -> bytes:
    from pd_core.reports.documents.documents import MAKERS  # noqa: PLC0415 - at the first page
    from pd_core.reports.documents.html import html  # noqa: PLC0415 - as above

    try:
        return html(MAKERS[kind](found, school_id))
    except KeyError:
        raise NoWayIn(404, "This school can't be shown", _NO_SCHOOL) from None


def _plain(status: int, title: str, text: str) -> Response:
    lines = "".join(f"<p>{escape(line)}</p>" for line in text.split("\n"))
    style = "font:1rem/1.5 sans-serif;max-width:40rem;margin:3rem auto;padding:0 1rem"
    page = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f'<title>{escape(title)} · PD Pulse</title></head><body style="{style}"><main><h1>{escape(title)}</h1>{lines}'
        '<p><a href="../">Open PD Pulse</a></p></main></body></html>'
    )
    return Response(page, status, {"Cache-Control": "no-store", "Content-Type": _HTML})
