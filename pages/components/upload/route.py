"""The route to which scripts and flows send a file: POST, with a token, answered with the receipt as JSON."""

from __future__ import annotations

import asyncio
from pathlib import PurePosixPath
from typing import Any, Final

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from pages.components import data
from pages.components.next_day.limits import SECONDS, Limit
from pd_core.access import Visitor
from pd_core.actions import upload_addresses
from pd_core.error_log import record_incident
from pd_core.errors import RefusedFile, SettingError, StoreError, UserError
from pd_core.ingestion import refused
from pd_core.ingestion.reading import MAX_BYTES

PATH: Final = "/uploads"
SENT, FAILED = Limit(30), Limit(30)
"""Requests a minute: with one token, and without a token that works from one place."""
MOST_UNDER_WAY: Final = 300 * 1024**2
"""The most bytes of files that are arriving at once."""
_MOST_LETTERS: Final = 200
_under_way: dict[object, int] = {}


async def route(request: Request) -> Response:
    """Store the file in a request's body. 401 without a token that works, 422 with the receipt of a refused file."""
    place = request.client.host if request.client else ""
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    try:
        by = await asyncio.to_thread(_sender, token.strip()) if kind.casefold() == "bearer" else None
    except Exception as error:
        return _fault(error)
    if by is None:
        if not FAILED.allows(place):
            return _too_many()
        return _no(401, "This token does not exist or no longer works. Make an upload address in PD Pulse.")
    if not SENT.allows(by.audit_name):
        return _too_many()
    file = _label(request.query_params.get("file", ""))
    try:
        content = await _content(request, file)
        wave = request.query_params.get("wave", "").strip() or None
        return await asyncio.to_thread(_taken, by, file, content, wave)
    except ClientDisconnect:
        return Response(status_code=400)
    except _Full:
        return _no(503, "The server is taking as many files as it can. Try again in a minute.", {"Retry-After": "60"})
    except (StoreError, SettingError) as error:
        return _fault(error)
    except UserError as error:
        return JSONResponse(refused(file, error).as_dict(), 413 if isinstance(error, _TooLarge) else 422)
    except Exception as error:  # a bug, which gets a number as on every page
        return _fault(error)


class _Full(Exception):
    """Too many bytes are arriving at once."""


class _TooLarge(RefusedFile):
    """A file is larger than any that is taken."""


def _sender(token: str) -> Visitor | None:
    return upload_addresses.sender(data.store(), token, data.key(), data.settings().administrators)


def _taken(by: Visitor, file: str, content: bytes, wave: str | None) -> Response:
    receipt = upload_addresses.take(data.store(), by, file, content, data.real_codebook(), data.key(), wave)
    return JSONResponse(receipt.as_dict(), 422 if receipt.status == "rejected" else 200)


async def _content(request: Request, file: str) -> bytes:
    """The request's body, up to the largest file; it is counted while it arrives."""
    body, mine = bytearray(), object()
    try:
        async for part in request.stream():
            body += part
            _under_way[mine] = len(body)
            if len(body) > MAX_BYTES:
                raise _TooLarge(f"{file} is larger than {MAX_BYTES / 1e6:,.0f} MB.", "Send a smaller file.")
            if sum(_under_way.values()) > MOST_UNDER_WAY:
                raise _Full
        return bytes(body)
    finally:
        _under_way.pop(mine, None)


def _label(name: str) -> str:
    plain = "".join(letter for letter in name.replace("\\", "/") if letter.isprintable())
    return PurePosixPath(plain).name[-_MOST_LETTERS:] or "upload.xlsx"


def _no(status: int, message: str, headers: dict[str, str] | None = None) -> Response:
    said: dict[str, Any] = {"status": "refused", "message": message}
    return JSONResponse(said, status, headers={"Cache-Control": "no-store", **(headers or {})})


def _too_many() -> Response:
    return _no(429, "That is more files than are taken in a minute. Wait a minute.", {"Retry-After": f"{SECONDS:.0f}"})


def _fault(error: Exception) -> Response:
    """The answer where the store or the settings cannot be used, or for a bug: no fault of the file."""
    if isinstance(error, UserError):
        return _no(503, error.text())
    return _no(500, record_incident(error, data.directory()).text())
