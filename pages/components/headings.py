"""Headings with an address that stays the same while their words follow the numbers.

Streamlit would make the address from the words, and draw the page once more to do so.
"""

from __future__ import annotations

import streamlit as st


def title(words: str, *, about: str | None = None) -> None:
    """The title of the page, at `#page-title`, with a help text `about` it."""
    st.title(words, anchor="page-title", help=about)


def header(words: str, name: str) -> None:
    """The heading of a section, at `#section-` and its `name`, which no other heading of the page has."""
    st.header(words, anchor=f"section-{name}")
