"""The first meeting: propose, agree, calendar, a conflict between two people, cancel, plan again."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import icalendar
import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from pd_core.codebook import Codebook
from pd_core.storage import open_store, roles
from tests.browser.conftest import DESK, PATIENCE, PHONE
from tests.browser.test_plan import FAY, HEADLINE, MIA, opened
from tests.server import running_server

pytestmark = pytest.mark.browser
SCHOOL = "cedar_hollow"


@pytest.fixture(scope="module")
def url(store: Path, sample_district: Path, codebook: Codebook) -> Iterator[str]:
    """A server with the made-up district as its own: Fay plans, Mia is MIE at Cedar Hollow."""
    district = open_store(str(shutil.copy(sample_district, store)), list(codebook.items.values()))
    roles.put_person(district, FAY, "facilitator", (), "test")
    roles.put_person(district, MIA, "mie", [SCHOOL], "test")
    district.close()
    environment = {"PD_ADMINISTRATORS": "ada@example.org", "PD_KEY": "a secret of the tests, long enough to be one"}
    with running_server(store, environment, provider="https://accounts.example.org") as address:
        yield address


def title(page: Page) -> Locator:
    return page.get_by_role("heading", level=1)


def put_on_record(page: Page, url: str) -> None:
    page.goto(f"{url}/plan?school=district&seconds=2")
    expect(title(page)).to_have_text(HEADLINE)
    page.get_by_role("button", name="Put this proposal on record").click()
    page.get_by_role("dialog").get_by_role("button", name="Put on record").click()
    page.get_by_role("link", name="Open the sessions").click()
    expect(title(page)).to_have_text(re.compile(r"^Whole district: \d+ sessions to come"))


def step(page: Page, name: str, session_id: str) -> Locator:
    """Opens the dialog of a step of a session."""
    page.locator(f".st-key-{name}_{session_id}").get_by_role("button").click()
    return page.get_by_role("dialog")


def first_with(page: Page, step: str) -> str:
    """The first session on the page that offers a step."""
    found = page.locator(f"[class*='st-key-{step}_S']").first
    expect(found).to_be_visible()
    return str(re.search(rf"st-key-{step}_(S\d+)", found.get_attribute("class") or "")[1])  # type: ignore[index]


def test_the_first_meeting_as_it_happens(browser: Browser, url: str) -> None:
    fay = opened(browser, url, FAY, DESK)
    put_on_record(fay, url)
    proposed = title(fay).inner_text()
    assert "agreed" not in proposed

    # Building by building: Cedar Hollow's MIE agrees on the phone.
    mia = opened(browser, url, MIA, PHONE)
    mia.goto(f"{url}/sessions")
    expect(title(mia)).to_have_text(re.compile(r"^Cedar Hollow Elementary: \d+ sessions? to come"))
    agreed = first_with(mia, "agreed")
    dialog = step(mia, "agreed", agreed)
    dialog.get_by_label("Note (what the meeting decided)").fill("In the library")
    dialog.get_by_role("button", name="Agree this session").click()
    expect(mia.get_by_text(f"{agreed} is agreed.")).to_be_visible()
    overflow = mia.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0, f"the page is {overflow} px wider than the screen"

    # The board and the calendar, for everyone.
    fay.goto(f"{url}/sessions?school={SCHOOL}&as=board")
    expect(fay.get_by_role("cell", name=f"({agreed})")).to_be_visible()
    fay.get_by_text("Month", exact=True).click()
    expect(fay).to_have_url(re.compile(r"month=\d{4}-\d{2}"))
    with fay.expect_download() as download:
        fay.get_by_role("button", name="Download calendar file").click()
    events = icalendar.Calendar.from_ical(download.value.path().read_bytes()).walk("VEVENT")
    assert any(str(event["uid"]).startswith(agreed) for event in events)

    # Two people decide on one session: Fay schedules it while Mia writes why it can't be.
    dialog = step(mia, "cancelled", agreed)
    reason = dialog.get_by_label("Why is it cancelled?")
    reason.fill("The library is closed that day")
    fay.goto(f"{url}/sessions?school={SCHOOL}&view=coming")
    step(fay, "scheduled", agreed).get_by_role("button", name="Schedule this session").click()
    expect(fay.get_by_text(f"{agreed} is scheduled.")).to_be_visible()
    dialog.get_by_role("button", name="Cancel this session").click()
    expect(dialog.get_by_text(f"Session {agreed} was changed meanwhile by fay")).to_be_visible()
    expect(dialog.get_by_text("Theirs: state agreed → scheduled.")).to_be_visible()
    expect(reason).to_have_value("The library is closed that day")

    # Cancel, now from what it has become, and plan again.
    mia.reload()
    dialog = step(mia, "cancelled", agreed)
    dialog.get_by_label("Why is it cancelled?").fill("The library is closed that day")
    dialog.get_by_role("button", name="Cancel this session").click()
    expect(mia.get_by_text(f"{agreed} is cancelled.")).to_be_visible()
    put_on_record(fay, url)
    assert title(fay).inner_text() == proposed, "what was cancelled is planned again"
    fay.goto(f"{url}/sessions?school={SCHOOL}&view=all")
    expect(fay.get_by_text("Note: The library is closed that day")).to_be_visible(timeout=PATIENCE)
    fay.context.close()
    mia.context.close()
