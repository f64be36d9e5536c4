"""A table of words is sorted by keyboard, its rows are opened, and the browser goes back to what was before."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, rested

pytestmark = pytest.mark.browser


def test_a_head_sorts_the_table_keeps_the_focus_and_turns_it_round(page: Page, url: str) -> None:
    page.goto(f"{url}/training_planning")
    rested(page)
    page.evaluate("() => { window.isSame = true; }")
    head = page.get_by_role("columnheader", name="Can we decide?")
    head.get_by_role("link").focus()
    for query, order in (("sort=verdict", "ascending"), ("sort=-verdict", "descending")):
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile(query))
        expect(head).to_have_attribute("aria-sort", order)
        expect(head.get_by_role("link")).to_be_focused()
    page.go_back()
    expect(head).to_have_attribute("aria-sort", "ascending")
    assert page.evaluate("window.isSame"), "nothing was loaded anew"


def test_heads_and_schools_stay_in_view_on_a_phone(page: Page, url: str) -> None:
    page.set_viewport_size(PHONE)
    page.goto(f"{url}/training_planning")
    rested(page)
    frame = page.get_by_role("region", name=re.compile("^What .* need, in one table$"))
    frame.scroll_into_view_if_needed()
    frame.evaluate("one => one.scrollTo(one.scrollWidth, one.scrollHeight)")
    expect(frame.get_by_role("columnheader", name="Best time")).to_be_in_viewport(ratio=0.9)
    expect(frame.get_by_role("rowheader").last).to_be_in_viewport(ratio=0.9)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "the page itself does not move sideways"


def test_the_last_head_is_in_view_after_it_sorted_on_a_phone(page: Page, url: str) -> None:
    page.set_viewport_size(PHONE)
    page.goto(f"{url}/training_planning")
    rested(page)
    head = page.get_by_role("columnheader", name="Best time")
    head.get_by_role("link").focus()
    page.keyboard.press("Enter")
    expect(head).to_have_attribute("aria-sort", "ascending")
    expect(head.get_by_role("link")).to_be_focused()
    expect(head.get_by_role("link")).to_be_in_viewport(ratio=0.9)


def test_a_session_is_opened_from_its_row_and_the_focus_goes_there(page: Page, url: str) -> None:
    page.goto(f"{url}/sessions?view=all")
    rested(page)
    opened = page.locator("#section-opened-session")
    rows = page.get_by_role("rowheader").get_by_role("link")
    for place in (0, 1):
        session = rows.nth(place).inner_text()
        rows.nth(place).focus()
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile(f"open={session}(&|$)"))
        expect(page.get_by_role("combobox", name="Session")).to_have_value(re.compile(f"^{session}: "))
        expect(opened).to_be_focused()
        expect(opened).to_be_in_viewport(ratio=1)
