"""PostgreSQL for the tests: installed programs, a private data folder, loopback only; gone when the tests are."""

from __future__ import annotations

import contextlib
import importlib.util
import itertools
import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.run import postgres_programs

EXTENSION = "duckdb_extension_postgres_scanner"
READY_SECONDS = 60
PATIENCE = "60"
"""Seconds: on a small computer where much begins at once, PostgreSQL may take longer than 10 to answer."""


def missing() -> str:
    """What these tests need and this machine lacks; empty if they can run."""
    lacks = [] if postgres_programs() else ["PostgreSQL is not installed"]
    if importlib.util.find_spec(EXTENSION) is None:
        lacks.append(f"{EXTENSION.replace('_', '-')} is not installed")
    return "; ".join(lacks) + ": run tests/run.py --shared" if lacks else ""


@dataclass(frozen=True)
class Server:
    """A running server, whose databases are gone with it."""

    programs: Path
    port: int
    password: str
    folder: Path
    account: str | None
    _processes: list[subprocess.Popen[bytes]] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def database(self, template: str = "template0") -> str:
        """The URL of a new database, a copy of the one at the URL `template`."""
        name = f"pd{next(self._numbers)}"
        sql = f"create database {name} template {template.rpartition('/')[2]}"
        subprocess.run([self.programs / "psql", self.url("postgres"), "-qXc", sql], check=True)
        return self.url(name)

    def start(self) -> None:
        """Start it, and wait until it answers."""
        options = ("listen_addresses=127.0.0.1", "unix_socket_directories=", f"port={self.port}", "fsync=off")
        command = [self.programs / "postgres", "-D", self.folder / "data"]
        command += [word for option in options for word in ("-c", option)]
        with (self.folder / "log").open("ab") as log:
            process = subprocess.Popen(command, cwd=self.folder, user=self.account, stdout=log, stderr=log)
        self._processes.append(process)
        _wait(self, process, self.folder / "log")

    def stop(self) -> None:
        """Stop it and cut off whoever is still connected; nothing where it does not run."""
        while self._processes:
            process = self._processes.pop()
            process.send_signal(signal.SIGINT)
            process.wait(READY_SECONDS)

    def kill(self) -> None:
        """Kill it and all of its processes, as where the power fails."""
        process = self._processes.pop()
        children = subprocess.run(["pgrep", "-P", str(process.pid)], capture_output=True, text=True, check=False)
        for number in (process.pid, *map(int, children.stdout.split())):
            with contextlib.suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
        process.wait(READY_SECONDS)

    @property
    def process(self) -> int:
        """The number of its first process, while it runs."""
        return self._processes[-1].pid

    def url(self, database: str) -> str:
        """The address of one of its databases."""
        return f"postgresql://pd:{self.password}@127.0.0.1:{self.port}/{database}"


@contextmanager
def running() -> Iterator[Server]:
    """A server that is stopped at the end, and its data deleted; meanwhile this program and those that it starts wait
    longer for an answer of it."""
    with pytest.MonkeyPatch.context() as patient:
        patient.setenv("PGCONNECT_TIMEOUT", PATIENCE)
        with _running() as server:
            yield server


@contextmanager
def _running() -> Iterator[Server]:
    programs = postgres_programs()
    assert programs is not None, missing()
    folder = Path(tempfile.mkdtemp(prefix="pd-postgres-"))
    account = _account()  # PostgreSQL does not run as root
    server = Server(programs, _free_port(), secrets.token_hex(16), folder, account)
    try:
        (folder / "password").write_text(server.password)
        if account:
            for path in (folder, folder / "password"):
                shutil.chown(path, account)
        make = ["initdb", "-D", folder / "data", "-U", "pd", "-A", "scram-sha-256", "--pwfile", folder / "password"]
        command = [programs / make[0], *make[1:], "--no-sync", "--no-locale", "-E", "UTF8"]
        subprocess.run(command, cwd=folder, user=account, stdout=subprocess.DEVNULL, check=True)
        try:
            server.start()
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder)


def _wait(server: Server, process: subprocess.Popen[bytes], log: Path) -> None:
    ready = [server.programs / "pg_isready", "-q", "-h", "127.0.0.1", "-p", str(server.port)]
    until = time.monotonic() + READY_SECONDS
    while subprocess.run(ready, check=False).returncode:
        assert process.poll() is None and time.monotonic() < until, log.read_text(errors="replace")
        time.sleep(0.1)


def _account() -> str | None:
    """The account to run as: Debian's own for it where the tests run as root."""
    if os.geteuid():
        return None
    known = subprocess.run(["id", "-u", "postgres"], capture_output=True, check=False).returncode == 0
    return "postgres" if known else "nobody"


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
