"""Links to other pages, and the boxes that lead there."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest

from pages.components.page_links import Box, Link
from tests.pages.seen import page_links


def shown(*boxes: Box) -> AppTest:
    def app(boxes: tuple) -> None:
        from pages.components import page_links  # noqa: PLC0415 - AppTest runs the source of this function alone

        page_links.boxes(*boxes)

    page = AppTest.from_function(app, kwargs={"boxes": boxes}).run()
    assert not page.exception
    return page


def test_a_box_has_a_word_in_bold_an_icon_a_sentence_a_note_and_a_link() -> None:
    see = Link("growth.py", "See what changed", "trending_up", {"school": "lincoln", "wave": "Fall 2026"})
    page = shown(Box("Plan a class.", lead="Next:", icon="event", note="It takes an hour.", link=see))
    body = page.get("html")[0].proto.body
    assert "<strong>Next:</strong> Plan a class.</span></p><small>It takes an hour.</small><a " in body
    assert body.count('aria-hidden="true"') == 2, "the icons are for the eye alone"
    assert page_links(page) == {"See what changed": "./growth?school=lincoln&wave=Fall+2026"}


def test_what_a_box_does_not_have_is_not_written() -> None:
    (body,) = [one.proto.body for one in shown(Box(), Box("Alone.")).get("html")]
    assert body.endswith('<div class="pulse-box"></div><div class="pulse-box"><p><span>Alone.</span></p></div></div>')


def test_without_a_box_nothing_is_shown() -> None:
    assert not shown().get("html")


def test_the_page_that_people_arrive_on_has_no_name_in_its_address() -> None:
    assert page_links(shown(Box(link=Link("overview.py", "Results")))) == {"Results": "./"}


@pytest.mark.parametrize("text", ['<img src=x onerror="alert(1)">', "a & b", 'it\'s "so"'])
def test_text_from_elsewhere_is_shown_as_written(text: str) -> None:
    page = shown(Box(text, lead=text, note=text, link=Link("plan.py", text, address={"school": text})))
    body = page.get("html")[0].proto.body
    assert "<img" not in body and "& b" not in body.replace("&amp; b", "")
    assert list(page_links(page)) == [text]
