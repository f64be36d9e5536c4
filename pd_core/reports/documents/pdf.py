"""Documents as PDF: tagged, with alternative texts and embedded fonts (PDF/UA-1), set by typst."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

from pd_core.presentation.document import Bar, Document, Part
from pd_core.presentation.session_views import Grid

if TYPE_CHECKING:
    import typst

STANDARD: Literal["ua-1"] = "ua-1"
UNDRAWN = "□"
"""Takes the place of a character that no font here can draw; the PDF's title keeps the full name."""
_TEMPLATE = Path(__file__).parent / "page.typ"
_WITHOUT_FONT = re.compile(r"the text `?\"(.+?)\"`? could not be displayed")
_TRIES = 60
_setting = threading.Lock()
"""One PDF is set at a time: it takes all processors there are."""


def pdf(documents: Sequence[Document], made_at: datetime, *, pages: int = 1, is_deck: bool = False) -> bytes:
    """The documents in one PDF, each on at most `pages` pages of letter paper, with a bookmark each; a deck has
    a page as wide as a screen for each part.

    Characters that no font on this computer can draw are drawn as `UNDRAWN`.
    """
    title = documents[0].title if len(documents) == 1 else f"{len(documents)} documents of PD Pulse"
    values = {
        "title": title,
        "description": documents[0].headline,
        "deck": is_deck,
        "documents": [_values(document, pages) for document in documents],
    }
    return _set(values, made_at.replace(microsecond=0))


def _set(values: Mapping[str, Any], made_at: datetime) -> bytes:
    import typst  # noqa: PLC0415 - its compiler takes 20 MB that other commands do without

    undrawn: set[int] = set()
    for _ in range(_TRIES):
        drawable = {**values, "documents": _without(values["documents"], undrawn)}
        try:
            with _setting:
                made = _compiler().compile(
                    format="pdf", sys_inputs={"data": json.dumps(drawable)}, pdf_standards=[STANDARD], timestamp=made_at
                )
        except typst.TypstError as error:
            found = {_kind(character) for text in _WITHOUT_FONT.findall(str(error)) for character in text}
            if not found - undrawn:
                raise
            undrawn |= found
            continue
        return cast(bytes, made)
    raise RuntimeError("The text has more kinds of characters without a font than can be left out.")


@cache
def _compiler() -> typst.Compiler:
    import typst  # noqa: PLC0415 - as above

    return typst.Compiler(_TEMPLATE, root=_TEMPLATE.parent)


def _kind(character: str) -> int:
    """The characters that a font has together: 256 of an alphabet, 4,096 of Chinese or of pictures."""
    place = ord(character)
    return place >> 8 if place < 0x3000 else (place >> 12) + 0x1000


def _without(value: Any, undrawn: set[int]) -> Any:
    if isinstance(value, str):
        return "".join(UNDRAWN if _kind(character) in undrawn else character for character in value)
    if isinstance(value, list):
        return [_without(one, undrawn) for one in value]
    return {name: _without(one, undrawn) for name, one in value.items()} if isinstance(value, dict) else value


def _values(document: Document, pages: int) -> dict[str, Any]:
    share = document.progress
    said = document.progress_text
    progress = None if share is None else _bar(Bar("Response rate", share, None, None, None, said, ""))
    return {
        "title": document.title, "about": document.about, "headline": document.headline, "progress": progress,
        "facts": [[one.label, one.value, one.note] for one in document.figures],
        "parts": [_part(part) for part in document.parts],
        "footer": document.footer, "address": document.address, "link": document.link, "pages": pages,
    }  # fmt: skip


def _part(part: Part) -> dict[str, Any]:
    bars = part.bars and {
        "headings": list(part.bars.headings), "key": part.bars.key, "rows": [_bar(row) for row in part.bars.rows],
    }  # fmt: skip
    return {
        "heading": part.heading, "lines": list(part.lines), "bars": bars, "fill": list(part.fill),
        "points": [{"lead": point.lead, "text": point.text, "note": point.note} for point in part.points],
        "grid": part.grid and _grid(part.grid),
    }  # fmt: skip


def _bar(bar: Bar) -> dict[str, Any]:
    return {
        "label": bar.label, "text": bar.text, "range": bar.range_text, "alt": bar.sentence,
        "share": bar.share, "low": bar.low, "high": bar.high, "mark": bar.mark,
    }  # fmt: skip


def _grid(grid: Grid) -> dict[str, Any]:
    """A table with the part of the width that each column takes: as the root of its longest text."""
    columns = zip(grid.headings, *grid.rows, strict=True)
    widths = [max(4.0, max(len(text) for text in column) ** 0.5) for column in columns]
    return {"headings": list(grid.headings), "rows": [list(row) for row in grid.rows], "widths": widths}
