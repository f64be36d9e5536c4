"""Small windows with filters, by keyboard."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import open_choices, rested

pytestmark = pytest.mark.browser
WINDOWS = [
    ("training_planning", "Find and filter", "Find a school", "Region"),
    ("school_comparison", "Filter", "Role", "Schools"),
]


@pytest.mark.parametrize(("path", "button", "first", "last"), WINDOWS)
def test_a_window_comes_right_after_its_button(
    page: Page, url: str, path: str, button: str, first: str, last: str
) -> None:
    page.goto(f"{url}/{path}")
    rested(page)
    opener, window = page.get_by_role("button", name=button), page.get_by_role("dialog", name=button)
    opener.focus()
    page.keyboard.press("Tab")
    after = page.evaluate_handle("document.activeElement")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(window.get_by_role("combobox", name=first)).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(opener).to_be_focused()
    page.keyboard.press("Tab")
    expect(window.get_by_role("combobox", name=first)).to_be_focused()
    page.keyboard.press("Escape")
    expect(window).to_have_count(0)
    expect(opener).to_be_focused()
    page.keyboard.press("Enter")
    window.get_by_role("combobox", name=last).focus()
    page.keyboard.press("Tab")
    expect(window).to_have_count(0)
    page.wait_for_function("one => document.activeElement === one", arg=after)


def test_a_filter_is_chosen_by_keyboard_and_keeps_the_focus(page: Page, url: str) -> None:
    page.goto(f"{url}/training_planning")
    rested(page)
    page.get_by_role("button", name="Find and filter").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("combobox", name="Find a school")).to_be_focused()
    page.keyboard.press("Tab")
    verdict = page.get_by_role("combobox", name="Verdict")
    expect(verdict).to_be_focused()
    page.keyboard.type("Safe to decide")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("verdict=safe"))
    rested(page)
    expect(verdict).to_be_focused()


def test_a_filter_of_the_comparison_is_announced(page: Page, url: str) -> None:
    page.goto(f"{url}/school_comparison")
    rested(page)
    page.get_by_role("button", name="Filter").click()
    open_choices(page, "Region").filter(has_text="Foothills").click()
    expect(page.locator("body > [role=status]")).to_have_text("Region: Foothills.")


def test_a_click_on_its_button_leaves_the_focus_there(page: Page, url: str) -> None:
    """On a phone, a field with the focus would bring up the keys."""
    page.goto(f"{url}/training_planning")
    opener = page.get_by_role("button", name="Find and filter")
    opener.click()
    expect(page.get_by_role("dialog", name="Find and filter")).to_be_visible()
    expect(opener).to_be_focused()


def test_what_filters_leave_is_announced_and_all_schools_come_back(page: Page, url: str) -> None:
    page.goto(f"{url}/training_planning")
    rested(page)
    announced = page.locator("body > [role=status]")
    shown = page.locator(".st-key-announced_schools")
    expect(shown).to_have_text("All 12 schools.")
    expect(announced).to_have_text("")
    announced.evaluate("one => { one.isSame = true; }")
    page.get_by_role("button", name="Find and filter").click()
    choices = open_choices(page, "Level")
    choices.filter(has_text="High").click()
    expect(announced).to_have_text("3 of 12 schools fit. Level: High.")
    expect(page.get_by_role("option").first).to_be_attached()
    assert not announced.evaluate("one => one.closest('[aria-hidden=true], [inert]')"), "the open list does not hide it"
    assert announced.evaluate("one => one.isSame"), "a screen reader listens to the same place"
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Show all schools").press("Enter")
    expect(shown).to_have_text("All 12 schools.")
    expect(announced).to_have_text("All 12 schools.")
    table = page.get_by_role("heading", name=re.compile("^What 12 schools need"))
    expect(table).to_be_focused()
    expect(table).to_be_in_viewport(ratio=1)
