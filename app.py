"""The server. `streamlit run app.py` starts it; what people see begins in pages/frame.py."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import streamlit as st
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.routing import Route

from pages.components import addresses, data
from pages.components.browser.bursts import InBursts
from pages.components.browser.middleware import StyleAndScript
from pages.components.documents import plain_pages
from pages.components.documents.phones import BriefFirst
from pages.components.feeds import route as feeds
from pages.components.next_day import route as next_day
from pages.components.operations import log_lines, metrics, probes
from pages.components.operations.requests import Requests
from pages.components.session import entrance
from pages.components.session.authentication import has_sign_in
from pages.components.session.gate import Gate, keep_dropping
from pages.components.session.middleware import OnlyThisComputer, SecurityHeaders, WayBack
from pages.components.sessions import feed
from pages.components.upload import inbox
from pages.components.upload import route as uploads
from pd_core.codebook_files import load_codebook
from pd_core.config import load_settings
from pd_core.errors import UserError
from pd_core.storage import Store
from pd_core.storage.served import Served

SECONDS_PER_TURN = 0.001
"""How long a thread holds the interpreter while others wait. Each message to a browser waits for a turn, and Python's
5 ms, forty times a page, is what a reader would notice."""


def warm_up() -> None:
    """Load what every page needs before the first visitor arrives.

    Sessions that reach a cold server together would import these at the same time and fail halfway through.
    What is loaded stays loaded, so it is frozen: the garbage collector skips it after each page run.
    """
    import altair
    import pandas  # noqa: F401
    import polars
    import pyarrow  # noqa: F401

    frame = polars.DataFrame({"school": ["A"], "share": [0.5]})
    altair.Chart(frame).mark_bar().encode(x="share:Q", y="school:N").to_dict()
    gc.collect()
    gc.freeze()


def check_survey() -> None:
    """Log what is wrong with the settings or the codebook when the server starts; the pages say it too."""
    try:
        load_codebook(load_settings().codebook)
    except UserError as error:
        logging.getLogger("streamlit").error("%s", error.text(most_details=100))


def open_store() -> None:
    """Open the store, so that commands reach it through this server from the start; the pages say what is wrong."""
    try:
        data.store()
    except UserError as error:
        logging.getLogger("streamlit").error("%s", error.text())


def send_at_once() -> None:
    """Have connections send what is written at once.

    asyncio sees to that only for sockets that say they are TCP, which Streamlit's does not: each answer that is written
    in two parts would wait 40 ms until the browser has confirmed the first.
    """
    for one in gc.get_objects():
        if type(one) is socket.socket and one.family in (socket.AF_INET, socket.AF_INET6):
            with contextlib.suppress(OSError):
                one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


@asynccontextmanager
async def lifespan(server: st.App) -> AsyncIterator[dict[str, Any]]:
    """Serve visitors from the end of the warm-up to the start of the shutdown."""
    sys.setswitchinterval(SECONDS_PER_TURN)
    send_at_once()
    await asyncio.to_thread(warm_up)
    check_survey()
    with contextlib.suppress(UserError):  # the log and every page say what is wrong with the settings
        if load_settings().log == "json":
            log_lines.write_json()
    tasks = [asyncio.create_task(work()) for work in (keep_dropping, inbox.keep_taking)]
    served: list[Served] = []

    def serve_commands(store: Store) -> None:
        try:
            served.extend([] if store.is_shared else [Served(store)])
        except OSError as error:
            logging.getLogger("streamlit").error("Commands cannot reach this server: %s", error.strerror)

    data.when_opened.append(serve_commands)
    await asyncio.to_thread(open_store)
    probes.state.is_up = True
    entrance.announce(is_own=not has_sign_in())
    opening = asyncio.create_task(asyncio.to_thread(entrance.open_here, is_own=not has_sign_in()))
    yield {}
    probes.state.is_up = False
    for task in (*tasks, opening):
        task.cancel()
    for one in served:
        one.close()


app = st.App(
    "pages/frame.py",
    lifespan=lifespan,
    routes=[
        Route("/health", probes.health),
        Route("/ready", probes.ready),
        Route(metrics.PATH, metrics.route),
        Route(feed.PATH, feed.route),
        Route(next_day.PATH, next_day.route, methods=["GET", "POST"]),
        *plain_pages.routes(),
        Route(addresses.FIRST_PAGE, addresses.to_first_page),
        Route(feeds.PATH, feeds.route),
        Route(uploads.PATH, uploads.route, methods=["POST"]),
    ],
    middleware=[
        Middleware(Requests),
        Middleware(SecurityHeaders),
        Middleware(OnlyThisComputer),
        Middleware(BriefFirst),
        Middleware(Gate),
        Middleware(WayBack),
        # Streamlit leaves its own scripts (5 MB) uncompressed; responses it has already compressed pass through as is.
        Middleware(GZipMiddleware, minimum_size=1000, compresslevel=6),
        Middleware(StyleAndScript),
        Middleware(InBursts),
    ],
)
