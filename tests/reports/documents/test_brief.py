"""The building brief in every format: the same facts, whatever the school is like."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import datetime
from html import unescape

import docx
import polars as pl
import pptx
import pytest

from pd_core.access import Actor, Visitor
from pd_core.errors import UnknownName
from pd_core.presentation.document import Document
from pd_core.reports.documents.documents import brief_of
from pd_core.reports.documents.files import Shape, rendered
from pd_core.reports.documents.pdf import UNDRAWN
from pd_core.reports.documents.source import Source, wave_of
from pd_core.storage import reference
from tests.district import District
from tests.reports.documents.reading import fonts_are_embedded, reader, tags, words

AT = datetime(2026, 11, 28, 9, 30).astimezone()
Sources = Callable[..., Source]
LONG = (
    "The William Henry Longfellow Memorial Elementary School and Community Learning Center, "
    + "Northern Foothills Campus"
)
SHAPES: tuple[Shape, ...] = ("pdf", "html", "pptx", "docx")
NAMES = ["Ñandú Élémentaire", "مدرسة النور", "第一小学", "Rainbow 🌈 School", LONG]


@pytest.fixture
def answered(district: District) -> District:
    """Lincoln: 30 of 60 answered; OneNote is what they need most, Word what they can do."""
    district.answers("lincoln", 15, proficiency_word=3, proficiency_onenote=0, proficiency_excel=1)
    district.answers("lincoln", 5, proficiency_word=3, proficiency_onenote=0, proficiency_excel=2)
    district.answers("lincoln", 10, proficiency_word=2, proficiency_onenote=2, proficiency_excel=2)
    return district


def text_of(document: Document, shape: Shape) -> str:
    content = rendered("brief", [document], shape, AT)
    if shape == "pdf":
        return words(content)
    if shape == "html":
        return unescape(re.sub(r"<[^>]+>", " ", content.decode()))
    if shape == "pptx":
        slide = pptx.Presentation(io.BytesIO(content)).slides[0]
        return "\n".join(shape.text_frame.text for shape in slide.shapes if shape.has_text_frame)
    made = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in made.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in made.paragraphs), *cells])


@pytest.mark.parametrize("shape", SHAPES)
def test_every_format_says_who_answered_the_verdict_and_three_findings(
    answered: District, source: Sources, shape: Shape
) -> None:
    document = brief_of(source(), "lincoln")
    said = " ".join(text_of(document, shape).split())
    assert "30 of 60" in said and document.headline in said and "May we decide?" in said
    findings = next(part for part in document.parts if part.name == "findings").points
    assert [point.lead for point in findings] == ["OneNote", "Excel", "Word"]
    for point in findings:
        assert re.search(rf"{point.lead}\W.{{0,80}}?\d+(%| of \d+)", said), point
    for part in document.parts:
        assert part.heading in said or shape == "pptx"
    assert "https://pd.example.org/?school=lincoln&wave=Fall+2026" in said.replace(" ", "") or shape == "html"


def test_the_numbers_are_those_of_the_exports(answered: District, source: Sources) -> None:
    document = brief_of(source(), "lincoln")
    bars = {row.label: row.text for part in document.parts if part.bars for row in part.bars.rows}
    assert bars == {"Word": "100% (30 of 30)", "Excel": "50% (15 of 30)", "OneNote": "33% (10 of 30)"}


def test_the_pdf_is_one_tagged_page_that_a_screen_reader_can_read(answered: District, source: Sources) -> None:
    content = rendered("brief", [brief_of(source(), "lincoln")], "pdf", AT)
    read = reader(content)
    root = read.trailer["/Root"]
    assert len(read.pages) == 1 and [float(side) for side in read.pages[0].mediabox[2:]] == [612.0, 792.0]
    assert (root["/Lang"], root["/ViewerPreferences"]["/DisplayDocTitle"]) == ("en", True)  # type: ignore[index]
    assert read.metadata and read.metadata.title == "Building brief: Lincoln"
    assert b"pdfuaid:part" in root["/Metadata"].get_object().get_data()  # type: ignore[index]
    counts, alts = tags(content)
    assert counts["/H1"] == 1 and counts["/H2"] >= 5 and counts["/TH"] >= 4 and counts["/Figure"] == len(alts) == 4
    assert "OneNote: 33% (10 of 30), likely range" in " ".join(alts)
    assert fonts_are_embedded(content)


def test_the_page_is_semantic_small_and_without_script(answered: District, source: Sources) -> None:
    page = rendered("brief", [brief_of(source(), "lincoln")], "html", AT).decode()
    assert len(page.encode()) < 150_000 and "<script" not in page and 'lang="en"' in page
    assert "<title>Building brief: Lincoln · PD Pulse</title>" in page and page.count("<h1>") == 1
    svgs = re.findall(r"<svg[^>]*>", page)
    assert svgs and all('role="img"' in svg and "aria-label=" in svg for svg in svgs)
    assert page.count('<th scope="row">') == 3 and "src=" not in page and "@import" not in page


def test_the_slide_has_a_title_and_a_chart_to_edit_with_its_alternative_text(
    answered: District, source: Sources
) -> None:
    content = rendered("brief", [brief_of(source(), "lincoln")], "pptx", AT)
    slide = pptx.Presentation(io.BytesIO(content)).slides[0]
    assert slide.shapes.title.text == "Building brief: Lincoln"
    charts = [shape for shape in slide.shapes if shape.has_chart]
    assert len(charts) == 1
    assert "Word: 100% (30 of 30)" in charts[0]._element._nvXxPr.cNvPr.get("descr")
    series = charts[0].chart.plots[0].series[0]
    assert list(series.values) == [1.0, 0.5, 10 / 30]
    (bars,) = [part.bars for part in brief_of(source(), "lincoln").parts if part.bars]
    for side, ranges in (
        ("plus", [(row.high or 0) - (row.share or 0) for row in bars.rows]),
        ("minus", [(row.share or 0) - (row.low or 0) for row in bars.rows]),
    ):
        drawn = series._element.xpath(f"c:errBars/c:{side}/c:numLit/c:pt/c:v/text()")
        assert [float(one) for one in drawn] == pytest.approx(ranges, abs=1e-4)
    assert "What these answers can't show" in slide.notes_slide.notes_text_frame.text


@pytest.mark.parametrize("name", NAMES)
def test_a_name_of_any_kind_is_whole_in_every_format(answered: District, source: Sources, name: str) -> None:
    named(answered, name)
    document = brief_of(source(), "lincoln")
    read = reader(rendered("brief", [document], "pdf", AT))
    assert read.metadata and read.metadata.title == f"Building brief: {name}" and len(read.pages) == 1
    assert UNDRAWN not in read.pages[0].extract_text() or not name.isascii()
    assert f"<title>Building brief: {name} · PD Pulse</title>" in rendered("brief", [document], "html", AT).decode()
    assert name in text_of(document, "pptx") and name in text_of(document, "docx")


def named(district: District, name: str) -> None:
    """Gives Lincoln this name."""
    row = {"school_id": "lincoln", "name": name, "aliases": "", "level": "High", "region": "North", "headcount": 60}
    reference.set_schools(district.store, pl.DataFrame([row]), "test")


def test_a_school_too_small_to_show_has_a_brief_without_a_skill(answered: District, source: Sources) -> None:
    answered.answers("madison", 3, proficiency_word=3, proficiency_onenote=0)
    document = brief_of(source(), "madison")
    for shape in SHAPES:
        said = text_of(document, shape)
        assert "3 of 40" in said and "Too early" in said and "fewer than 5 answers" in said
        assert not [skill for skill in ("Word", "OneNote") if skill in said]


def test_a_school_without_answers_says_so(answered: District, source: Sources) -> None:
    document = brief_of(source(), "madison")
    for shape in SHAPES:
        said = text_of(document, shape)
        assert "No one here has answered in Fall 2026 yet." in said and "0 of 40" in said


def test_a_school_without_headcount_says_what_that_means(district: District, source: Sources) -> None:
    district.schools(lincoln=None, madison=40)
    district.answers("lincoln", 9, proficiency_word=3, proficiency_onenote=0)
    document = brief_of(source(), "lincoln")
    assert document.progress is None
    said = text_of(document, "pdf")
    assert "Cannot say" in said and "How many work here is not known" in said and "9 who answered" in said


def test_people_see_only_the_briefs_of_their_schools(answered: District, source: Sources) -> None:
    principal = Visitor.as_oneself(Actor("pat@example.org", "principal", frozenset({"lincoln"})))
    assert "30 of 60" in brief_of(source(principal), "lincoln").texts()
    with pytest.raises(KeyError):
        brief_of(source(principal), "madison")


def test_the_rest_of_the_district_is_rounded_for_a_principal_in_every_format(
    district: District, source: Sources
) -> None:
    district.schools(lincoln=60, madison=41, jefferson=37)
    for school_id, people, others in (("lincoln", 30, 7), ("madison", 17, 6), ("jefferson", 11, 8)):
        district.answers(school_id, people - others, proficiency_word=3, proficiency_onenote=0)
        district.answers(school_id, others, proficiency_word=0, proficiency_onenote=2)
    principal = Visitor.as_oneself(Actor("pat@example.org", "principal", frozenset({"lincoln"})))
    document = brief_of(source(principal), "lincoln")
    marks = [row.mark for part in document.parts if part.bars for row in part.bars.rows]
    assert marks and all(mark is not None and round(100 * mark, 9).is_integer() for mark in marks)
    slide = pptx.Presentation(io.BytesIO(rendered("brief", [document], "pptx", AT))).slides[0]
    (chart,) = [shape.chart for shape in slide.shapes if shape.has_chart]
    assert list(chart.plots[0].series[1].values) == marks
    assert not [name for name in ("Madison", "Jefferson") for shape in SHAPES if name in text_of(document, shape)]


def test_several_briefs_are_one_pdf_with_a_bookmark_each(answered: District, source: Sources) -> None:
    documents = [brief_of(source(), school_id) for school_id in ("lincoln", "madison")]
    read = reader(rendered("brief", documents, "pdf", AT))
    assert [entry.title for entry in read.outline] == [  # type: ignore[union-attr]
        "Building brief: Lincoln", "Building brief: Madison",
    ]  # fmt: skip
    assert len(read.pages) == 2


def test_a_wave_that_is_gone_is_named_with_those_there_are(answered: District) -> None:
    assert wave_of(answered.store, None) == "Fall 2026"
    with pytest.raises(UnknownName, match=r"no wave “Spring 2020”.*Known: Fall 2026"):
        wave_of(answered.store, "Spring 2020")


def test_without_any_answer_there_is_nothing_to_report(district: District) -> None:
    with pytest.raises(UnknownName, match="No one has answered yet"):
        wave_of(district.store, None)
