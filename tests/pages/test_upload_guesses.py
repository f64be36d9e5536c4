"""What the upload page guesses of a form of one's own: shown with its answers, confirmed, and never by the way."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pages.components import data
from pd_core.ingestion.suggestions import near_items
from tests.forms import Survey, forms_workbook, survey_workbook
from tests.pages.seen import OpenPage, words
from tests.pages.test_upload import drop, press, said

FIVE = ["1.Poor", "2.Basic", "3.Standard", "4.Good", "5.Excellent"]
CHECKED = "I compared each guess with the answers under it."


def own_form(**wordings: str) -> bytes:
    """A form with a grid of its own title, and other questions of its own."""
    grid = {
        f"proficiency_{skill}": f"Your skills (be honest).{name}"
        for skill, name in (("word", "Word"), ("excel", "Excel"))
    }
    return survey_workbook(n=6, seed=9, school="Madrona K-8", wordings=grid | wordings)


def boxes(page: AppTest) -> dict[str, object]:
    return {box.label: box.value for box in page.selectbox}


@pytest.mark.parametrize(
    ("header", "items"),
    [
        ("What should we offer? (pick up to 3)", ()),
        ("Say what you like", ()),
        ("What would you like for lunch?", ()),
        ("How do you like your school?", ()),
        ("Which days do you work?", ()),
        ("Rate your skill level.Sway", ("proficiency_sway",)),
        ("Rate your skill level [Sway]", ("proficiency_sway",)),
        ("Rate your skill level > Sway", ("proficiency_sway",)),
        ("Rate your skill level: OneDrive", ("proficiency_onedrive",)),
        ("Rate yourself.Word3", ("proficiency_word", "samr_word")),
        ("Which grade band do you work with the most?", ("grade_band",)),
        ("Is there anything else you'd like us to know?", ("comment",)),
    ],
)
def test_the_end_of_a_header_counts_first_and_nothing_is_guessed_when_unsure(
    header: str, items: tuple[str, ...], app: OpenPage
) -> None:
    app("upload")
    assert near_items(header, data.real_codebook())[: len(items) or None] == items


def test_a_guess_shows_answers_and_is_kept_only_once_it_is_checked(app: OpenPage, answers: Path) -> None:
    page = drop(app("upload", store=answers), "own.xlsx", own_form())
    assert boxes(page)["Your skills (be honest).Word"] == "proficiency_word"
    captions = "\n".join(caption.value for caption in page.caption)
    assert "A guess, please check. Answers: “" in captions
    page = press(page, "Remember this for the form")
    assert "Compare each one with its answers" in page.warning[0].value
    assert "Your skills (be honest).Word" in boxes(page), "nothing was remembered"
    (box,) = [box for box in page.checkbox if box.label == CHECKED]
    box.check()
    page = press(page, "Remember this for the form")
    assert "Your skills (be honest).Word" not in boxes(page)


def test_a_question_of_ones_own_has_no_guess_and_stays_open(app: OpenPage, answers: Path) -> None:
    page = drop(
        app("upload", store=answers), "own.xlsx", own_form(comment="Say what you like", topics="What should we offer?")
    )
    shown = boxes(page)
    assert shown["Say what you like"] is None and shown["What should we offer?"] is None
    page.checkbox[0].check()
    page = press(page, "Remember this for the form")
    assert {"Say what you like", "What should we offer?"} <= set(boxes(page)), "what is not decided is asked again"


def test_the_button_and_the_receipt_say_what_is_left_out(app: OpenPage, answers: Path) -> None:
    export = survey_workbook(
        n=6, seed=9, school="Madrona K-8", wordings={"comment": "Say what you like", "times": "When?"}
    )
    page = drop(app("upload", store=answers), "own.xlsx", export)
    labels = [expander.label for expander in page.expander]
    assert "2 questions need matching" in labels
    page = press(page, "Store 6 answers without 2 questions")
    assert "2 questions were left out: “When?”" in page.success[0].value
    assert "“Say what you like”" in page.success[0].value


def test_five_levels_are_guessed_in_their_order_and_what_they_became_is_said(app: OpenPage, answers: Path) -> None:
    survey = Survey(n=10, seed=9, school="Madrona K-8", blank_share=0, answers={"proficiency_outlook": FIVE})
    page = drop(app("upload", store=answers), "five.xlsx", forms_workbook(survey.headers(), survey.rows()))
    (question,) = [box for box in page.selectbox if box.label == "Outlook"]
    assert question.value == "proficiency_outlook"
    page.checkbox[0].check()
    page = press(page, "Remember this for the form")
    codes = [box.value for box in page.selectbox if box.label.startswith("The answer “")]
    assert sorted(codes) == ["0", "1", "1", "2", "3"]
    page.checkbox[0].check()
    page = press(page, "Remember this for the form")
    assert "“1.Poor” as level 0" in said(page) and "“5.Excellent” as level 3" in said(page)


def test_the_mapping_goes_out_as_a_file_and_comes_back_filled_in(app: OpenPage, answers: Path) -> None:
    export = survey_workbook(n=6, seed=9, school="Madrona K-8", wordings={"comment": "Say what you like"})
    page = drop(app("upload", store=answers), "own.xlsx", export)
    filled = b"subject,answer,code\nSay what you like,,comment\n"
    page.file_uploader[1].set_value(("own.mapping.csv", filled, "text/csv"))
    page = page.run()
    assert "1 row of the list is remembered for this form." in words(page)
    assert "24 of 24 questions were recognized" in [expander.label for expander in page.expander]


def test_a_mapping_file_with_a_slip_is_refused_with_the_row(app: OpenPage, answers: Path) -> None:
    export = survey_workbook(n=6, seed=9, school="Madrona K-8", wordings={"comment": "Say what you like"})
    page = drop(app("upload", store=answers), "own.xlsx", export)
    page.file_uploader[1].set_value(("m.csv", b"subject,answer,code\nSay what you like,,coment\n", "text/csv"))
    page = page.run()
    assert "“Say what you like” is mapped to “coment”" in page.error[0].value
