"""The way to the form from a staff room's wall: a QR code for each school, and a page to print."""

from __future__ import annotations

import io
from collections.abc import Sequence

_PIXELS, _QUIET = 8, 4
"""The size of a QR code's smallest square in pixels, and the white around it in squares, as ISO/IEC 18004 asks."""
_INCHES = 4.5
MAX_QR_LINK = 2_900
"""The longest link, in characters, of which a QR code can be drawn; a link is ASCII."""


def qr_code(link: str) -> bytes:
    """A link of at most `MAX_QR_LINK` characters as a QR code, a PNG picture."""
    import segno  # noqa: PLC0415 - only pictures of links need it

    buffer = io.BytesIO()
    segno.make(link, micro=False).save(buffer, kind="png", scale=_PIXELS, border=_QUIET)
    return buffer.getvalue()


def posters(title: str, links: Sequence[tuple[str, str]]) -> bytes:
    """A Word document with a page for each (school's name, link): name, QR code and link. `links` is not empty."""
    import docx  # noqa: PLC0415 - as above
    from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK  # noqa: PLC0415 - as above
    from docx.shared import Inches, Pt  # noqa: PLC0415 - as above

    made = docx.Document()
    made.core_properties.title, made.core_properties.author = title, "PD Pulse"
    made.core_properties.comments = ""
    for place, (name, link) in enumerate(links):
        made.add_heading(name, level=1).alignment = WD_ALIGN_PARAGRAPH.CENTER
        said = made.add_paragraph()
        said.alignment = WD_ALIGN_PARAGRAPH.CENTER
        said.add_run(f"{title}: scan this to answer. It takes a few minutes.").font.size = Pt(18)
        picture = made.add_paragraph()
        picture.alignment = WD_ALIGN_PARAGRAPH.CENTER
        shape = picture.add_run().add_picture(io.BytesIO(qr_code(link)), width=Inches(_INCHES))
        shape._inline.docPr.set("descr", f"QR code of the form for {name}")
        written = made.add_paragraph(link)
        written.alignment = WD_ALIGN_PARAGRAPH.CENTER
        if place + 1 < len(links):
            written.add_run().add_break(WD_BREAK.PAGE)
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()
