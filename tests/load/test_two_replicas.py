"""Two servers with one store in PostgreSQL behind nginx: browsers stay with theirs, and what one stores both show."""

from __future__ import annotations

import json
import os
import re
import signal
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.sync.client import ClientConnection, connect

from pd_core.actions import upload_addresses
from pd_core.codebook import Codebook
from pd_core.storage import open_store
from pd_core.storage.upload_addresses import make_upload_address
from tests.benchmarks.visitors import look_at_all, visit
from tests.forms import survey_workbook
from tests.load.processors import held, processor_seconds
from tests.load.replicas import FAY, KEY, Replicas, behind_nginx, replicas
from tests.postgres import Server as Postgres
from tests.postgres import missing, running
from tests.server import Server
from tests.visitor import handshake
from tests.waiting import wait_until

WIDGET = "filter_school"
BROWSERS, REQUESTS = 12, 5
PEOPLE, SECONDS, THINK = 24, 30.0, 0.2
SHARE, USED = 0.25, 0.8
"""Of one processor: what a server may have, and how much of that it has to use, or something else kept it waiting."""
NEW = 12


@pytest.fixture(scope="module")
def postgres() -> Iterator[Postgres]:
    if lacks := missing():
        pytest.skip(lacks)
    with running() as server:
        yield server


@pytest.fixture
def two(postgres: Postgres, codebook: Codebook, tmp_path: Path) -> Iterator[Replicas]:
    with replicas(postgres, codebook, tmp_path) as found:
        yield found


def asked(address: str, cookie: str = "") -> str:
    """The cookie that came with an answer, empty where none did."""
    request = urllib.request.Request(f"{address}/health", headers={"Cookie": f"pd_replica={cookie}"} if cookie else {})
    with urllib.request.urlopen(request, timeout=30) as answer:
        found = re.match("pd_replica=([0-9a-f]{32});", answer.headers.get("Set-Cookie", ""))
        return found[1] if found else ""


def connections(two: Replicas) -> int:
    """How many connections that stay open nginx has logged: it does so when they have ended."""
    return sum(status == "101" for _, status, _ in two.answered())


def until(socket: ClientConnection, kind: str = "script_finished") -> list[ForwardMsg]:
    """What a page sends until it is done."""
    found = []
    while not found or found[-1].WhichOneof("type") != kind:
        found.append(ForwardMsg.FromString(socket.recv(timeout=60)))
    return found


def opened(server: Server, two: Replicas) -> ClientConnection:
    url = server.address.replace("http", "ws", 1) + "/_stcore/stream"
    return connect(url, max_size=None, **handshake(server.address, two.cookies(server.address)))


@pytest.mark.slow
@pytest.mark.shared
def test_browsers_stay_with_the_server_they_came_to_and_are_spread_over_both(two: Replicas) -> None:
    cookies = [asked(two.address) for _ in range(BROWSERS)]
    assert all(cookies) and len(set(cookies)) == BROWSERS
    for cookie in cookies:
        assert [asked(two.address, cookie) for _ in range(REQUESTS)] == [""] * REQUESTS, "it keeps its cookie"
        url = two.address.replace("http", "ws", 1) + "/_stcore/stream"
        with connect(url, max_size=None, **handshake(two.address, two.cookies() | {"pd_replica": cookie})) as socket:
            socket.send(BackMsg(rerun_script={"query_string": ""}).SerializeToString())
            until(socket)
    wait_until(lambda: connections(two) == BROWSERS, "nginx has written the line of each connection that has ended")
    servers: dict[str, set[str]] = {}
    for cookie, _, server in two.answered():
        servers.setdefault(cookie, set()).add(server)
    assert [len(servers[cookie]) for cookie in cookies] == [1] * BROWSERS
    assert len(set.union(*(servers[cookie] for cookie in cookies))) == 2, "both have some"


