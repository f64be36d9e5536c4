"""Signing in, with a real browser at a real provider on this computer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from pd_core.codebook import Codebook
from pd_core.storage import open_store, reference, roles
from tests.browser.conftest import DESK, PATIENCE, sign_in
from tests.conftest import SCHOOLS
from tests.server import running_server

pytestmark = pytest.mark.browser
PRINCIPAL = "pat@example.org"


@pytest.fixture(scope="module")
def url(store: Path, codebook: Codebook, provider: str) -> Iterator[str]:
    """A server where people sign in; Pat is Lincoln's principal, nobody else has a role."""
    opened = open_store(str(store), list(codebook.items.values()))
    reference.set_schools(opened, SCHOOLS, "test")
    roles.put_person(opened, PRINCIPAL, "principal", ["lincoln"], "test")
    opened.close()
    with running_server(store, {"PD_ADMINISTRATORS": "ada@example.org"}, provider=provider) as address:
        yield address


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page whose complaints do not count: the provider's own pages ask for files that are not there."""
    context = browser.new_context(viewport=DESK)
    opened = context.new_page()
    opened.set_default_timeout(PATIENCE)
    yield opened
    context.close()


def expect_sign_in_page(page: Page) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in to PD Pulse")


def test_after_signing_in_one_lands_where_the_link_pointed(page: Page, url: str) -> None:
    page.goto(f"{url}/training_planning?school=lincoln")
    expect_sign_in_page(page)
    sign_in(page, PRINCIPAL)
    expect(page).to_have_url(re.compile(r"/training_planning\?.*school=lincoln"))
    expect(page.get_by_text("pat@example.org, Principal")).to_be_visible()
    expect(page.get_by_role("link", name="Administration")).to_have_count(0)
    expect(page.get_by_role("link", name="Upload")).to_have_count(0)


def test_a_browser_that_was_closed_is_still_signed_in(page: Page, url: str) -> None:
    page.goto(url)
    sign_in(page, PRINCIPAL)
    expect(page.get_by_text("pat@example.org, Principal")).to_be_visible()
    page.context.clear_cookies(name="_streamlit_xsrf")  # it lasts as long as the browser; the sign-in lasts for weeks
    page.goto(f"{url}/methods")
    expect(page.get_by_text("pat@example.org, Principal")).to_be_visible()


def test_signing_out_ends_the_sign_in_even_for_a_copy_of_its_cookie(
    page: Page, browser: Browser, url: str, provider: str
) -> None:
    page.goto(url)
    sign_in(page, PRINCIPAL)
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    copied = [cookie for cookie in page.context.cookies() if cookie["name"].startswith("_streamlit_user")]
    assert copied, "the browser holds no sign-in"
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(re.compile(re.escape(provider)))
    page.get_by_role("button", name="End session").click()
    expect_sign_in_page(page)
    other = browser.new_context()
    other.add_cookies(copied)
    thief = other.new_page()
    thief.goto(url)
    expect(thief.get_by_role("heading", level=1)).to_have_text("Sign in to PD Pulse")
    expect(thief.get_by_text("Your sign-in has ended.")).to_be_visible()
    other.close()


def test_inside_a_frame_one_is_sent_to_a_window_of_its_own(page: Page, url: str) -> None:
    page.goto(f"{url}/training_planning?embed=true&school=lincoln")
    link = page.get_by_role("link", name="Open in browser")
    expect(link).to_have_attribute("href", re.compile(r"/training_planning\?school=lincoln$"))
    expect(link).to_have_attribute("target", "_blank")
