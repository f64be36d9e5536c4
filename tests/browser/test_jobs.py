"""The jobs of a principal, of an MIE with her own form, of a facilitator of 60 schools and of IT, each from a fresh
server, as people do them who have never seen PD Pulse."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import fastexcel
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from pd_core import ingestion
from pd_core.access import EVERYTHING
from pd_core.codebook import Codebook
from pd_core.config import ROOT, load_settings
from pd_core.pseudonyms import respondent_key
from pd_core.storage import open_store, reference, roles
from tests.benchmarks.district import fill
from tests.browser.conftest import DESK, PATIENCE, PHONE, open_choices, settled, sign_in
from tests.conftest import SCHOOLS
from tests.forms import Survey, forms_workbook, survey_workbook
from tests.server import running_server, started

pytestmark = pytest.mark.browser
PRINCIPAL, MIE = "pat@example.org", "mia@example.org"
SKILLS = ("Word", "Excel", "Teams")
SCALE = {0: "never", 1: "sometimes", 2: "weekly", 3: "daily"}
"""The answers of the MIE's own form, by level."""


@contextmanager
def opened(browser: Browser, size: dict[str, int] = DESK) -> Iterator[tuple[BrowserContext, Page]]:
    context = browser.new_context(viewport=size, permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.set_default_timeout(PATIENCE)
    yield context, page
    context.close()


def clipboard(page: Page) -> str:
    return str(page.evaluate("navigator.clipboard.readText()"))


def title(page: Page) -> str:
    return page.get_by_role("heading", level=1).inner_text()


@pytest.fixture
def school(tmp_path: Path, codebook: Codebook) -> Path:
    """Lincoln with two waves, its principal and its MIE."""
    path = tmp_path / "pd.duckdb"
    store = open_store(str(path), list(codebook.items.values()))
    reference.set_schools(store, SCHOOLS, "test")
    key = respondent_key(load_settings({}, store=str(path)), has_uploads=False)
    for year, n in ((2025, 36), (2026, 40)):
        export = survey_workbook(school="Lincoln High", n=n, seed=year, start=datetime(year, 10, 5, 8))
        table = ingestion.read(f"{year}.xlsx", export, codebook)
        ingestion.commit(store, ingestion.prepare(table, codebook, store, key, EVERYTHING), "test")
    roles.put_person(store, PRINCIPAL, "principal", ["lincoln"], "test")
    roles.put_person(store, MIE, "mie", ["washington"], "test")
    store.close()
    return path


def test_a_principal_opens_a_link_on_a_phone_understands_it_and_sends_it_on(
    browser: Browser, school: Path, provider: str
) -> None:
    with running_server(school, provider=provider) as url, opened(browser, PHONE) as (_, page):
        page.goto(f"{url}/?school=lincoln&wave=Fall+2025")
        sign_in(page, PRINCIPAL)
        expect(page.get_by_text("Lincoln High, Fall 2025").first).to_be_visible()
        assert parse_qs(urlsplit(page.url).query) == {"school": ["lincoln"], "wave": ["Fall 2025"]}

        page.goto(f"{url}/")
        settled(page)
        expect(page).to_have_title("Overview · PD Pulse")
        query = parse_qs(urlsplit(page.url).query)
        assert query == {"school": ["lincoln"], "wave": ["Fall 2026"]}, "what she sends next year is still this wave"
        expect(page.get_by_text(re.compile("Since Fall 2025"))).to_be_visible()
        sure = page.get_by_role("note").filter(has_text="In how many of 100 cases")
        expect(sure).to_have_css("opacity", "0")
        page.get_by_text("How sure").locator(".pulse-help").focus()
        expect(sure).to_have_css("opacity", "1")

        page.get_by_role("button", name="Copy link").click()
        assert clipboard(page) == page.url
        mail = page.get_by_role("link", name="E-mail this page")
        mail.evaluate("one => one.addEventListener('click', event => event.preventDefault())")
        mail.click()
        assert parse_qs(urlsplit(mail.get_attribute("href") or "").query)["body"] == [page.url]

        page.get_by_test_id("stExpandSidebarButton").click()
        page.get_by_role("button", name="Share", exact=True).click()
        page.get_by_role("button", name="Make a link").click()
        field = page.get_by_label("Link to Lincoln High (copy it)")
        expect(field).to_have_value(re.compile("link="))
        link = field.input_value()
        with opened(browser) as (_, guest):
            guest.goto(link)
            settled(guest)
            expect(guest.get_by_text("Shared view of Lincoln High")).to_be_visible()
            expect(guest.get_by_role("link", name="Upload")).to_have_count(0)
            expect(guest.get_by_text("Washington")).to_have_count(0)
            expect(guest.get_by_role("button", name="Share", exact=True)).to_have_count(0)


def own_form(n: int) -> bytes:
    """The export of a form with a wording, an order and a scale of its own, of people at Washington."""
    survey = Survey(n=n, seed=5, school="Washington Elementary")
    headers = ["ID", "Start time", "Completion time", "Email", "Name"]
    headers += [f"How often do you work with {skill}?" for skill in SKILLS]
    rows = []
    for place, person in enumerate(survey.persons()):
        leading = [person.id, person.started, person.completed, person.email, person.name]
        rows.append([*leading, *(SCALE[(place + number) % 4] for number in range(len(SKILLS)))])
    return forms_workbook(headers, rows)


def test_an_mie_brings_in_her_own_form_and_sends_the_reminder(
    browser: Browser, school: Path, provider: str, tmp_path: Path, codebook: Codebook
) -> None:
    file = tmp_path / "own.xlsx"
    file.write_bytes(own_form(12))
    with running_server(school, provider=provider) as url, opened(browser) as (_, page):
        page.goto(f"{url}/upload")
        sign_in(page, MIE)
        expect(page.get_by_role("heading", level=1)).to_have_text("Upload your school's answers")
        page.locator("input[type=file]").set_input_files(file)
        explain_form(page, codebook.level_labels("proficiency"))
        page.get_by_role("button", name=re.compile(r"^Store 12 answers")).click()
        expect(page.get_by_text(re.compile(r"12 answers of own\.xlsx were added to Fall 2026"))).to_be_visible()

        page.goto(f"{url}/responses?school=washington")
        settled(page)
        reminder = page.get_by_label("Reminder (edit as you like)")
        expect(reminder).to_have_value(re.compile("Thank you!$"))
        reminder.fill(f"{reminder.input_value()} Thanks, Mia")
        page.get_by_role("button", name="Copy", exact=True).click()
        assert clipboard(page).endswith("Thank you! Thanks, Mia"), "as she edited it"
        mail = page.get_by_role("link", name="E-mail it")
        mail.evaluate("one => one.addEventListener('click', event => event.preventDefault())")
        mail.click()
        assert parse_qs(urlsplit(mail.get_attribute("href") or "").query)["body"][0].endswith("Thanks, Mia")
        expect(page.get_by_text("There is no staff list")).to_have_count(1)


def choose(page: Page, label: str | re.Pattern[str], option: str) -> None:
    open_choices(page, label)
    page.keyboard.type(option)
    page.get_by_role("option", name=option, exact=True).click()


def remember(page: Page) -> None:
    """Says that the guesses were checked, where the page asks for that, and has the form remembered."""
    for check in page.get_by_test_id("stCheckbox").all():
        check.click()
    page.get_by_role("button", name="Remember this for the form").click()


def explain_form(page: Page, levels: dict[int, str]) -> None:
    for skill in SKILLS:
        choose(page, re.compile(f"How often do you work with {skill}"), f"{skill}: skill")
    remember(page)
    for level, answer in SCALE.items():
        choose(page, re.compile(f"The answer “{answer}”"), levels[level])
    remember(page)


@pytest.fixture
def sixty(tmp_path: Path, codebook: Codebook) -> Path:
    path = tmp_path / "pd.duckdb"
    store = open_store(str(path), list(codebook.items.values()))
    fill(store, codebook, schools=60, responses=60 * 5 * 30)
    store.close()
    return path


@pytest.mark.slow
def test_a_facilitator_of_60_schools_sees_what_to_train_where(browser: Browser, sixty: Path) -> None:
    with running_server(sixty) as url, opened(browser) as (_, page):
        page.goto(f"{url}/training_planning")
        settled(page)
        expect(page.get_by_role("heading", name=re.compile("^What 60 schools need, in one table"))).to_be_visible()
        button = page.get_by_role("button", name="Download Excel file").first
        with page.expect_download() as download:
            button.click()
        sheet = fastexcel.read_excel(download.value.path().read_bytes()).load_sheet(0).to_polars()
        assert sheet.height == 60
        headings = ["School", "Can we decide?", "Entry class needed", "Implementation class", "Best time"]
        assert set(headings) <= set(sheet.columns)

        page.goto(f"{url}/school_comparison")
        settled(page)
        body = page.get_by_role("table").filter(has=page.get_by_role("rowheader", name="School 0042"))
        box = body.bounding_box()
        assert box and box["height"] <= 2 * DESK["height"], "60 schools on two screens"
        body.evaluate("one => one.scrollIntoView({block: 'end'})")
        expect(body.get_by_role("columnheader", name="OneNote")).to_be_in_viewport(ratio=0.9)
        expect(body.get_by_role("rowheader", name="School 0042")).to_be_in_viewport(ratio=0.9)

        page.get_by_role("button", name="Find, sort and filter").click()
        open_choices(page, "Find a school")
        page.keyboard.type("School 0042")
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile("find=school_0042"))
        open_choices(page, "Sort by")
        page.get_by_role("option", name="Most people in need of a class").click()
        expect(page).to_have_url(re.compile("sort=need"))

        page.set_viewport_size(PHONE)
        expect(body).to_be_hidden()
        expect(page.get_by_role("combobox", name="Skill")).to_be_visible()