@pytest.mark.slow
@pytest.mark.shared
def test_what_one_server_stores_an_open_page_of_the_other_offers_at_its_next_look(
    two: Replicas, codebook: Codebook
) -> None:
    store = open_store(two.location, list(codebook.items.values()))
    token = upload_addresses.token(make_upload_address(store, "school_0001", 90, FAY), KEY.encode())
    store.close()
    first, second = two.servers
    with opened(second, two) as socket:
        socket.send(BackMsg(rerun_script={"query_string": ""}).SerializeToString())
        page = until(socket)
        (script,) = {m.new_session.page_script_hash for m in page if m.WhichOneof("type") == "new_session"}
        looks = [message.auto_rerun for message in page if message.WhichOneof("type") == "auto_rerun"]
        assert looks and all(look.interval <= 30 for look in looks)
        request = urllib.request.Request(
            f"{first.address}/uploads?file=one.xlsx&wave=Fall%202026",
            data=survey_workbook(school="School 0001", n=NEW),
            headers={"Authorization": f"Bearer {token}"},
        )
        with urllib.request.urlopen(request, timeout=60) as answer:
            assert json.load(answer)["rows_added"] == NEW
        seen = []
        for look in looks:  # as the browser does after the interval
            ask = {"query_string": "", "page_script_hash": script, "fragment_id": look.fragment_id}
            socket.send(BackMsg(rerun_script={**ask, "is_auto_rerun": True}).SerializeToString())
            seen += until(socket)
        assert f"{NEW} new answers: show" in str(seen)


@pytest.mark.slow
@pytest.mark.shared
def test_where_a_server_is_killed_its_browsers_are_answered_by_the_other(two: Replicas) -> None:
    cookies = [asked(two.address) for _ in range(BROWSERS)]
    os.kill(two.servers[0].process, signal.SIGKILL)
    for cookie in cookies:
        asked(two.address, cookie)
    assert {status for _, status, _ in two.answered()[-BROWSERS:]} == {"200"}


def busy(found: Replicas, postgres: Postgres) -> dict[str, float]:
    """What there was with visitors who hardly pause: runs of the page, seconds until the last one was done, and the
    seconds of a processor that PostgreSQL, nginx, the servers, and the one that did least took for them."""
    processes = [postgres.process, found.nginx, *(server.process for server in found.servers)]
    before, begin = [processor_seconds(process) for process in processes], time.monotonic()
    took = visit(
        found.address,
        WIDGET,
        people=PEOPLE,
        seconds=SECONDS,
        think=THINK,
        process=processes[-1],
        cookies=found.cookies(),
    )
    seconds = time.monotonic() - begin
    assert took.errors == []
    database, nginx, *each = (processor_seconds(process) - was for process, was in zip(processes, before, strict=True))
    assert min(each) >= USED * SHARE * seconds, f"no server may wait for anything but its turn: {each} in {seconds} s"
    runs = len(took.seconds) + PEOPLE  # each began with a run that is no click
    return {"runs": runs, "seconds": seconds, "servers": sum(each), "PostgreSQL": database, "nginx": nginx}


@pytest.mark.benchmarks
def test_two_servers_do_nearly_twice_as_much_as_one(two: Replicas, postgres: Postgres, tmp_path: Path) -> None:
    """Each server is held to a quarter of a processor, so that neither waits for one, on a small computer too.

    It shows that nothing that they share keeps two servers from twice as much: not the store, its locks and versions,
    not nginx; and that a run costs no more where there are two. It does not show how many clicks PostgreSQL and nginx
    bear: for that, their milliseconds of a processor a run are printed. One and two take turns, as other programs may
    slow the computer down meanwhile.
    """
    (alone := tmp_path / "alone").mkdir()
    for server in two.servers:
        look_at_all(server.address, WIDGET, two.cookies(server.address))
    had: dict[int, dict[str, float]] = {1: {}, 2: {}}
    with (
        behind_nginx(two.servers[:1], two.location, alone) as one,
        held([server.process for server in two.servers], SHARE),
    ):
        for found in (one, two, two, one):
            of_these = had[len(found.servers)]
            for name, figure in busy(found, postgres).items():
                of_these[name] = of_these.get(name, 0) + figure
    for number, figures in had.items():
        used = figures["servers"] / figures["seconds"] / number
        work = {name: round(1000 * figures[name] / figures["runs"], 1) for name in ("servers", "PostgreSQL", "nginx")}
        rate = figures["runs"] / figures["seconds"]
        told = {"servers": number, "share of a processor of each": round(used, 3), "runs a second": round(rate, 1)}
        print(json.dumps({**told, "processor ms a run": work}))
    first, both = (figures["runs"] / figures["seconds"] for figures in had.values())
    print(json.dumps({"times the throughput": round(both / first, 2), "processors": os.cpu_count()}))
    assert both / first >= 1.8
