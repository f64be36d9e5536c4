"""Documents as PowerPoint slides: native charts and tables that people can edit, each with its alternative text."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from pd_core.presentation.document import Document, Part
from pd_core.presentation.section import Figure
from pd_core.presentation.session_views import Grid
from pd_core.reports.documents.slide_chart import INK, add_chart, describe

WIDE, HIGH = 13.333, 7.5
"""A slide's size in inches."""
_LEFT, _TOP, _GAP = 0.6, 1.35, 0.3
_TITLE_ONLY = 5


def brief_slides(documents: Sequence[Document]) -> bytes:
    """One slide a document; what finds no room on it is in its notes, together with everything else."""
    deck = _deck(documents)
    for document in documents:
        _brief_slide(deck, document)
    return _saved(deck)


def part_slides(documents: Sequence[Document]) -> bytes:
    """For each document a first slide with its headline and figures, then a slide for each of its parts."""
    deck = _deck(documents)
    for document in documents:
        first = _slide(deck, document.title)
        lines = [
            document.headline,
            document.about,
            *(f"{_named(one)} ({one.note})" for one in document.figures),
        ]
        _text(first, lines, _LEFT, _TOP, WIDE - 2 * _LEFT, HIGH - _TOP - 1, size=24, name="Headline and figures")
        _text(first, [_foot(document)], _LEFT, HIGH - 0.6, WIDE - 2 * _LEFT, 0.4, size=11, name="Source")
        for part in document.parts:
            _part_slide(deck, part)
    return _saved(deck)


def _deck(documents: Sequence[Document]) -> Any:
    from pptx import Presentation  # noqa: PLC0415 - loaded by those who want slides
    from pptx.util import Inches  # noqa: PLC0415 - as above

    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(WIDE), Inches(HIGH)
    about = deck.core_properties
    about.title = documents[0].title if len(documents) == 1 else f"{len(documents)} documents of PD Pulse"
    about.author, about.language = "PD Pulse", "en-US"
    return deck


def _saved(deck: Any) -> bytes:
    buffer = io.BytesIO()
    deck.save(buffer)
    return buffer.getvalue()


def _slide(deck: Any, title: str) -> Any:
    from pptx.util import Inches, Pt  # noqa: PLC0415 - as above

    slide = deck.slides.add_slide(deck.slide_layouts[_TITLE_ONLY])
    shape = slide.shapes.title
    shape.left, shape.top, shape.width, shape.height = (
        Inches(_LEFT),
        Inches(0.35),
        Inches(WIDE - 2 * _LEFT),
        Inches(0.9),
    )
    shape.text_frame.text = title
    shape.text_frame.word_wrap = True
    paragraph = shape.text_frame.paragraphs[0]
    paragraph.font.size, paragraph.font.bold = Pt(_fitting(title, WIDE - 2 * _LEFT, 0.9, 30)), True
    paragraph.alignment = 1
    return slide


def _brief_slide(deck: Any, document: Document) -> None:
    slide = _slide(deck, document.title)
    wide = WIDE - 2 * _LEFT
    figures = "   ".join(map(_named, document.figures))
    _text(slide, [document.headline, figures], _LEFT, _TOP - 0.1, wide, 0.85, size=16, name="Headline and figures")
    parts = {part.name: part for part in document.parts}
    chart = next((part for part in document.parts if part.bars), None)
    left = (wide - _GAP) / 2
    top = _TOP + 0.85
    if chart and chart.bars:
        add_chart(slide, chart.bars, _LEFT, top, left, HIGH - top - 0.6)
    at, room = (_LEFT + left + _GAP, left) if chart else (_LEFT, wide)
    lines = []
    for name in ("findings", "planned", "came", "limits"):
        if part := parts.get(name):
            lines += [part.heading, *("• " + line for line in _said(part))]
    headings = [part.heading for part in document.parts]
    _text(slide, lines, at, top, room, HIGH - top - 0.6, size=14, name="Findings, plan and limits", bold=headings)
    _text(slide, [_foot(document)], _LEFT, HIGH - 0.5, wide, 0.35, size=10, name="Source")
    slide.notes_slide.notes_text_frame.text = document.texts()


def _named(figure: Figure) -> str:
    return f"{figure.label}{' ' if figure.label.endswith('?') else ': '}{figure.value}"


