"""Buttons that hand a page, or a text on it, to someone: copy it, or write an e-mail with it. page.js serves them."""

from __future__ import annotations

from html import escape

import streamlit as st


def page_link() -> None:
    """Offer to copy the page's address, which holds the whole view, or to send it by e-mail."""
    _buttons("Copy link", "E-mail this page")


def text(field: str, subject: str) -> None:
    """Offer to copy the text area in the container with the key `field`, as edited, or to send it by e-mail."""
    about = f'data-field="{escape(field)}"'
    _buttons("Copy", "E-mail it", about, f'{about} data-subject="{escape(subject)}"')


def _buttons(copy: str, mail: str, copied: str = "", mailed: str = "") -> None:
    st.html(
        f'<div class="pulse-hand-over"><button type="button" data-pulse="copy" {copied}>{copy}</button>'
        f'<a href="mailto:" data-pulse="mail" {mailed}>{mail}</a><span role="status"></span></div>'
    )
