"""Links to other pages, alone or in boxes with the sentence that leads there, as HTML; focus.js follows them.

Streamlit's own page links and boxes are several parts each that a browser makes one by one, on most first screens.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from urllib.parse import urlencode

import streamlit as st

HOME = "overview.py"
"""The page that people arrive on, whose address has no name."""


@dataclass(frozen=True)
class Link:
    """A link to the page of a file of `pages`: what it says, its icon (a Material name; may be empty), and what its
    address holds, as name to value. The focus then goes to the page's title, or to what has the id `focus_id`."""

    file: str
    label: str
    icon: str = ""
    address: Mapping[str, str] = field(default_factory=dict)
    focus_id: str = ""


@dataclass(frozen=True)
class Box:
    """A sentence in a box, with a word before it in bold or an icon, a note in smaller print and a link below it.

    Each may be missing.
    """

    sentence: str = ""
    lead: str = ""
    icon: str = ""
    note: str = ""
    link: Link | None = None


def show(to: Link) -> None:
    """Show a link."""
    st.html(f'<div class="pulse-links">{_link(to)}</div>')


def boxes(*found: Box) -> None:
    """Show boxes, one below the other; nothing if there are none."""
    if found:
        st.html(f'<div class="pulse-links">{"".join(map(_box, found))}</div>')


def icon(name: str) -> str:
    """A Material icon as HTML, for the eye alone; empty without a name."""
    return f'<span class="pulse-icon" aria-hidden="true" translate="no">{name}</span>' if name else ""


def _link(to: Link) -> str:
    path = "" if to.file == HOME else to.file.removesuffix(".py")
    query = f"?{urlencode(to.address)}" if to.address else ""
    address = escape(f"./{path}{query}")
    then = f' data-to="{to.focus_id}"' if to.focus_id else ""
    return f'<a href="{address}" data-pulse="page"{then}>{icon(to.icon)}{escape(to.label)}</a>'


def _box(found: Box) -> str:
    lead = f"<strong>{escape(found.lead)}</strong> " if found.lead else ""
    said = f"<p>{icon(found.icon)}<span>{lead}{escape(found.sentence)}</span></p>" if found.sentence else ""
    note = f"<small>{escape(found.note)}</small>" if found.note else ""
    return f'<div class="pulse-box">{said}{note}{_link(found.link) if found.link else ""}</div>'
