"""Small words that several pages share, and other people's words made safe to show."""

from __future__ import annotations

import re
from urllib.parse import quote

_SIGNS = re.compile(r"([\\`*_\[\]$~<|])")
_AT_START = re.compile(r"^(\s*)(\d+)?([-+#>.)])", re.MULTILINE)
# What begins an icon, or an address that would become a link of itself.
_BEGINS_MORE = re.compile(r"(:(?=[A-Za-z/])|\bwww(?=\.)|@(?=\w))")
_WORD_JOINER = "\u2060"


def plain(text: str) -> str:
    """Text that Streamlit shows letter for letter: no Markdown, formula, icon, link or picture comes of it.

    For whatever was written elsewhere: names of schools, waves and files, headings and answers of a form.
    """
    escaped = _AT_START.sub(r"\1\2\\\3", _SIGNS.sub(r"\\\1", text))
    return _BEGINS_MORE.sub(r"\1" + _WORD_JOINER, escaped)


def address(text: str) -> str:
    """An e-mail address as Markdown code, which copies clean; a name without @, as this computer's, is made plain."""
    return f"`{' '.join(text.replace('`', '').split())}`" if "@" in text else plain(text)


def mail_to(text: str) -> str:
    """An e-mail address that opens a message to it."""
    return f"[{address(text)}](mailto:{quote(text, safe='@')})"
