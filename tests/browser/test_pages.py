"""What the pages of the sample district say first, and how one goes from page to page."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, open_choices
from tests.visitor import visit

pytestmark = pytest.mark.browser


def test_on_a_phones_first_screen_are_the_verdict_and_what_to_do_and_charts_say_in_words_what_they_show(
    page: Page, url: str
) -> None:
    page.set_viewport_size(PHONE)
    page.goto(f"{url}/?school=cedar_hollow")
    expect(page.get_by_role("heading", level=1)).to_be_in_viewport()
    expect(page.get_by_text(re.compile(r"^Next:"))).to_be_in_viewport()
    expect(page.get_by_label(re.compile("OneNote is where most help is needed")).first).to_be_attached()


def test_a_link_to_a_school_opens_that_school_and_keeps_its_address(url: str) -> None:
    seen = visit(url, school="kelp_harbor")
    assert re.match("Too early to decide: 13 of 110 staff answered; ", seen.title)
    assert "school=kelp_harbor" in seen.address


def test_choosing_a_school_writes_it_into_the_address_and_keeps_it_from_page_to_page(page: Page, url: str) -> None:
    page.goto(url)
    open_choices(page, "School")
    page.get_by_role("option", name="Heron Slough Elementary").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^Safe to decide: 33 of 36 staff answered"))
    expect(page).to_have_url(re.compile(r"school=heron_slough"))
    page.get_by_role("link", name="Training planning").click()
    expect(page).to_have_url(re.compile(r"training_planning\?.*school=heron_slough"))


def test_a_small_schools_results_are_nowhere_on_its_page(url: str) -> None:
    seen = visit(url, school="trillium")
    assert seen.title == "Too early to decide: 3 of 6 staff answered, too few to show."
    assert "hidden: fewer than 5 answers" in seen.everything
