"""How far guesses were off, in words."""

from __future__ import annotations

import pytest

from pd_core.presentation.guesses import calibration_sentence, guess_sentence
from pd_core.summaries.guesses import Calibration, guess_and_answers
from tests.district import MINE, District


@pytest.mark.parametrize(
    ("guesses", "sentence"),
    [
        ({}, ""),
        ({"word": 0.8}, "You expected more than people said in Word, 30 points too high"),
        ({"word": 0.5, "excel": 0.45}, "Your guess was close: less than 10 points off in every skill"),
        ({"word": 0.7, "excel": 0.5}, "You expected more than people said in Word, on average 10 points too high"),
        (
            {"word": 0.2, "excel": 0.7, "forms": 0.5},
            "You expected less than people said in Word, and more than people said in Excel, "
            "on average 3 points too low",
        ),
        (
            {"word": 0.4, "excel": 0.6},
            "You expected more than people said in Excel, and less than people said in Word, on average right",
        ),
        (
            {"word": 0.9, "excel": 0.8, "forms": 1.0},
            "You expected more than people said, most of all in Forms and Word, on average 40 points too high",
        ),
    ],
)
def test_the_sentence_says_where_and_how_far_a_guess_was_off(
    district: District, guesses: dict[str, float], sentence: str
) -> None:
    skills = ("proficiency_word", "proficiency_excel", "proficiency_forms")
    district.many([(MINE, 10, dict.fromkeys(skills, level)) for level in (0, 2)])
    assert guess_sentence(guess_and_answers(district.survey(), MINE, guesses)) == sentence


@pytest.mark.parametrize(
    ("difference", "end"),
    [
        (28, "expected 28 points more than was so on average."),
        (-1, "expected 1 point less than was so on average."),
        (0, "were right on average."),
    ],
)
def test_the_district_reads_how_well_people_guess(difference: int, end: str) -> None:
    said = calibration_sentence(Calibration(people=6, difference=difference))
    assert said == f"6 people who guessed before they looked {end}"
