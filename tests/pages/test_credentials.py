"""The page on credentials: a file with its receipt, what was earned where, and what each credential is for."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl
import pytest

from pages.components import data
from pd_core.actions.schools import set_roster
from pd_core.pseudonyms import respondent_codes
from pd_core.storage.training_lists import training_list
from tests.actions.people import FACILITATOR as PLANNER
from tests.pages.seen import OpenPage, charts, tables, title, words
from tests.pages.test_access import FACILITATOR

HEADER = "email,credential,issuer,earned_on,expires_on,skill_id,iste\n"
PEOPLE = {f"p{number}@example.org": "lincoln" if number < 12 else "washington" for number in range(20)}
EARNED = HEADER + "".join(
    [f"p{number}@example.org,MCE,Certiport,2026-0{2 + number % 2}-01,,,\n" for number in range(20)]
    + [f"p{number}@example.org,Flip,Flip Inc,2026-05-01,,,\n" for number in range(3)]
)


@pytest.fixture
def opened(app: OpenPage, answers: Path):
    page = app("credentials", store=answers, as_=FACILITATOR)
    codes = respondent_codes(list(PEOPLE), data.key())
    staff = [(codes[address], school_id, "teacher", None) for address, school_id in PEOPLE.items()]
    columns = ["respondent", "school_id", "role", "grade_band"]
    set_roster(data.store(), PLANNER, pl.DataFrame(staff, schema=columns, orient="row"))
    assert title(page) == "No credential is recorded yet"
    return page


def test_a_file_is_stored_once_its_receipt_was_seen_and_small_groups_stay_hidden(opened) -> None:
    opened.file_uploader[0].upload("c.csv", (EARNED + "x@example.org,MCE,Certiport,2026-01-01,,,\n").encode()).run()
    assert "24 rows read: 23 new, 0 already stored, 0 changed, 1 with problems" in words(opened)
    assert title(opened) == "No credential is recorded yet", "nothing is stored before somebody says so"
    opened.button(key="credentials_yes").click().run()
    assert not opened.exception
    assert "23 credentials were stored" in words(opened)
    assert title(opened) == "23 credentials count today, earned by 20 people, 24% of the staff"
    months = {row["month"]: row["awards"] for row in charts(opened)[0] if "month" in row}
    assert {months["2026-02"], months["2026-03"]} == {10, None}, "else May's three would follow from the total"
    assert (months["2026-04"], months["2026-05"]) == (0, None)
    assert "Flip Inc" in str(tables(opened))
    named = next(rows for rows in tables(opened) if rows and {row.get("name") for row in rows} >= {"MCE", "Flip"})
    assert {row["name"]: row["awards"] for row in named}["Flip"] is None, "three people are too few"
    shown = [row["awards"] for row in named if row["awards"] is not None]
    assert 23 - sum(shown) not in range(1, 5), "nor do they follow from the others"
    assert "@" not in str(tables(opened))


def test_what_a_credential_is_for_can_be_edited_and_holds_for_those_stored_already(opened) -> None:
    opened.file_uploader[0].upload("c.csv", EARNED.encode()).run()
    opened.button(key="credentials_yes").click().run()
    both = {place: {"skill_id": "teams", "iste": "2.4"} for place in (0, 1)}
    edited = {"edited_rows": both, "added_rows": [], "deleted_rows": []}
    opened.session_state["meanings_0"] = edited
    opened.button(key="meanings_yes").click().run()
    assert not opened.exception
    assert training_list(data.store(), "credential_map").rows() == [(name, "teams", "2.4") for name in ("Flip", "MCE")]
    standards = next(rows for rows in tables(opened) if rows and "covered_by" in rows[0])
    (collaborator,) = [row for row in standards if row["standard"] == "2.4"]
    assert collaborator["credentials"] == 2 and "credentials" in collaborator["covered_by"]
    assert "Teams (23)" in words(opened).replace("\\", "")


def test_a_newcomer_sees_what_the_sample_districts_staff_earned_and_what_training_took(app: OpenPage) -> None:
    page = app("credentials")
    assert re.match(r"\d+ credentials count today, earned by \d+ people, \d+% of the staff", title(page))
    standards = next(rows for rows in tables(page) if rows and "covered_by" in rows[0])
    assert {row["covered_by"] for row in standards} >= {"no one", "trainings", "credentials"}
    hours = app("hours", year="2025-26")
    assert title(hours).replace("\\", "").startswith("2025-26: up to ")
    assert not hours.file_uploader, "the sample stays as it is"
