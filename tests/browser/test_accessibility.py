"""Each page as all can use it: what axe-core finds, both widths, and what the keyboard alone can do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import DESK, PATIENCE, PHONE, settled

pytestmark = pytest.mark.browser
AXE = (files("axe_playwright_python") / "axe.min.js").read_text(encoding="utf-8")
PAGES = (
    "", "responses", "school_comparison", "training_planning", "upload", "plan", "sessions",
    *(
        pytest.param(path, marks=pytest.mark.slow)
        for path in (
            "?school=cedar_hollow", "responses?school=cedar_hollow", "training_planning?school=cedar_hollow",
            "samr_distribution", "growth", "impact", "hours", "programme", "administration", "training_lists", "survey",
            "credentials", "methods",
        )
    ),
)  # fmt: skip
STREAMLITS_OWN = {"presentation-role-conflict"}
"""What its own file uploader breaks, whatever a page does."""
BACKGROUND = "getComputedStyle(document.querySelector('[data-testid=stApp]')).backgroundColor"
FITS = "() => document.documentElement.scrollWidth <= document.documentElement.clientWidth"
_RUN = "() => axe.run(document, {resultTypes: ['violations']}).then(found => found.violations)"


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path or "overview")
def test_a_page_breaks_no_rule_in_light_and_dark_and_fits_a_desk_and_a_phone(page: Page, url: str, path: str) -> None:
    page.emulate_media(color_scheme="light")
    page.goto(f"{url}/{path}")
    settled(page)  # what is not drawn yet breaks no rule and is never too wide
    page.evaluate(AXE)
    found = ours(page)
    light = page.evaluate(BACKGROUND)
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(f"light => {BACKGROUND} !== light", arg=light)
    settled(page)
    found += ours(page)
    assert not found, "\n".join(found)
    page.wait_for_function(FITS)
    page.set_viewport_size(PHONE)
    settled(page)
    page.wait_for_function(FITS)
    expect(page.get_by_text("Something went wrong")).to_have_count(0)


def ours(page: Page) -> list[str]:
    """What breaks a rule on the page as it is now."""
    return [
        f"{broken['id']}: {node['html'][:120]} {node['failureSummary']}"
        for broken in page.evaluate(_RUN)
        if broken["id"] not in STREAMLITS_OWN
        for node in broken["nodes"]
    ]


@pytest.fixture(scope="module")
def school_page(browser: Browser, url: str) -> Iterator[Page]:
    """The page of a school, opened once for the tests that only look at it."""
    context = browser.new_context(viewport=DESK)
    opened = context.new_page()
    opened.set_default_timeout(PATIENCE)
    opened.goto(f"{url}/?school=cedar_hollow")
    settled(opened)
    yield opened
    context.close()


def test_the_focus_is_seen_on_every_stop_of_the_keyboard(school_page: Page) -> None:
    unseen = []
    for _ in range(25):
        school_page.keyboard.press("Tab")
        style = school_page.evaluate(
            """() => {
              const one = document.activeElement, seen = getComputedStyle(one), box = getComputedStyle(one.closest(
                '[data-baseweb=select], [data-testid=stTextInput]') || one);
              return {tag: one.tagName + ' ' + one.innerText.slice(0, 20), width: parseFloat(seen.outlineWidth) || 0,
                line: seen.outlineStyle, shadow: seen.boxShadow, border: box.borderColor};
            }"""
        )
        is_outlined = style["line"] != "none" and style["width"] >= 2
        if not is_outlined and style["shadow"] == "none" and "INPUT" not in style["tag"] and "BODY" not in style["tag"]:
            unseen.append(style)
    assert not unseen


def test_a_school_is_chosen_and_a_link_followed_with_the_keyboard_alone_and_the_focus_is_on_the_new_title(
    page: Page, url: str
) -> None:
    page.goto(url)
    settled(page)
    page.get_by_role("combobox", name="School").focus()
    page.keyboard.type("Heron")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("school=heron_slough"))
    settled(page)
    page.get_by_role("link", name="Open the training page").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/training_planning"))
    expect(page.locator("h1:focus")).to_have_count(1)


@pytest.fixture
def on_paper(school_page: Page) -> Iterator[Page]:
    school_page.emulate_media(media="print")
    yield school_page
    school_page.emulate_media(media="screen")


def test_a_printed_page_has_no_menu_and_no_buttons(on_paper: Page) -> None:
    for hidden in ("stSidebar", "stHeader", "stExpander"):
        for found in on_paper.get_by_test_id(hidden).all():
            expect(found).to_be_hidden()
    links = on_paper.locator(".pulse-links a")
    expect(links).not_to_have_count(0)
    for link in links.all():
        expect(link).to_be_hidden()
    expect(on_paper.get_by_role("heading", level=1)).to_be_visible()
    on_paper.wait_for_function(  # charts may still take their room; what is below the screen is printed too
        """() => {
            const shown = [...document.querySelectorAll("[data-testid=stMain] h2")].filter((one) => one.offsetHeight)
            const bottom = (shown.at(-1)?.getBoundingClientRect().bottom ?? 0) + scrollY
            return bottom > 900 && document.documentElement.scrollHeight >= bottom
        }"""
    )
