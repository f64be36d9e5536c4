"""Without sign-in, who reaches the server's port is not let in: the printed address is the way."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.cookies import SimpleCookie
from pathlib import Path

import pytest
from streamlit import config
from websockets.exceptions import WebSocketException

from pages.components.session import entrance
from pd_core.config import load_settings
from pd_core.entrance import DAYS, Entrance, kept_secret
from tests.server import Server, start_address, started
from tests.visitor import visit

ON = {"PD_START_TOKEN": "on"}
CLOSED = "Open PD Pulse by its start address"
OPTIONS = {
    "server.address": "localhost",
    "server.port": 8501,
    "server.baseUrlPath": "pulse",
    "server.sslCertFile": None,
}
NOW = datetime(2026, 11, 29, 9, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home") / "pd.duckdb"


@pytest.fixture(scope="module")
def server(place: Path) -> Iterator[Server]:
    """A server as it starts by itself."""
    with started(place, ON) as running:
        yield running


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


def ask(url: str, data: bytes | None = None, **headers: str) -> tuple[int, str, dict[str, str]]:
    request = urllib.request.Request(url, data=data, headers=headers)
    try:
        with urllib.request.build_opener(NoRedirect).open(request, timeout=30) as answer:
            return answer.status, answer.read().decode("utf-8", "replace"), dict(answer.headers)
    except urllib.error.HTTPError as answer:
        with answer:
            return answer.code, answer.read().decode("utf-8", "replace"), dict(answer.headers)


def cookie_of(server: Server) -> dict[str, str]:
    status, _, headers = ask(start_address(server))
    assert (status, headers["location"]) == (303, "/")
    return {name: morsel.value for name, morsel in SimpleCookie(headers["set-cookie"]).items()}


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/upload?school=lincoln",
        "/start",
        "/start?token=guessed",
        "/brief/district",
        "/?link=made",
        "/_stcore/host-config",
        "/feed/_stcore/host-config",
        "/_stcore/upload_file/any-session/any-file",
        "/media/file.csv",
        "/static/js/index.js",
    ],
)
def test_who_reaches_the_port_without_the_address_reads_where_it_is(server: Server, path: str) -> None:
    status, body, _ = ask(f"{server.address}{path}")
    assert (status, CLOSED in body) == (403, True), f"{path} is answered with {status}: {body[:200]}"
    assert "In the window in which it was started it printed an address" in body


def test_no_session_is_opened_without_the_address(server: Server) -> None:
    with pytest.raises((WebSocketException, OSError)):
        visit(server.address)
    name, value = next(iter(cookie_of(server).items()))
    with pytest.raises((WebSocketException, OSError)):
        visit(server.address, cookies={name: value[:-2]})


def test_the_printed_address_lets_a_browser_in_as_administrator_and_works_again(server: Server) -> None:
    for _ in range(2):
        assert "You are the administrator" in visit(server.address, cookies=cookie_of(server)).everything


def test_the_cookie_is_kept_from_scripts_and_has_a_name_of_its_own(server: Server) -> None:
    _, _, headers = ask(start_address(server))
    kept = headers["set-cookie"]
    assert "HttpOnly" in kept and "SameSite=lax" in kept and f"Max-Age={DAYS * 86_400}" in kept
    assert kept.startswith(f"pd_start_{server.address.rpartition(':')[2]}="), "cookies are sent to every port"
    assert start_address(server).partition("token=")[2] not in kept


@pytest.mark.parametrize("path", ["/health", "/ready", "/metrics"])
def test_probes_need_no_cookie(server: Server, path: str) -> None:
    assert ask(f"{server.address}{path}")[0] == 200


@pytest.mark.parametrize("path", ["/feed/skill-summary.csv?token=x", "/calendar/x.ics", "/next-day/x", "/uploads"])
def test_addresses_with_a_token_of_their_own_check_it_themselves(server: Server, path: str) -> None:
    status, body, _ = ask(f"{server.address}{path}", data=b"" if path == "/uploads" else None)
    assert 400 <= status < 500 and CLOSED not in body


def test_a_proxy_or_another_computer_is_not_let_in_by_the_address(server: Server) -> None:
    status, body, _ = ask(start_address(server), **{"X-Forwarded-For": "203.0.113.7"})
    assert status == 403 and "not set up for a network" in body


def test_the_secret_behind_the_cookies_is_for_its_owner_only(server: Server, place: Path) -> None:
    assert (place.parent / "browsers.key").stat().st_mode & 0o077 == 0


def test_a_cookie_outlives_the_server_and_its_address_does_not(tmp_path: Path) -> None:
    secret = kept_secret(tmp_path / "new folder" / "browsers.key")
    first, second = Entrance(secret), Entrance(kept_secret(tmp_path / "new folder" / "browsers.key"))
    assert second.knows(first.cookie(NOW), NOW)
    assert first.admits(first.token) and not second.admits(first.token)


def test_the_address_with_which_a_browser_is_started_works_once() -> None:
    ours = Entrance(b"a secret")
    assert ours.admits(ours.once)
    assert not ours.admits(ours.once)
    assert ours.admits(ours.token)


@pytest.mark.parametrize("token", ["", "guessed", "é", "\udc80", "\x00"])
def test_another_token_opens_nothing(token: str) -> None:
    assert not Entrance(b"a secret").admits(token)


@pytest.mark.parametrize(("age", "is_known"), [(timedelta(days=DAYS), True), (timedelta(days=DAYS, seconds=1), False),
                                              (timedelta(hours=-1), False)])  # fmt: skip
def test_a_cookie_ends(age: timedelta, is_known: bool) -> None:
    ours = Entrance(b"a secret")
    assert ours.knows(ours.cookie(NOW - age), NOW) is is_known
    assert not Entrance(b"another secret").knows(ours.cookie(NOW), NOW)


@pytest.mark.parametrize("left", [b"", b"half a secret"])
def test_half_a_secret_is_none(tmp_path: Path, left: bytes) -> None:
    file = tmp_path / "browsers.key"
    file.write_bytes(left)
    assert len(kept_secret(file)) == 64
    assert kept_secret(file) != kept_secret(file)


def test_where_no_secret_can_be_kept_the_server_has_one_until_it_stops(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    assert len(kept_secret(tmp_path / "file" / "browsers.key")) == 64


@pytest.mark.parametrize(
    ("setting", "is_own", "is_with_token"), [("on", True, True), ("off", True, False), ("on", False, False)]
)
def test_a_browser_is_opened_with_a_token_that_works_once(
    monkeypatch: pytest.MonkeyPatch, setting: str, is_own: bool, is_with_token: bool
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(entrance, "open_browser", opened.append)
    monkeypatch.setattr(entrance.data, "settings", lambda: load_settings({"PD_START_TOKEN": setting}))
    monkeypatch.setattr(entrance, "entrance", lambda: Entrance(b"a secret"))
    monkeypatch.setattr(config, "get_option", {**OPTIONS, "server.headless": False}.__getitem__)
    entrance.open_here(is_own=is_own)
    (address,) = opened
    assert address.startswith("http://localhost:8501/pulse")
    assert ("/start?token=" in address) is is_with_token
    monkeypatch.setattr(config, "get_option", {**OPTIONS, "server.headless": True}.__getitem__)
    entrance.open_here(is_own=is_own)
    assert len(opened) == 1, "a server without a screen opens nothing"
