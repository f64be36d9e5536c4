"""The page on hours and money, and each person's hours for payroll."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from pages.components import data
from pd_core.access import Visitor
from pd_core.actions import attendance, deliveries, training_lists
from pd_core.actions.payroll import payroll
from pd_core.errors import RefusedAccess
from pd_core.reference.budget import read_budget
from pd_core.reference.delivery_file import DeliverRow
from pd_core.storage.deliveries import minutes_by_person
from pd_core.summaries.years import year_of
from tests.pages.planned import load_lists
from tests.pages.seen import OpenPage, tables, title, words
from tests.pages.test_access import ADMINISTRATOR, FACILITATOR

TODAY = date.today()
YEAR = year_of(TODAY)
BUDGET = f"year,fund,rate,amount\n{YEAR},Levy,40,5000\n".encode()
PEOPLE = [f"p{number}@example.org" for number in range(6)]


@pytest.fixture
def held(app: OpenPage, answers: Path):
    """Opens the page where six people had eight hours of a training outside the plan each."""

    def open_page(**how: object):
        page = app("hours", store=answers, **how)
        load_lists(data.store(), data.real_codebook())
        facilitator = Visitor.as_oneself(FACILITATOR)
        training_lists.set_budget(data.store(), facilitator, read_budget("b.csv", BUDGET))
        row = DeliverRow(1, "online", TODAY, None, 480.0, "", "lincoln", "word-entry", "")
        now = data.settings().local_now()
        deliveries.deliver(data.store(), facilitator, row, now, "UTC")
        attendance.take_attendance(
            data.store(), facilitator, "online", "list.csv", "\n".join(PEOPLE).encode(), data.key(), now, "UTC"
        )
        page.run()
        assert not page.exception
        return page

    return open_page


def test_the_first_screen_says_how_many_hours_there_were_and_what_is_left(held) -> None:
    page = held(as_=FACILITATOR)
    assert title(page).replace("\\", "") == f"{YEAR}: 48 hours of training in 1 session, $3,080 of $5,000 left"
    money, given, hours = tables(page)[:3]
    assert (given[0]["sessions"], given[0]["attended"], given[0]["cost"]) == (1, 6, 1920)
    assert "is known once the follow-up link" in words(page)
    assert (money[0]["fund"], money[0]["spent"], money[0]["left"]) == ("Levy", 1920, 3080)
    assert {row["school"] for row in hours} == {"Whole district"}, "the people are on no staff list"
    assert "for payroll" not in words(page)


def test_an_administrator_matches_a_staff_list_that_is_not_stored(held) -> None:
    page = held(as_=ADMINISTRATOR)
    before = data.store().revision()
    text = "email\nP1@example.org\nstranger@example.org\n"
    page.file_uploader(key="payroll_file").upload("staff.csv", text.encode(), "text/csv").run()
    assert "1 of the people on the list have hours" in words(page)
    found = payroll(data.store(), Visitor.as_oneself(ADMINISTRATOR), YEAR, "s.csv", text.encode(), data.key())
    assert found.rows() == [("P1@example.org", 1, 8.0, 7.0, 280.0)]
    assert data.store().revision() == before
    with pytest.raises(RefusedAccess):
        payroll(data.store(), Visitor.as_oneself(FACILITATOR), YEAR, "s.csv", text.encode(), data.key())
    assert minutes_by_person(data.store()).filter(pl.col("person").str.contains("@")).is_empty()
