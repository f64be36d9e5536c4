"""A browser that was here before connects at once, at any page's address."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser


def test_a_browser_that_was_here_before_asks_at_no_address_in_vain(page: Page, url: str) -> None:
    page.goto(url)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    asked: list[str] = []
    page.on("response", lambda response: asked.append(f"{response.status} {response.url.removeprefix(url)}"))
    page.goto(f"{url}/methods")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert not [one for one in asked if one.startswith("404")]
    assert "200 /_stcore/health" in asked, "the server's settings still come, while the page is drawn"


def test_it_waits_for_no_answer_before_it_connects(page: Page, url: str) -> None:
    page.goto(url)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.route("**/_stcore/health", lambda route: None)  # no answer comes
    page.goto(f"{url}/methods")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.unroute_all(behavior="ignoreErrors")


def test_no_other_site_steers_the_page(page: Page, url: str) -> None:
    page.goto(url)
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.evaluate("window.__streamlit.HOST_CONFIG.allowedOrigins.every(one => one.endsWith('.invalid'))")
