"""The real server, from outside: who can reach it, and what it sends."""

from __future__ import annotations

import gzip
import json
import os
import re
import socket
import subprocess
import sys
import tomllib
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import pytest
from streamlit import config

from tests.cli.command import process
from tests.server import ROOT, started


class Answer(NamedTuple):
    body: bytes
    headers: dict[str, list[str]]

    def header(self, name: str) -> str:
        return ", ".join(self.headers.get(name.lower(), []))


def get(url: str, **headers: str) -> Answer:
    request = urllib.request.Request(url, headers={name.replace("_", "-"): value for name, value in headers.items()})
    with urllib.request.urlopen(request, timeout=30) as response:
        found: dict[str, list[str]] = {}
        for name, value in response.headers.items():
            found.setdefault(name.lower(), []).append(value)
        return Answer(response.read(), found)


def test_the_first_page_is_found_by_its_name_too(home: str) -> None:
    with urllib.request.urlopen(f"{home}/overview?school=cedar_hollow", timeout=30) as response:
        assert response.url == f"{home}/?school=cedar_hollow"


def another_address_of_this_computer() -> str:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # chooses a network card; nothing is sent
        except OSError:
            return "127.0.0.2"
        address: str = probe.getsockname()[0]
        return address


def test_only_this_computer_can_connect(home: str) -> None:
    address, port = another_address_of_this_computer(), urlsplit(home).port
    with pytest.raises(OSError):
        socket.create_connection((address, port), timeout=2).close()
        pytest.fail(f"the server answers on {address}, where other computers can reach it")


def test_the_process_says_that_it_lives(home: str) -> None:
    assert json.loads(get(f"{home}/health").body) == {"status": "ok"}


def test_the_server_says_that_visitors_may_come(home: str) -> None:
    assert json.loads(get(f"{home}/ready").body) == {"status": "ready"}


def test_no_visitor_is_sent_to_a_server_that_has_not_warmed_up() -> None:
    code = "import asyncio, app; print(asyncio.run(app.probes.ready(None)).status_code)"
    answer = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert answer.stdout.strip() == "503", answer.stderr


def test_commands_reach_the_store_through_the_server(home: str, home_files: Path) -> None:
    answer = process("doctor", "--store", home_files)
    assert answer.returncode == 0, answer.stderr
    assert b"The server, which runs (process " in answer.stdout


@pytest.mark.parametrize("path", ["/", "/upload", "/health", "/_stcore/health"])
def test_every_answer_carries_the_security_headers(home: str, path: str) -> None:
    answer = get(home + path)
    policy = answer.header("Content-Security-Policy")
    assert "frame-ancestors 'self'" in policy and "https://teams.microsoft.com" in policy, "Teams may show it in a tab"
    assert "img-src 'self' data: blob:" in policy, "an image from elsewhere would tell its owner who reads"
    assert answer.header("X-Content-Type-Options") == "nosniff"
    assert answer.header("Referrer-Policy") == "same-origin"


def test_scripts_are_compressed_on_the_way_and_whole_at_the_end(home: str) -> None:
    page = get(home).body.decode()
    script = re.search(r'src="\.?/(static/js/[^"]+\.js)"', page)
    assert script, f"the page names no script: {page[:500]}"
    plain = get(f"{home}/{script[1]}", Accept_Encoding="identity")
    small = get(f"{home}/{script[1]}", Accept_Encoding="gzip")
    assert small.header("Content-Encoding") == "gzip"
    assert gzip.decompress(small.body) == plain.body
    assert len(small.body) < len(plain.body) / 2


def test_what_streamlit_has_compressed_is_not_compressed_again(home: str) -> None:
    answer = get(f"{home}/upload", Accept_Encoding="gzip")
    assert answer.headers["content-encoding"] == ["gzip"]
    assert b"<html" in gzip.decompress(answer.body)


def test_the_home_of_the_account_is_not_looked_at(tmp_path: Path) -> None:
    """As where systemd hides it: sign-in is where the directions and `doctor` say, and nowhere else."""
    home = tmp_path / "home"
    home.write_bytes(b"no folder: nothing below it can be read")
    with started(tmp_path / "pd.duckdb", {"HOME": str(home), "USERPROFILE": str(home)}) as server:
        assert json.loads(get(f"{server.address}/ready").body) == {"status": "ready"}


def test_streamlit_knows_every_setting_that_is_made() -> None:
    known = config.get_config_options()
    made = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert [name for name in leaves(made) if name not in known] == []


def leaves(table: dict[str, object], prefix: str = "") -> Iterator[str]:
    for name, value in table.items():
        if isinstance(value, dict):
            yield from leaves(value, f"{prefix}{name}.")
        else:
            yield prefix + name


def test_a_survey_that_cannot_be_read_is_said_in_the_log_with_file_and_row(tmp_path: Path) -> None:
    for file in (ROOT / "data" / "codebook").glob("*.csv"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    skills = tmp_path / "skills.csv"
    skills.write_text(skills.read_text(encoding="utf-8") + "Power Apps,Power Apps,,,\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", "import app; app.check_survey()"],
        cwd=ROOT,
        env={**os.environ, "PD_CODEBOOK": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "skills.csv, row 14: skill_id is 'Power Apps'" in done.stderr
    assert "Traceback" not in done.stderr
