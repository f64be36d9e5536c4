"""Escaping for Markdown: text written elsewhere, made safe to show."""

from __future__ import annotations

import re
from urllib.parse import quote

_SIGNS = re.compile(r"([\\`*_\[\]$~<|])")
_AT_START = re.compile(r"^(\s*)(\d+)?([-+#>.)])", re.MULTILINE)
# The start of an icon, or of an address that would turn into a link.
_BEGINS_MORE = re.compile(r"(:(?=[A-Za-z/])|\bwww(?=\.)|@(?=\w))")
_WORD_JOINER = "\u2060"


def plain(text: str) -> str:
    """Text that Streamlit shows exactly as written: no Markdown, formula, icon, link or image.

    For all text from elsewhere: names of schools, waves and files, headings and answers of a form. Its lines stay
    lines, as the parts of an error.
    """
    escaped = _AT_START.sub(r"\1\2\\\3", _SIGNS.sub(r"\\\1", text))
    return _BEGINS_MORE.sub(r"\1" + _WORD_JOINER, escaped).replace("\n", "  \n")


def address(text: str) -> str:
    """An e-mail address as Markdown code, which copies cleanly; a name without @, such as this computer's, as text."""
    return f"`{' '.join(text.replace('`', '').split())}`" if "@" in text else plain(text)


def mail_to(text: str) -> str:
    """An e-mail address as a mailto link."""
    return f"[{address(text)}](mailto:{quote(text, safe='@')})"
