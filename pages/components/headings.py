"""What a page and its sections begin with. Headings keep their address while their words follow the numbers.

Streamlit would make the address from the words, and draw the page once more to do so.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from pages.components import data
from pages.components.markdown import plain
from pages.components.page_links import icon


def title(words: str, *, about: str | None = None) -> None:
    """The title of the page, at `#page-title`, with a help text `about` it. Its words are plain text."""
    st.title(plain(words), anchor="page-title", help=about)


def opening(words: str, *, about: str | None = None, place: str = "", lines: Iterable[str] = ()) -> None:
    """How a page of the district's data begins: its title, and below it of whom and when the data is, whether it is
    made up, and sentences. All of it is plain text.

    What is below the title is one part of HTML: a caption and texts of Streamlit's took a browser longer.
    """
    title(words, about=about)
    above = f"<small>{escape(place)}</small>" if place else ""
    if data.is_sample():
        sample = "<strong>Made-up sample district</strong>, shown until the first export is uploaded."
        above += f"<p>{icon('science')}<span>{sample}</span></p>"
    sentences(lines, above)


def sentences(found: Iterable[str], above: str = "") -> None:
    """Show sentences of plain text, each a paragraph; nothing if there are none. `above` them is HTML."""
    if said := above + "".join(f"<p>{escape(line)}</p>" for line in found):
        st.html(f'<div class="pulse-said">{said}</div>')


def announced(name: str) -> DeltaGenerator:
    """A part of the page that is read aloud when it changes: page.js finds it by its key. `name` is its own."""
    return st.container(key=f"announced_{name}")


def header(words: str, name: str) -> None:
    """The heading of a section, at `#section-` and its `name`, which no other heading of the page has."""
    st.header(words, anchor=f"section-{name}")
