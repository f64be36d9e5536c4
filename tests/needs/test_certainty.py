"""When it is safe to decide, what would tip it, and how needs stand with a hidden class or less skilled others."""

import numpy as np
import pytest

from pd_core.needs.certainty import Certainty, certainty_of
from pd_core.needs.needs import needs
from pd_core.needs.posterior import posterior
from pd_core.needs.verdicts import tipping, verdict_of
from pd_core.storage import Store
from pd_core.survey.district_survey import DistrictSurvey
from tests.district import FALL, MINE, District

CLEAR = {"proficiency_teams": 0, "proficiency_onenote": 0, "proficiency_word": 3, "proficiency_excel": 3}
OTHER = {"proficiency_teams": 3, "proficiency_onenote": 3, "proficiency_word": 0, "proficiency_excel": 0}


def verdict(district: District) -> dict[str, object]:
    return verdict_of(district.survey(), MINE)


@pytest.mark.parametrize(("people", "verdict_word"), [(6, "leaning"), (23, "leaning"), (24, "safe")])
def test_four_in_ten_of_the_staff_must_have_answered(district: District, people, verdict_word):
    district.answers(MINE, people, **CLEAR)
    district.answers("madison", 30, **CLEAR)
    assert verdict(district)["verdict"] == verdict_word


def test_a_lead_that_few_of_those_missing_could_undo_is_not_safe():
    draws = np.array([[30.0, 25, 24, 3]] * 95 + [[30.0, 24, 25, 3]] * 5)
    skills = ["teams", "word", "sway", "forms"]
    found = certainty_of(draws, skills, 40, 60, 0.99)
    assert (found.probability, found.shown, found.next_skill) == (0.95, ("teams", "word"), "sway")
    assert found.lead == pytest.approx(0.9)
    assert found.verdict == "leaning", "one of the twenty missing could change it"
    assert certainty_of(draws, skills, 57, 60, 0.99).verdict == "safe", "0.9 of three"


def test_classes_that_tie_with_the_second_are_not_the_next():
    draws = np.array([[30.0, 25, 25, 3]] * 10)
    found = certainty_of(draws, ["teams", "word", "sway", "forms"], 40, 60, 0.99)
    assert (found.next_skill, found.lead, found.near_ties, found.verdict) == ("forms", 22, 3, "safe")


@pytest.mark.parametrize(
    ("lead", "missing", "said"),
    [
        (5.0, 18, "It changes only if 1 in 4 of the 18 missing need Sway beyond what colleagues' answers suggest."),
        (9.0, 18, "It changes only if half of the 18 missing need Sway beyond what colleagues' answers suggest."),
        (18.0, 18, "It changes only if the 18 missing are quite unlike their colleagues."),
        (1.2, 18, "It already changes if 2 of the 18 missing need Sway beyond what colleagues' answers suggest."),
        (0.4, 18, "It already changes if 1 of the 18 missing needs Sway beyond what colleagues' answers suggest."),
        (2.3, 3, "It changes only if all 3 missing need Sway beyond what colleagues' answers suggest."),
        (2.3, 6, "It changes only if 3 of the 6 missing need Sway beyond what colleagues' answers suggest."),
        (0.5, 1, "It changes only if the one missing needs Sway beyond what colleagues' answers suggest."),
        (5.0, 0, ""),
    ],
)
def test_it_is_said_what_would_tip_it(district: District, lead, missing, said):
    entry = Certainty(0.95, ("teams", "word"), "sway", lead, 2, "safe")
    assert tipping(district.survey(), entry, missing) == said


def test_a_school_with_a_hidden_class_is_told_no_certainty(district: District):
    district.schools(lincoln=60, madison=40, ruby=50)
    district.answers(MINE, 30, **CLEAR)
    district.answers(MINE, 3, proficiency_sway=0)
    district.answers("madison", 20, **CLEAR, proficiency_sway=3)
    district.answers("ruby", 20, **CLEAR, proficiency_sway=3)
    rows = needs(district.survey(), [MINE]).filter(training="entry")
    assert rows.filter(skill_id="sway").select("people", "top_two", "suppressed").rows() == [(None, None, True)]
    assert rows["top_two"].null_count() == rows["certainty"].null_count() == rows.height
    assert rows["people"].drop_nulls().len() == 4, "the classes that are shown are still drawn"
    found = verdict(district)
    assert (found["verdict"], found["probability"]) == ("unknown", None)
    assert found["sentence"] == (
        "33 of 60 staff answered, but Sway cannot be shown and may be needed more than what is."
    )


def test_a_need_has_beside_it_what_it_would_be_if_the_others_were_less_skilled(district: District):
    district.schools(lincoln=60)
    district.answers(MINE, 20, proficiency_word=0, samr_word=4)
    district.answers(MINE, 20, proficiency_word=3, samr_word=0)
    rows = needs(district.survey(), [MINE]).filter(skill_id="word")
    entry, later = (rows.filter(training=kind).row(0, named=True) for kind in ("entry", "implementation"))
    assert entry["people_stressed"] == entry["people"] + 3, "15 points of the 20 who are missing"
    assert later["people_stressed"] == later["people"] - 3, "who is not proficient waits for no implementation class"


def test_needs_are_whole_people_everywhere(district: District):
    district.schools(lincoln=61, madison=43)
    district.answers(MINE, 17, proficiency_word=0)
    district.answers(MINE, 13, proficiency_word=3, samr_word=0)
    district.answers("madison", 11, proficiency_word=2, samr_word=1)
    rows = needs(district.survey())
    for name in ("people", "people_low", "people_high", "people_stressed"):
        numbers = rows[name].drop_nulls()
        assert numbers.len() and (numbers == numbers.round()).all(), name


def test_draws_depend_on_a_secret_of_the_store(district: District):
    for school_id in (MINE, "madison"):
        district.answers(school_id, 14, **CLEAR)
        district.answers(school_id, 11, **OTHER)

    def expected(store: Store) -> np.ndarray:
        return posterior(DistrictSurvey(store, district.codebook, FALL, None, 0.6), MINE).expected

    def with_secret(secret: bytes) -> Store:
        return Store(district.store.location, district.store._connection, lambda _: secret)

    one = expected(with_secret(b"one"))
    assert np.array_equal(expected(with_secret(b"one")), one, equal_nan=True)
    assert not np.array_equal(expected(with_secret(b"another")), one, equal_nan=True)
    assert not np.array_equal(expected(district.store), one, equal_nan=True), "without one it is not known to anybody"
