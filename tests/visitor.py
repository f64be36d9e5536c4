"""A visitor without a browser: opens a page of a running server as a browser does, and keeps every byte it is sent."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value, generate_xsrf_token_string
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from tests.server import COOKIE_SECRET

ANSWER_SECONDS = 60
ISSUER = "https://accounts.example.org"


@dataclass(frozen=True)
class Seen:
    """What a page sent: its texts, kind by kind, and everything as one string, tables and charts too."""

    texts: dict[str, list[str]]
    everything: str
    address: str

    @property
    def title(self) -> str:
        """The page's title; “” where it has none."""
        return next((text[2:] for text in self.texts.get("heading", []) if text.startswith("# ")), "")


def visit(url: str, page: str = "", cookies: Mapping[str, str] | None = None, **address: str) -> Seen:
    """Opens `page` at `url`, with a browser's `cookies`, and reads until the page is done."""
    asked = BackMsg()
    asked.rerun_script.query_string = urlencode(address)
    asked.rerun_script.page_name = page
    return send(url, asked, cookies=cookies)


def send(url: str, *messages: BackMsg, cookies: Mapping[str, str] | None = None) -> Seen:
    """Opens a session, sends what a browser could send, and reads until a page is done."""
    texts: dict[str, list[str]] = {}
    everything, shown = [], ""
    with connect(
        f"ws://{urlsplit(url).netloc}/_stcore/stream",
        max_size=None,
        **handshake(url, cookies),
    ) as socket:
        for message in messages:
            socket.send(message.SerializeToString())
        deadline = time.monotonic() + ANSWER_SECONDS
        while time.monotonic() < deadline:
            raw = socket.recv(timeout=ANSWER_SECONDS)
            answer = ForwardMsg.FromString(raw)
            everything.append(raw.decode("utf-8", errors="replace"))
            kind = answer.WhichOneof("type")
            if kind == "delta" and answer.delta.WhichOneof("type") == "new_element":
                element = answer.delta.new_element
                name = element.WhichOneof("type")
                texts.setdefault(name, []).append(_text(getattr(element, name)))
            elif kind == "page_info_changed":
                shown = answer.page_info_changed.query_string
            elif kind == "script_finished" and answer.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY:
                return Seen(texts, "\n".join(everything), shown)
    raise AssertionError(f"no page was done after {ANSWER_SECONDS} seconds")


def handshake(url: str, cookies: Mapping[str, str] | None = None) -> dict[str, Any]:
    """How a browser with these cookies opens its connection, for `connect`."""
    token = generate_xsrf_token_string()
    jar = {"_streamlit_xsrf": token, **(cookies or {})}
    headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in jar.items())}
    offered = [Subprotocol("streamlit"), Subprotocol(token)]
    return {"additional_headers": headers, "origin": url, "subprotocols": offered}


def signed_in(url: str, email: str, *, issued: float | None = None, secret: str = COOKIE_SECRET) -> dict[str, str]:
    """The cookie of somebody who signed in at `issued` (a moment in seconds; by default now)."""
    now = int(time.time() if issued is None else issued)
    claims = {"email": email, "iss": ISSUER, "sub": email, "iat": now, "exp": now + 3600, "nonce": f"{email} {now}"}
    claims |= {"origin": url, "is_logged_in": True, "provider": "default"}
    return {"_streamlit_user": create_signed_value(secret, "_streamlit_user", json.dumps(claims)).decode()}


def _text(element: object) -> str:
    for field in ("body", "label", "value"):
        if isinstance(found := getattr(element, field, None), str):
            tag = getattr(element, "tag", "")
            return f"{'#' * int(tag[1])} {found}" if tag.startswith("h") else found
    return ""
