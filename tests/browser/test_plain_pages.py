"""The brief as a plain page: without a script, on a phone, on paper, and for a screen reader."""

from __future__ import annotations

import io

import pytest
from playwright.sync_api import Browser, expect
from pypdf import PdfReader

from tests.browser.conftest import PATIENCE, PHONE
from tests.browser.test_accessibility import AXE

pytestmark = pytest.mark.browser
PATHS = ("brief/cedar_hollow", "said/cedar_hollow", "brief/trillium", "brief/district")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser: Browser, url: str, scheme: str) -> None:
    context = browser.new_context(viewport=PHONE, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    for path in PATHS:
        page.goto(f"{url}/{path}")
        page.evaluate(AXE)
        found = page.evaluate("() => axe.run(document, {resultTypes: ['violations']}).then(found => found.violations)")
        assert not [(rule["id"], [node["html"] for node in rule["nodes"]]) for rule in found], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    context.close()


def test_without_a_script_a_brief_is_read_and_prints_on_one_page(browser: Browser, url: str) -> None:
    context = browser.new_context(viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(f"{url}/brief/cedar_hollow")
    expect(page.get_by_role("heading", level=1)).to_have_text("Building brief: Cedar Hollow Elementary")
    expect(page.get_by_role("row", name="OneNote")).to_contain_text("12% (4 of 34)")
    expect(page.get_by_role("link", name="Open the live dashboard")).to_be_visible()
    printed = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    assert len(printed.pages) == 1 and "34 of 42" in printed.pages[0].extract_text()
    context.close()
