"""Visitors over real WebSockets: each opens a page and changes a filter, as a browser would, and waits for the end."""

from __future__ import annotations

import asyncio
import os
import random
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from tests.visitor import handshake

Widgets = dict[str, tuple[str, list[str]]]


@dataclass
class Visits:
    """Seconds of each rerun, what failed, and the server's memory in bytes before and at most."""

    seconds: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    memory_before: int = 0
    memory_most: int = 0

    def percentile(self, share: float) -> float:
        """The rerun time (seconds) that this share (0-1) of all reruns stays under."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def visit(
    address: str,
    widget: str,
    *,
    people: int,
    seconds: float,
    think: float,
    process: int,
    arriving: float | None = None,
    cookies: Mapping[str, str] | None = None,
) -> Visits:
    """So many people for so long, each changing `widget` (its key) every `think` seconds on average.

    They come over `arriving` seconds; null: within the time they think, 5 seconds at most. `cookies` sign them in.
    """
    come = min(5.0, think) if arriving is None else arriving
    return asyncio.run(_visit(address, widget, people, seconds, think, process, come, cookies))


def look_at_all(address: str, widget: str, cookies: Mapping[str, str] | None = None) -> None:
    """One person chooses each option of `widget` once, so that the server has made the figures of all."""
    asyncio.run(_look_at_all(address, widget, cookies))


async def _look_at_all(address: str, widget: str, cookies: Mapping[str, str] | None) -> None:
    async with _connection(address, cookies) as socket:
        widgets: Widgets = {}
        await _run(socket, BackMsg(), widgets)
        for option in list(widgets[widget][1]):
            await _run(socket, _choice(widgets[widget][0], option), widgets)


async def _visit(
    address: str,
    widget: str,
    people: int,
    seconds: float,
    think: float,
    process: int,
    come: float,
    cookies: Mapping[str, str] | None,
) -> Visits:
    found = Visits(memory_before=memory_of(process))
    stop = time.monotonic() + seconds
    tasks = [
        asyncio.create_task(_person(number, address, widget, stop, think, come, found, cookies))
        for number in range(people)
    ]
    while not all(task.done() for task in tasks):
        await asyncio.sleep(0.5)
        found.memory_most = max(found.memory_most, memory_of(process))
    await asyncio.gather(*tasks)
    return found


async def _person(
    number: int,
    address: str,
    widget: str,
    stop: float,
    think: float,
    come: float,
    found: Visits,
    cookies: Mapping[str, str] | None,
) -> None:
    chance = random.Random(number)
    await asyncio.sleep(chance.random() * come)
    try:
        async with _connection(address, cookies) as socket:
            widgets: Widgets = {}
            await _run(socket, BackMsg(), widgets)
            while time.monotonic() < stop:
                await asyncio.sleep(think * chance.uniform(0.5, 1.5))
                widget_id, options = widgets[widget]
                message = _choice(widget_id, chance.choice(options))
                begin = time.perf_counter()
                await _run(socket, message, widgets)
                found.seconds.append(time.perf_counter() - begin)
    except Exception as error:
        found.errors.append(repr(error))


def _connection(address: str, cookies: Mapping[str, str] | None) -> websockets.connect:
    url = address.replace("http", "ws", 1) + "/_stcore/stream"
    return websockets.connect(url, max_size=None, open_timeout=60, ping_interval=None, **handshake(address, cookies))


def _choice(widget_id: str, option: str) -> BackMsg:
    message = BackMsg()
    state = message.rerun_script.widget_states.widgets.add()
    state.id, state.string_value = widget_id, option
    return message


async def _run(socket: Any, message: BackMsg, widgets: Widgets) -> None:
    """Asks for a run of the page and takes in what it sends, until it has finished."""
    message.rerun_script.query_string = message.rerun_script.query_string
    await socket.send(message.SerializeToString())
    while True:
        answer = ForwardMsg()
        answer.ParseFromString(await asyncio.wait_for(socket.recv(), 60))
        kind = answer.WhichOneof("type")
        if kind == "script_finished":
            return
        if kind == "delta" and answer.delta.WhichOneof("type") == "new_element":
            element = answer.delta.new_element
            if element.WhichOneof("type") == "selectbox":
                box = element.selectbox
                widgets[box.id.rsplit("-", 1)[-1]] = (box.id, list(box.options))


def memory_of(process: int) -> int:
    """The resident memory of a process, in bytes."""
    with open(f"/proc/{process}/statm", encoding="ascii") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
