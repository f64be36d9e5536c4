"""The Sessions page: what was decided, by whom it may be taken further, and what is taken away."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.components import data, display
from pd_core.access import Visitor
from pd_core.actions import calendar_feeds
from pd_core.actions.plan_record import change_plan, record_of, take_step
from pd_core.attack.by_held import found_by_held
from pd_core.errors import UserError
from pd_core.storage import reference
from tests.conftest import SCHOOLS
from tests.pages.conftest import sign_in
from tests.pages.recorded import NOW, PLANNER, SESSIONS, labels, states
from tests.pages.seen import OpenPage, sorted_tables, tables, title, words
from tests.pages.test_access import FACILITATOR, MIE, PRINCIPAL


def confirm(page: AppTest, opener: str, button: str, **texts: str) -> AppTest:
    """Presses a button of an open dialog. A browser runs the dialog alone; here the page opens it in the same run."""
    page.button(key=opener).click()
    for key, text in texts.items():
        page.text_area(key=key).set_value(text)
    return page.button(key=button).click().run()


def test_the_first_screen_says_what_is_to_come_and_what_it_waits_for(recorded) -> None:
    page = recorded(as_=FACILITATOR)
    assert title(page) == "Whole district: 3 sessions to come, 2 proposed and 1 agreed"
    assert "**Next:** Agree to 2 sessions, the first on Tuesday, January 14, 2031, 3:30 p.m. to 5:00 p.m." in words(
        page
    )
    assert [header.value for header in page.header][:2] == ["Proposed: 2", "Agreed: 1"]
    assert "**Note:** In the library" in words(page)


def test_a_board_has_a_row_for_each_school_and_a_column_for_each_state(recorded) -> None:
    page = recorded(as_=FACILITATOR, **{"as": "board"})
    assert "2 schools have sessions; 1 of them waits for people to agree." in words(page)
    lincoln, washington = tables(page)[0]
    assert lincoln["School"] == "Lincoln High" and washington["School"] == "Washington Elementary"
    assert [line.split()[-1] for line in lincoln["Proposed"].split("\n")] == ["(S001)", "(S002)"]
    assert "(S003)" in washington["Agreed"] and not washington["Proposed"]


def test_the_calendar_has_the_weeks_and_months_with_sessions(recorded) -> None:
    page = recorded(as_=FACILITATOR, **{"as": "week"})
    assert "Tuesday, January 14" in [header.value for header in page.header]
    assert page.query_params["week"] == "2031-01-13"
    assert "with Wes Moor; agreed (S003)" in words(page)
    page = page.segmented_control(key="filter_as").select("month").run()
    assert page.query_params["month"] == "2031-01"
    row = tables(page)[0][0]
    assert row["Week of"] == "January 13"
    assert row["Tuesday"].split("  \n")[0] == "January 14" and row["Tuesday"].count("3:30 p.m.") == 3


def test_each_trainer_has_the_hours_that_are_planned(recorded) -> None:
    rows = tables(recorded(as_=FACILITATOR, **{"as": "trainers"}))[0]
    assert [row["Trainer"] for row in rows] == ["Fay Bell", "Mia Lane", "Wes Moor"]
    assert rows[1]["Hours, with travel"] == r"1\.0 of 4"


def test_a_trainer_arrives_at_the_own_sessions_wherever_they_are(recorded) -> None:
    page = recorded(as_=MIE)
    elsewhere = replace(SESSIONS[0], session_id="S004", state="scheduled", school_ids=("washington",), reached=11)
    change_plan(data.store(), PLANNER, "proposed", lambda _: [elsewhere])
    page.run()
    assert title(page) == "Mia Lane: 2 sessions to come, 1 proposed and 1 scheduled"
    seen = words(page)
    assert "**Next:** " in seen and "at Washington Elementary, taught by Mia Lane." in seen
    assert "The next day:" in seen
    assert "taught by Fay Bell" not in seen
    assert "scheduled_S004" not in {button.key for button in page.button}


def test_of_a_shared_session_a_school_does_not_learn_how_many_come_from_the_other(recorded) -> None:
    page = recorded(as_=PRINCIPAL)
    shared = replace(SESSIONS[0], school_ids=("lincoln", "washington"), reached=87)
    change_plan(data.store(), PLANNER, "moved", lambda _: [shared])
    page.run()
    assert "Entry class for people, at Lincoln High, open to Washington Elementary" in words(page)
    assert "87" not in words(page)
    with pytest.raises(UserError) as error:
        take_step(data.store(), Visitor.as_oneself(PRINCIPAL), ["S001"], "agreed", NOW, bases={"S001": 1})
    assert "87" not in error.value.text()


def test_the_overview_of_a_school_says_what_comes_next(recorded) -> None:
    page = recorded(as_=PRINCIPAL)
    page.switch_page("overview.py").run()
    assert "at Lincoln High, Tuesday, January 14, 2031, 3:30 p.m. to 5:00 p.m., with Mia Lane (proposed). " in words(
        page
    )
    assert "1 more session to come." in words(page)


def test_a_facilitator_schedules_what_was_agreed_to(recorded) -> None:
    page = recorded(as_=FACILITATOR, school="washington")
    page.button(key="scheduled_S003").click().run()
    confirm(page, "scheduled_S003", "scheduled_yes_S003", scheduled_note_S003="Room 12")
    assert states()["S003"] == "scheduled"
    assert "S003 is scheduled." in words(page)
    assert "**Note:** Room 12" in words(page)


def test_a_session_is_not_cancelled_without_a_reason(recorded) -> None:
    page = recorded(as_=FACILITATOR)
    page.button(key="cancelled_S001").click().run()
    confirm(page, "cancelled_S001", "cancelled_yes_S001")
    assert "A cancelled session needs a reason." in words(page)
    assert states()["S001"] == "proposed"


def test_a_change_that_someone_else_made_meanwhile_is_shown_and_nothing_is_lost(recorded) -> None:
    page = recorded(as_=FACILITATOR)
    page.button(key="agreed_S001").click().run()
    take_step(data.store(), PLANNER, ["S001"], "cancelled", datetime(2030, 1, 1), note="Snow day")
    with pytest.raises(KeyError):  # the step is gone from the page, which shows the session as it is
        confirm(page, "agreed_S001", "agreed_yes_S001", agreed_note_S001="Everyone comes").button(key="agreed_S001")
    assert states()["S001"] == "cancelled"
    page.query_params["view"] = "all"
    assert "**Note:** Snow day" in words(page.run())


def test_an_mie_decides_on_the_entry_classes_of_the_own_school_alone(recorded) -> None:
    page = recorded(as_=MIE, view="coming")
    assert "Washington" not in words(page)
    assert {"Agree", "Cancel", "Note"} <= set(labels(page))
    keys = {button.key for button in page.button}
    assert "agreed_S001" in keys
    assert "agreed_S002" not in keys


def test_a_principal_agrees_or_asks_for_a_change_which_the_facilitator_answers(recorded) -> None:
    page = recorded(as_=PRINCIPAL)
    assert {"Agree", "Ask for a change"} <= set(labels(page))
    assert not {"Cancel", "Change", "Note"} & set(labels(page))
    page.button(key="ask_S001").click().run()
    confirm(page, "ask_S001", "ask_yes_S001", ask_text_S001="Could it be on a Thursday?")
    assert "**Change asked for:** Could it be on a Thursday?" in words(page)
    assert not page.get("file_uploader")
    sign_in(page, FACILITATOR)
    page.query_params["school"] = "district"
    page.run()
    assert "**Next:** Answer 1 request for a change, the first for S001" in words(page)
    assert "Change asked for: 1" in [header.value for header in page.header]
    page.button(key="answer_S001").click().run()
    confirm(page, "answer_S001", "answer_yes_S001", answer_text_S001="Thursday is taken")
    session = record_of(data.store(), PLANNER).session("S001")
    assert (session.note, session.asked) == ("Thursday is taken", "")


def test_a_change_by_hand_says_at_once_which_limits_it_breaks_and_needs_a_reason(recorded) -> None:
    page = recorded(as_=FACILITATOR)
    page.button(key="change_S003").click().run()
    page.button(key="change_S003").click()
    page.selectbox(key="move_S003_trainer").select("mia").run()
    page.button(key="change_S003").click().run()
    assert "Mia Lane teaches S001 at that time." in words(page)
    assert record_of(data.store(), PLANNER).session("S003").trainer_id == "wes"
    confirm(page, "change_S003", "move_S003_yes")
    assert "would break limits" in words(page)
    confirm(page, "change_S003", "move_S003_yes", move_S003_reason="She teaches both together")
    session = record_of(data.store(), PLANNER).session("S003")
    assert (session.trainer_id, session.note) == ("mia", "She teaches both together")


def test_the_sessions_are_taken_away_as_files_and_as_a_message(recorded) -> None:
    page = recorded(as_=FACILITATOR)
    found = [button.proto.label for button in page.get("download_button")]
    assert found == ["Download Excel file", "Download CSV file", "Download calendar file"]
    assert page.code[0].value.startswith("Trainings at Whole district:\n- Tuesday, January 14, 2031")
    assert tables(page) == []


def test_the_message_is_sent_once_its_fold_is_opened(recorded, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(display, "STARTS_OPEN", False)
    page = recorded(as_=FACILITATOR)
    assert not page.code
    page.session_state["fold_sessions_message"] = True
    assert page.run().code


def test_an_edited_table_is_shown_first_and_then_stored(recorded) -> None:
    page = recorded(as_=FACILITATOR)
    columns = "session_id,state,school_ids,training_id,trainer_id,slot_id,reached"
    text = f"{columns}\nS003,agreed,washington,word-entry,wes,one,6\n"
    page.file_uploader[0].upload("plan.csv", text.encode(), "text/csv").run()
    assert "- row 2: S003: people 7 → 6." in words(page)
    assert record_of(data.store(), PLANNER).session("S003").reached == 7
    next(button for button in page.button if button.label == "Store these changes").click().run()
    assert record_of(data.store(), PLANNER).session("S003").reached == 6


def test_without_a_plan_the_page_leads_to_the_proposal(app: OpenPage, answers: Path) -> None:
    page = app("sessions", store=answers, as_=FACILITATOR)
    assert title(page) == "Whole district: no session is coming up"
    assert "Sessions come from a proposal" in words(page)


def test_what_was_done_is_said_where_no_session_is_left_too(app: OpenPage, answers: Path) -> None:
    page = app("sessions", store=answers, as_=FACILITATOR)
    page.session_state["notice_sessions"] = ("The change is undone.",)
    assert "The change is undone." in words(page.run())
    assert "The change is undone." not in words(page.run())


def test_a_trainer_subscribes_to_the_own_sessions_and_ends_it(recorded) -> None:
    page = recorded(as_=MIE)
    next(button for button in page.button if button.label == "Make an address: Mia Lane").click().run()
    address = next(field.value for field in page.text_input if field.label.startswith("Calendar of Mia Lane"))
    assert re.fullmatch(r"http://localhost\S+/calendar/[\w.-]+\.ics", address)
    next(button for button in page.button if button.label == "Revoke").click().run()
    assert not [field for field in page.text_input if field.label.startswith("Calendar of")]
    assert calendar_feeds.open_feeds(data.store(), PLANNER) == []


def test_an_earlier_plan_is_seen_and_a_change_is_undone(recorded) -> None:
    page = recorded(as_=FACILITATOR)
    take_step(data.store(), PLANNER, ["S001"], "cancelled", NOW, note="Snow day")
    page.run()
    number = record_of(data.store(), PLANNER).changes[-1].number
    page.selectbox(key="history_change").select(number).run()
    page.button(key="history_undo").click().run()
    page.button(key="history_undo").click()
    page.button(key="history_undo_yes").click().run()
    assert states()["S001"] == "proposed"
    assert "The change is undone." in words(page)


def test_a_session_at_a_school_that_is_gone_is_still_there_to_be_changed(recorded) -> None:
    page = recorded(as_=FACILITATOR)
    gone = replace(SESSIONS[0], session_id="S004", school_ids=("madrona",))
    change_plan(data.store(), PLANNER, "proposed", lambda _: [gone])
    reference.set_schools(data.store(), SCHOOLS.filter(SCHOOLS["school_id"] != "madrona"), "test")
    page.run()
    assert "at a school no longer listed (madrona), taught by Mia Lane." in words(page)
    assert "cancelled_S004" in {button.key for button in page.button}


def test_a_newcomer_sees_the_sample_districts_sessions_and_changes_none(app: OpenPage) -> None:
    page = app("sessions", view="all")
    assert title(page).startswith("Whole district: 4 sessions to come")
    (table,) = sorted_tables(page)
    states = {row["State"] for row in table}
    assert states == {"Proposed", "Agreed", "Scheduled", "Delivered"}
    page.selectbox(key="filter_open").select("camas-1").run()
    assert "Held on November 12, 2025, 45 minutes; 6 people attended." in words(page)
    assert "made-up sample district" in words(page)
    assert {button.label for button in page.button} <= {"Copy link", "Share", "Sign out"}
    coming = app("sessions")
    assert "In the library" in words(coming) and "onenote" not in words(coming)
    assert not coming.file_uploader and not [one for one in coming.button if "agreed" in str(one.key)]
    assert found_by_held(data.sample_store()) == [], "no small group follows from what the sample shows"
