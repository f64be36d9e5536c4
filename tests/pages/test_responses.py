"""Responses: may one decide, who is missing, and what is sent to them; in plain words where the numbers do not fit."""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest
from streamlit.testing.v1 import AppTest

from pages.components import data
from pd_core import ingestion
from pd_core.access import EVERYTHING, Actor
from pd_core.actions import share_links
from pd_core.codebook import Codebook
from pd_core.entities import Wave
from pd_core.presentation import responses
from pd_core.presentation.reminders import NO_LINK
from pd_core.storage import links, open_store, reference
from pd_core.storage.waves import put_wave
from tests.forms import survey_workbook
from tests.pages.conftest import FIRST_ADMINISTRATOR
from tests.pages.seen import OpenPage, charts, figures, sent, tables, title, words

FACILITATOR = Actor("fay@example.org", "facilitator")
MIE = Actor("mia@example.org", "mie", frozenset({"washington"}))
PRINCIPAL = Actor("pat@example.org", "principal", frozenset({"washington"}))
LINK = "https://forms.example.org/r?school=%22Lincoln%20High%22"


def reminders(page: AppTest) -> list[str]:
    return [str(area.value) for area in page.text_area]


def labels(page: AppTest) -> list[str]:
    found = [str(button.proto.label) for button in page.get("download_button")]
    return [label for label in found if not label.startswith("Download chart")]


@pytest.fixture(scope="module")
def odd_schools(tmp_path_factory: pytest.TempPathFactory, codebook: Codebook) -> Path:
    """A store of schools whose numbers do not fit, without a staff list, to be copied."""
    schools = [("unknown", None, 20), ("more", 10, 12), ("one", 30, 1), ("all", 20, 20), ("silent", 30, 0)]
    path = tmp_path_factory.mktemp("odd") / "pd.duckdb"
    store = open_store(str(path), list(codebook.items.values()))
    rows = [(name, name.title(), "", "High", "North", staff) for name, staff, _ in schools]
    reference.set_schools(store, pl.DataFrame(rows, schema=reference.SCHOOL_COLUMNS, orient="row"), "test")
    for seed, (name, _, n) in enumerate(schools):
        if n:
            table = ingestion.read(f"{name}.xlsx", survey_workbook(school=name.title(), n=n, seed=seed), codebook)
            prepared = ingestion.prepare(table, codebook, store, b"a secret of the tests", EVERYTHING)
            ingestion.commit(store, prepared, "test")
    store.close()
    return path


def test_the_district_says_where_one_may_decide_and_who_gets_the_form_again(app: OpenPage, looked_at: Path) -> None:
    page = app("responses", store=looked_at)
    assert title(page).endswith(" of 4 schools are safe to decide on; 3 are behind the target")
    assert "Next: Send the form again to Washington Elementary, Jefferson Middle and Madrona K-8." in words(page)
    rates = [row["school_name"] for row in charts(page)[0] if row.get("respondents") is not None]
    assert list(dict.fromkeys(rates))[:2] == ["Madrona K-8", "Jefferson Middle"]
    (resend,) = [rows for rows in tables(page) if "reminder" in rows[0]]
    assert next(row["school_name"] for row in resend) == "Washington Elementary", "it needs most answers"
    (jefferson,) = [row for row in resend if row["school_name"] == "Jefferson Middle"]
    assert jefferson["missing"] == 27 and "So far 3 of our 50 staff have answered" in jefferson["reminder"]
    assert len(labels(page)) == 2 * len(tables(page))


