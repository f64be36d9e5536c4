"""Sends the parts of a page together: first those up to its title, then the rest.

A browser draws the whole page again for each part that comes by itself. page.js sees to the same at the other end,
where parts that were sent together still come one after another.
"""

from __future__ import annotations

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

TOGETHER_SECONDS = 0.01
"""How long a part waits for others at most."""
TITLE_SECONDS = 0.01
"""How long the others wait after the title, which a browser has drawn by then. Only their page waits."""


class InBursts:
    """Sends what a WebSocket is given in bursts. One ends with the page's title, with its script, and in any case after
    TOGETHER_SECONDS."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "websocket":
            await self.app(scope, receive, send)
            return
        bursts = _Bursts(send)
        try:
            await self.app(scope, receive, bursts.take)
        finally:
            bursts.stop()


class _Bursts:
    """The bursts of one connection, sent by a task of their own."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._held: list[Message] = []
        self._ended: asyncio.Queue[tuple[list[Message], float]] = asyncio.Queue()
        self._timer: asyncio.TimerHandle | None = None
        self._sending = asyncio.create_task(self._send_all(), name="bursts")

    async def take(self, message: Message) -> None:
        """Send a message with its burst. Raises what was raised when an earlier one was sent."""
        if message["type"] != "websocket.send":  # the connection opens or closes
            await self._send(message)
            return
        if self._sending.done():
            self._sending.result()
        self._held.append(message)
        part = ForwardMsg.FromString(message["bytes"])
        if part.delta.new_element.heading.tag == "h1":
            self._end(TITLE_SECONDS)
        elif part.WhichOneof("type") == "script_finished":
            self._end()
        elif self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(TOGETHER_SECONDS, self._end)

    def stop(self) -> None:
        """Send nothing more: the connection is closed."""
        if self._timer:
            self._timer.cancel()
        if self._sending.done():
            self._sending.exception()  # no one asked for it
        self._sending.cancel()

    def _end(self, pause: float = 0) -> None:
        """Have the burst sent; the next one waits for so many seconds."""
        if self._timer:
            self._timer.cancel()
            self._timer = None
        self._ended.put_nowait((self._held, pause))
        self._held = []

    async def _send_all(self) -> None:
        while True:
            burst, pause = await self._ended.get()
            for message in burst:
                await self._send(message)
            await asyncio.sleep(pause)
