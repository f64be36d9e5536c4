"""Many sessions are a table: sorted by its heads, and each opened from its row."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape
from urllib.parse import parse_qs

from pages.components import data
from pd_core.actions.plan_record import change_plan
from tests.pages.recorded import ENDS, PLANNER, SESSIONS, STARTS
from tests.pages.seen import sorted_tables, sources, words
from tests.pages.test_access import FACILITATOR


def test_many_sessions_are_a_table_of_which_one_is_opened(recorded) -> None:
    page = recorded(as_=FACILITATOR)
    many = [replace(SESSIONS[0], session_id=f"S{number:03}") for number in range(10, 30)]
    change_plan(data.store(), PLANNER, "proposed", lambda _: many)
    page.run()
    assert len(sorted_tables(page)[0]) == 23
    assert "agreed_S012" not in {button.key for button in page.button}
    page.selectbox(key="filter_open").select("S012").run()
    assert "agreed_S012" in {button.key for button in page.button}
    assert page.query_params["open"] == "S012"


def test_a_session_of_the_table_has_an_address_which_its_row_leads_to(recorded) -> None:
    page = recorded(as_=FACILITATOR)
    many = [replace(SESSIONS[0], session_id=f"S{number:03}") for number in range(10, 30)]
    change_plan(data.store(), PLANNER, "proposed", lambda _: many)
    (table,) = (part for part in sources(page.run()) if "pulse-table" in part)
    (query,) = re.findall(
        r'href="\?([^"]*)" aria-label="S012: [^"]*" data-pulse="page" data-to="section-opened-session">', table
    )
    for name, values in parse_qs(unescape(query)).items():
        page.query_params[name] = values
    assert "agreed_S012" in {button.key for button in page.run().button}
    page.query_params["open"] = "gone"
    assert "The session that was open is not in this list." in words(page.run())


def test_where_all_sessions_are_open_the_address_opens_none(recorded) -> None:
    page = recorded(as_=FACILITATOR, open="S001")
    assert "open" not in page.query_params
    assert "agreed_S001" in {button.key for button in page.button}


def test_the_table_of_many_sessions_is_sorted_by_time_or_by_what_the_address_says(recorded) -> None:
    page = recorded(as_=FACILITATOR)
    many = [
        replace(SESSIONS[0], session_id=f"S{number:03}", starts_at=STARTS + later, ends_at=ENDS + later)
        for number in range(10, 30)
        for later in [timedelta(days=60 - number)]
    ]
    change_plan(data.store(), PLANNER, "proposed", lambda _: many)
    page.run()
    ours = [row["Session"] for row in sorted_tables(page)[0] if row["Session"] > "S009"]
    assert ours == sorted(ours, reverse=True), "those of the highest number come first in time"
    page.query_params["sort"] = "session_id"
    by_name = [row["Session"] for row in sorted_tables(page.run())[0]]
    assert by_name == sorted(by_name)
    page.query_params["sort"] = "-state"
    found = [row["State"] for row in sorted_tables(page.run())[0]]
    assert found == ["Agreed", *["Proposed"] * 22]
    for order in ("note", "-note"):
        page.query_params["sort"] = order
        assert [row["Note"] for row in sorted_tables(page.run())[0]] == ["In the library", *[""] * 22]
