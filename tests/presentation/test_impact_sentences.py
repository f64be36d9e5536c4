"""What is known of an effect, in words: the smallest visible one first, never proof, and what is lacking."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pd_core.presentation import impact_sentences as words
from pd_core.summaries.impact_answers import Lacks
from tests.summaries.trained_schools import FOUND

UNKNOWN = replace(FOUND, verdict="cannot tell", reason="too few", effect=None, low=None, high=None, smallest=None)


def test_an_effect_has_its_range_the_smallest_visible_one_and_is_no_proof() -> None:
    assert words.visible_sentence(FOUND).startswith("Smallest visible effect: 1.7 points.")
    assert words.answer_sentence(FOUND) == (
        "2.1 points more than schools not yet trained (+0.4 to +3.8; smallest visible 1.7 points). For attendance, "
        "higher is better. This is not proof: schools chose when to start."
    )
    assert words.title([FOUND], "Teams") == "Teams: 2.1 points more attendance than in schools not yet trained"


def test_no_difference_names_the_size_that_was_ruled_out() -> None:
    none = replace(FOUND, verdict="no difference", effect=0.002, low=-0.01, high=0.014)
    assert "No difference as large as the smallest visible one." in words.answer_sentence(none)
    assert words.title([none], "Teams").endswith("no difference in attendance of 1.7 points or more")


def test_cannot_tell_says_why_and_what_would_make_it_answerable() -> None:
    treated = replace(UNKNOWN, lacking=(("treated", 3),))
    assert words.answer_sentence(treated) == "Cannot tell: too few."
    assert words.remedy_sentence(treated) == (
        "What would make it answerable: three more schools that start in December 2024 or later, seen for 3 periods "
        "before."
    )
    assert "one more school that starts later" in words.remedy_sentence(replace(UNKNOWN, lacking=(("not yet", 1),)))
    assert words.remedy_sentence(FOUND) == ""


def test_everything_that_is_lacking_is_said_at_once() -> None:
    both = words.remedy_sentence(replace(UNKNOWN, lacking=(("schools", 8), ("treated", 1))))
    assert both == (
        "What would make it answerable: attendance of eight more schools (20 in all); and one more school that starts "
        "in December 2024 or later, seen for 3 periods before."
    )


@pytest.mark.parametrize(
    "lacking",
    ["periods", "schools", "start", "earlier periods", "later starts", "treated", "values", "not yet", "usual start",
     "questions", "size", "spread"],
)  # fmt: skip
def test_each_thing_that_may_be_lacking_has_its_sentence(lacking: Lacks) -> None:
    sentence = words.remedy_sentence(replace(UNKNOWN, lacking=((lacking, 2),), smallest=0.01))
    assert sentence.startswith("What would make it answerable: ") and sentence.endswith(".")


def test_an_estimate_that_decides_nothing_is_shown_as_such() -> None:
    unsure = replace(
        FOUND, verdict="cannot tell", reason="schools joined after an unusual period", lacking=(("usual start", 0),)
    )
    sentence = words.answer_sentence(unsure)
    assert sentence.startswith("Cannot tell: schools joined after an unusual period. The estimate alone would be: 2.1")


def test_very_few_schools_get_a_hint_and_no_answer() -> None:
    sentence = words.synthetic_sentence(replace(UNKNOWN, effect=-0.012, rank=2, placebos=30))
    assert "1.2 points below: number 2 of 31 by size" in sentence
    assert sentence.endswith("That is a hint, not an answer.")


def test_the_board_counts_and_never_decides_without_an_outcome() -> None:
    assert words.board_sentence(["keep", "not known yet", "stop"]) == (
        "Of three trainings: keep 1, stop 1 and not known for 1"
    )
    assert words.board_sentence(["not known yet"] * 2) == "Of two trainings: nothing is known yet that would decide it"
    assert words.follows_sentence("not known yet", []) == "not known yet: no outcome was named"
    assert words.follows_sentence("not known yet", [UNKNOWN]) == "not known yet: attendance: too few"
    assert words.effect_text([FOUND, UNKNOWN]) == "attendance: higher (+2.1); attendance: cannot tell"
