"""Guesses beside the answers, and how well people guess together: without a way to anybody's own."""

from __future__ import annotations

import pytest

from pd_core.access import Scope
from pd_core.storage.guesses import put_guesses
from pd_core.summaries.guesses import Calibration, calibration, guess_and_answers, skills_to_guess
from tests.district import FALL, MINE, District


def people(number: int, *, first: int = 1) -> list[str]:
    return [f"person{place:02}@example.org" for place in range(first, first + number)]


def guess(district: District, *who: str, school_id: str = MINE, **shares: float) -> None:
    for person in who:
        put_guesses(district.store, FALL, school_id, person, shares)


@pytest.fixture
def answered(district: District) -> District:
    """Lincoln: of 20 people 10 use Word, 4 Excel, and 2 answered about Teams; Madison: of 3 people all use Word."""
    district.many(
        [
            (MINE, 4, {"proficiency_word": 2, "proficiency_excel": 3}),
            (MINE, 6, {"proficiency_word": 3, "proficiency_excel": 1}),
            (MINE, 8, {"proficiency_word": 0, "proficiency_excel": 0}),
            (MINE, 2, {"proficiency_word": 0, "proficiency_excel": 0, "proficiency_teams": 3}),
            ("madison", 3, {"proficiency_word": 2}),
        ]
    )
    return district


@pytest.fixture
def shown(district: District) -> District:
    """Lincoln and Madison with 20 people each, of whom half use Word."""
    district.many([(place, 10, {"proficiency_word": level}) for place in (MINE, "madison") for level in (0, 2)])
    return district


def test_what_is_hidden_or_unanswered_can_neither_be_guessed_nor_compared(answered: District) -> None:
    survey = answered.survey()
    hidden = skills_to_guess(survey, "madison")
    assert hidden == {}, "fewer than 5 answered"
    assert guess_and_answers(survey, "madison", {"word": 0.5}).is_empty()
    assert "teams" not in skills_to_guess(survey, MINE)
    assert guess_and_answers(survey, MINE, {"teams": 0.5, "sway": 0.5}).is_empty()
    assert skills_to_guess(answered.survey(scope=Scope(frozenset({"madison"}))), MINE) == {}


def test_skills_are_asked_in_the_codebooks_order(wide: District) -> None:
    assert list(skills_to_guess(wide.survey(), "ada").items()) == []
    assert list(skills_to_guess(wide.survey(), MINE).items()) == [("word", "Word"), ("teams", "Teams")]


def test_a_guess_stands_beside_the_answers_what_was_overestimated_first(shown: District) -> None:
    rows = guess_and_answers(shown.survey(), MINE, {"word": 0.8})
    assert rows.to_dicts() == [
        {"skill_name": "Word", "guess_share": 0.8, "share": 0.5, "difference": 30, "respondents": 20}
    ]


def test_the_district_learns_how_well_six_people_guess_and_nothing_of_fewer(shown: District) -> None:
    guess(shown, *people(5), word=0.9)
    assert calibration(shown.survey()) is None, "whoever guessed too would know of four others"
    guess(shown, *people(1, first=6), school_id="madison", word=0.2)
    found = calibration(shown.survey())
    assert found == Calibration(people=6, difference=28)


def test_whoever_does_not_see_the_whole_district_sees_no_calibration(shown: District) -> None:
    guess(shown, *people(6), word=0.9)
    assert calibration(shown.survey(scope=Scope(frozenset({MINE})))) is None
    assert calibration(shown.survey(scope=Scope(frozenset()))) is None


def test_one_more_guess_never_changes_the_figure(shown: District) -> None:
    early, late = people(6, first=7), people(6)  # the order in which they come, not that of their names
    guess(shown, *early, school_id="madison", word=0.9)
    before = calibration(shown.survey())
    assert before == Calibration(people=6, difference=40)
    for person in late[:5]:
        guess(shown, person, word=0.0)
        assert calibration(shown.survey()) == before
    guess(shown, late[0], school_id="madison", word=0.0)
    assert calibration(shown.survey()) == before, "somebody's guess of another building is not another person's"
    guess(shown, late[5], word=0.0)
    assert calibration(shown.survey()) == Calibration(people=12, difference=-5)


def test_a_guess_of_a_hidden_building_takes_its_whole_group_along_and_moves_no_other(shown: District) -> None:
    guess(shown, *people(1), school_id="hidden", word=0.9)
    guess(shown, *people(5, first=2), word=0.9)
    guess(shown, *people(6, first=7), word=0.0)
    assert calibration(shown.survey()) == Calibration(people=6, difference=-50)


def test_each_person_counts_once_however_many_buildings_they_guessed(shown: District) -> None:
    for place in (MINE, "madison"):
        guess(shown, *people(1), school_id=place, word=1.0)
    guess(shown, *people(5, first=2), school_id="madison", word=0.5)
    assert calibration(shown.survey()) == Calibration(people=6, difference=8)


def test_guesses_of_what_is_hidden_and_of_those_who_only_looked_do_not_count(answered: District) -> None:
    guess(answered, *people(5), word=0.5)
    guess(answered, *people(3, first=6), school_id="madison", word=0.5)
    guess(answered, *people(3, first=8))
    assert calibration(answered.survey()) is None