def test_of_many_schools_those_furthest_behind_are_drawn_and_the_table_has_all(
    app: OpenPage, looked_at: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(responses, "_MOST_BARS", 2)
    page = app("responses", store=Path(shutil.copy(looked_at, tmp_path / "many.duckdb")))
    assert {row["school_name"] for row in charts(page)[0] if "school_name" in row} == {
        "Madrona K-8", "Jefferson Middle",
    }  # fmt: skip
    assert "The 2 schools furthest behind; the table has all." in words(page)
    assert {4} == {len(rows) for rows in tables(page) if "rate" in rows[0] and "school_name" in rows[0]}


def test_a_staff_list_says_which_roles_are_behind(app: OpenPage) -> None:
    page = app("responses", school="kelp_harbor")
    said = words(page)
    assert title(page).startswith("Too early to decide: 13 of 110 staff answered")
    assert [name for name, _, _ in figures(page)] == ["Answered", "Needed", "To be confident"]
    assert "Behind by role: Teacher (7 of 72) and Paraeducator (fewer than 5 of 13)" in said
    assert "By grade band" in said and "Weighted by role as on the staff list" in said
    (text,) = reminders(page)
    assert "Teacher, Paraeducator" in text and "of 13" not in text and NO_LINK in text
    assert "The link to the form is not set yet. Set it once for all schools, below." in said
    assert "can set up waves once real answers are stored" in said, "the sample's waves are nobody's"
    assert all(chart.proto.alt for chart in page.get("vega_lite_chart"))
    hidden = [row for row in sent(page) if row.get("group_name") == "Paraeducator" and "rate" in row]
    assert hidden and all(row["rate"] is None and row["respondents"] is None for row in hidden)


def test_a_facilitator_sets_the_wave_and_the_reminder_follows(app: OpenPage, answers: Path) -> None:
    page = app("responses", store=answers, as_=FACILITATOR, school="washington")
    staff = [(f"teacher {number}", "washington", "teacher", None) for number in range(40)]
    columns = dict.fromkeys(("respondent", "school_id", "role", "grade_band"), pl.String)
    reference.set_roster(data.store(), pl.DataFrame(staff, schema=columns, orient="row"), "test")
    closes_on = date.today() + timedelta(30)
    page.text_input(key="link_Fall 2026").input("ftp://nowhere")
    (save,) = [button for button in page.button if button.label == "Save"]
    save.click().run()
    assert "does not start with https" in page.error[0].value
    page.text_input(key="link_Fall 2026").input(LINK)
    page.date_input(key="closes_Fall 2026").set_value(closes_on)
    page.checkbox(key="guesses_Fall 2026").check()
    (save,) = [button for button in page.button if button.label == "Save"]
    save.click().run()
    assert not page.error and "The settings of Fall 2026 are saved." in words(page)
    assert "does not fill in the school's name" not in words(page)
    (text,) = reminders(page)
    assert f"by {closes_on:%A}, {closes_on:%B} {closes_on.day}:\n" in text
    assert "school=%22Washington%20Elementary%22" in text and "Lincoln" not in text
    assert "The link to the form is not set yet" not in words(page)
    assert "At the pace of the last" in words(page)
    assert "Make your guess on the overview first" in words(page), "no result comes before the guess"


@pytest.mark.parametrize("actor", [MIE, PRINCIPAL], ids=lambda actor: actor.role)
def test_whoever_has_a_building_sees_theirs_and_sets_nothing(app: OpenPage, looked_at: Path, actor: Actor) -> None:
    page = app("responses", store=looked_at, as_=actor)
    assert title(page).startswith("Too early to decide: 10 of 40 staff answered")
    assert "So far 10 of our 40 staff have answered" in reminders(page)[0]
    assert not page.text_input and "Ask your facilitator to set it on this page." in words(page)
    page.query_params["school"] = "district"
    page.run()
    assert title(page) == "Washington Elementary is not yet safe to decide on, and behind the target"
    shown = words(page) + str(sent(page))
    assert not [name for name in ("Lincoln", "Jefferson", "Madrona") if name in shown]


@pytest.mark.parametrize(
    ("actor", "expected"),
    [
        (MIE, f"Send [`{FIRST_ADMINISTRATOR}`](mailto:{FIRST_ADMINISTRATOR}) an Excel or CSV file"),
        (FACILITATOR, f"Send [`{FIRST_ADMINISTRATOR}`](mailto:{FIRST_ADMINISTRATOR}) an Excel or CSV file"),
        (Actor(FIRST_ADMINISTRATOR, "administrator"), "`python -m pd_core roster FILE`"),
    ],
    ids=["MIE", "facilitator", "administrator"],
)
def test_without_a_staff_list_it_says_once_what_to_send_to_whom(
    app: OpenPage, looked_at: Path, actor: Actor, expected: str
) -> None:
    said = words(app("responses", store=looked_at, as_=actor, school="washington"))
    assert said.count(expected) == said.count("There is no staff list") == 1
    assert "Are those who answered like the staff?" not in said


def test_a_guest_is_asked_for_no_staff_list(app: OpenPage, answers: Path) -> None:
    page = app("responses", store=answers, as_=FACILITATOR, school="washington")
    page.user = {"is_logged_in": False}
    link = links.make_link(data.store(), "washington", 90, "test")
    page.query_params["link"] = share_links.token(link, data.key())
    said = words(page.run())
    assert "There is no staff list" in said and "Send " not in said.partition("There is no staff list")[2]


def test_a_guest_of_a_link_gets_no_reminder_and_no_link_of_the_form(app: OpenPage, answers: Path) -> None:
    page = app("responses", store=answers, as_=FACILITATOR, school="washington")
    put_wave(data.store(), Wave("Fall 2026", None, LINK), "test")
    assert "forms.example.org" in reminders(page.run())[0]
    page.user = {"is_logged_in": False}
    titles = {"washington": "10 of 40 staff answered", "district": "of the district's 162 staff answered"}
    for opened, expected in titles.items():
        page.query_params["link"] = share_links.token(links.make_link(data.store(), opened, 90, "test"), data.key())
        page.query_params["school"] = opened
        page.run()
        assert expected in title(page)
        assert not reminders(page)
        assert "forms.example.org" not in words(page) + str(sent(page))


def test_numbers_that_do_not_fit_are_said_in_plain_words(app: OpenPage, odd_schools: Path, tmp_path: Path) -> None:
    page = app("responses", store=Path(shutil.copy(odd_schools, tmp_path / "odd.duckdb")))
    expected = {
        "unknown": "how many work here is not known, so no one can say whether that is enough.",
        "more": "12 people answered, more than the 10 on the list: check the number of staff.",
        "one": "Too early to decide: 1 of 30 staff answered, too few to show.",
        "all": "Safe to decide: all 20 staff answered.",
        "silent": "No one here has answered in Fall 2026 yet.",
    }
    arrived = {
        "unknown": "20 have answered; no closing day is set",
        "more": "12 have answered; that is more than the 10 on the list, so check the number of staff",
        "one": "1 of 30 has answered; no closing day is set",
        "all": "20 of 20 have answered; no one is missing",
        "silent": "No one has answered yet",
    }
    for school_id, sentence in expected.items():
        page.query_params["school"] = school_id
        page.run()
        assert sentence in title(page), school_id
        assert arrived[school_id] in words(page), school_id
        assert bool(reminders(page)) is (school_id not in ("more", "all")), school_id
        assert words(page).count("There is no staff list") == 1
        assert "cannot be said" not in words(page).partition("Who is missing?")[2]
