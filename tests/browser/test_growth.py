"""Growth and impact in a real browser: a facilitator and a principal look at the sample, on a desk and on a phone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, open_choices, rested

pytestmark = pytest.mark.browser


def ready(page: Page) -> None:
    rested(page)
    expect(page.get_by_text("Something went wrong")).to_have_count(0)


def choose(page: Page, label: str, text: str) -> None:
    """Types into a list of choices, as people do, and takes the one that is left."""
    open_choices(page, label, exact=True)
    page.keyboard.type(text)
    expect(page.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")


def test_a_principal_reads_on_a_phone_what_changed_and_how_sure_that_is_and_takes_the_table_away(
    page: Page, url: str
) -> None:
    page.set_viewport_size(PHONE)
    page.goto(f"{url}/?school=heron_slough")
    page.get_by_role("link", name="See what changed, and how sure that is").click()
    ready(page)
    expect(page.get_by_role("heading", level=1)).to_have_text(
        re.compile("^Heron Slough Elementary improved in Immersive Reader")
    )
    expect(page.get_by_role("heading", level=1)).to_be_in_viewport()
    expect(page).to_have_url(re.compile(r"growth\?.*school=heron_slough.*from=Fall(\+|%20)2025.*to=Fall(\+|%20)2026"))
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0

    fold = page.get_by_test_id("stExpander").first
    fold.get_by_text("The numbers as a table").click()
    with page.expect_download() as download:
        fold.get_by_role("button", name="Download CSV file").click()
    text = download.value.path().read_text(encoding="utf-8-sig")
    assert "improved" in text and "smallest_change" in text


@pytest.mark.slow
def test_a_facilitator_chooses_a_skill_and_sees_every_school_with_its_word(page: Page, url: str) -> None:
    page.goto(f"{url}/growth")
    ready(page)
    choose(page, "Skill", "OneNote")
    expect(page.get_by_role("heading", name=re.compile("^OneNote, 1[12] schools: "))).to_be_visible()
    expect(page).to_have_url(re.compile("skill=onenote"))
    expect(page.get_by_label(re.compile("^OneNote, 1[12] schools: ")).first).to_be_attached()
    ready(page)
    choose(page, "School", "Madrona")
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("^Madrona Flats Elementary"))


def test_a_facilitator_names_an_outcome_learns_why_it_cannot_be_answered_and_previews_a_file_of_it(
    page: Page, url: str, tmp_path: Path
) -> None:
    page.goto(f"{url}/impact")
    ready(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Which outcomes do you want to know about?")
    open_choices(page, "Outcomes")
    page.get_by_role("option", name="Attendance").click()
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("cannot tell whether attendance moved"))
    expect(page.get_by_text(re.compile("^What would make it answerable: "))).to_be_visible()
    expect(page).to_have_url(re.compile("outcome=attendance"))

    file = tmp_path / "attendance.csv"
    file.write_text("school_id,period,measure,value\nnowhere,2025-09,attendance,90%\n", encoding="utf-8")
    page.locator("input[type=file]").first.set_input_files(file)
    expect(page.get_by_text("1 with problems").first).to_be_visible()
    expect(page.get_by_role("button", name="Store these rows")).to_have_count(0)
