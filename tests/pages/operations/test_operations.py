"""What the server says of itself: alive, ready or why not, figures, log lines."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import Message, Receive, Scope, Send

from pages.components import data
from pages.components.operations import log_lines, metrics, probes, requests
from pages.components.operations.log_lines import JsonLines
from pages.components.operations.requests import Counts, Requests, kind_of
from pd_core.config import Settings, load_settings
from pd_core.errors import CodebookError, SettingError, StoreError, StoreInUse
from pd_core.storage import Store
from tests.coroutines import finished

TOKEN = "a token of the tests that is long enough"
HERE = ("127.0.0.1", "localhost:8501")
ELSEWHERE = ("203.0.113.7", "pulse.example.org")


@pytest.fixture(autouse=True)
def running(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that is up, with a store."""
    settings = load_settings({"PD_STORE": str(tmp_path / "pd.duckdb"), "PD_METRICS_TOKEN": TOKEN})
    monkeypatch.setattr(data, "settings", lambda: settings)
    monkeypatch.setattr(data, "store", opened := lambda: store)
    opened.is_made = True  # type: ignore[attr-defined]
    monkeypatch.setattr(probes.state, "is_up", True)
    monkeypatch.setattr(metrics, "counts", counts := Counts())
    monkeypatch.setattr(requests, "counts", counts)


def asked(place: tuple[str, str] = HERE, **headers: str) -> Request:
    client, host = place
    sent = {"host": host, **headers}
    return Request(
        {"type": "http", "method": "GET", "client": (client, 1), "query_string": b"", "path": "/",
         "headers": [(name.encode(), value.encode()) for name, value in sent.items()]}
    )  # fmt: skip


def answered(answer: JSONResponse) -> tuple[int, Any]:
    return answer.status_code, json.loads(bytes(answer.body))


def failing(error: Exception) -> Callable[..., Any]:
    def fails(*_: object) -> None:
        raise error

    return fails


def test_a_server_that_can_serve_says_so() -> None:
    assert answered(finished(probes.ready(asked()))) == (200, {"status": "ready"})
    assert answered(finished(probes.health(asked()))) == (200, {"status": "ok"})


@pytest.mark.parametrize(
    ("what", "name", "error"),
    [
        ("settings", "settings", SettingError("A setting cannot be used.")),
        ("codebook", "check_codebook", CodebookError("skills.csv, row 3")),
        ("store", "store", StoreInUse("The store is in use by another program (process 7).")),
    ],
)
def test_why_it_cannot_is_for_this_computer_and_what_for_all(
    what: str, name: str, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(data, name, fails := failing(error))
    fails.is_made = False  # type: ignore[attr-defined]
    assert answered(finished(probes.ready(asked()))) == (
        503, {"status": "not ready", "reasons": [{"what": what, "why": str(error)}]},
    )  # fmt: skip
    assert answered(finished(probes.ready(asked(ELSEWHERE)))) == (
        503, {"status": "not ready", "reasons": [{"what": what}]},
    )  # fmt: skip
    assert finished(probes.health(asked())).status_code == 200, "a restart would not help"


def test_before_the_warm_up_and_after_the_last_visitor_it_is_not_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probes.state, "is_up", False)
    status, said = answered(finished(probes.ready(asked())))
    assert status == 503 and said["status"] == "starting or stopping"


def test_a_store_that_broke_asks_for_a_restart(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "check", failing(StoreError("The store could not be read.", "Restart PD Pulse.")))
    status, said = answered(finished(probes.health(asked())))
    assert status == 503 and "Restart PD Pulse." in said["reasons"][0]["why"]


def test_a_database_that_is_away_asks_for_no_restart(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "is_shared", True)
    monkeypatch.setattr(store, "check", failing(StoreError("The database does not answer.")))
    assert answered(finished(probes.health(asked()))) == (200, {"status": "ok"})
    assert answered(finished(probes.ready(asked())))[0] == 503


def read(request: Request) -> Response:
    return finished(metrics.route(request))