def _said(part: Part) -> list[str]:
    """A part's sentences for a slide; of a table's rows what the first two columns say."""
    rows = (
        [f"{row[0]}: {row[1].partition('. The next day')[0].rstrip('.')}" for row in part.grid.rows]
        if part.grid
        else []
    )
    return [*(f"{point.lead}: {point.text}" for point in part.points), *rows, *part.lines[:3]]


def _part_slide(deck: Any, part: Part) -> None:
    slide = _slide(deck, part.heading)
    lines = [*(point.sentence for point in part.points), *part.lines, *(f"{label}:" for label in part.fill)]
    wide, high = WIDE - 2 * _LEFT, HIGH - _TOP - 0.5
    has_more = bool(part.bars or part.grid)
    if lines:
        tall = min(high, 0.45 * sum(1 + len(line) // 95 for line in lines)) if has_more else high
        _text(slide, lines, _LEFT, _TOP, wide, tall, size=18 if has_more else 26, name="What it says")
    else:
        tall = 0.0
    top = _TOP + (tall + 0.1 if lines else 0)
    if part.bars:
        add_chart(slide, part.bars, _LEFT, top, wide, _TOP + high - top)
    elif part.grid:
        _table(slide, part.grid, part.heading, _LEFT, top, wide)
    notes = [part.heading, *lines, *([part.bars.alt, part.bars.key] if part.bars else [])]
    notes += [" · ".join(row) for row in part.grid.rows] if part.grid else []
    slide.notes_slide.notes_text_frame.text = "\n".join(notes)


def _table(slide: Any, grid: Grid, heading: str, left: float, top: float, width: float) -> None:
    from pptx.util import Inches, Pt  # noqa: PLC0415 - as above

    shown = grid.rows[:MOST_ROWS]
    place = (Inches(left), Inches(top), Inches(width), Inches(0.35 * (len(shown) + 1)))
    frame = slide.shapes.add_table(len(shown) + 1, len(grid.headings), *place)
    describe(frame, "Table", f"{heading}: {', '.join(grid.headings)}; {len(grid.rows)} rows")
    size = 16 if len(shown) <= MOST_ROWS // 2 else 14 if len(shown) <= 10 else 11
    longest = [max(4.0, max(map(len, texts)) ** 0.5) for texts in zip(grid.headings, *shown, strict=True)]
    for column, share in zip(frame.table.columns, longest, strict=True):
        column.width = Inches(width * share / sum(longest))
    for number, row in enumerate((grid.headings, *shown)):
        for column, text in enumerate(row):
            cell = frame.table.cell(number, column)
            cell.text = text
            for paragraph in cell.text_frame.paragraphs:
                paragraph.font.size = Pt(size)


MOST_ROWS = 14
"""So many rows of a table find room on a slide; all are in its notes."""


def _text(
    slide: Any, lines: Sequence[str], left: float, top: float, width: float, height: float, *, size: int, name: str,
    bold: Sequence[str] = (),
) -> None:  # fmt: skip
    from pptx.dml.color import RGBColor  # noqa: PLC0415 - as above
    from pptx.util import Inches, Pt  # noqa: PLC0415 - as above

    box = slide.shapes.add_textbox(Inches(left), Inches(top), Inches(width), Inches(height))
    box.name = name
    frame = box.text_frame
    frame.word_wrap = True
    points = _fitting("\n".join(lines), width, height, size)
    for number, line in enumerate(lines):
        paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
        paragraph.text = line
        paragraph.font.size, paragraph.font.color.rgb = Pt(points), RGBColor.from_string(INK)
        paragraph.font.bold = line in bold
        paragraph.space_after = Pt(points / 4)


def _fitting(text: str, width: float, height: float, most: int) -> float:
    """The largest size in points, 7 at least, at which a text fits into a box of inches."""
    size = float(most)
    while size > 7:
        letters = (width - 0.2) * 72 / (size * 0.52)
        lines = sum(1 + int(len(line) / letters) for line in text.split("\n"))
        if lines * size * 1.4 <= height * 72:
            return size
        size -= 0.5
    return size


def _foot(document: Document) -> str:
    link = f" {document.link}: {document.address}" if document.address else ""
    return f"{document.about}. {document.footer}{link}"
