"""Eight that write and four that read for a minute, on each kind of store: nothing lost, doubled or seen by half."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from pd_core.config import ROOT
from pd_core.storage import Store

from .crowd import Did, faults, in_threads

pytestmark = pytest.mark.slow

Open = Callable[[object], Store]
SECONDS = 60
WRITERS = [f"writer {number}" for number in range(8)]
READERS = [f"reader {number}" for number in range(4)]


def in_programs(location: str, names: list[str], megabytes: int) -> list[Did]:
    """What these did, each a program that opened the store before the first began."""
    command = [sys.executable, "-m", "tests.storage.crowd", location]
    pipes = {"cwd": ROOT, "stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    programs = [subprocess.Popen([*command, name, str(SECONDS), str(megabytes)], **pipes) for name in names]  # type: ignore[call-overload]
    try:
        for program in programs:
            assert program.stdout.readline() == "open\n", "a program did not open the store"
        for program in programs:
            program.stdin.write("go\n")
            program.stdin.flush()
        return [Did(**json.loads(program.communicate()[0])) for program in programs]
    finally:
        for program in programs:
            program.kill()
            program.wait()


def tell(kind: str, crowd: list[Did]) -> None:
    """Say what was done; who waits longest for a turn on a busy computer still has to have had one."""
    stored = [status for did in crowd for _, status, _ in did.stored]
    committed, unchanged = stored.count("committed"), stored.count("unchanged")
    looks = sum(did.looks for did in crowd)
    sys.stderr.write(f"\n{kind}: {committed} uploads committed, {unchanged} unchanged, {looks} looks of readers\n")
    assert all(did.stored or did.looks for did in crowd)
    assert committed and unchanged and looks


@pytest.mark.parametrize("writers, readers", [(8, 4), (24, 8)])
def test_threads_of_one_server_lose_double_and_halve_nothing(
    file: Path, opened: Open, writers: int, readers: int
) -> None:
    store = opened(file)
    names = [f"writer {number}" for number in range(writers)] + [f"reader {number}" for number in range(readers)]
    crowd = in_threads(store, names, SECONDS)
    assert faults(store, crowd) == []
    tell(f"file, {writers + readers} threads", crowd)


@pytest.mark.shared
@pytest.mark.parametrize("kind", ["postgres", "postgres, read from copies", "ducklake in postgres"])
def test_programs_at_one_server_of_databases_lose_double_and_halve_nothing(
    kind: str, opened: Open, request: pytest.FixtureRequest
) -> None:
    location = request.getfixturevalue("new_lake")() if kind.startswith("ducklake") else None
    location = location or request.getfixturevalue("postgres").database()
    store = opened(location)
    crowd = in_programs(location, WRITERS + READERS, 500 * ("copies" in kind))
    assert faults(store, crowd) == []
    tell(f"{kind}, 12 programs", crowd)
