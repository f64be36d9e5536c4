"""Take it away: the brief is offered where a principal looks first, and is the page's own school's."""

from __future__ import annotations

from pathlib import Path

from streamlit.testing.v1 import AppTest

from pages.components import data
from pd_core.access import Actor
from pd_core.actions import share_links
from pd_core.storage import links
from tests.pages.seen import OpenPage
from tests.reports.documents.reading import reader, words

PAT = Actor("pat@example.org", "principal", frozenset({"lincoln"}))
FAY = Actor("fay@example.org", "facilitator")
BRIEF = ["Download PDF", "Download PowerPoint", "Download Word"]


def offered(page: AppTest) -> list[str]:
    found = [button.proto.label for button in page.get("download_button")]
    return [label for label in found if not label.endswith("file") and "chart" not in label]


def test_a_principal_takes_the_brief_of_the_school_on_the_page(app: OpenPage, looked_at: Path) -> None:
    page = app("overview", store=looked_at, as_=PAT, school="lincoln")
    assert offered(page) == [*BRIEF, "Download plan as Word", "Download plan as PDF"]
    assert [link.proto.url for link in page.get("link_button")] == [
        "http://localhost:8501/brief/lincoln?wave=Fall+2026", "http://localhost:8501/said/lincoln?wave=Fall+2026",
    ]  # fmt: skip
    (text,) = page.text_area
    assert text.value.startswith("You said, we did: Lincoln High\n40 of 60 of us answered")
    assert not [button for button in page.button if button.key and button.key.startswith("all_")]


def test_a_guests_page_has_the_link_with_it(app: OpenPage, answers: Path) -> None:
    app("overview", store=answers, as_=FAY)
    link = links.make_link(data.store(), "lincoln", 7, "test")
    token = share_links.token(link, data.key())
    page = app("overview", store=answers, link=token, school="lincoln")
    opened = [one.proto.url for one in page.get("link_button")]
    assert opened[0] == f"http://localhost:8501/brief/lincoln?wave=Fall+2026&link={token}"


def test_a_facilitator_makes_the_briefs_of_all_schools_with_one_bookmark_each(app: OpenPage, answers: Path) -> None:
    page = app("overview", store=answers, as_=FAY)
    page.button(key="all_pdf").click().run()
    deck = ["Download deck as PowerPoint", "Download deck as PDF"]
    assert offered(page) == [*BRIEF, *deck, "Download One PDF"]
    _, kind, content = page.session_state["briefs_made"]
    assert kind == "pdf" and len(reader(content).pages) == 4
    assert "40 of 60" in words(content) and "No one here has answered" in words(content)
