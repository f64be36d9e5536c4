"""What is served without a page: files go up from people who may, up to a size, and closed tabs leave none behind."""

from __future__ import annotations

import asyncio
from collections import Counter
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.responses import PlainTextResponse
from starlette.types import Message, Receive, Scope, Send
from streamlit import config

from pages.components.session import gate
from pages.components.session.gate import LEFT_SECONDS, MOST, MOST_OF_SESSION, Gate, drop_left_files
from tests.coroutines import finished

MEGABYTE = 1024**2


async def streamlit(scope: Scope, receive: Receive, send: Send) -> None:
    await PlainTextResponse("taken", status_code=204)(scope, receive, send)


def ask(app: Gate, path: str, method: str = "PUT", **headers: str) -> int:
    """The status of the answer."""
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "method": method, "path": path, "query_string": b"", "root_path": ""}
    pairs = {name.replace("_", "-"): value for name, value in headers.items()}
    scope["headers"] = [(name.encode(), value.encode("latin-1")) for name, value in pairs.items()]
    finished(app(scope, receive, send))
    return int(sent[0]["status"])


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """What the server holds; whoever asks may upload."""
    kept: Counter[str] = Counter()
    monkeypatch.setattr(gate, "held_bytes", lambda: kept)
    monkeypatch.setattr(gate, "may_upload", lambda headers: True)
    return kept


def test_a_file_is_taken_from_who_may_upload(held: Counter[str]) -> None:
    assert ask(Gate(streamlit), "/_stcore/upload_file/a/1", content_length="10") == 204


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_who_may_not_upload_neither_puts_nor_deletes(
    held: Counter[str], monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    monkeypatch.setattr(gate, "may_upload", lambda headers: False)
    assert ask(Gate(streamlit), "/_stcore/upload_file/a/1", method, content_length="10") == 403


@pytest.mark.parametrize("below", ["", "pulse", "static"])
def test_who_is_not_signed_in_gets_the_fonts_and_no_file(monkeypatch: pytest.MonkeyPatch, below: str) -> None:
    monkeypatch.setattr(gate, "may_look", lambda headers: False)
    monkeypatch.setattr(config, "get_option", {"server.baseUrlPath": below}.__getitem__)
    start = f"/{below}" if below else ""
    assert ask(Gate(streamlit), f"{start}/static/media/Symbols.woff2", "GET") == 204
    assert ask(Gate(streamlit), f"{start}/media/0123.xlsx", "GET") == 403
    assert ask(Gate(streamlit), f"{start}/media/static/media/0123.xlsx", "GET") == 403


def test_a_file_of_unknown_size_is_not_taken(held: Counter[str]) -> None:
    assert ask(Gate(streamlit), "/_stcore/upload_file/a/1") == 411


def test_one_session_holds_so_many_bytes_and_no_more(held: Counter[str]) -> None:
    held["a"] = MOST_OF_SESSION - 5 * MEGABYTE
    app = Gate(streamlit)
    assert ask(app, "/_stcore/upload_file/a/1", content_length=str(5 * MEGABYTE)) == 204
    assert ask(app, "/_stcore/upload_file/a/1", content_length=str(6 * MEGABYTE)) == 413
    assert ask(app, "/_stcore/upload_file/b/1", content_length=str(6 * MEGABYTE)) == 204


def test_all_sessions_together_hold_so_many_bytes_and_no_more(held: Counter[str]) -> None:
    held.update({str(number): MOST // 10 for number in range(10)})
    assert ask(Gate(streamlit), "/_stcore/upload_file/new/1", content_length=str(MEGABYTE)) == 503


def test_files_that_are_still_on_their_way_count(held: Counter[str]) -> None:
    statuses: list[int] = []

    async def slow(scope: Scope, receive: Receive, send: Send) -> None:
        if not statuses:
            statuses.append(0)
            statuses.append(await asyncio.to_thread(ask, app, "/_stcore/upload_file/a/2", content_length=half))
        await streamlit(scope, receive, send)

    app, half = Gate(slow), str(MOST_OF_SESSION // 2 + 1)
    assert ask(app, "/_stcore/upload_file/a/1", content_length=half) == 204
    assert statuses == [0, 413]


class Server:
    """What the gate asks of Streamlit's server."""

    def __init__(self, files: dict[str, int], active: set[str]) -> None:
        self.active = active
        self.files = {session: {"file": SimpleNamespace(data=b"x" * size)} for session, size in files.items()}
        self.uploaded_file_mgr = SimpleNamespace(file_storage=self.files, remove_session_files=self.files.pop)
        self._session_mgr = SimpleNamespace(list_sessions=list)

    def is_active_session(self, session: str) -> bool:
        return session in self.active


def test_what_a_closed_tab_left_is_dropped_and_a_tab_that_comes_back_keeps_it(monkeypatch: pytest.MonkeyPatch) -> None:
    server: Any = Server({"open": 3, "closed": 5, "back": 7}, {"open"})
    monkeypatch.setattr(gate, "runtime", SimpleNamespace(exists=lambda: True, get_instance=lambda: server))
    left: dict[str, float] = {}
    drop_left_files(left, 0.0)
    server.active.add("back")
    drop_left_files(left, LEFT_SECONDS - 1)
    assert set(server.files) == {"open", "closed", "back"}
    drop_left_files(left, LEFT_SECONDS)
    assert set(server.files) == {"open", "back"} and not left
