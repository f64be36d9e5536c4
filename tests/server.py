"""Starts the real server for the tests, on a free port, with a store of its own."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 60
STOP_SECONDS = 15
LOG_BYTES = 1_000_000


COOKIE_SECRET = "a cookie secret of the tests, long enough"


@dataclass(frozen=True)
class Server:
    """A server that runs: its address, its process id, and what it has said, for as long as it runs."""

    address: str
    process: int
    said: Callable[[], str]


@contextmanager
def running_server(store: Path, env: Mapping[str, str] | None = None, **how: Any) -> Iterator[str]:
    """As `started`, for tests that need the address alone."""
    with started(store, env, **how) as server:
        yield server.address


@contextmanager
def started(
    store: Path,
    env: Mapping[str, str] | None = None,
    *,
    script: str = "app.py",
    provider: str | None = None,
    options: Sequence[str] = (),
    port: int | None = None,
) -> Iterator[Server]:
    """A server that keeps its answers in `store`, at `port` or a free one; it is ended with the block.

    With the address of a `provider`, people sign in there. `options` are Streamlit's own. Raises AssertionError with
    the server's own words if it is not ready within START_SECONDS.
    """
    port = port or free_port()
    url = f"http://localhost:{port}"
    command = [sys.executable, "-m", "streamlit", "run", script, "--server.port", str(port)]
    command += ["--server.headless", "true", *options]
    if provider:
        secrets = store.with_name(f"secrets-{port}.toml")
        secrets.write_text(
            f"""[auth]
            redirect_uri = "{url}/oauth2callback"
            cookie_secret = "{COOKIE_SECRET}"
            client_id = "pd-pulse"
            client_secret = "made up for the tests"
            server_metadata_url = "{provider}/.well-known/openid-configuration"
            """,
            encoding="utf-8",
        )
        command += ["--secrets.files", str(secrets)]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "PD_STORE": str(store), **(env or {})}
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT)
        try:
            wait_until_ready(process, f"{url}/ready" if script == "app.py" else f"{url}/_stcore/health")
            # Read in place: the server goes on writing at the end.
            yield Server(url, process.pid, lambda: os.pread(log.fileno(), LOG_BYTES, 0).decode("utf-8", "replace"))
        except NotReady as reason:
            log.seek(0)
            raise AssertionError(f"The server {reason}. It said:\n{log.read()}") from None
        finally:
            stop(process)


def start_address(server: Server) -> str:
    """The address that a server printed, with the token that lets a browser in."""
    found = re.search(rf"PD Pulse is at ({re.escape(server.address)}/start\?token=\S+)", server.said())
    assert found, f"It said:\n{server.said()}"
    return found[1]


class NotReady(Exception):
    """Why the server cannot be used, as the end of a sentence."""


def wait_until_ready(process: subprocess.Popen[bytes], sign_of_life: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(sign_of_life, timeout=2):
                return
        except urllib.error.HTTPError as answer:
            answer.close()
        except (urllib.error.URLError, OSError):
            pass
        try:
            # Waiting for the process to end is the pause between two tries.
            code = process.wait(timeout=0.1)
        except subprocess.TimeoutExpired:
            continue
        raise NotReady(f"ended at once with exit code {code}")
    raise NotReady(f"was not ready after {START_SECONDS} seconds")


def stop(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(timeout=STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
