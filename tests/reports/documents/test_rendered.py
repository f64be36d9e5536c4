"""Documents as other programs draw them: nothing is blank, nothing reaches the edge of the paper or the slide."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

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


@pytest.mark.skipif(not shutil.which("soffice"), reason="Debian's libreoffice-impress draws the slides")
@pytest.mark.parametrize(("kind", "school_id"), [("brief", "lincoln"), ("board", "district")])
def test_slides_are_drawn_whole(
    answered: District, source: Callable[..., Source], tmp_path: Path, kind: Kind, school_id: str
) -> None:
    path = tmp_path / f"{kind}.pptx"
    path.write_bytes(rendered(kind, [MAKERS[kind](source(), school_id)], "pptx", AT))
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/office", "--headless", "--convert-to", "pdf"]
    subprocess.run([*command, "--outdir", tmp_path, path], check=True, capture_output=True, timeout=120)
    expect_whole(pictures(path.with_suffix(".pdf")))
