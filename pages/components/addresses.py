"""Addresses that people take away: where the app is, and a field to copy from."""

from __future__ import annotations

from urllib.parse import urlsplit

import streamlit as st


def own_address() -> str:
    """The app's base address, without page, query or trailing slash."""
    parts = urlsplit(st.context.url or "http://localhost:8501")
    below = str(st.config.get_option("server.baseUrlPath")).strip("/")
    return f"{parts.scheme}://{parts.netloc}" + (f"/{below}" if below else "")


def to_copy(label: str, value: str, *, key: str) -> None:
    """Show text to copy in a field that works by keyboard and touch, unlike a code block's button; edits are undone."""
    st.session_state[key] = value
    st.text_input(label, key=key)
