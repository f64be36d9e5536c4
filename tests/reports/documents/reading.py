"""What a document holds, as a screen reader or a checker of PDF/UA finds it."""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from typing import Any

from pypdf import PdfReader

from pd_core.reports.documents.files import Shape


def reader(content: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(content))


def words(content: bytes) -> str:
    """All text of a PDF, spaces and line breaks as one space."""
    return " ".join(" ".join(page.extract_text() for page in reader(content).pages).split())


def tags(content: bytes) -> tuple[Counter[str], list[str]]:
    """How often each tag is there, and the alternative texts."""
    counts: Counter[str] = Counter()
    alts: list[str] = []

    def walk(node: Any) -> None:
        node = node.get_object()
        if not hasattr(node, "get"):
            return
        if kind := node.get("/S"):
            counts[str(kind)] += 1
        if alt := node.get("/Alt"):
            alts.append(str(alt))
        inner = node.get("/K")
        inner = inner.get_object() if hasattr(inner, "get_object") else inner
        for one in inner if isinstance(inner, list) else [inner]:
            if hasattr(one, "get_object"):
                walk(one)

    walk(reader(content).trailer["/Root"]["/StructTreeRoot"])  # type: ignore[index]
    return counts, alts


def everything(content: bytes, shape: Shape) -> str:
    """All that a file says: its words, alternative texts and labels, with the marks between them where there are."""
    if shape == "pdf":
        return " ".join([words(content), *tags(content)[1]])
    if shape == "html":
        return content.decode()
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        return "\n".join(parts.read(name).decode() for name in parts.namelist() if name.endswith(".xml"))


def fonts_are_embedded(content: bytes) -> bool:
    found = []
    for page in reader(content).pages:
        for font in page["/Resources"]["/Font"].values():  # type: ignore[index]
            inner = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
            found.append(any(name in inner for name in ("/FontFile", "/FontFile2", "/FontFile3")))
    return bool(found) and all(found)
