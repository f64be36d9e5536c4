"""Documents as other programs draw them: nothing is blank, nothing reaches the edge of the paper or the slide."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from PIL import Image

from pd_core.reports.documents.documents import MAKERS
from pd_core.reports.documents.files import Kind, rendered
from pd_core.reports.documents.source import Source
from tests.district import District
from tests.reports.documents.test_brief import AT, LONG, named

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("pdftoppm"), reason="Debian's poppler-utils draw the pages"),
]
EDGE = 12
"""Pixels at 60 to the inch, a fifth of an inch, that stay white all around."""


def pictures(pdf: Path) -> list[np.ndarray]:
    subprocess.run(["pdftoppm", "-r", "60", "-gray", "-png", pdf, pdf.with_suffix("")], check=True, capture_output=True)
    return [np.asarray(Image.open(path)) for path in sorted(pdf.parent.glob(f"{pdf.stem}-*.png"))]


def expect_whole(pages: list[np.ndarray]) -> None:
    for page in pages:
        assert 0.002 < float((page < 200).mean()) < 0.5, "blank, or black"
        edges = (page[:EDGE], page[-EDGE:], page[:, :EDGE], page[:, -EDGE:])
        assert all((edge > 200).all() for edge in edges), "something is cut"


@pytest.fixture
def answered(district: District) -> District:
    named(district, LONG)
    district.answers("lincoln", 20, proficiency_word=3, proficiency_onenote=0)
    return district


@pytest.mark.parametrize(("kind", "school_id"), [("brief", "lincoln"), ("techplan", "lincoln"), ("board", "district")])
def test_a_pdf_is_drawn_whole(
    answered: District, source: Callable[..., Source], tmp_path: Path, kind: Kind, school_id: str
) -> None:
    path = tmp_path / f"{kind}.pdf"
    path.write_bytes(rendered(kind, [MAKERS[kind](source(), school_id)], "pdf", AT))
    pages = pictures(path)
    assert pages
    expect_whole(pages)


@pytest.mark.skipif(not shutil.which("soffice"), reason="Debian's libreoffice-impress and -writer draw these")
@pytest.mark.parametrize(
    ("kind", "file_format", "school_id", "most"),
    [
        ("brief", "pptx", "lincoln", 1),
        ("board", "pptx", "district", 12),
        ("brief", "docx", "lincoln", 2),
        ("techplan", "docx", "lincoln", 2),
    ],
)
def test_slides_and_word_files_are_drawn_whole(
    answered: District,
    source: Callable[..., Source],
    tmp_path: Path,
    kind: Kind,
    file_format: Literal["pptx", "docx"],
    school_id: str,
    most: int,
) -> None:
    path = tmp_path / f"{kind}.{file_format}"
    path.write_bytes(rendered(kind, [MAKERS[kind](source(), school_id)], file_format, AT))
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/office", "--headless", "--convert-to", "pdf"]
    subprocess.run([*command, "--outdir", tmp_path, path], check=True, capture_output=True, timeout=120)
    pages = pictures(path.with_suffix(".pdf"))
    assert 1 <= len(pages) <= most
    expect_whole(pages)
