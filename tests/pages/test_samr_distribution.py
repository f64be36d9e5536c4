"""SAMR distribution: levels in their order, for a school's skills or for a skill's schools."""

from __future__ import annotations

from pathlib import Path

from pages.components import data
from pd_core.access import Actor
from pd_core.storage import audit
from tests.pages.seen import OpenPage, charts, sent, tables, title, words


def test_the_title_says_where_tasks_change_most(app: OpenPage, looked_at: Path) -> None:
    page = app("samr_distribution", store=looked_at)
    assert title(page).startswith("Tasks change most with ")
    assert "The whole district, Fall 2026" in words(page)


def test_a_school_has_the_district_beside_it(app: OpenPage, looked_at: Path) -> None:
    page = app("samr_distribution", store=looked_at, school="lincoln")
    assert "Lincoln High, Fall 2026" in words(page)
    assert {row["school_name"] for row in tables(page)[0]} == {"Lincoln High", "District"}


def test_levels_stand_in_their_order(app: OpenPage, looked_at: Path) -> None:
    rows = tables(app("samr_distribution", store=looked_at, school="lincoln"))[0]
    assert [row["level"] for row in rows[:5]] == ["none", "S", "A", "M", "R"]


def test_the_view_by_school_is_in_the_address_and_ends_with_the_district(app: OpenPage, looked_at: Path) -> None:
    page = app("samr_distribution", store=looked_at, by="school", skill="teams")
    assert page.button_group(key="filter_by").value == "school"
    assert "Teams, Fall 2026" in words(page)
    assert tables(page)[0][-1]["school_name"] == "District"


def test_the_view_that_one_switches_to_is_written_into_the_address(app: OpenPage, looked_at: Path) -> None:
    page = app("samr_distribution", store=looked_at)
    page.button_group(key="filter_by").set_value("school").run()
    assert page.query_params["by"] == "school"


def test_no_mean_is_ever_shown(app: OpenPage, looked_at: Path) -> None:
    page = app("samr_distribution", store=looked_at)
    columns = {name for row in sent(page) for name in row}
    assert not [name for name in columns if "mean" in name or "average" in name]
    assert "never averaged" in words(page)


def test_hidden_schools_never_show_numbers(app: OpenPage, looked_at: Path) -> None:
    page = app("samr_distribution", store=looked_at, by="school", skill="teams")
    hidden = [row for row in sent(page) if row.get("school_name") == "Jefferson Middle"]
    assert hidden, "hidden schools stay in sight, with the reason"
    numbers = ("share", "people", "respondents")
    assert not [row for row in hidden for name in numbers if row.get(name) is not None]
    assert "1 school is hidden: fewer than 5 answers" in words(page)


def test_a_hidden_school_says_why_and_where_to_look(app: OpenPage, looked_at: Path) -> None:
    page = app("samr_distribution", store=looked_at, school="jefferson")
    assert title(page) == "No SAMR profile can be shown yet"
    assert "This is hidden: fewer than 5 answers. Choose the whole district instead." in words(page)
    assert not charts(page) and not tables(page)


def test_a_school_without_answers_says_so(app: OpenPage, looked_at: Path) -> None:
    page = app("samr_distribution", store=looked_at, school="madrona")
    assert "No one has answered this in Fall 2026." in words(page)
    assert not charts(page)


def test_the_letters_are_explained_in_the_words_of_the_form(app: OpenPage) -> None:
    said = words(app("samr_distribution"))
    for letter, meaning in (("S", "Substitution: the same task"), ("R", "Redefinition: a new task")):
        assert f"**{letter}** {meaning}" in said


def test_copying_the_chart_is_in_the_audit(app: OpenPage, answers: Path) -> None:
    page = app("samr_distribution", store=answers, as_=Actor("pat@example.org", "principal", frozenset({"lincoln"})))
    page.button(key="take_copy_samr-by-skill").click().run()
    assert not page.exception
    assert audit.audit(data.store(), ["export"])["subject"].to_list() == ["samr-by-skill.png, copied"]
    shown = "".join(one.proto.body for one in page.get("html"))
    assert 'data-lines="Lincoln High, Fall 2026: 40 of 60 staff answered' in shown
