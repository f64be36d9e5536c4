"""Documents as Word files, to be edited: real headings, lists and tables with a header row."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from pd_core.presentation.document import Bars, Document, Part
from pd_core.presentation.session_views import Grid


def word(document: Document) -> bytes:
    """The document as .docx on letter paper."""
    import docx  # noqa: PLC0415 - loaded by those who want Word files
    from docx.shared import Inches, Pt  # noqa: PLC0415 - as above

    made = docx.Document()
    for section in made.sections:
        section.page_width, section.page_height = Inches(8.5), Inches(11)
        section.left_margin = section.right_margin = Inches(0.8)
        section.top_margin = section.bottom_margin = Inches(0.6)
    normal = made.styles["Normal"]
    normal.font.size, normal.paragraph_format.space_after = Pt(10), Pt(3)
    about = made.core_properties
    about.title, about.author, about.language = document.title, "PD Pulse", "en-US"
    made.add_heading(document.title, 1)
    made.add_paragraph(document.about)
    made.add_paragraph().add_run(document.headline).bold = True
    rows = tuple((one.label, one.value, one.note) for one in document.figures)
    if rows:
        _table(made, ("What", "How much", "About it"), rows)
    for part in document.parts:
        _part(made, part)
    made.add_paragraph(document.footer)
    if document.address:
        made.add_paragraph(f"{document.link}: {document.address}")
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def _part(made: Any, part: Part) -> None:
    made.add_heading(part.heading, 2)
    for line in part.lines:
        made.add_paragraph(line)
    for point in part.points:
        paragraph = made.add_paragraph(style="List Bullet")
        if point.lead:
            paragraph.add_run(f"{point.lead}: ").bold = True
        paragraph.add_run(" ".join(filter(None, (point.text, point.note))))
    if part.bars:
        _bars(made, part.bars)
    if part.grid:
        _grid(made, part.grid)
    for label in part.fill:
        made.add_paragraph(f"{label}: ")


def _bars(made: Any, bars: Bars) -> None:
    label, _, number, within = bars.headings
    _table(made, (label, number, within), [(row.label, row.text, row.range_text) for row in bars.rows])


def _grid(made: Any, grid: Grid) -> None:
    _table(made, grid.headings, grid.rows)


def _table(made: Any, headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    from docx.oxml import OxmlElement  # noqa: PLC0415 - as above
    from docx.shared import Pt  # noqa: PLC0415 - as above

    table = made.add_table(1, len(headings), style="Light List Accent 1")
    for place, heading in enumerate(headings):
        table.rows[0].cells[place].text = heading
    # Repeated on each page, and read by screen readers as the headings of the columns.
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for row in rows:
        cells = table.add_row().cells
        for place, text in enumerate(row):
            cells[place].text = text
    for cell in (cell for row in table.rows for cell in row.cells):
        for paragraph in cell.paragraphs:
            paragraph.paragraph_format.space_after = Pt(0)
            for run in paragraph.runs:
                run.font.size = Pt(9)
    made.add_paragraph()
