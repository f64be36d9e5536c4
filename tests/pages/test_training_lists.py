"""Training lists: see a list, replace it by a file, set a school's goal, take modules of Microsoft Learn."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pages.components import data
from pd_core.storage import audit
from pd_core.storage.training_lists import training_list
from tests.pages.planned import load_lists
from tests.pages.seen import OpenPage, tables, title, words
from tests.pages.test_access import FACILITATOR, MIE, REFUSAL

LISTS = ("catalog", "trainers", "slots", "goals", "travel")


@pytest.mark.parametrize("name", LISTS)
def test_the_sample_districts_lists_are_shown_and_stay_as_they_are(app: OpenPage, name: str) -> None:
    page = app("training_lists", list=name)
    assert title(page) == "What plans are made from"
    assert tables(page)[0]
    assert not {"skill_id", "school_id", "skills"} & tables(page)[0][0].keys(), "people read names, not ids"
    assert "These lists belong to the made-up sample district." in words(page)
    assert not page.file_uploader


@pytest.mark.parametrize("name", LISTS)
def test_an_empty_list_says_so_and_takes_a_file(app: OpenPage, answers: Path, name: str) -> None:
    page = app("training_lists", store=answers, as_=FACILITATOR, list=name)
    assert page.header[0].value.startswith("0 ")
    assert page.info and page.file_uploader


def test_a_file_says_what_it_would_change_before_it_replaces_the_list(app: OpenPage, answers: Path) -> None:
    page = app("training_lists", store=answers, as_=FACILITATOR, list="trainers")
    load_lists(data.store(), data.real_codebook())
    page.run()
    content = (
        b"trainer_id,name,kind,home_school_id,skills,hours,slots\n"
        b"mia,Mia Lane,mie,lincoln,word,9,later\nnew,Noa,facilitator,,teams,5,\n"
    )
    page.file_uploader[0].upload("trainers.csv", content, "text/csv").run()
    assert "trainers.csv has 2 trainers: 1 new, 1 changed and 2 gone; 0 as before." in words(page)
    assert training_list(data.store(), "trainer").height == 3
    page.button(key="list_save_trainers").click().run()
    assert [one.value for one in page.success] == [
        "trainers.csv: 2 trainers: 1 new, 1 changed and 2 gone; 0 as before.",
        "Note: mia: slot later is not in the list of slots.",
    ]
    assert training_list(data.store(), "trainer")["trainer_id"].to_list() == ["mia", "new"]
    row = audit.audit(data.store()).row(0, named=True)
    assert (row["kind"], row["actor"]) == ("planning list", FACILITATOR.name)


def test_a_bad_file_names_its_rows_and_changes_nothing(app: OpenPage, answers: Path) -> None:
    page = app("training_lists", store=answers, as_=FACILITATOR, list="slots")
    page.file_uploader[0].upload("slots.csv", b"slot_id,starts_at,ends_at\nx,today,later\n", "text/csv").run()
    assert "row 2: starts\\_at is “today”" in page.error[0].value
    assert training_list(data.store(), "slot").is_empty()


def test_a_goal_becomes_weights_that_can_be_changed(app: OpenPage, answers: Path) -> None:
    page = app("training_lists", store=answers, as_=FACILITATOR, list="goals")
    page.selectbox(key="goal_school").select("lincoln").run()
    page.radio(key="goal_kind_lincoln").set_value("families").run()
    sway = next(one for one in page.number_input if one.label == "Sway")
    assert sway.value == 2.0
    sway.set_value(3.0)
    page.button(key="goal_save").click().run()
    assert "The goal of Lincoln High is saved." in page.success[0].value
    weights = dict(training_list(data.store(), "goal").select("skill_id", "weight").rows())
    assert weights["sway"] == 3.0 and weights["outlook"] == 1.5 and "excel" not in weights
    assert training_list(data.store(), "school_goal").rows() == [("lincoln", "families", "Better family communication")]


def test_a_goal_in_own_words_suggests_weights(app: OpenPage, answers: Path) -> None:
    page = app("training_lists", store=answers, as_=FACILITATOR, list="goals")
    page.selectbox(key="goal_school").select("lincoln").run()
    assert "No word of the goal is known" in words(page)
    page.text_input(key="goal_words_lincoln").set_value("Every lesson in OneNote").run()
    assert next(one for one in page.number_input if one.label == "OneNote").value == 2.0


def test_modules_of_microsoft_learn_are_listed_as_they_are(app: OpenPage, answers: Path) -> None:
    page = app("training_lists", store=answers, as_=FACILITATOR, list="catalog")
    module = {"uid": "learn.teams", "title": "Teach with Teams", "duration_in_minutes": 42, "products": []}
    uploader = next(one for one in page.file_uploader if "JSON" in one.label)
    uploader.upload("catalog.json", json.dumps({"modules": [module]}).encode(), "application/json").run()
    assert "1 module about skills of the survey." in words(page)
    assert page.button(key="learn_add").disabled


def test_lists_are_for_those_who_plan(app: OpenPage, answers: Path) -> None:
    assert REFUSAL in words(app("training_lists", store=answers, as_=MIE))
