"""The overview: the verdict first, then three figures, two needs and one thing to do."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pages.components import data
from pd_core.access import Actor, Role
from pd_core.actions import share_links
from pd_core.storage import links, reference
from tests.conftest import SCHOOLS
from tests.pages.conftest import sign_in
from tests.pages.seen import OpenPage, charts, figures, page_links, sent, title, words


@pytest.mark.parametrize(
    ("school", "verdict"),
    [
        ("lincoln", "Too early to decide: the response rate is fine (40 of 60 staff answered), but "),
        ("madrona", "No one here has answered in Fall 2026 yet."),
        ("jefferson", "Too early to decide: 3 of 50 staff answered, too few to show."),
    ],
)
def test_the_title_is_the_verdict(app: OpenPage, looked_at: Path, school: str, verdict: str) -> None:
    assert title(app("overview", store=looked_at, school=school)).startswith(verdict)


def test_there_are_three_figures_and_two_needs(app: OpenPage, looked_at: Path) -> None:
    page = app("overview", store=looked_at, school="lincoln")
    assert [name for name, _, _ in figures(page)] == ["Answered", "How sure", "Skills in hand"]
    assert figures(page)[0][1] == "67%"
    assert words(page).count("do not use it on their own yet, ") == 2
    assert words(page).count(" sure to be among the two greatest needs, or tied with them.") == 2
    assert "Close behind, and perhaps one of the two or tied with them: " in words(page)


def test_a_building_that_is_safe_to_decide_is_told_which_class_to_plan(app: OpenPage) -> None:
    page = app("overview", school="driftwood_bay")
    assert title(page).startswith("Safe to decide: 40 of 58 staff answered")
    assert "Next: Plan the " in words(page)


@pytest.mark.parametrize("school", ["driftwood_bay", "district"])
def test_growth_leads_where_there_is_an_earlier_wave(app: OpenPage, school: str) -> None:
    said = words(app("overview", school=school))
    assert 0 <= said.find("Since Fall 2025") < said.find("Next:")
    assert "Since " not in words(app("overview", school=school, wave="Fall 2025"))


def test_a_building_that_is_behind_is_told_how_many_answers_would_settle_it(app: OpenPage) -> None:
    said = words(app("overview", school="kelp_harbor"))
    assert "Next: Send the form again: about " in said
    assert " more answers would probably make it safe to decide." in said


def test_words_that_are_new_to_people_have_a_line_of_help(app: OpenPage) -> None:
    page = app("overview", school="driftwood_bay")
    assert "How sureIn how many of 100 cases" in words(page)
    assert page.title[0].help.startswith("At least 90% sure")


@pytest.mark.parametrize(("role", "is_offered"), [("guest", False), ("principal", False), ("mie", True)])
def test_nobody_is_offered_a_page_that_then_refuses_them(
    app: OpenPage, answers: Path, role: Role, is_offered: bool
) -> None:
    actor = Actor("pat@example.org", "facilitator" if role == "guest" else role, frozenset({"lincoln"}))
    page = app("overview", store=answers, as_=actor, school="lincoln")
    row = dict(zip(SCHOOLS.columns, ("lincoln", "Lincoln High", "", "High", "North", 30), strict=True))
    reference.put_school(data.store(), row, "test")  # 40 answered, more than the 30 on the list: go and upload
    if role == "guest":
        sign_in(page, None)
        link = links.make_link(data.store(), "lincoln", 90, "test")
        page.query_params["link"] = share_links.token(link, data.key())
    page.run()
    assert "check the number of staff" in title(page)
    assert ("Open the upload page" in page_links(page)) is is_offered


def test_a_guest_is_not_sent_to_a_reminder(app: OpenPage, answers: Path) -> None:
    page = app("overview", store=answers, as_=Actor("fay@example.org", "facilitator"), school="washington")
    assert next(iter(page_links(page))) == "See who is missing, and the reminder"
    sign_in(page, None)
    link = links.make_link(data.store(), "washington", 90, "test")
    page.query_params["link"] = share_links.token(link, data.key())
    page.run()
    assert next(iter(page_links(page))) == "See who is missing"


def test_the_district_counts_the_schools_with_enough_answers(app: OpenPage, looked_at: Path) -> None:
    page = app("overview", store=looked_at)
    assert figures(page)[2][:2] == ("On target", "1 of 4")


def test_no_number_of_a_hidden_school_reaches_the_browser(app: OpenPage, looked_at: Path) -> None:
    rows = [row for row in sent(app("overview", store=looked_at, school="jefferson")) if not row.get("is_district")]
    shares = [row["share"] for row in rows if row.get("school_name") == "Jefferson Middle"]
    assert shares and all(share is None for share in shares)


@pytest.mark.parametrize(("view", "drawn"), [("levels", "level_label"), ("worst", "share_worst_low")])
def test_the_skills_can_be_seen_level_by_level_and_at_worst(app: OpenPage, view: str, drawn: str) -> None:
    page = app("overview", school="driftwood_bay", skills=view)
    assert drawn in json.dumps(charts(page)[0])
    assert drawn not in json.dumps(charts(app("overview", school="driftwood_bay", skills="share"))[0])
    assert ("” was said most about " in words(page)) == (view == "levels")


def test_the_sample_is_labelled(app: OpenPage) -> None:
    assert "Made-up sample district" in words(app("overview"))


def test_real_answers_are_not_called_a_sample(app: OpenPage, looked_at: Path) -> None:
    assert "sample" not in words(app("overview", store=looked_at))


def test_a_school_that_does_not_exist_falls_back_to_the_district(app: OpenPage, looked_at: Path) -> None:
    page = app("overview", store=looked_at, school="nowhere")
    assert "The whole district, Fall 2026" in words(page)
    assert page.query_params["school"] in ("district", ["district"])


def test_a_schools_name_in_the_address_is_understood_too(app: OpenPage, looked_at: Path) -> None:
    page = app("overview", store=looked_at, school="Lincoln High")
    assert page.query_params["school"] in ("lincoln", ["lincoln"])
