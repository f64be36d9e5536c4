"""What is published of a wave, table by table and filter by filter, is read as an attacker would."""

import numpy as np
import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from pd_core.attack.attack import attack
from pd_core.needs.needs import needs
from pd_core.presentation.first_screen import Overview, overview
from pd_core.survey.preferences import wishes
from tests.attack import attacking as waves
from tests.attack.attacking import ROLES, SCHOOLS
from tests.district import District

people = st.one_of(st.integers(0, 7), st.sampled_from([0, 3, 5, 15]))
tables = arrays(np.int64, (len(SCHOOLS), len(ROLES) + 1), elements=people)
# Cells are school x (answered both, about themselves only, and about the students only).
two_items = arrays(np.int64, (len(SCHOOLS), 3), elements=people)


@pytest.fixture(scope="module")
def wide_district(shared_small: District) -> District:
    return waves.wide_district(shared_small)


def check_tables_and_sentences(district: District, table: np.ndarray) -> None:
    wave = waves.store_wave(district, table)
    assert attack(district.store, district.codebook, 0.6, wave=wave).found == (), f"{table.tolist()}"
    for role in (None, *ROLES):
        survey = district.survey(role, wave=wave)
        for school_id in SCHOOLS:
            words_come_from_what_is_shown(overview(survey, school_id))


@settings(max_examples=3)
@given(tables.filter(np.any))
@example(np.array([[3, 9, 6, 0], [20, 2, 6, 1], [9, 9, 2, 0], [30, 12, 4, 5]]))
def test_no_filter_of_any_table_and_no_sentence_gives_a_small_group_away(wide_district: District, table: np.ndarray):
    check_tables_and_sentences(wide_district, table)


@pytest.mark.slow
@settings(max_examples=60)
@given(tables.filter(np.any))
def test_no_small_group_is_given_away_in_very_many_districts(wide_district: District, table: np.ndarray):
    check_tables_and_sentences(wide_district, table)


def words_come_from_what_is_shown(found: Overview) -> None:
    if found.skills["suppressed"].any() and found.skills.filter(~pl.col("suppressed"))["share"].is_null().all():
        assert found.needs == ()
        assert found.strengths == "No skill can be shown yet"
        assert found.figures[1].value == "–"


def test_the_order_of_a_hidden_schools_wishes_is_not_that_of_their_number(district: District):
    district.answers("lincoln", 30, topics="teams_class")
    district.answers("madison", 3, topics="samr_lessons")
    codes = wishes(district.survey(), "topics").filter(school_id="madison")["code"].to_list()
    assert codes == list(district.codebook.labels("topics"))


def test_a_wider_headcount_does_not_undo_what_is_hidden(district: District):
    """Hidden schools with different headcounts: weighted each by its own, their two counts could be solved for."""
    district.schools(ada=10, bell=50, lincoln=60)
    district.answers("lincoln", 20, proficiency_word=0)
    district.answers("ada", 3, proficiency_word=3)
    district.answers("bell", 4, proficiency_word=0)
    one = district.survey().skill_summary.filter(school_id="district", skill_id="word")
    district.schools(ada=50, bell=10, lincoln=60)
    other = district.survey().skill_summary.filter(school_id="district", skill_id="word")
    assert one["share"].item() == pytest.approx(other["share"].item())


def test_a_role_filter_leaves_out_of_the_rate_what_would_tell_hidden_schools_apart(district: District):
    district.schools(ada=10, bell=50, lincoln=60)
    district.roster(ada={"teacher": 10}, lincoln={"teacher": 50, "counselor": 9})
    for school_id, people in (("ada", 3), ("bell", 4), ("lincoln", 20)):
        district.answers(school_id, people, role="teacher", proficiency_word=1)
    found = district.survey("teacher").response_rates.filter(school_id="district").row(0, named=True)
    assert (found["headcount"], found["rate"]) == (50, 0.4)


def low_samr(district: District) -> pl.DataFrame:
    return district.survey().samr_levels.filter(pl.col("skill_id") == "word", pl.col("level").is_in(["none", "S"]))


def implementation(district: District) -> pl.DataFrame:
    return needs(district.survey()).filter(skill_id="word", training="implementation")


def test_an_implementation_class_is_hidden_where_one_of_its_questions_is(district: District):
    """Counted of all respondents, it has no remainder: who told nothing is one more answer."""
    district.schools(ada=10, bell=20, lincoln=60, madison=60)
    district.answers("ada", 6, proficiency_word=2, samr_word=0)
    district.answers("bell", 4, samr_word=1)
    district.answers("bell", 8, proficiency_word=2)
    for school_id in ("lincoln", "madison"):
        district.answers(school_id, 20, proficiency_word=2, samr_word=2)
    hidden = low_samr(district).filter("suppressed")["school_id"].unique(maintain_order=True).to_list()
    assert hidden == ["bell"]
    rows = implementation(district)
    bell = rows.filter(school_id="bell").row(0, named=True)
    assert (bell["people"], bell["reason"]) == (None, "one of the two questions it rests on is hidden")
    assert rows.filter(school_id="district")["respondents"].item() == 46


def test_the_districts_waiting_is_of_the_schools_that_are_shown(district: District):
    district.schools(ada=10, bell=20, curie=10, lincoln=60)
    district.answers("ada", 3, proficiency_word=2, samr_word=0)
    district.answers("curie", 4, proficiency_word=2, samr_word=0)
    district.answers("bell", 3, samr_word=1)
    district.answers("lincoln", 20, proficiency_word=2, samr_word=2)
    found = implementation(district).filter(school_id="district").row(0, named=True)
    assert (found["people"], found["headcount"], found["respondents"]) == (0, 60, 20)


def check_two_items(district: District, table: np.ndarray) -> None:
    both, own, use = {"proficiency_word": 2, "samr_word": 1}, {"proficiency_word": 2}, {"samr_word": 1}
    said = [
        (school, int(n), a)
        for school, row in zip(SCHOOLS, table, strict=True)
        for n, a in zip(row, (both, own, use), strict=True)
    ]
    wave = waves.store_answers(district, said)
    assert attack(district.store, district.codebook, 0.6, wave=wave).found == (), f"{table.tolist()}"


@settings(max_examples=1)
@given(two_items.filter(np.any))
@example(np.array([[6, 0, 0], [0, 8, 4], [20, 0, 0], [40, 0, 0]]))
@example(np.array([[6, 0, 0], [5, 0, 0], [0, 0, 4], [40, 0, 0]]))
@example(np.array([[0, 3, 0], [4, 0, 0], [20, 0, 0], [4, 0, 0]]))
def test_two_items_together_give_no_hidden_school_away(wide_district: District, table: np.ndarray):
    check_two_items(wide_district, table)


@pytest.mark.slow
@settings(max_examples=60)
@given(two_items.filter(np.any))
def test_two_items_together_give_no_hidden_school_away_in_very_many_districts(
    wide_district: District, table: np.ndarray
):
    check_two_items(wide_district, table)
