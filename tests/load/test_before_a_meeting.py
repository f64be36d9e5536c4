"""A district opens the dashboard at once: a hundred people in a minute, and browsers that go away or stop reading."""

from __future__ import annotations

import asyncio
import json
import time
import urllib.request
from collections.abc import Iterator

import pytest
import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg

from pd_core.codebook import Codebook
from pd_core.storage import open_store
from tests.benchmarks.district import fill, put_plan
from tests.benchmarks.visitors import memory_of, visit
from tests.server import Server, started

pytestmark = pytest.mark.benchmarks
SCHOOLS, PEOPLE, MINUTE = 60, 100, 60.0
WIDGET = "filter_school"
DROPPED, AT_ONCE = 1_000, 50
SLOW = 20
"""Browsers that ask for a page and read nothing of it."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, codebook: Codebook) -> Iterator[Server]:
    path = tmp_path_factory.mktemp("load") / "pd.duckdb"
    store = open_store(str(path), list(codebook.items.values()))
    fill(store, codebook, schools=SCHOOLS, responses=SCHOOLS * 5 * 30)
    put_plan(store, codebook, sessions=2 * SCHOOLS)
    store.close()
    with started(path) as running:
        yield running


def test_a_hundred_people_within_a_minute_wait_less_than_a_second(server: Server) -> None:
    took = visit(
        server.address, WIDGET, people=PEOPLE, seconds=1.5 * MINUTE, think=8, process=server.process, arriving=MINUTE
    )
    middle, late = (1000 * took.percentile(share) for share in (0.5, 0.95))
    print(json.dumps({"reruns": len(took.seconds), "p50 ms": round(middle), "p95 ms": round(late)}))
    assert took.errors == []
    assert late < 1000


def test_browsers_that_go_away_or_stop_reading_leave_it_answering(server: Server) -> None:
    before = memory_of(server.process)
    asyncio.run(_rude(server.address))
    begin = time.monotonic()
    with urllib.request.urlopen(f"{server.address}/health", timeout=5) as answer:
        assert answer.status == 200
    assert time.monotonic() - begin < 1
    took = visit(server.address, WIDGET, people=2, seconds=10, think=0.5, process=server.process)
    grown = (memory_of(server.process) - before) / 1e6
    print(json.dumps({"p95 ms": round(1000 * took.percentile(0.95)), "memory MB more": round(grown)}))
    assert took.errors == []
    assert took.percentile(0.95) < 1
    assert grown < 200


async def _rude(address: str) -> None:
    """A thousand browsers that ask for a page and are gone, fifty at once, while others never read theirs."""
    url = address.replace("http", "ws", 1) + "/_stcore/stream"
    ask = BackMsg()
    ask.rerun_script.query_string = ""
    places = asyncio.Semaphore(AT_ONCE)

    def connected(**how: int) -> websockets.connect:
        subprotocols = [websockets.Subprotocol("streamlit")]
        return websockets.connect(url, subprotocols=subprotocols, max_size=None, open_timeout=60, **how)

    async def gone() -> None:
        async with places:
            socket = await connected()
            await socket.send(ask.SerializeToString())
            socket.transport.abort()

    slow = [await connected(max_queue=1) for _ in range(SLOW)]
    for socket in slow:
        await socket.send(ask.SerializeToString())
    await asyncio.gather(*(gone() for _ in range(DROPPED)))
    for socket in slow:
        socket.transport.abort()
