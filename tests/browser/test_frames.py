"""Share links in a frame: in Teams they open, on a site that nobody allowed they do not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from pd_core.actions import share_links
from pd_core.codebook import Codebook
from pd_core.config import load_settings
from pd_core.pseudonyms import respondent_key
from pd_core.storage import links, open_store, reference
from tests.browser.conftest import PHONE
from tests.conftest import SCHOOLS
from tests.server import running_server

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def url(store: Path, codebook: Codebook) -> Iterator[str]:
    """The address of a share link to the district, for a frame."""
    opened = open_store(str(store), list(codebook.items.values()))
    reference.set_schools(opened, SCHOOLS, "test")
    token = share_links.token(
        links.make_link(opened, "district", 90, "test"),
        respondent_key(load_settings({}, store=str(store)), has_uploads=False),
    )
    opened.close()
    with running_server(store, provider="https://accounts.example.org") as address:
        yield f"{address}/?link={token}&embed=true"


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    # A page of the network may show one of this computer only if somebody allows it; here stands for a real host.
    context = browser.new_context(viewport=PHONE, permissions=["local-network-access"])
    yield context.new_page()
    context.close()


def put_in_frame(page: Page, site: str, url: str) -> None:
    body = f'<!doctype html><iframe title="tab" src="{url}" style="width:100%;height:90vh"></iframe>'
    page.route(f"{site}/**", lambda route: route.fulfill(body=body, content_type="text/html"))
    page.goto(f"{site}/tab")


def test_in_a_teams_tab_a_share_link_opens(page: Page, url: str) -> None:
    fonts: list[tuple[str, int]] = []
    page.on("response", lambda got: fonts.append((got.url, got.status)) if got.url.endswith(".woff2") else None)
    put_in_frame(page, "https://teams.microsoft.com", url)
    inside = page.frame_locator("iframe")
    expect(inside.get_by_text("Made-up sample district")).to_be_visible(timeout=30_000)
    expect(inside.get_by_role("heading", level=1)).to_have_count(1)
    assert fonts and not [font for font in fonts if font[1] != 200], "icons are words where their font is refused"


def test_on_a_site_that_nobody_allowed_it_does_not(page: Page, url: str) -> None:
    with page.expect_console_message(lambda message: "frame-ancestors" in message.text):
        put_in_frame(page, "https://evil.example.org", url)
    expect(page.frame_locator("iframe").get_by_role("heading", level=1)).to_have_count(0)
