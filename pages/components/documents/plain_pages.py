"""The brief, and what staff said and what was done, as plain web pages: a share link opens them without a script."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from html import escape
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pages.components import data, signed_files
from pages.components.documents import sources
from pages.components.session.plain_visitor import note_hourly, visitor_of
from pages.components.signed_files import Refusal, SignedFile, signed_file
from pd_core.access import Visitor
from pd_core.actions.guesses import skills_owed
from pd_core.errors import UnknownName
from pd_core.reports.documents.files import Kind
from pd_core.reports.documents.source import Source

PATHS: Mapping[Kind, str] = {"brief": "/brief/{school_id}", "said": "/said/{school_id}"}
_HTML = "text/html; charset=utf-8"
_ADDRESS = "https://address.invalid"
_TOKEN = "link-of-the-reader"
"""In kept documents, the places of the address and the link: they are the reader's own."""
_MOST_NOTED = 60
"""So much of the name of a school that was refused goes into the audit."""
_NO_SCHOOL = "There is no such school, or it is not one of yours. Ask your facilitator, or open the link again."


def routes() -> list[Route]:
    """A route for each of `PATHS`."""
    return [Route(path, partial(_answer, kind)) for kind, path in PATHS.items()]


async def _answer(kind: Kind, request: Request) -> Response:
    """The document of a school as HTML; 304 where the browser has it already, a sentence where it can't be shown."""
    return await signed_files.answer(
        request, lambda: _page(kind, request), say=_said, caching="no-cache", varies="Cookie, Accept-Encoding"
    )


def _page(kind: Kind, request: Request) -> SignedFile:
    """The page that a request asks for. Raises Refusal, UserError."""
    asked = request.query_params
    school_id, token = request.path_params["school_id"], asked.get("link", "")
    own, wave_id = str(request.base_url).rstrip("/"), asked.get("wave") or None
    is_framed = asked.get("embed") == "true"
    with data.store().at_one_revision():
        visitor = visitor_of(request.headers, token)
        key = ("page", kind, school_id, wave_id, token, own, is_framed, sources.sees(visitor), sources.this_hour())

        def make() -> SignedFile:
            content = _document(kind, visitor, school_id, wave_id, has_token=bool(token), is_framed=is_framed)
            content = content.replace(_ADDRESS.encode(), escape(own).encode())
            return signed_file(content.replace(_TOKEN.encode(), quote(token).encode()), _HTML)

        return signed_files.kept(key, make)


def _document(
    kind: Kind, visitor: Visitor, school_id: str, wave_id: str | None, *, has_token: bool, is_framed: bool
) -> bytes:
    """The document for all readers who see the same, kept until its figures or its plan change."""
    try:
        found = sources.source(visitor, wave_id, _ADDRESS, _TOKEN if has_token else "", is_framed=is_framed)
    except UnknownName as error:
        raise Refusal(404, "This page can't be shown", error.text()) from None
    if not found.scope.sees(school_id):
        note_hourly("refused", visitor.audit_name, f"school: {school_id[:_MOST_NOTED]}")
        raise Refusal(404, "This school can't be shown", _NO_SCHOOL)
    if skills_owed(data.store(), visitor, found.survey, school_id):
        text = "This wave asks for a guess before the results. Make yours on the Overview, or skip it there."
        asked = urlencode({"school": school_id, "wave": found.wave_id})
        raise Refusal(403, "Guess first, then see the results", text, f"../?{asked}")
    key = (kind, sources.stamp(found), sources.sees(visitor), school_id, has_token, is_framed)
    content: bytes = sources.documents().get(key, lambda: _made(kind, found, school_id))
    return content


def _made(kind: Kind, found: Source, school_id: str) -> bytes:
    from pd_core.reports.documents.documents import MAKERS  # noqa: PLC0415 - at the first page
    from pd_core.reports.documents.html import html  # noqa: PLC0415 - as above

    try:
        return html(MAKERS[kind](found, school_id))
    except KeyError:
        raise Refusal(404, "This school can't be shown", _NO_SCHOOL) from None


def _said(refusal: Refusal) -> Response:
    """A refusal as a page that people read."""
    lines = "".join(f"<p>{escape(line)}</p>" for line in refusal.text.split("\n"))
    style = "font:1rem/1.5 sans-serif;max-width:40rem;margin:3rem auto;padding:0 1rem"
    title = escape(refusal.title)
    page = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f'<title>{title} · PD Pulse</title></head><body style="{style}"><main><h1>{title}</h1>{lines}'
        f'<p><a href="{escape(refusal.address)}">Open PD Pulse</a></p></main></body></html>'
    )
    return Response(page, refusal.status, {"Cache-Control": "no-store", "Content-Type": _HTML})
