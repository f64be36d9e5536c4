"""Training planning: what a building needs, who teaches it, what its staff asked for, and whether to decide yet."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest

from pages.components import data
from pd_core.access import Actor
from pd_core.actions.plan_record import change_plan
from pd_core.entities import PlanSession
from pd_core.presentation.schools_at_a_glance import HEADS
from tests.actions.people import FACILITATOR as PLANNER
from tests.pages.planned import load_lists
from tests.pages.seen import OpenPage, charts, sorted_tables, tables, title, words
from tests.pages.test_access import FACILITATOR, PRINCIPAL

LEFT = "What is left to plan"
AGREED = PlanSession("S001", "agreed", ("lincoln",), "word-entry", "mia", "one", datetime(2031, 1, 14, 15, 30),
                     datetime(2031, 1, 14, 17), 7)  # fmt: skip


def test_the_title_names_what_is_needed_most(app: OpenPage, looked_at: Path) -> None:
    page = app("training_planning", store=looked_at, school="lincoln")
    rows = tables(page)[0]
    greatest = [row["skill_name"] for row in rows if row["people"] >= rows[1]["people"]]
    is_tied = rows[0]["people"] == rows[1]["people"]
    each = ", by as many people each" if is_tied else ""
    assert title(page) == f"{', '.join(greatest[:-1])} and {greatest[-1]} are needed most so far{each}", (
        "ties are alike"
    )


@pytest.mark.parametrize(("visitor", "is_shown"), [(FACILITATOR, True), (PRINCIPAL, False)])
def test_what_is_left_to_plan_is_said_to_people_who_plan(
    app: OpenPage, answers: Path, visitor: Actor, is_shown: bool
) -> None:
    page = app("training_planning", store=answers, as_=visitor)
    load_lists(data.store(), data.real_codebook())
    assert LEFT not in [heading.value for heading in page.run().header], "nothing was held or agreed to"
    change_plan(data.store(), PLANNER, "agreed", lambda _: [AGREED])
    page.run()
    assert (LEFT in [heading.value for heading in page.header]) is is_shown
    assert (" left to plan: 7 with a place in 1 session to come." in words(page)) is is_shown


def test_needs_are_in_order(app: OpenPage, looked_at: Path) -> None:
    for rows in tables(app("training_planning", store=looked_at, school="lincoln"))[:2]:
        people = [row["people"] for row in rows]
        assert people == sorted(people, reverse=True)


def test_it_says_who_teaches_each_kind_of_class(app: OpenPage, looked_at: Path) -> None:
    page = app("training_planning", store=looked_at, school="lincoln")
    headings = [heading.value for heading in page.header]
    assert headings[:2] == ["Entry classes, taught by the MIE", "Implementation classes, taught by the facilitator"]
    assert [rows[0]["trainer"] for rows in tables(page)[:2]] == ["MIE", "Facilitator"]


def test_it_says_what_to_start_with(app: OpenPage, looked_at: Path) -> None:
    page = app("training_planning", store=looked_at, school="lincoln")
    greatest = tables(page)[0][0]["skill_name"]
    assert f"Start with an entry class in {greatest}: about " in words(page)
    assert "The topic most asked for is “" in words(page) and "The time that suits most often is “" in words(page)


def test_wishes_are_counted_among_those_who_answered(app: OpenPage, looked_at: Path) -> None:
    page = app("training_planning", store=looked_at, school="lincoln")
    topics, times = (rows for rows in tables(page) if "label" in rows[0])
    for row in [*topics, *times]:
        assert 0 < row["respondents"] <= row["answered"] <= 40


def test_a_building_that_is_safe_to_decide_is_not_warned_and_its_needs_are_said_plainly(app: OpenPage) -> None:
    page = app("training_planning", school="driftwood_bay")
    assert not page.warning
    assert title(page).endswith(" are needed most")


def test_a_building_with_too_few_answers_is_told_first_to_send_the_form_again(app: OpenPage) -> None:
    page = app("training_planning", school="glacier_fork")
    assert "would probably settle what is needed most. Send the form again: about " in page.warning[0].value


@pytest.mark.parametrize(
    ("school", "reason"),
    [
        ("jefferson", "3 of 50 staff answered, too few to show"),
        ("madrona", "No one here has answered in Fall 2026 yet."),
    ],
)
def test_a_building_of_which_nothing_can_be_shown_says_why(
    app: OpenPage, looked_at: Path, school: str, reason: str
) -> None:
    page = app("training_planning", store=looked_at, school=school)
    assert title(page) == "There is nothing to plan with yet"
    assert reason in page.warning[0].value
    assert not charts(page) and not tables(page)


def test_the_district_asks_for_a_building_and_shows_its_own_needs(app: OpenPage, looked_at: Path) -> None:
    page = app("training_planning", store=looked_at)
    assert "Choose a school" in words(page)
    assert len(charts(page)) == 2


def test_the_district_has_a_table_of_all_schools_that_the_address_sorts(app: OpenPage, looked_at: Path) -> None:
    (by_name,) = sorted_tables(app("training_planning", store=looked_at))
    assert [row["School"] for row in by_name] == [
        "Jefferson Middle", "Lincoln High", "Madrona K-8", "Washington Elementary",
    ]  # fmt: skip
    jefferson, lincoln, *_ = by_name
    assert lincoln["Entry class needed"]
    assert set(jefferson) == set(HEADS.values())
    shown = {heading for heading, words in jefferson.items() if words}
    assert shown == {"School", "Can we decide?"}, "what is hidden is empty"
    (turned,) = sorted_tables(app("training_planning", store=looked_at, sort="-school_name"))
    assert turned == by_name[::-1]
    page = app("training_planning", store=looked_at, sort="secret")
    assert sorted_tables(page) == [by_name]
    assert "The link asks for an order that this table does not have." in words(page)
    assert "sort" not in page.query_params


def test_the_table_of_schools_is_filtered_and_the_address_says_so(app: OpenPage, looked_at: Path) -> None:
    page = app("training_planning", store=looked_at)
    page.multiselect(key="filter_level").select("Middle").select("High").run()
    (rows,) = sorted_tables(page)
    assert [row["School"] for row in rows] == ["Jefferson Middle", "Lincoln High"]
    assert page.query_params["level"] == ["Middle", "High"]
    assert "2 of 4 schools fit. Level: High or Middle." in words(page)
    page.selectbox(key="filter_find").select("madrona").run()
    page.multiselect(key="filter_level").set_value([]).run()
    assert sorted_tables(page)[0][0]["School"] == "Madrona K-8", "who is looked for comes first"


def test_a_link_for_a_verdict_that_does_not_exist_says_so_where_it_is_seen(app: OpenPage, looked_at: Path) -> None:
    page = app("training_planning", store=looked_at, verdict="nope", find="nope")
    assert [warning.value.split(" that ")[0] for warning in page.warning] == [
        "This link is for a school", "This link is for a verdict",
    ]  # fmt: skip
    popover = next(part for part in page.main.children.values() if part.type == "popover")
    assert not popover.warning
    assert len(sorted_tables(page)[0]) == 4
    assert not page.run().warning, "it is said once"


def test_a_school_has_no_table_of_schools(app: OpenPage, looked_at: Path) -> None:
    assert not sorted_tables(app("training_planning", store=looked_at, school="lincoln"))


def test_each_chart_has_words_a_table_and_two_files(app: OpenPage, looked_at: Path) -> None:
    page = app("training_planning", store=looked_at, school="lincoln")
    assert all(chart.proto.alt for chart in page.get("vega_lite_chart"))
    files = [button for button in page.get("download_button") if button.proto.label.endswith("file")]
    assert len(files) == 2 * len(tables(page)) == 10
