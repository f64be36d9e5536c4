"""Jobs are done with the keyboard alone: the focus is seen, and each step leaves it where the next one begins."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, WebSocketRoute, expect

from pd_core.access import EVERYTHING
from pd_core.actions import training_lists
from pd_core.actions.plan_record import change_plan
from pd_core.codebook import Codebook
from pd_core.entities import PlanSession
from pd_core.reference.trainers import read_trainers
from pd_core.school_names import SchoolNames
from pd_core.storage import open_store, queries
from tests.actions.people import FACILITATOR
from tests.browser.conftest import rested, settled
from tests.forms import survey_workbook
from tests.server import running_server

pytestmark = pytest.mark.browser
SCHOOL = "cedar_hollow"
TRAINERS = f"trainer_id,name,kind,home_school_id,skills,hours,slots\nmia,Mia Lane,mie,{SCHOOL},word,40,\n".encode()
NOTICE = '[class*="st-key-notice_"] [data-testid=stAlert]'
STILL = "document.getAnimations().every(one => one.playState !== 'running')"
HAS_FOCUS = "one => one === document.activeElement"


@pytest.fixture(scope="module")
def planned(store: Path, sample_district: Path, codebook: Codebook) -> Iterator[str]:
    """A server with the made-up district as a real one, and so many sessions that they are a table."""
    district = open_store(str(shutil.copy(sample_district, store)), list(codebook.items.values()))
    names = SchoolNames(queries.schools(district, EVERYTHING))
    training_lists.set_trainers(district, FACILITATOR, read_trainers("t.csv", TRAINERS, codebook, names))
    sessions = [
        PlanSession(
            f"S{day:03}", "agreed", (SCHOOL,), "word-entry", "mia", f"day{day}", datetime(2031, 1, day, 15),
            datetime(2031, 1, day, 16, 30), 6,
        )
        for day in range(1, 15)
    ]  # fmt: skip
    change_plan(district, FACILITATOR, "proposed", lambda _: sessions)
    district.close()
    with running_server(store) as address:
        yield address


@pytest.fixture
def new_url(tmp_path: Path) -> Iterator[str]:
    """A server that knows no school yet."""
    with running_server(tmp_path / "pd.duckdb") as address:
        yield address


def tab_to(page: Page, part: Locator, *, most: int, back: bool = False) -> None:
    """Goes on to a part of the page with so many Tabs at most."""
    expect(part).to_be_visible()
    rested(page)
    for _ in range(most):
        page.keyboard.press("Shift+Tab" if back else "Tab")
        if part.evaluate(HAS_FOCUS):
            return
    here = page.evaluate("document.activeElement.outerHTML.slice(0, 300)")
    raise AssertionError(f"{part} is not reached with {most} Tabs, the focus is on {here}")


def choose(page: Page, words: str) -> None:
    """Chooses the one entry of a list with these words."""
    page.wait_for_function(STILL)  # a fold that is still opening closes its lists
    page.keyboard.type(words)
    expect(page.get_by_role("option")).to_have_count(1)
    page.keyboard.press("Enter")


def test_an_mie_uploads_an_export_looks_at_it_and_takes_it_out_again(page: Page, new_url: str, tmp_path: Path) -> None:
    export = tmp_path / "lincoln.xlsx"
    export.write_bytes(survey_workbook(n=24, seed=3, school="Lincoln High"))
    page.on("filechooser", lambda chooser: chooser.set_files(export))
    page.goto(f"{new_url}/upload")
    settled(page)
    page.keyboard.press("Tab")
    tab_to(page, page.get_by_test_id("stFileUploaderDropzone").locator("button"), most=40)
    page.keyboard.press("Enter")
    announced = page.locator("body > [role=status]")
    expect(announced).to_have_text("24 rows were read. First say which school they are from.")
    tab_to(page, page.get_by_label("Staff who could answer"), most=8)
    page.keyboard.type("40")
    tab_to(page, page.get_by_role("button", name="Add the school"), most=10)
    page.keyboard.press("Enter")
    expect(announced).to_have_text("24 answers of lincoln.xlsx would be added to Fall 2026.")
    tab_to(page, page.get_by_role("button", name="Store 24 answers"), most=30)
    page.keyboard.press("Enter")
    results = page.get_by_role("link", name="See this school's results")
    tab_to(page, results, most=20)
    page.keyboard.press("Enter")
    expect(page.locator("h1:focus")).to_have_text(re.compile("24 of 40 staff answered"))

    tab_to(page, page.get_by_role("link", name="Upload", exact=True), most=30, back=True)
    page.keyboard.press("Enter")
    expect(page.locator("h1:focus")).to_have_text("Upload your school's answers")
    fold = page.locator("summary").filter(has_text="Undo an upload")
    tab_to(page, fold, most=30)
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("combobox", name="Upload to undo"), most=5)
    choose(page, "lincoln")
    tab_to(page, page.get_by_role("button", name="Undo this upload", exact=True), most=3)
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("dialog").get_by_role("button", name="Undo it"), most=3)
    page.keyboard.press("Enter")
    expect(page.locator(NOTICE)).to_contain_text("lincoln.xlsx was undone")
    expect(page.locator(NOTICE)).to_be_focused()


def test_a_session_is_scheduled_and_noted_without_going_back_to_the_top(page: Page, planned: str) -> None:
    page.goto(f"{planned}/sessions?open=S003")
    settled(page)
    dialog, notice = page.get_by_role("dialog"), page.locator(NOTICE)
    page.get_by_role("button", name="Schedule", exact=True).focus()
    page.keyboard.press("Enter")
    tab_to(page, dialog.get_by_role("button", name="Schedule this session"), most=4)
    page.keyboard.press("Enter")
    expect(notice).to_have_text(re.compile("S003 is scheduled"))
    expect(notice).to_be_focused()
    expect(notice).to_be_in_viewport(ratio=1)
    tab_to(page, page.get_by_role("button", name="Note", exact=True), most=8)
    page.keyboard.press("Enter")
    tab_to(page, dialog.get_by_role("textbox"), most=3)
    page.keyboard.type("In the library")
    tab_to(page, dialog.get_by_role("button", name="Save the note"), most=1)
    page.keyboard.press("Enter")
    expect(notice).to_have_text(re.compile("The note on S003 is saved"))
    near = page.get_by_role("button", name="Note", exact=True).or_(notice)
    expect(near.and_(page.locator(":focus"))).to_have_count(1)


def test_a_second_thing_can_be_done_right_after_the_first(page: Page, planned: str) -> None:
    page.goto(f"{planned}/administration")
    settled(page)
    page.locator("summary").filter(has_text="Add a skill").focus()
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_label("Name, as the form asks about it"), most=2)
    page.keyboard.type("Canva")
    page.keyboard.press("Enter")
    expect(page.locator(NOTICE)).to_have_text(re.compile("Canva was added"))
    expect(page.locator(NOTICE)).to_be_focused()
    tab_to(page, page.locator("summary").filter(has_text="Rename or retire a skill"), most=10)
    page.keyboard.press("Enter")
    skill = page.get_by_role("combobox", name="Skill", exact=True)
    tab_to(page, skill, most=2)
    choose(page, "Canva")
    name = page.get_by_label("New name")
    expect(name).to_be_visible()
    expect(skill).to_be_focused()
    tab_to(page, name, most=2)
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("Canva for Education")
    tab_to(page, page.get_by_role("button", name="Rename it"), most=1)
    page.keyboard.press("Enter")
    expect(page.locator(NOTICE)).to_have_text(re.compile("Canva is now Canva for Education"))


def test_a_closing_day_can_be_taken_back(page: Page, planned: str) -> None:
    day = page.get_by_role("group", name=re.compile("Last day to answer"))
    for said in ("12/18/2026", "mm/dd/yyyy"):
        parts = said.split("/")
        page.goto(f"{planned}/responses?school=district")
        settled(page)
        page.locator("summary").filter(has_text="Closing day").press("Enter")
        tab_to(page, day.get_by_role("spinbutton").first, most=3)
        for part in parts:
            if part.isdigit():
                page.keyboard.type(part)
            else:
                for _ in part:
                    page.keyboard.press("Backspace")
                page.keyboard.press("ArrowRight")
        tab_to(page, page.get_by_role("button", name="Save", exact=True), most=10)
        page.keyboard.press("Enter")
        expect(page.locator(NOTICE)).to_be_visible()
        page.goto(f"{planned}/responses?school=district")
        settled(page)
        page.locator("summary").filter(has_text="Closing day").press("Enter")
        expect(day).to_have_text(said)


def test_the_buttons_of_a_chart_are_seen_while_they_have_the_focus(page: Page, url: str) -> None:
    page.goto(url)
    settled(page)
    tools = page.get_by_test_id("stElementToolbar").filter(has=page.get_by_role("button", name="Download as PNG"))
    expect(tools.first).to_have_css("opacity", "0")
    page.keyboard.press("Tab")
    tools.first.get_by_role("button").first.focus()
    expect(tools.first).to_have_css("opacity", "1")


def test_a_link_in_the_menu_goes_to_the_top_of_its_page(page: Page, url: str) -> None:
    page.goto(f"{url}/methods")
    settled(page)
    main = page.get_by_test_id("stMain")
    main.evaluate("one => one.scrollTo(0, one.scrollHeight)")
    page.get_by_role("link", name="Overview").press("Enter")
    expect(page.locator("h1:focus")).to_be_in_viewport(ratio=1)
    assert main.evaluate("one => one.scrollTop") == 0


def test_a_download_leaves_the_focus_on_its_button(page: Page, url: str) -> None:
    page.goto(f"{url}/training_lists")
    settled(page)
    button = page.get_by_role("button", name="Download CSV file").first
    button.focus()
    with page.expect_download():
        page.keyboard.press("Enter")
    expect(button).to_be_focused()


def test_who_reads_on_is_not_taken_back(page: Page, url: str) -> None:
    """A field that was left on purpose, or with the mouse, does not have the focus again when the page changes."""
    page.goto(url)
    settled(page)
    main = page.get_by_test_id("stMain")
    school = page.get_by_role("combobox", name="School")
    school.click()
    page.keyboard.press("Escape")
    page.get_by_test_id("stSidebarUserContent").click(position={"x": 5, "y": 5})
    main.evaluate("one => one.scrollTo(0, 1500)")
    page.keyboard.press("Control")
    change_and_wait(page)
    assert main.evaluate("one => one.scrollTop") > 1000
    school.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    page.evaluate("document.activeElement.blur()")
    change_and_wait(page)
    assert page.evaluate("document.activeElement === document.body")


def change_and_wait(page: Page) -> None:
    """Changes something on the page, and waits for longer than a lost focus takes to be found."""
    page.evaluate("""() => new Promise(done => {
        document.body.append(document.createElement("div"));
        setTimeout(done, 400);
    })""")


def test_who_goes_on_while_a_session_opens_is_left_alone(page: Page, url: str) -> None:
    arrived: list[tuple[WebSocketRoute, str | bytes]] = []
    is_held = False

    def between(browser: WebSocketRoute) -> None:
        server = browser.connect_to_server()

        def pass_on(message: str | bytes) -> None:
            if is_held:
                arrived.append((browser, message))
            else:
                browser.send(message)

        server.on_message(pass_on)

    page.route_web_socket(re.compile("/_stcore/stream"), between)
    page.goto(f"{url}/sessions?view=all")
    settled(page)
    is_held = True
    page.get_by_role("rowheader").get_by_role("link").first.click()
    expect(page).to_have_url(re.compile("open="))
    trainer = page.get_by_role("combobox", name="Trainer")
    trainer.focus()
    page.keyboard.press("ArrowDown")
    is_held = False
    for browser, message in arrived:
        browser.send(message)
    expect(page.locator("#section-opened-session")).to_be_attached()
    rested(page)
    expect(trainer).to_be_focused()
