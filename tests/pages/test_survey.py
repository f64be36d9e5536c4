"""Survey: the questions, the form for a program, and each school's link, QR code and poster."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.components import data
from pd_core.access import Actor
from pd_core.entities import Wave
from pd_core.storage import audit, waves
from tests.pages.seen import OpenPage, tables, title, words
from tests.pages.test_access import FACILITATOR, MIE, PRINCIPAL, everything

LINK = "https://forms.office.com/Pages/ResponsePage.aspx?id=x&r1=%22Washington%20Elementary%22"


def copied(page: AppTest, school_id: str) -> str:
    return str(page.text_input(key=f"survey_link_{school_id}").value)


def test_the_page_shows_each_question_with_its_skill_and_levels(app: OpenPage, looked_at: Path) -> None:
    page = app("survey", store=looked_at, as_=FACILITATOR)
    assert title(page) == "The survey asks about 12 skills, and how six of them are used in class"
    rows = tables(page)[-1]
    assert len(rows) == 24
    assert rows[4] == {
        "number": 5,
        "tag": "Q5",
        "question": "How well can you use each application? – Word",
        "answer": "One choice",
        "skill": "Word",
        "choices": "I have not used it; I need help to use it; I use it on my own; I could teach it to others",
    }


@pytest.mark.parametrize(
    ("program", "lost"),
    [("docx", "Grids."), ("google", "Nothing of"), ("limesurvey", "Topics and times."), ("qualtrics", "own columns")],
)
def test_each_program_has_its_steps_and_what_is_lost(app: OpenPage, looked_at: Path, program: str, lost: str) -> None:
    page = app("survey", store=looked_at, as_=MIE, program=program)
    assert lost in words(page)
    assert next(button.proto.label for button in page.get("download_button")).startswith("Download for ")


def test_each_school_gets_its_own_link_of_a_link_for_any_one(app: OpenPage, answers: Path) -> None:
    page = app("survey", store=answers, as_=FACILITATOR, school="lincoln")
    page.text_input(key="survey_link").set_value(LINK).run()
    assert copied(page, "lincoln") == LINK.replace("Washington%20Elementary", "Lincoln%20High")
    assert [next(iter(picture.proto.imgs)).alt for picture in page.get("image")] == [
        "QR code of the form for Lincoln High"
    ]
    assert "posters of all 4 schools" in str(page.get("download_button"))


def test_the_waves_link_is_there_already(app: OpenPage, answers: Path) -> None:
    page = app("survey", store=answers, as_=PRINCIPAL)
    wave = data.real_waves()[0]
    waves.put_wave(data.store(), Wave(wave, form_link="https://forms.office.com/r?r1=%22{school}%22"), "test")
    page.switch_page("responses.py").run()
    page.switch_page("survey.py").run()
    assert copied(page, "lincoln") == "https://forms.office.com/r?r1=%22Lincoln%20High%22"


@pytest.mark.parametrize(
    ("link", "said"),
    [
        ("forms.office.com", "The link to the form does not start with"),
        ("https://forms.office.com/r?id=1", "does not fill in the school's name"),
    ],
)
def test_a_link_that_does_not_work_is_explained(app: OpenPage, answers: Path, link: str, said: str) -> None:
    page = app("survey", store=answers, as_=FACILITATOR)
    page.text_input(key="survey_link").set_value(link).run()
    assert not page.exception and said in words(page)


@pytest.mark.parametrize("actor", [MIE, PRINCIPAL], ids=lambda actor: actor.role)
def test_a_role_for_schools_gets_the_form_and_links_of_its_own(app: OpenPage, answers: Path, actor: Actor) -> None:
    page = app("survey", store=answers, as_=actor)
    page.text_input(key="survey_link").set_value(LINK.replace("Washington%20Elementary", "Lincoln%20High")).run()
    assert "Lincoln High" in everything(page) and "Washington" not in everything(page)


def test_before_the_first_schools_and_answers_the_form_is_there(app: OpenPage) -> None:
    page = app("survey")
    assert "No school is listed yet" in words(page) and "Load the list of schools first" in words(page)
    assert tables(page)[-1][0]["answer"] == "Open text"
    assert not audit.audit(data.store(), ["export"]).height
