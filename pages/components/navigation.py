"""What the frame shows on every run, made once: the pages of the menu, the icon and the logo."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from copy import copy
from functools import cache
from html import escape
from pathlib import Path
from typing import NamedTuple

import streamlit as st

from pages.components.page_links import icon

_HERE = Path(__file__).parent
ICON = f"data:image/png;base64,{b64encode((_HERE / 'icon.png').read_bytes()).decode()}"
"""As an address that holds the picture: a file would be read and hashed again for each click."""
LOGO = (_HERE / "logo.svg").read_text(encoding="utf-8")


class Entry(NamedTuple):
    """A page of the app, and whether it is in the menu of the person who is here."""

    page: st.Page
    is_shown: bool


def page(file: str, title: str, icon: str, *, is_shown: bool, default: bool) -> Entry:
    """A page of the navigation, in the menu if it `is_shown`."""
    return Entry(copy(_page(file, title, icon, default)), is_shown)


@cache
def _page(file: str, title: str, icon: str, default: bool) -> st.Page:
    """Made once, since Streamlit looks for its file on the disk each time; navigation marks a copy of it.

    Hidden from Streamlit's own menu: see `chosen`.
    """
    return st.Page(file, title=title, icon=f":material/{icon}:", default=default, visibility="hidden")


def chosen(pages: Mapping[str, Sequence[Entry]]) -> st.Page:
    """The page that the address names.

    Of pages that are all hidden Streamlit shows no menu. With its `position="hidden"` it would not either, but it would
    draw the whole page once more when the sidebar appears.
    """
    return st.navigation([entry.page for listed in pages.values() for entry in listed])


def menu(pages: Mapping[str, Sequence[Entry]], chosen: st.Page) -> str:
    """The menu as HTML, with the page that is `chosen` marked; focus.js follows its links.

    Streamlit's own takes a browser a tenth of a page's time, and its lists are none for a screen reader.
    """
    lists = ""
    for heading, listed in pages.items():
        links = "".join(
            _link(page, is_chosen=page.url_path == chosen.url_path) for page, is_shown in listed if is_shown
        )
        if links and heading:
            lists += f'<p aria-hidden="true">{heading}</p><ul aria-label="{heading}">{links}</ul>'
        elif links:
            lists += f"<ul>{links}</ul>"
    return f'<nav class="pulse-menu" aria-label="Pages">{lists}</nav>'


def _link(page: st.Page, *, is_chosen: bool) -> str:
    its_icon = icon(page.icon.removeprefix(":material/").removesuffix(":"))
    current = ' aria-current="page"' if is_chosen else ""
    return f'<li><a href="./{page.url_path}" data-pulse="page"{current}>{its_icon}{escape(page.title)}</a></li>'
