"""Starts the real server for the tests, on a free port, with a store of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 60
STOP_SECONDS = 15


@contextmanager
def running_server(store: Path, env: Mapping[str, str] | None = None) -> Iterator[str]:
    """The address of a server that keeps its answers in `store`; it is ended with the block.

    Raises AssertionError with the server's own words if it is not ready within START_SECONDS.
    """
    port = free_port()
    url = f"http://localhost:{port}"
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    command += ["--server.headless", "true"]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "PD_STORE": str(store), **(env or {})}
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT)
        try:
            wait_until_ready(process, url)
            yield url
        except NotReady as reason:
            log.seek(0)
            raise AssertionError(f"The server {reason}. It said:\n{log.read()}") from None
        finally:
            stop(process)


class NotReady(Exception):
    """Why the server cannot be used, as the end of a sentence."""


def wait_until_ready(process: subprocess.Popen[bytes], url: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{url}/ready", timeout=2):
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
