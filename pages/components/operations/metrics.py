"""Figures about the server for Prometheus, as text; none about answers or schools."""

from __future__ import annotations

import asyncio
import hmac
import os
import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from streamlit import runtime

from pages.components import data
from pages.components.operations.probes import may_know, problems, state
from pages.components.operations.requests import BOUNDS, counts
from pages.components.session.gate import held_bytes
from pd_core.errors import UserError

PATH: Final = "/metrics"
_STARTED = time.time()
_KIND: Final = "text/plain; version=0.0.4; charset=utf-8"


async def route(request: Request) -> Response:
    """The figures, for this computer and for readers with the token of PD_METRICS_TOKEN."""
    if not (may_know(request) or _has_token(request)):
        return PlainTextResponse("Metrics are for this computer, or for readers with PD_METRICS_TOKEN.", 403)
    lines = await asyncio.to_thread(lambda: list(_lines()))
    return Response("\n".join([*lines, ""]), media_type=_KIND)


def _has_token(request: Request) -> bool:
    try:
        token = data.settings().metrics_token
    except UserError:
        return False
    given = request.headers.get("authorization", "")
    return bool(token) and hmac.compare_digest(given.encode(), f"Bearer {token}".encode())


def _lines() -> Iterator[str]:
    yield from _one("pd_pulse_ready", "gauge", "Whether visitors may come.", int(state.is_up and not problems()))
    yield from _one("pd_pulse_start_time_seconds", "gauge", "When the server started, in Unix time.", round(_STARTED))
    yield from _one("pd_pulse_connections", "gauge", "Open connections of browsers.", counts.connections)
    yield from _one("pd_pulse_sessions", "gauge", "Sessions that the server keeps.", _sessions())
    held = sum(held_bytes().values())
    yield from _one("pd_pulse_held_upload_bytes", "gauge", "Uploaded files in memory that are not stored yet.", held)
    if (memory := _memory()) is not None:
        yield from _one("process_resident_memory_bytes", "gauge", "Memory of the process.", memory)
    free = shutil.disk_usage(data.directory()).free if data.directory().exists() else 0
    yield from _one("pd_pulse_disk_free_bytes", "gauge", "Free room where the store is.", free)
    if (size := _store_bytes()) is not None:
        yield from _one("pd_pulse_store_bytes", "gauge", "Size of the store's file.", size)
    if (size := _copy_bytes()) is not None:
        yield from _one("pd_pulse_copy_bytes", "gauge", "Memory of the copy from which pages are read; 0: none.", size)
    yield from _requests()


def _requests() -> Iterator[str]:
    with counts.lock:
        requests, within = dict(counts.requests), {kind: list(numbers) for kind, numbers in counts.within.items()}
        seconds = dict(counts.seconds)
    yield from _head("pd_pulse_requests_total", "counter", "Requests by kind of address, method and status.")
    for (kind, method, status), number in sorted(requests.items()):
        yield f'pd_pulse_requests_total{{kind="{kind}",method="{method}",status="{status}"}} {number}'
    yield from _head("pd_pulse_request_seconds", "histogram", "How long requests took, by kind of address.")
    for kind, numbers in sorted(within.items()):
        below = 0
        for bound, number in zip((*BOUNDS, "+Inf"), numbers, strict=True):
            below += number
            yield f'pd_pulse_request_seconds_bucket{{kind="{kind}",le="{bound}"}} {below}'
        yield f'pd_pulse_request_seconds_sum{{kind="{kind}"}} {seconds[kind]:.6f}'
        yield f'pd_pulse_request_seconds_count{{kind="{kind}"}} {below}'


def _one(name: str, kind: str, help: str, value: float) -> Iterator[str]:
    yield from _head(name, kind, help)
    yield f"{name} {value}"


def _head(name: str, kind: str, help: str) -> Iterator[str]:
    yield f"# HELP {name} {help}"
    yield f"# TYPE {name} {kind}"


def _sessions() -> int:
    if not runtime.exists():
        return 0
    server: Any = runtime.get_instance()
    return len(vars(server)["_session_mgr"].list_sessions())


def _memory() -> int | None:
    """The resident memory of this process in bytes; null where the system does not say it in a file."""
    if sys.platform != "linux":
        return None
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def _store_bytes() -> int | None:
    try:
        known = data.settings()
        return None if known.is_remote else Path(known.store).stat().st_size
    except (UserError, OSError):
        return None


def _copy_bytes() -> int | None:
    """Memory of the copy of a store in PostgreSQL; null where there is to be none."""
    try:
        copy = data.store().mirror
        return None if copy is None else copy.size()
    except UserError:
        return None
