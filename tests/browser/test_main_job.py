"""The main job in a real browser: an export becomes a building's results, and can be taken out again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from pd_core.presentation import methods
from tests.browser.conftest import on_page, open_choices, rested, settled
from tests.forms import survey_csv, survey_workbook
from tests.server import Server, start_address, started

pytestmark = pytest.mark.browser
HEADCOUNT = 40


@pytest.fixture(scope="module")
def server(store: Path) -> Iterator[Server]:
    """A server as it starts by itself."""
    with started(store, {"PD_START_TOKEN": "on"}) as running:
        yield running


@pytest.fixture
def new_url(page: Page, tmp_path: Path) -> Iterator[str]:
    """The address of a server that knows no school yet, opened in the page."""
    with started(tmp_path / "pd.duckdb", {"PD_START_TOKEN": "on"}) as running:
        page.request.get(start_address(running), max_redirects=0)
        yield running.address


@pytest.fixture
def page(page: Page, server: Server) -> Page:
    """A page of a browser in which the address that the server prints was opened."""
    page.request.get(start_address(server), max_redirects=0)
    return page


@pytest.fixture
def url(server: Server) -> str:
    return server.address


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made-up exports: 23 people of Lincoln High, one of them twice and one with an answer nobody knows; a CSV."""
    folder = tmp_path_factory.mktemp("exports")
    people = [1, 2, 3, 1, *range(4, 24)]
    word = ["I use it on my own"] * 5 + ["Somtimes"] + ["I need help to use it"] * 18
    book = survey_workbook(n=24, seed=3, school="Lincoln High", people=people, answers={"proficiency_word": word})
    (folder / "lincoln.xlsx").write_bytes(book)
    dates = survey_csv(n=12, seed=4, school="Lincoln High", start=datetime(2025, 10, 5, 8), date_format="mdy")
    (folder / "dates.csv").write_bytes(dates)
    (folder / "letter.xlsx").write_bytes(b"Dear colleague, this is no survey.")
    return folder


def drop(page: Page, *files: Path) -> None:
    page.locator("input[type=file]").set_input_files(list(files))


def with_school(page: Page, then: Locator) -> None:
    """Adds the school where this server does not know it yet, and waits for what comes then."""
    add = page.get_by_role("button", name="Add the school")
    expect(add.or_(then).first).to_be_visible()
    if add.is_visible():
        page.get_by_label("Staff who could answer").fill(str(HEADCOUNT))
        add.click()
    expect(then).to_be_visible()


def test_an_export_is_previewed_stored_shown_and_taken_out_again(page: Page, new_url: str, exports: Path) -> None:
    page.goto(f"{new_url}/upload")
    expect(page.get_by_role("heading", level=1)).to_have_text("Upload your school's answers")
    drop(page, exports / "lincoln.xlsx")

    expect(on_page(page, "24 rows were read. First say which school they are from.")).to_be_visible()
    page.get_by_label("Staff who could answer").fill(str(HEADCOUNT))
    page.get_by_role("button", name="Add the school").click()

    expect(on_page(page, "22 answers of lincoln.xlsx would be added to Fall 2026.")).to_be_visible()
    expect(page.get_by_text("“Somtimes”").first).to_be_visible()
    page.get_by_role("button", name="Store 22 answers").click()

    expect(page.get_by_text("22 answers of lincoln.xlsx were added to Fall 2026.")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the rows with problems").click()
    aside = download.value.path().read_text(encoding="utf-8-sig")
    assert "Somtimes" in aside and "Why this row was set aside" in aside

    page.get_by_role("link", name="See this school's results").click()
    verdict = re.compile("^Too early to decide: 22 of 40 staff answered; .* would (probably )?settle")
    expect(page.get_by_role("heading", level=1)).to_have_text(verdict)
    expect(page).to_have_url(re.compile(r"school=lincoln_high"))
    expect(page.get_by_text("Made-up sample district")).to_have_count(0)

    page.goto(f"{new_url}/upload")
    page.get_by_text("Undo an upload").click()
    open_choices(page, "Upload to undo")
    page.get_by_role("option", name="lincoln.xlsx (Fall 2026)").click()
    page.get_by_role("button", name="Undo this upload", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Undo it").click()
    expect(page.get_by_text("lincoln.xlsx was undone: 22 people's answers no longer count.")).to_be_visible()

    page.goto(new_url)
    expect(page.get_by_text("Made-up sample district")).to_be_visible()
    settled(page)  # the server stops now


def test_rows_set_aside_can_be_corrected_and_dropped_again(page: Page, url: str, exports: Path, tmp_path: Path) -> None:
    page.goto(f"{url}/upload")
    drop(page, exports / "lincoln.xlsx")
    store = page.get_by_role("button", name="Store 22 answers")
    with_school(page, store)
    store.click()
    expect(page.get_by_text("were added to Fall 2026.").first).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the rows with problems").click()
    corrected = tmp_path / "corrected.csv"
    text = download.value.path().read_text(encoding="utf-8-sig").replace("Somtimes", "I use it on my own")
    corrected.write_text(text, encoding="utf-8-sig")
    drop(page, corrected)
    expect(on_page(page, "1 answer of corrected.csv would be added to Fall 2026.")).to_be_visible()
    page.get_by_role("button", name="Store 1 answer").click()
    expect(page.get_by_text("1 answer of corrected.csv was added to Fall 2026.")).to_be_visible()


def test_dates_that_can_be_read_in_two_ways_are_asked(page: Page, url: str, exports: Path) -> None:
    page.goto(f"{url}/upload")
    drop(page, exports / "dates.csv")
    expect(page.get_by_text("The dates can be read in two ways")).to_be_visible()
    page.get_by_text("Month first: 10/5 is October 5").click()
    with_school(page, on_page(page, "12 answers of dates.csv would be added to Fall 2025."))
    rested(page)  # until then the choice is there twice: as it was, and as it is drawn again
    expect(page.get_by_role("radio", name="Month first: 10/5 is October 5")).to_be_checked()
    page.get_by_role("button", name="Store 12 answers").click()
    expect(page.get_by_text("12 answers of dates.csv were added to Fall 2025.")).to_be_visible()


def test_a_file_that_is_no_export_is_refused_with_the_way_out(page: Page, url: str, exports: Path) -> None:
    page.goto(f"{url}/upload")
    drop(page, exports / "letter.xlsx")
    expect(page.get_by_text("letter.xlsx is not a survey export").first).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("^Store"))).to_have_count(0)


def test_words_from_a_file_are_shown_letter_for_letter(page: Page, url: str, exports: Path) -> None:
    name = "Oak [School](https://example.org) **High** $x^2$"
    (exports / "oak.xlsx").write_bytes(survey_workbook(n=6, seed=8, school=name))
    page.goto(f"{url}/upload")
    drop(page, exports / "oak.xlsx")
    page.get_by_role("button", name="Add the school").click()
    page.get_by_role("button", name="Store 6 answers").click()
    page.get_by_role("link", name="See this school's results").click()
    expect(page.get_by_text("**High** $x^2$, Fall 2026")).to_be_visible()
    expect(page.locator("a[href*='example.org'], .katex")).to_have_count(0)


def test_the_printed_address_is_the_way_in(browser: Browser, server: Server) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{server.address}/upload")
    expect(page.get_by_role("heading", level=1)).to_have_text("Open PD Pulse by its start address")
    page.goto(start_address(server))
    expect(page).to_have_url(re.compile(rf"{re.escape(server.address)}/(\?.*)?$"))
    page.get_by_role("link", name="Methods").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(methods.TITLE)
    context.close()
