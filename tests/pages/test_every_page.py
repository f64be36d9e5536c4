"""What holds of every page."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.pages.seen import OpenPage, title, ways_to_take_it, words

PAGES = (
    "overview", "school_comparison", "samr_distribution", "growth", "impact", "training_planning", "plan", "sessions",
    "hours", "programme", "credentials", "responses",
    "upload", "training_lists", "methods",
)  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
def test_it_opens_on_a_store_without_answers(app: OpenPage, page: str) -> None:
    assert title(app(page))


@pytest.mark.parametrize("page", PAGES)
def test_it_opens_on_real_answers_with_headings_in_order(app: OpenPage, looked_at: Path, page: str) -> None:
    opened = app(page, store=looked_at)
    assert title(opened)
    assert "sample district" not in words(opened)
    assert opened.header or not opened.subheader, "a heading of the third order needs one of the second above it"
    assert [heading.anchor for heading in opened.title] == ["page-title"]
    assert ways_to_take_it(opened) == [len(opened.main.children) - 1], "its address can be taken below it"
    own = [heading.anchor for heading in opened.header if heading.anchor]
    assert len(own) == len(set(own)), "each section has an address of its own"


@pytest.mark.parametrize("page", PAGES)
def test_an_address_that_names_nothing_still_opens(app: OpenPage, answers: Path, page: str) -> None:
    assert title(app(page, store=answers, school="nowhere", wave="Never", skill="juggling", by="chance", role="pilot"))


def test_headings_keep_their_addresses_when_the_numbers_change(app: OpenPage, looked_at: Path) -> None:
    one, other = (app("overview", store=looked_at, school=school) for school in ("lincoln", "district"))
    assert title(one) != title(other)
    assert one.header[0].value != other.header[0].value
    for page in (one, other):
        assert [page.title[0].anchor, page.header[0].anchor] == ["page-title", "section-strengths"]


def test_a_page_that_stops_early_has_its_address_below_it_too(app: OpenPage, answers: Path) -> None:
    page = app("growth", store=answers)
    assert title(page) == "Growth cannot be shown yet"
    assert ways_to_take_it(page) == [len(page.main.children) - 1]
