"""Skills on the Administration page: added, renamed and retired, and read from files from then on."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from pages.components import data
from tests.forms import Survey, forms_workbook
from tests.forms.instrument import PROFICIENCY
from tests.pages.seen import OpenPage, words
from tests.pages.test_administration import field, press
from tests.pages.test_upload import drop


def export(header: str) -> bytes:
    survey = Survey(n=6, seed=9, school="Madrona K-8")
    return forms_workbook([*survey.headers(), header], [[*row, PROFICIENCY[2]] for row in survey.rows()])


def test_a_skill_is_added_and_the_next_file_is_read_with_it(app: OpenPage, answers: Path) -> None:
    page = app("administration", store=answers)
    field(page, "text_input", "Name, as the form asks about it").set_value("Canva")
    page = press(page, "Add the skill")
    assert "Canva was added" in page.success[0].value
    page.switch_page("upload.py").run()
    page = drop(page, "canva.xlsx", export("Canva"))
    assert "25 of 25 questions were recognized" in [expander.label for expander in page.expander]


def test_a_name_that_is_taken_is_refused_with_the_reason(app: OpenPage, answers: Path) -> None:
    page = app("administration", store=answers)
    field(page, "text_input", "Name, as the form asks about it").set_value("Teams")
    page = press(page, "Add the skill")
    assert "“Teams” already belongs to Teams." in page.error[0].value


def test_a_skill_is_renamed_retired_and_asked_about_again(app: OpenPage, answers: Path) -> None:
    page = app("administration", store=answers)
    page = field(page, "selectbox", "Skill").set_value("stream").run()
    page = field(page, "text_input", "New name").set_value("Clipchamp").run()
    page = press(page, "Rename it")
    assert "Stream is now Clipchamp." in page.success[0].value
    page = field(page, "selectbox", "Skill").set_value("sway").run()
    page = field(page, "number_input", "Last year in which the survey asks about it").set_value(2025).run()
    page = press(page, "Retire it")
    year = datetime.now(UTC).year
    assert f"The survey asks about 11 skills in {year}. 1 skill is retired" in words(page)
    page = field(page, "selectbox", "Skill").set_value("sway").run()
    page = press(page, "Ask about it again")
    assert f"The survey asks about 12 skills in {year}." in words(page)
    assert data.real_codebook().skills["stream"].name == "Clipchamp"


def test_the_sample_keeps_its_own_skills(app: OpenPage) -> None:
    page = app("administration")
    field(page, "text_input", "Name, as the form asks about it").set_value("Canva")
    page = press(page, "Add the skill")
    page.switch_page("school_comparison.py").run()
    assert not page.exception and not page.error
