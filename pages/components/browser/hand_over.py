"""Buttons that hand a page, or a text on it, to someone: copy it, or write an e-mail with it; see hand_over.js."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

import streamlit as st


def page_link() -> None:
    """Offer to copy the page's address, which holds the whole view, or to send it by e-mail."""
    _buttons("Copy link", "E-mail this page")


def text(field: str, subject: str) -> None:
    """Offer to copy the text area in the container with the key `field`, as edited, or to send it by e-mail."""
    about = f'data-field="{escape(field)}"'
    _buttons("Copy", "E-mail it", about, f'{about} data-subject="{escape(subject)}"')


def chart(name: str, title: str, lines: list[str], note: Callable[[], None]) -> None:
    """Offer to copy the chart above as a picture, with a title and lines; `name` is the button's own.

    The browser makes the picture of what it shows; `note` runs here on the click.
    """
    with st.container(key=f"chart_copy_{name}", horizontal=True, vertical_alignment="center", width="content"):
        st.button("Copy chart", icon=":material/content_copy:", key=f"take_copy_{name}", on_click=note)
        words = f'data-title="{escape(title)}" data-lines="{escape(chr(10).join(lines))}"'
        st.html(f'<span role="status" {words}></span>', width="content")


def _buttons(copy: str, mail: str, copied: str = "", mailed: str = "") -> None:
    st.html(
        f'<div class="pulse-hand-over"><button type="button" data-pulse="copy" {copied}>{copy}</button>'
        f'<a href="mailto:" data-pulse="mail" {mailed}>{mail}</a><span role="status"></span></div>'
    )
