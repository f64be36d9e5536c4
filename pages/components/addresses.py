"""Addresses that people take away or type: where the app is, and a field to copy from."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

import streamlit as st
from starlette.requests import Request
from starlette.responses import RedirectResponse

FIRST_PAGE = "/overview"


def own_address() -> str:
    """The app's base address, without page, query or trailing slash."""
    parts = urlsplit(st.context.url or "http://localhost:8501")
    return f"{parts.scheme}://{parts.netloc}{base_path()}"


def base_path() -> str:
    """The path below which the server has the app, such as `/pulse`; empty where it has it at the top."""
    below = str(st.config.get_option("server.baseUrlPath")).strip("/")
    return f"/{below}" if below else ""


async def to_first_page(request: Request) -> RedirectResponse:
    """The way to the first page for an address with its name, which Streamlit would not find: it has none there."""
    return RedirectResponse(f"{base_path()}/{f'?{request.url.query}' if request.url.query else ''}")


def to_copy(label: str, value: str, *, key: str) -> None:
    """Show text to copy in a field that works by keyboard and touch, unlike a code block's button; edits are undone."""
    st.session_state[key] = value
    st.text_input(label, key=key)


def revoked_now(words: str, which: str, revoke: Callable[[], None], *, key: str) -> bool:
    """List an open address in `words`, with a button that revokes it; whether it was pressed.

    `which` names it, as the subject of a sentence. The list is in a dialog already, so no second one asks again.
    """
    row = st.empty()
    with row.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(words)
        if not st.button("Revoke", icon=":material/link_off:", key=key, help=f"Revokes {which}"):
            return False
    revoke()
    row.markdown(f":material/link_off: {which[:1].upper()}{which[1:]}, no longer works.")
    return True
