"""From needs to a plan in a real browser, as the facilitator who plans and as the MIE who teaches."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from pd_core.codebook import Codebook
from pd_core.storage import open_store, roles
from tests.browser.conftest import DESK, PATIENCE, PHONE, open_choices
from tests.server import running_server
from tests.visitor import signed_in

pytestmark = pytest.mark.browser
FAY, MIA = "fay@example.org", "mia@example.org"
HEADLINE = re.compile(r"^\d+ sessions? reach(es)? [\d,]+ of [\d,]+ people in need; \d+ of 12 schools gets? one")


@pytest.fixture(scope="module")
def url(store: Path, sample_district: Path, codebook: Codebook) -> Iterator[str]:
    """A server where people sign in, with the made-up district as its own: Fay plans, Mia is MIE at Cedar Hollow."""
    opened = open_store(str(shutil.copy(sample_district, store)), list(codebook.items.values()))
    roles.put_person(opened, FAY, "facilitator", (), "test")
    roles.put_person(opened, MIA, "mie", ["cedar_hollow"], "test")
    opened.close()
    environment = {"PD_ADMINISTRATORS": "ada@example.org", "PD_KEY": "a secret of the tests, long enough to be one"}
    with running_server(store, environment, provider="https://accounts.example.org") as address:
        yield address


def opened(browser: Browser, url: str, email: str, size: dict[str, int]) -> Page:
    """A page of somebody who is signed in."""
    context = browser.new_context(viewport=size, accept_downloads=True)
    cookies = signed_in(url, email)
    context.add_cookies([{"name": name, "value": value, "url": url} for name, value in cookies.items()])
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    return page


def choose(page: Page, label: str, option: int) -> str:
    """Chooses one of a box's options by its place; returns its text."""
    wanted = open_choices(page, label, exact=True).nth(option)
    text = wanted.inner_text()
    wanted.click()
    return text


@pytest.mark.slow
def test_a_facilitator_goes_from_needs_to_a_plan_and_takes_it_away(browser: Browser, url: str) -> None:
    page = opened(browser, url, FAY, DESK)
    page.goto(f"{url}/training_planning")
    expect(page.get_by_role("heading", level=1)).to_contain_text("needed most")
    page.get_by_role("link", name="See the proposed plan of all schools").click()
    title = page.get_by_role("heading", level=1)
    expect(title).to_have_text(HEADLINE)
    expect(page.get_by_role("heading", name="Who can teach what, before anything is planned")).to_be_visible()
    expect(page.get_by_text("What would help most: ")).to_be_visible()

    page.get_by_text("People, money and time to search").click()
    page.get_by_label("Pay for an hour of one person").fill("40")
    page.get_by_label("Budget for the hours of those who attend").fill("20000")
    page.get_by_label("Seconds to search").fill("1")
    page.get_by_role("button", name="Propose a plan").click()
    expect(page).to_have_url(re.compile("budget=20000"))
    expect(title).to_have_text(HEADLINE)
    expect(page.get_by_text("of 20,000")).to_be_visible()

    choose(page, "Session", 0)
    page.get_by_role("button", name="Keep it").click()
    expect(page).to_have_url(re.compile("lock="))
    expect(page.get_by_text("Hold at least one session: ")).to_be_visible()
    expect(title).to_have_text(HEADLINE)
    ruled_out = choose(page, "Session", 1).partition(":")[0]
    expect(page.get_by_text(f"{ruled_out} is chosen.")).to_be_visible()
    page.get_by_role("button", name="Rule it out", exact=True).click()
    expect(page).to_have_url(re.compile("forbid="))
    expect(page.get_by_text("Since the plan before: ")).to_be_visible()

    page.get_by_role("button", name="Compare").click()
    expect(page.get_by_text(re.compile("Most would be gained by this|None of these would"))).to_be_visible(
        timeout=4 * PATIENCE
    )

    with page.expect_download() as download:
        page.get_by_role("button", name="Download JSON file").click()
    plan = json.loads(download.value.path().read_text(encoding="utf-8"))
    assert plan["sessions"] and set(plan) >= {"objective", "bound", "gap", "unmet", "resend", "binding"}
    with page.expect_download() as download:
        page.get_by_role("button", name="Download CSV file").last.click()
    rows = list(csv.DictReader(io.StringIO(download.value.path().read_text(encoding="utf-8-sig"))))
    assert [row["session_id"] for row in rows] == [one["session_id"] for one in plan["sessions"]]
    page.context.close()


def test_an_mie_sees_the_own_schools_sessions_on_a_phone(browser: Browser, url: str) -> None:
    page = opened(browser, url, MIA, PHONE)
    page.goto(f"{url}/training_planning")
    page.get_by_role("link", name="See the sessions proposed here").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^Cedar Hollow Elementary: "))
    expect(page.get_by_text("Goal: Each student")).to_be_visible()
    expect(page.get_by_text("The next day:").first).to_be_visible()
    expect(page.get_by_role("button", name="Keep it")).to_have_count(0)
    expect(page.get_by_role("link", name="Training lists")).to_have_count(0)
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0, f"the page is {overflow} px wider than the screen"
    page.context.close()
