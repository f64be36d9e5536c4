"""What the server answers without a session: files for programs, and plain pages. Kept, compressed, 304 where known."""

from __future__ import annotations

import asyncio
import gzip
import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from pages.components import data
from pd_core.cache import CacheByRevision
from pd_core.error_log import record_incident
from pd_core.errors import SettingError, StoreError, UserError

_kept = CacheByRevision(max_entries=512, max_bytes=64_000_000)
_AGAIN_SECONDS, _MOST_GIVEN = 5.0, 512
"""How long a request is answered as it was before; so much later than its hour a link may expire."""


@dataclass(frozen=True)
class SignedFile:
    """A content with its media type, the same compressed, and its ETag, which is the same for the same content."""

    content: bytes
    mime: str
    compressed: bytes
    etag: str


class Refusal(Exception):
    """What is asked for is not given: the status of the answer, and the title and text to say.

    `address` is where the reader goes on, seen from the page's folder.
    """

    def __init__(self, status: int, title: str, text: str, address: str = "../") -> None:
        super().__init__(title)
        self.status, self.title, self.text, self.address = status, title, text, address


def signed_file(content: bytes, mime: str) -> SignedFile:
    """A file, compressed and with its ETag."""
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    return SignedFile(content, mime, gzip.compress(content, 6, mtime=0), etag)


def kept(key: tuple[Hashable, ...], make: Callable[[], SignedFile]) -> SignedFile:
    """What `make` gives for this key, made again after any write to the store: a role may have ended, too.

    A refusal is not kept.
    """
    store = data.store()
    return _kept.get(store, store.revision(), key, make)


class _Given:
    """What was given in the last seconds, by request, for a store at one revision. For the server's own thread."""

    def __init__(self) -> None:
        self._made_of: tuple[object, str] | None = None
        self._files: OrderedDict[Hashable, tuple[SignedFile, float]] = OrderedDict()

    def find(self, made_of: tuple[object, str], key: Hashable) -> SignedFile | None:
        if self._made_of != made_of:
            self._made_of = made_of
            self._files.clear()
        file, until = self._files.get(key, (None, 0.0))
        return file if time.monotonic() < until else None

    def put(self, made_of: tuple[object, str], key: Hashable, file: SignedFile) -> None:
        if self._made_of == made_of:  # else something was written while the file was made
            self._files[key] = (file, time.monotonic() + _AGAIN_SECONDS)
            self._files.move_to_end(key)
            while len(self._files) > _MOST_GIVEN:
                self._files.popitem(last=False)


_given = _Given()


async def _found(request: Request, make: Callable[[], SignedFile]) -> SignedFile:
    """What `make` gives, or what it gave for the same request moments ago if nothing was written since.

    Readers come many at once, and a thread for each would take longer than all the rest. A shared store has to be
    queried for whether something was written, so there each request gets its thread.
    """
    if not data.store.is_made or data.store().is_shared:
        return await asyncio.to_thread(make)
    made_of = (data.store(), data.store().revision())
    asked = (request.scope["path"], request.scope["query_string"], request.headers.get("cookie", ""))
    key = (str(request.base_url), *asked)
    found = _given.find(made_of, key)
    if found is None:
        found = await asyncio.to_thread(make)
        _given.put(made_of, key, found)
    return found


def as_text(refusal: Refusal) -> Response:
    """A refusal as programs read it."""
    return PlainTextResponse(refusal.text, status_code=refusal.status)


def refusal_of(error: Exception, title: str, status: int = 400) -> Refusal:
    """What is said of an error: a `Refusal` as it is, another UserError with this title and status, a store or settings
    that cannot be read as 503, a bug as 500 with its number, as on every page."""
    if isinstance(error, Refusal):
        return error
    if isinstance(error, UserError):
        return Refusal(503 if isinstance(error, StoreError | SettingError) else status, title, error.text())
    return Refusal(500, "Something went wrong", record_incident(error, data.directory()).text())


async def answer(
    request: Request,
    make: Callable[[], SignedFile],
    *,
    say: Callable[[Refusal], Response] = as_text,
    caching: str = "max-age=0",
    varies: str = "Accept-Encoding",
) -> Response:
    """The file that `make` gives, compressed for readers that take it so, or 304 where the reader has it already.

    What `make` raises is answered by `say`, as `refusal_of` has it. `caching` and `varies` are for the reader's own
    cache.
    """
    try:
        found = await _found(request, make)
    except Exception as error:
        return say(refusal_of(error, "This can't be shown"))
    headers = {"ETag": found.etag, "Cache-Control": f"private, {caching}", "Vary": varies}
    if found.etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    headers["Content-Type"] = found.mime
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(found.compressed, headers={**headers, "Content-Encoding": "gzip"})
    return Response(found.content, headers=headers)
