"""Readers who ask a running server for pages at the same time, each over a connection that stays open."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from urllib.parse import urlsplit


def ask(addresses: Sequence[str], *, readers: int, seconds: float, pause: float) -> list[float]:
    """How long each answer took (seconds) while `readers` asked again and again, each `pause` seconds after the last
    time it asked; without a pause, as soon as it was answered. Raises AssertionError for an answer other than 200."""
    return asyncio.run(_ask(addresses, readers, seconds, pause))


async def _ask(addresses: Sequence[str], readers: int, seconds: float, pause: float) -> list[float]:
    took: list[float] = []
    began = time.perf_counter()

    async def reader(number: int) -> None:
        address = urlsplit(addresses[number % len(addresses)])
        incoming, outgoing = await asyncio.open_connection(address.hostname, address.port)
        path = f"{address.path}?{address.query}" if address.query else address.path
        request = f"GET {path} HTTP/1.1\r\nHost: {address.netloc}\r\nAccept-Encoding: gzip\r\n\r\n".encode()
        turn = began + pause * number / readers  # they do not all ask at the same moment
        while turn < began + seconds:
            await asyncio.sleep(turn - time.perf_counter())
            asked = time.perf_counter()
            outgoing.write(request)
            head = (await incoming.readuntil(b"\r\n\r\n")).lower()
            assert head.startswith(b"http/1.1 200"), head
            await incoming.readexactly(int(head.partition(b"content-length: ")[2].partition(b"\r\n")[0]))
            took.append(time.perf_counter() - asked)
            turn = max(turn + pause, time.perf_counter())
        outgoing.close()
        await outgoing.wait_closed()

    await asyncio.gather(*map(reader, range(readers)))
    return took
