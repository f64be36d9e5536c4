"""Copy chart: the clipboard gets a picture with the chart and the words above it; a refusal is said."""

from __future__ import annotations

import base64
import io

import pytest
from PIL import Image
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import DESK, PATIENCE, TRIES, rested, settled

pytestmark = pytest.mark.browser
TAKEN = """async () => {
    const [item] = await navigator.clipboard.read();
    const bytes = new Uint8Array(await (await item.getType("image/png")).arrayBuffer());
    return btoa(Array.from(bytes, byte => String.fromCharCode(byte)).join(""));
}"""
REFUSE = "() => { navigator.clipboard.write = () => Promise.reject(new Error('not allowed')); }"


def click_until(page: Page, button: Locator, said: Locator) -> None:
    """Clicks until something is said: on a busy machine a click sometimes had no effect, it is not known why."""
    for number in range(TRIES):
        rested(page)
        button.click()
        try:  # a slow machine has its time in the last try
            expect(said).to_be_visible(timeout=PATIENCE / 2 ** (TRIES - 1 - number))
        except AssertionError:
            if number == TRIES - 1:
                raise
        else:
            return


def test_a_chart_is_copied_as_a_picture_and_a_refusal_is_said(browser: Browser, url: str) -> None:
    context = browser.new_context(viewport=DESK, permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(f"{url}/samr_distribution?school=cedar_hollow&wave=Fall+2026")
    settled(page)
    chart = page.get_by_test_id("stVegaLiteChart").first
    page.get_by_test_id("stExpander").first.locator("summary").click()
    button = page.get_by_role("button", name="Copy chart").first
    expect(button).to_be_visible()
    # The table is above the button, and moves it when it comes.
    expect(page.get_by_test_id("stDataFrame").locator("canvas").first).to_be_visible()
    click_until(page, button, page.get_by_role("status").filter(has_text="Copied as a picture."))
    size = chart.locator(".marks").bounding_box()
    taken = Image.open(io.BytesIO(base64.b64decode(page.evaluate(TAKEN))))
    assert size is not None
    assert taken.width == pytest.approx(2 * (size["width"] + 32), abs=2)
    assert taken.height > 2 * (size["height"] + 60), "words above it"
    # The words and the chart are both drawn, on a ground.
    for part in ((0, 0, taken.width, 150), (0, 200, taken.width, taken.height)):
        assert len(taken.convert("RGB").crop(part).getcolors(1 << 20) or ()) > 10

    page.evaluate(REFUSE)
    click_until(page, button, page.get_by_text("The browser did not allow copying. Download the chart instead."))
    context.close()
