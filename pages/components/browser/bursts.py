"""Sends the parts of a page together: those of its first screen, then the rest; after a click, the title before them.

A browser draws the whole page again for each part that comes by itself. connection.js sees to the same at the other
end, where parts that were sent together still come one after another: each burst ends with a mark.
"""

from __future__ import annotations

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.RootContainer_pb2 import RootContainer

TOGETHER_SECONDS = 0.03
"""How long a part waits for others at most."""
TITLE_SECONDS = 0.01
"""How long the others wait after the title of a page that is there already: a browser begins to draw it before they
come. A new page gets it with its first screen, which is then there 2 to 4 % sooner. Only their page waits."""
END = b"\x88\xd9\xbd\x07"
"""With a number after it, what the last part of a burst ends with: a field of its own, which readers of Streamlit's
messages skip."""
_AT_ONCE = END + b"\x01"
_ONCE_DRAWN = {"vega_lite_chart": END + b"\x02", "dataframe": END + b"\x03"}
"""What a burst ends with whose last part, a chart or a table, is to be drawn before the next burst."""
_ONCE_FILLED = END + b"\x04"
"""What the burst ends with that fills the first screen of a new page: its parts are to be drawn before the next."""
TABLE_OF_HTML = "<table"
"""What our own tables of many rows have, and no other HTML on a page: they fill a first screen."""
SCREEN_PARTS = 20
"""So many parts below the title fill a first screen, if no chart and no table is among them."""


class InBursts:
    """Sends what a WebSocket is given in bursts. One ends with a page's first chart, with its first table, with a first
    screen that has neither or that a table of many schools fills, with its script, with the title of a page that is run
    again, and in any case after TOGETHER_SECONDS."""

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
    """The bursts of one connection. While one is sent, the next parts wait: a browser that reads slowly holds up its
    own page, as it would without bursts."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._held: list[Message] = []
        self._sending = asyncio.Lock()
        self._timer: asyncio.Task[None] | None = None
        self._next = 0.0
        self._drawn: set[str] = set()
        self._page, self._is_new = "", True
        self._left = 0  # parts until a new page's first screen is filled

    async def take(self, message: Message) -> None:
        """Send a message with its burst. Raises what was raised when an earlier one was sent."""
        if message["type"] != "websocket.send":  # the connection opens or closes
            await self._send(message)
            return
        async with self._sending:
            if self._timer and self._timer.done():
                self._timer.result()
            self._held.append(message)
            part = ForwardMsg.FromString(message["bytes"])
            kind, element = part.WhichOneof("type"), part.delta.new_element
            shown = element.WhichOneof("type") or ""
            if kind == "new_session":
                self._drawn.clear()
                page, self._page = self._page, part.new_session.page_script_hash
                self._is_new, self._left = page != self._page, 0
            is_below = self._left > 0 and part.metadata.delta_path[:1] == [RootContainer.MAIN]
            self._left -= is_below
            is_title = element.heading.tag == "h1"
            if is_title and self._is_new:
                self._left = SCREEN_PARTS
            if is_title and not self._is_new:
                await self._send_now()
                self._next = asyncio.get_running_loop().time() + TITLE_SECONDS
            elif shown in _ONCE_DRAWN and shown not in self._drawn:
                self._drawn.add(shown)
                self._left = 0
                await self._send_now(_ONCE_DRAWN[shown])
            elif (is_below and not self._left) or (self._left and TABLE_OF_HTML in element.html.body):
                self._left = 0
                await self._send_now(_ONCE_FILLED)
            elif kind == "script_finished":
                await self._send_now()
            elif self._timer is None:
                self._timer = asyncio.create_task(self._send_later(), name="burst")

    def stop(self) -> None:
        """Send nothing more: the connection is closed."""
        if self._timer and self._timer.done():
            self._timer.exception()  # no one asks for it any more
        elif self._timer:
            self._timer.cancel()

    async def _send_now(self, end: bytes = _AT_ONCE) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None
        await self._send_held(end)

    async def _send_later(self) -> None:
        await asyncio.sleep(TOGETHER_SECONDS)
        async with self._sending:
            await self._send_held()
            self._timer = None

    async def _send_held(self, end: bytes = _AT_ONCE) -> None:
        await asyncio.sleep(self._next - asyncio.get_running_loop().time())
        held, self._held = self._held, []
        if held:
            held[-1] = {**held[-1], "bytes": held[-1]["bytes"] + end}
        for message in held:
            await self._send(message)
