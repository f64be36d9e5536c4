"""The technology plan, the board deck, and “You said, we did”."""

from __future__ import annotations

import io
from collections.abc import Callable

import docx
import pptx
import pytest

from pd_core.access import Actor, Visitor
from pd_core.errors import RefusedAccess
from pd_core.presentation.document import Document
from pd_core.presentation.said_done import message
from pd_core.reports.documents.documents import board_of, brief_of, plan_of, said_of
from pd_core.reports.documents.files import Kind, rendered
from pd_core.reports.documents.source import Source
from tests.district import District
from tests.reports.documents.reading import fonts_are_embedded, reader, tags, words
from tests.reports.documents.test_brief import AT

Sources = Callable[..., Source]
PAT = Visitor.as_oneself(Actor("pat@example.org", "principal", frozenset({"lincoln"})))


@pytest.fixture
def answered(district: District) -> District:
    """Lincoln: 30 of 60 answered; OneNote is what they need most. Of Madison's 40, three did."""
    district.answers("lincoln", 20, proficiency_word=3, proficiency_onenote=0)
    district.answers("lincoln", 10, proficiency_word=2, proficiency_onenote=2)
    district.answers("madison", 3, proficiency_word=3, proficiency_onenote=0)
    return district


def test_the_technology_plan_is_two_pages_and_word_to_edit(answered: District, source: Sources) -> None:
    document = plan_of(source(PAT), "lincoln")
    content = rendered("techplan", [document], "pdf", AT)
    said = words(content)
    assert len(reader(content).pages) <= 2 and tags(content)[0]["/H1"] == 1
    for expected in ("30 of 60", "Entry class, OneNote", "No goal is set yet", "Principal", "No training is planned"):
        assert expected in said
    made = docx.Document(io.BytesIO(rendered("techplan", [document], "docx", AT)))
    headings = [paragraph.text for paragraph in made.paragraphs if paragraph.style.name.startswith("Heading")]
    assert headings == [document.title, *(part.heading for part in document.parts)]
    assert made.core_properties.title == "Technology plan: Lincoln"


def test_the_board_deck_has_a_slide_a_part_and_names_no_school(answered: District, source: Sources) -> None:
    document = board_of(source())
    said = document.texts()
    assert "without 3 answers from schools too small to show" in said and "Nothing can be said of effects yet" in said
    assert not [name for name in ("Lincoln", "Madison") if name in said]
    deck = pptx.Presentation(io.BytesIO(rendered("board", [document], "pptx", AT)))
    titles = [slide.shapes.title.text for slide in deck.slides]
    assert titles == [document.title, *(part.heading for part in document.parts)]
    described = [shape for slide in deck.slides for shape in slide.shapes if shape.has_chart or shape.has_table]
    assert described and all(shape._element._nvXxPr.cNvPr.get("descr") for shape in described)
    read = reader(rendered("board", [document], "pdf", AT))
    assert len(read.pages) == len(titles) and read.pages[0].mediabox.width > read.pages[0].mediabox.height


def test_the_board_deck_is_for_those_who_see_every_school(answered: District, source: Sources) -> None:
    with pytest.raises(RefusedAccess):
        board_of(source(PAT))


def test_staff_read_what_they_said_and_that_nothing_is_decided_yet(answered: District, source: Sources) -> None:
    document = said_of(source(PAT), "lincoln")
    text = message(document)
    assert "30 of 60 of us answered" in text and "- OneNote: About " in text and "Nothing is decided yet." in text
    assert text.index("You said:") < text.index("We did:") < text.index("What comes next:")


def test_a_school_too_small_to_show_reads_no_skill(answered: District, source: Sources) -> None:
    for make in (plan_of, said_of):
        said = make(source(), "madison").texts()
        assert "3 of 40" in said and not [skill for skill in ("Word", "OneNote") if skill in said]


@pytest.mark.parametrize(
    ("make", "kind", "school_id", "page_size"),
    [
        (brief_of, "brief", "lincoln", (612, 792)),
        (brief_of, "brief", "madison", (612, 792)),
        (plan_of, "techplan", "lincoln", (612, 792)),
        (board_of, "board", "district", (960, 540)),
    ],
)
def test_every_pdf_is_tagged_titled_and_described_for_a_screen_reader(
    answered: District, source: Sources, make: Callable[..., Document], kind: Kind, school_id: str,
    page_size: tuple[int, int],
) -> None:  # fmt: skip
    document = make(source(), school_id)
    content = rendered(kind, [document], "pdf", AT)
    read = reader(content)
    root = read.trailer["/Root"]
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"], root["/ViewerPreferences"]["/DisplayDocTitle"]) == (
        "en", True, True,
    )  # fmt: skip
    assert read.metadata is not None and read.metadata.title == document.title
    assert b"pdfuaid:part" in root["/Metadata"].get_object().get_data()
    assert all((round(page.mediabox.width), round(page.mediabox.height)) == page_size for page in read.pages)
    counts, alts = tags(content)
    assert counts["/H1"] == 1 and counts["/H2"] == len(document.parts)
    assert counts["/TH"] >= len(document.figures), "each table has its headings"
    bars = [row.sentence for part in document.parts if part.bars for row in part.bars.rows]
    assert counts["/Figure"] == len(alts) and set(bars) <= set(alts) and all(alts)
    assert fonts_are_embedded(content)
