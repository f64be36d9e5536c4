"""Whether the process lives and whether visitors may come, and if not, why not."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st
from starlette.requests import Request
from starlette.responses import JSONResponse

from pages.components import data
from pd_core.error_log import record_incident
from pd_core.errors import StoreError, UserError
from pd_core.sign_in import is_this_computer


@dataclass
class State:
    """Whether the server has warmed up and is not stopping."""

    is_up: bool = False


state = State()


async def health(request: Request | None) -> JSONResponse:
    """Liveness check, for the process supervisor: 503 where only a restart helps."""
    broken = await asyncio.to_thread(_broken)
    return _answer(request, "ok", "broken", {"store": broken} if broken else {})


async def ready(request: Request | None) -> JSONResponse:
    """Readiness check, for the load balancer: 503 while pages could only say what is wrong."""
    if not state.is_up:
        return _answer(request, "ready", "starting or stopping", {"server": "It is starting or stopping."})
    return _answer(request, "ready", "not ready", await asyncio.to_thread(problems))


def problems() -> dict[str, str]:
    """What keeps pages from being shown, to why; empty where nothing does."""
    checks: dict[str, Callable[[], object]] = {
        "settings": data.settings,
        "codebook": data.check_codebook,
        "store": _read,
    }
    for what, use in checks.items():
        try:
            use()
        except UserError as error:
            return {what: error.text()}
        except Exception as error:  # a bug, which gets a number as on every page
            return {what: record_incident(error, data.directory()).text()}
    return {}


def may_know(request: Request | None) -> bool:
    """Whether a request comes from this computer itself, which learns why and not only what."""
    if request is None or request.client is None:
        return False
    return is_this_computer(st.config.get_option("server.address"), request.client.host, request.headers)


def _read() -> None:
    data.store().check()


def _broken() -> str:
    """Why an open store can't be read any more and only a restart helps; empty where it can, or was never open.

    A shared store is read again as soon as its database is back.
    """
    if data.store.is_made and not data.store().is_shared:
        try:
            _read()
        except StoreError as error:
            return error.text()
    return ""


def _answer(request: Request | None, well: str, ill: str, found: dict[str, str]) -> JSONResponse:
    headers = {"Cache-Control": "no-store"}
    if not found:
        return JSONResponse({"status": well}, headers=headers)
    known = may_know(request)
    reasons = [{"what": what, "why": why} if known else {"what": what} for what, why in found.items()]
    return JSONResponse({"status": ill, "reasons": reasons}, status_code=503, headers=headers)
