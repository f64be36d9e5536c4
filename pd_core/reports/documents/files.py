"""Documents as files: one, all schools in one file, or an archive of one file a school."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Literal

from pd_core.presentation.document import Document

Shape = Literal["pdf", "html", "pptx", "docx"]
Kind = Literal["brief", "board", "techplan", "said"]
MIMES: Mapping[Shape | Literal["zip"], str] = {
    "pdf": "application/pdf",
    "html": "text/html; charset=utf-8",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "zip": "application/zip",
}
TOGETHER: tuple[Shape, ...] = ("pdf", "pptx")
"""The formats that hold several documents in one file."""
PAGES: Mapping[Kind, int] = {"brief": 1, "said": 1, "techplan": 2, "board": 12}
"""The most pages that a document of each kind has on paper."""
_NO_FILE_NAME = re.compile(r"[^\w.-]+")


def rendered(kind: Kind, documents: Sequence[Document], shape: Shape, made_at: datetime) -> bytes:
    """The documents as one file; several only in a format of `TOGETHER`."""
    if shape == "pdf":
        from pd_core.reports.documents.pdf import pdf  # noqa: PLC0415 - each format loads its own library

        return pdf(documents, made_at, pages=PAGES[kind], is_deck=kind == "board")
    if shape == "pptx":
        from pd_core.reports.documents import slides  # noqa: PLC0415 - as above

        return slides.brief_slides(documents) if PAGES[kind] == 1 else slides.part_slides(documents)
    if shape == "docx":
        from pd_core.reports.documents.word import word  # noqa: PLC0415 - as above

        return word(documents[0])
    from pd_core.reports.documents.html import html  # noqa: PLC0415 - as above

    return html(documents[0])


def shape_of(file_name: str) -> Shape | None:
    """The format for a file's ending, if any."""
    return next((shape for shape in MIMES if shape != "zip" and file_name.lower().endswith(f".{shape}")), None)


def file_name(document: Document, shape: Shape) -> str:
    """What a school's file is called."""
    return f"{_NO_FILE_NAME.sub('_', document.name)}.{shape}"


def zipped(files: Iterable[tuple[str, bytes]]) -> bytes:
    """Files by name as one archive."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return buffer.getvalue()