def command(store: Path, *words: str) -> subprocess.CompletedProcess[str]:
    asked = [sys.executable, "-m", "pd_core", *words, "--store", str(store)]
    return subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.slow
def test_it_checks_starts_restarts_backs_up_and_restores(browser: Browser, school: Path, tmp_path: Path) -> None:
    assert command(school, "doctor").stdout.rstrip().endswith("Everything is fine.")
    with opened(browser) as (_, page):
        with started(school) as server:
            page.goto(f"{server.address}/?school=lincoln")
            settled(page)
            asked = command(school, "doctor")
            assert asked.stdout.rstrip().endswith("Everything is fine."), "the server lets a command look at its store"
            assert f"process {server.process}" in asked.stdout
            before, port = title(page), urlsplit(server.address).port
        # The server is stopped now, and the page is still open.
        expect(page.get_by_text("PD Pulse is not answering")).to_be_visible()
        expect(page.get_by_text(re.compile("Streamlit|yourscript")).filter(visible=True)).to_have_count(0)
        for file in (school, school.with_suffix(".key")):
            (tmp_path / f"backup{file.suffix}").write_bytes(file.read_bytes())
            file.unlink()
        restored = tmp_path / "moved" / "pd.duckdb"
        restored.parent.mkdir()
        for file in (restored, restored.with_suffix(".key")):
            file.write_bytes((tmp_path / f"backup{file.suffix}").read_bytes())
            file.chmod(0o600)
        assert command(restored, "doctor").stdout.rstrip().endswith("Everything is fine.")
        with running_server(restored, port=port):
            expect(page.get_by_text("PD Pulse is not answering")).to_have_count(0)
            expect(page.get_by_role("heading", level=1)).to_have_text(before)
