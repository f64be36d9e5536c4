"""The menu of the pages: its links go to a page as people expect of links, without loading everything anew."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, rested

pytestmark = pytest.mark.browser


def test_a_link_goes_to_its_page_in_the_loaded_app_and_the_browser_goes_back(page: Page, url: str) -> None:
    page.goto(url)
    rested(page)
    page.evaluate("() => { window.isSame = true; }")
    menu = page.get_by_role("navigation", name="Pages")
    expect(menu.get_by_role("link", name="Overview")).to_have_attribute("aria-current", "page")
    menu.get_by_role("link", name="Methods").click()
    expect(page.locator("h1:focus")).to_have_text(re.compile("^What each number means"))
    expect(page).to_have_url(f"{url}/methods")
    expect(menu.locator("[aria-current=page]")).to_have_text(re.compile("Methods$"))
    page.go_back()
    expect(menu.locator("[aria-current=page]")).to_have_text(re.compile("Overview$"))
    expect(page.get_by_role("heading", level=1)).not_to_have_text(re.compile("^What each number means"))
    assert page.evaluate("window.isSame"), "nothing was loaded anew"


def test_a_page_opened_in_a_tab_of_its_own_leaves_this_one_as_it_is(page: Page, url: str) -> None:
    page.goto(f"{url}/methods")
    rested(page)
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Survey").click(modifiers=["ControlOrMeta"])
    expect(opened.value.get_by_role("heading", level=1)).to_have_text(re.compile("^The survey asks"))
    expect(page).to_have_url(f"{url}/methods")


def test_on_a_phone_the_menu_closes_with_a_choice(page: Page, url: str) -> None:
    page.set_viewport_size(PHONE)
    page.goto(f"{url}/methods")
    page.get_by_test_id("stExpandSidebarButton").click()
    page.get_by_role("link", name="Survey").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^The survey asks"))
    expect(page.get_by_role("link", name="Methods")).not_to_be_in_viewport()


def test_a_page_in_another_sites_frame_stays_embedded(page: Page, url: str) -> None:
    page.goto(f"{url}/methods?embed=true")
    page.get_by_role("link", name="Survey").click()
    expect(page).to_have_url(f"{url}/survey?embed=true")
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^The survey asks"))