def test_the_memory_of_a_copy_of_the_store_is_a_figure(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "pd_pulse_copy_bytes" not in bytes(read(asked()).body).decode()
    monkeypatch.setattr(store, "mirror", SimpleNamespace(size=lambda: 4_000_000, close=list))
    assert "\npd_pulse_copy_bytes 4000000\n" in bytes(read(asked()).body).decode()


def test_figures_are_in_the_format_of_prometheus() -> None:
    requests.counts.add("page", "GET", 200, 0.03)
    requests.counts.add("page", "GET", 200, 20.0)
    text = bytes(read(asked()).body).decode()
    assert text.endswith("\n") and "pd_pulse_ready 1\n" in text
    assert 'pd_pulse_requests_total{kind="page",method="GET",status="200"} 2\n' in text
    assert 'pd_pulse_request_seconds_bucket{kind="page",le="0.05"} 1\n' in text
    assert 'pd_pulse_request_seconds_bucket{kind="page",le="+Inf"} 2\n' in text
    assert 'pd_pulse_request_seconds_sum{kind="page"} 20.030000\n' in text
    if sys.platform == "linux":
        assert "process_resident_memory_bytes " in text
    named = {line.split()[2] for line in text.splitlines() if line.startswith("# TYPE")}
    assert all(
        line.split("{")[0].split(" ")[0].startswith(tuple(named)) for line in text.splitlines() if line[0] != "#"
    )


def test_other_computers_need_the_token(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read(asked(ELSEWHERE)).status_code == 403
    assert read(asked(ELSEWHERE, authorization="Bearer another")).status_code == 403
    assert read(asked(ELSEWHERE, authorization=f"Bearer {TOKEN}")).status_code == 200
    none: Settings = load_settings({})
    monkeypatch.setattr(data, "settings", lambda: none)
    assert read(asked(ELSEWHERE, authorization="Bearer ")).status_code == 403


def passed(path: str, status: int = 200, **headers: str) -> list[Message]:
    """What a request to a path is answered with, through the middleware."""
    sent: list[Message] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        logging.getLogger("streamlit.tests").warning("in the middle")
        await send({"type": "http.response.start", "status": status, "headers": []})

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.disconnect"}

    pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": "GET", "path": path, "headers": pairs, "query_string": b"token=secret"}
    finished(Requests(app)(scope, receive, send))
    return sent


@pytest.fixture
def lines() -> Iterator[list[dict[str, Any]]]:
    """The JSON lines that are logged."""
    found: list[dict[str, Any]] = []

    class Kept(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            found.append(json.loads(self.format(record)))

    kept = Kept()
    kept.setFormatter(JsonLines())
    loggers = [logging.getLogger(name) for name in (log_lines.REQUESTS, "streamlit.tests")]
    for logger in loggers:
        logger.addHandler(kept)
        logger.setLevel(logging.INFO)
    yield found
    for logger in loggers:
        logger.removeHandler(kept)
        logger.setLevel(logging.NOTSET)


def test_a_request_has_an_id_in_its_answer_and_its_log_lines_but_not_its_address(lines: list[dict[str, Any]]) -> None:
    (start,) = passed("/next-day/a.secret.token", 404, x_request_id="from-the-proxy")
    assert (b"x-request-id", b"from-the-proxy") in start["headers"]
    between, last = lines
    assert between["request_id"] == last["request_id"] == "from-the-proxy"
    assert (last["kind"], last["method"], last["status"]) == ("next-day", "GET", 404) and last["ms"] >= 0
    assert "secret" not in json.dumps(lines)
    assert requests.counts.requests == {("next-day", "GET", 404): 1}


def test_a_run_of_a_page_has_the_id_of_its_session_which_is_not_streamlits(
    lines: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def in_session(name: str) -> None:
        running = SimpleNamespace(session_id=name)
        monkeypatch.setattr(log_lines, "get_script_run_ctx", lambda suppress_warning: running)
        log_lines.note_run("growth", 0.0421)

    for name in ("session of Ada", "session of Ada", "session of Ben"):
        in_session(name)
    assert [(line["message"], line["page"], line["ms"]) for line in lines] == [("run", "growth", 42.1)] * 3
    ada, again, ben = (line["session_id"] for line in lines)
    assert ada == again != ben and len(ada) == 16
    assert "session of" not in json.dumps(lines)
    monkeypatch.undo()
    log_lines.note_run("growth", 0.1)
    assert "session_id" not in lines[-1]


def test_an_id_that_could_forge_a_line_is_not_taken() -> None:
    (start,) = passed("/", x_request_id='x" } forged')
    (given,) = [value for name, value in start["headers"] if name == b"x-request-id"]
    assert len(given) == 16 and given.isalnum()


def test_an_error_is_logged_by_its_type_and_not_by_what_it_quotes(lines: list[dict[str, Any]]) -> None:
    try:
        raise ValueError("what a teacher wrote")
    except ValueError:
        logging.getLogger("streamlit.tests").exception("It failed.")
    assert lines[0]["error"] == "ValueError" and "teacher" not in json.dumps(lines)


@pytest.mark.parametrize(
    ("path", "kind"), [("/", "page"), ("/growth", "page"), ("/feed/needs.csv", "feed"), ("/uploads", "uploads")]
)
def test_requests_are_counted_by_kind(path: str, kind: str) -> None:
    assert kind_of(path) == kind


@pytest.mark.parametrize(("name", "value"), [("PD_LOG", "xml"), ("PD_METRICS_TOKEN", "short")])
def test_settings_that_cannot_be_used_are_said_and_no_token_is_shown(name: str, value: str) -> None:
    with pytest.raises(SettingError) as error:
        load_settings({name: value})
    assert name in error.value.text() and "short'" not in error.value.text()
