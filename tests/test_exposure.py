"""No way of starting the server lets strangers see anything by accident."""

from __future__ import annotations

import os
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from websockets.exceptions import WebSocketException

from tests.server import ROOT, free_port, running_server, stop, wait_until_ready
from tests.test_server import another_address_of_this_computer
from tests.visitor import Seen, visit

CLOSED = "PD Pulse is not set up for a network yet"
HEADERS_OF_PROXIES = [
    {"X-Forwarded-For": "203.0.113.7"},
    {"X-Forwarded-Host": "pulse.example.org"},
    {"Forwarded": "for=203.0.113.7"},
    {"X-Real-IP": "203.0.113.7"},
    {"Via": "1.1 proxy"},
    {"Host": "pulse.example.org"},
    {"Host": "localhost.example.org"},
    {"Origin": "https://pulse.example.org"},
]


def answer(url: str, headers: dict[str, str] | None = None) -> tuple[int, str]:
    request = urllib.request.Request(url, headers=headers or {})
    try:
        with urllib.request.urlopen(request, timeout=30) as response:
            return response.status, response.read().decode("utf-8", "replace")
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code, refusal.read().decode("utf-8", "replace")


def said(seen: Seen) -> str:
    """What a page tells that has nothing to show; signs that Markdown would read are escaped in it."""
    return " ".join(seen.texts["alert"]).replace("\\", "")


def expect_closed(url: str, headers: dict[str, str] | None = None) -> None:
    status, body = answer(url, headers)
    assert (status, CLOSED in body) == (403, True), f"{url} {headers or ''} is answered with {status}: {body[:200]}"


@pytest.mark.parametrize("headers", HEADERS_OF_PROXIES, ids=lambda headers: " ".join(*headers.items()))
def test_a_request_through_a_proxy_is_told_how_to_set_up_sign_in(home: str, headers: dict[str, str]) -> None:
    expect_closed(home, headers)
    expect_closed(f"{home}/training_planning", headers)
    expect_closed(f"{home}/_stcore/host-config", headers)
    expect_closed(f"{home}/feed/skill-summary.csv?token=x", headers)


def test_this_computer_itself_is_let_in_as_its_administrator(home: str) -> None:
    seen = visit(home)
    assert "You are the administrator" in seen.everything
    assert CLOSED not in seen.everything


@pytest.mark.parametrize(
    ("options", "env"),
    [
        (["--server.address", "0.0.0.0"], {}),
        pytest.param([], {"STREAMLIT_SERVER_ADDRESS": "0.0.0.0"}, marks=pytest.mark.slow),
        (["--server.address", "0.0.0.0", "--server.enableCORS", "false", "--server.enableXsrfProtection", "false"], {}),
        pytest.param(["--server.address", "::", "--server.allowedHosts", "*"], {}, marks=pytest.mark.slow),
    ],
    ids=["flag", "environment", "without protections", "every host"],
)
def test_bound_to_the_network_without_sign_in_it_answers_nobody(
    tmp_path: Path, options: list[str], env: dict[str, str]
) -> None:
    with running_server(tmp_path / "pd.duckdb", env, options=options) as url:
        expect_closed(url)
        expect_closed(f"{url}/upload?school=lincoln", {"Host": "localhost"})
        with pytest.raises((WebSocketException, OSError)):
            visit(url)


@pytest.mark.slow
def test_another_server_around_the_app_opens_nothing_either(tmp_path: Path) -> None:
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "app:app", "--host", "0.0.0.0", "--port", str(port)]
    with (tmp_path / "log").open("w") as log:
        environment = {**os.environ, "STREAMLIT_SERVER_HEADLESS": "true"}
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        try:
            wait_until_ready(process, f"http://localhost:{port}/ready")
            expect_closed(f"http://{another_address_of_this_computer()}:{port}", {"Host": f"localhost:{port}"})
        finally:
            stop(process)


@pytest.mark.parametrize(
    "script",
    [
        "pages/upload.py",
        pytest.param("pages/overview.py", marks=pytest.mark.slow),
        pytest.param("pages/frame.py", marks=pytest.mark.slow),
    ],
)
def test_a_page_that_is_served_without_the_app_guards_itself(tmp_path: Path, script: str) -> None:
    options = ["--server.address", "0.0.0.0", "--server.allowedHosts", "localhost"]
    with running_server(tmp_path / "pd.duckdb", script=script, options=options) as url:
        assert visit(url).title == CLOSED


def test_a_sign_in_that_is_set_up_badly_opens_nothing(tmp_path: Path) -> None:
    with running_server(tmp_path / "pd.duckdb", provider="http://provider.example.org") as url:
        seen = visit(url)
        assert "server_metadata_url needs https" in said(seen)
        assert seen.title == ""


def test_nobody_chooses_who_they_are_by_a_header(tmp_path: Path) -> None:
    options = ["--server.trustedUserHeaders", '{"X-Email": "email"}']
    provider = "https://accounts.example.org"
    with running_server(tmp_path / "pd.duckdb", provider=provider, options=options) as url:
        seen = visit(url)
        assert "lets visitors choose who they are" in said(seen)
        assert seen.title == ""
