"""From a session to what people did with it: an MIE's phone, a teacher's tap, two weeks later the facilitator."""

from __future__ import annotations

import re
import shutil
import urllib.parse
import urllib.request
from datetime import datetime, time
from pathlib import Path

import duckdb
import pytest
from playwright.sync_api import Browser, Page, expect

from pd_core.access import EVERYTHING
from pd_core.actions import training_lists
from pd_core.actions.plan_record import change_plan
from pd_core.actions.sample import SAMPLE_KEY
from pd_core.codebook import Codebook
from pd_core.config import load_settings
from pd_core.entities import PlanSession
from pd_core.reference.budget import read_budget
from pd_core.reference.trainers import read_trainers
from pd_core.school_names import SchoolNames
from pd_core.storage import open_store, queries, roles
from pd_core.summaries.years import year_of
from tests.actions.people import FACILITATOR
from tests.browser.conftest import DESK, PHONE, rested
from tests.browser.test_plan import FAY, MIA, opened
from tests.server import running_server

pytestmark = pytest.mark.browser
SCHOOL = "cedar_hollow"
ENVIRONMENT = {"PD_ADMINISTRATORS": "ada@example.org", "PD_KEY": SAMPLE_KEY.decode()}
PROVIDER = "https://accounts.example.org"
TRAINERS = f"trainer_id,name,kind,home_school_id,skills,hours,slots\nmia,Mia Lane,mie,{SCHOOL},word,9,\n".encode()
PEOPLE = [f"sample.person{number}.{SCHOOL}@example.org" for number in range(1, 7)]
REPORT = (
    "1. Summary\nMeeting title\tWord\n\n2. Participants\n"
    "Name\tFirst Join\tLast Leave\tIn-Meeting Duration\tEmail\tParticipant ID (UPN)\tRole\n"
    "Mia Lane\t3:28 PM\t5:00 PM\t1h 32m\tmia@example.org\tmia@example.org\tOrganizer\n"
    + "".join(f"Person\t3:30 PM\t5:00 PM\t1h 30m\t{email}\t{email}\tAttendee\n" for email in PEOPLE)
)


@pytest.fixture(scope="module")
def held(store: Path, sample_district: Path, codebook: Codebook) -> Path:
    """The made-up district with a session of Mia's that was scheduled for today."""
    district = open_store(str(shutil.copy(sample_district, store)), list(codebook.items.values()))
    roles.put_person(district, FAY, "facilitator", (), "test")
    roles.put_person(district, MIA, "mie", [SCHOOL], "test")
    names = SchoolNames(queries.schools(district, EVERYTHING))
    training_lists.set_trainers(district, FACILITATOR, read_trainers("t.csv", TRAINERS, codebook, names))
    today = load_settings({}).local_now().date()
    budget = f"year,fund,rate,amount\n{year_of(today)},Levy,40,5000\n".encode()
    training_lists.set_budget(district, FACILITATOR, read_budget("b.csv", budget))
    starts, ends = datetime.combine(today, time(0, 0)), datetime.combine(today, time(1, 30))
    session = PlanSession("S001", "scheduled", (SCHOOL,), "word-entry", "mia", "today", starts, ends, 6)
    change_plan(district, FACILITATOR, "proposed", lambda _: [session])
    district.close()
    return store


def answer(link: str) -> None:
    """Another teacher's tap, from another device."""
    with urllib.request.urlopen(link) as response:
        device = re.search(r'name="device" value="([^"]+)"', response.read().decode())
    assert device
    sent = urllib.parse.urlencode({"device": device[1], "answer": "not yet"}).encode()
    with urllib.request.urlopen(link, data=sent) as response:
        assert b"Thank you" in response.read()


def no_wider_than_the_screen(page: Page) -> None:
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0, f"the page is {overflow} px wider than the screen"


def two_weeks_later(store: Path) -> None:
    with duckdb.connect(str(store)) as connection:
        connection.execute("update delivery set delivered_on = delivered_on - interval 15 day")


@pytest.mark.slow
def test_from_a_session_to_what_people_did_with_it(browser: Browser, held: Path) -> None:
    with running_server(held, ENVIRONMENT, provider=PROVIDER) as url:
        mia = opened(browser, url, MIA, PHONE)
        mia.goto(f"{url}/sessions")
        expect(mia.get_by_text("Say how S001 went")).to_be_visible()
        rested(mia)
        mia.get_by_role("button", name="It was held").click()
        dialog = mia.get_by_role("dialog")
        expect(dialog.get_by_text("Held on")).to_be_visible()
        file = {"name": "report.csv", "mimeType": "text/csv", "buffer": REPORT.encode("utf-16")}
        dialog.locator("input[type=file]").set_input_files(files=[file])  # type: ignore[list-item]
        expect(dialog.get_by_text("report.csv: 6 people would be counted, 1 set aside.")).to_be_visible()
        rested(mia)
        dialog.get_by_role("button", name="Store", exact=True).click()
        expect(mia.get_by_text("6 people on the list of S001.")).to_be_visible()
        expect(mia.get_by_text("6 people attended.")).to_be_visible()
        no_wider_than_the_screen(mia)
        rested(mia)
        mia.get_by_text("Message to send: the next-day actions and the link").click()
        message = mia.get_by_test_id("stCode").filter(has_text="Thank you for coming to")
        expect(message).to_be_visible()
        found = re.search(r"http\S+/next-day/[\w.-]+", message.text_content() or "")
        assert found
        link = found[0]

        teacher = browser.new_context(viewport=PHONE).new_page()
        teacher.goto(link)
        expect(teacher.get_by_role("heading", name="Did you do it?")).to_be_visible()
        no_wider_than_the_screen(teacher)
        teacher.get_by_role("button", name="Yes, I did it").click()
        expect(teacher.get_by_role("heading", name="Thank you")).to_be_visible()
        for _ in range(5):
            answer(link)
        teacher.context.close()
        mia.context.close()

    two_weeks_later(held)
    with running_server(held, ENVIRONMENT, provider=PROVIDER) as url:
        fay = opened(browser, url, FAY, DESK)
        fay.goto(f"{url}/sessions?view=all")
        expect(fay.get_by_text("1 of 6 people who answered did it (17%)")).to_be_visible()
        fay.goto(f"{url}/hours")
        expect(fay.get_by_role("heading", level=1)).to_have_text(
            re.compile(r"9 hours of training in 1 session, \$4,640")
        )
        fay.goto(f"{url}/programme")
        expect(fay.get_by_role("heading", level=1)).to_have_text(re.compile(r"^1 of 12 schools have an MIE"))
        expect(fay.get_by_role("heading", name="ISTE standards for educators")).to_be_visible()
        fay.goto(f"{url}/credentials")
        expect(fay.get_by_role("heading", level=1)).to_have_text("No credential is recorded yet")
        earned = "email,credential,earned_on\n" + "".join(f"{email},MCE,2026-02-01\n" for email in PEOPLE)
        file = {"name": "earned.csv", "mimeType": "text/csv", "buffer": earned.encode()}
        fay.locator("input[type=file]").first.set_input_files(files=[file])  # type: ignore[list-item]
        fay.get_by_role("button", name="Store these credentials").click()
        expect(fay.get_by_text("6 credentials were stored")).to_be_visible()
        expect(fay.get_by_role("heading", level=1)).to_have_text(re.compile("^6 credentials count today"))
        fay.context.close()
