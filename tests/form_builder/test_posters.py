"""QR codes and posters for the staff room's wall."""

from __future__ import annotations

import io

import docx

from pd_core.entities import Wave
from pd_core.form_builder.posters import MAX_QR_LINK, posters, qr_code

LINK = "https://forms.office.com/Pages/ResponsePage.aspx?id=x&r1=%22Lincoln%20High%22"


def test_a_qr_code_is_a_picture_of_its_link() -> None:
    picture = qr_code(LINK)
    assert picture.startswith(b"\x89PNG")
    assert len(qr_code("https://example.org/".ljust(MAX_QR_LINK, "x"))) > len(picture)
    assert picture == qr_code(LINK) and picture != qr_code(LINK.replace("Lincoln", "Jackson"))


def test_each_school_has_a_page_with_its_picture_and_its_link() -> None:
    names = ["Lincoln High", "A school with a long name " * 6, "مدرسة 🙂"]
    document = docx.Document(io.BytesIO(posters("Survey", [(name, f"{LINK}{n}") for n, name in enumerate(names)])))
    headings = [p.text for p in document.paragraphs if p.style.name == "Heading 1"]
    assert headings == names
    described = [shape._inline.docPr.get("descr") for shape in document.inline_shapes]
    assert described == [f"QR code of the form for {name}" for name in names]
    assert [f"{LINK}{n}" in document.element.xml.replace("&amp;", "&") for n in range(3)] == [True] * 3


def test_a_quote_in_a_schools_name_is_escaped_as_microsoft_forms_reads_it() -> None:
    quoted = Wave("", form_link="https://forms.office.com/r?r1=%22{school}%22")
    plain = Wave("", form_link="https://docs.google.com/forms/d/e/x/viewform?entry.1={school}")
    assert quoted.link_to('Madrona "K-8"').endswith("r1=%22Madrona%20%5C%22K-8%5C%22%22")
    assert plain.link_to('Madrona "K-8"').endswith("entry.1=Madrona%20%22K-8%22")
