"""Files behind signed addresses, read by programs: kept as long as nothing is written, and 304 where they are known."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Hashable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from pages.components import data
from pd_core.cache import CacheByRevision
from pd_core.error_log import record_incident
from pd_core.errors import SettingError, StoreError, UserError

_kept = CacheByRevision(max_entries=256, max_bytes=64_000_000)


@dataclass(frozen=True)
class SignedFile:
    """A file's content with its media type and its ETag, which is the same for the same content."""

    content: bytes
    mime: str
    etag: str


def signed_file(content: bytes, mime: str) -> SignedFile:
    """A file with its ETag."""
    return SignedFile(content, mime, f'"{hashlib.sha256(content).hexdigest()[:32]}"')


def kept(key: tuple[Hashable, ...], make: Callable[[], SignedFile | None]) -> SignedFile | None:
    """What `make` gives for this key, made again after any write to the store: a role may have ended, too.

    Null is not kept.
    """
    store = data.store()
    return _kept.get(store, store.revision(), key, make, keep=lambda made: made is not None)


async def answer(request: Request, make: Callable[[], SignedFile | None], gone: str, max_age: int) -> Response:
    """The file that `make` gives, 304 where the reader has it already, or 404 with the sentence `gone` for null.

    What `make` refuses is 400, a store or settings that cannot be read 503. Readers ask again after `max_age` seconds.
    """
    try:
        found = await asyncio.to_thread(make)
    except UserError as error:
        is_away = isinstance(error, StoreError | SettingError)
        return PlainTextResponse(error.text(), status_code=503 if is_away else 400)
    except Exception as error:  # a bug, which gets a number as on every page
        return PlainTextResponse(record_incident(error, data.directory()).text(), status_code=500)
    if found is None:
        return PlainTextResponse(gone, status_code=404)
    headers = {"ETag": found.etag, "Cache-Control": f"private, max-age={max_age}"}
    if found.etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(found.content, headers={**headers, "Content-Type": found.mime})
