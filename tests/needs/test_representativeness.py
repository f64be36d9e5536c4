"""Whether those who answered are like the staff list, and how far that could move the greatest needs."""

import polars as pl
import pytest
from scipy.stats import hypergeom

from pd_core.needs.representativeness import _differs, representation, weighted_needs
from pd_core.storage import reference
from tests.district import District, principal, row

WHOLE = {"teacher": 40, "counselor": 20}


@pytest.fixture(scope="module")
def rostered(shared_district: District) -> District:
    """20 of 40 teachers and 5 of 20 counselors answered; all counselors need Teams, all teachers Word, both OneNote."""
    district = shared_district
    district.schools(lincoln=60, madison=60)
    district.roster(lincoln=WHOLE, madison=WHOLE)
    said = dict.fromkeys((item.item_id for item in district.codebook.items_of("proficiency")), 3)
    said |= {item.item_id: 4 for item in district.codebook.items_of("samr")}
    teachers = said | {"role": "teacher", "grade_band": "high", "proficiency_word": 0}
    counselors = said | {"role": "counselor", "grade_band": "all", "proficiency_teams": 0}
    for school_id in ("lincoln", "madison"):
        district.many([(school_id, 20, teachers), (school_id, 5, counselors)])
    return district


def test_a_groups_part_of_the_answers_stands_beside_its_part_of_the_staff(rostered: District):
    found = row(representation(rostered.survey(), "lincoln", "role"), group_id="counselor")
    assert (found["headcount"], found["respondents"]) == (20, 5)
    assert found["staff_share"] == pytest.approx(20 / 60)
    assert found["answer_share"] == pytest.approx(5 / 25)
    assert found["difference"] == pytest.approx(5 / 25 - 20 / 60)


def test_a_difference_that_chance_may_make_is_none(rostered: District):
    alike = representation(rostered.survey(), "lincoln", "role")
    assert alike["differs"].to_list() == [False, False], "20 of 40 and 5 of 20: chance does that one time in ten"


@pytest.mark.parametrize(
    ("teachers", "counselors", "differs"), [(20, 5, False), (30, 3, True), (26, 9, False), (7, 6, False)]
)
def test_a_difference_is_told_where_drawing_at_random_from_the_list_rarely_makes_it(teachers, counselors, differs):
    groups = pl.DataFrame({"headcount": [40, 20], "respondents": [teachers, counselors], "difference": [0.2, -0.2]})
    answered = teachers + counselors
    assert _differs(groups, 60, answered).to_list() == [differs, differs]
    ways = hypergeom.pmf(range(answered + 1), 60, 40, answered)
    chance = ways[ways <= ways[teachers] * (1 + 1e-9)].sum()
    assert (chance <= 0.05) == differs, "the two groups are one question, asked twice"


def test_a_need_is_weighted_by_the_roles_of_the_staff_list(rostered: District):
    rows = weighted_needs(rostered.survey(), "lincoln")
    word, teams = (row(rows, skill_id=skill) for skill in ("word", "teams"))
    assert (word["people"], word["people_weighted"]) == (pytest.approx(48), pytest.approx(40))
    assert (teams["people"], teams["people_weighted"]) == (pytest.approx(12), pytest.approx(20))


def test_hidden_roles_count_together(district: District):
    roles = {"teacher": 30, "counselor": 10, "specialist": 10, "office_staff": 10}
    district.schools(lincoln=60, madison=60)
    district.roster(lincoln=roles, madison=roles)
    for school_id in ("lincoln", "madison"):
        for role, n, level in (("teacher", 18, 3), ("counselor", 3, 0), ("specialist", 3, 3), ("office_staff", 6, 0)):
            district.answers(school_id, n, role=role, proficiency_word=level, samr_word=4)
    found = row(weighted_needs(district.survey(), "lincoln"), skill_id="word")
    # Teachers 30 without need; office staff 10 who all need it; of the other 20 staff half, as of their 6 answers.
    assert found["people_weighted"] == pytest.approx(10 + 10)
    assert found["people"] == pytest.approx(60 * 9 / 30)
    grouped = representation(district.survey(), "lincoln", "role")
    assert set(grouped["group_id"]) == {"teacher", "office_staff"}


def test_with_one_group_it_cannot_be_told(district: District):
    district.schools(lincoln=60, madison=60)
    district.roster(lincoln={"teacher": 60}, madison={"teacher": 60})
    for school_id in ("lincoln", "madison"):
        district.answers(school_id, 20, role="teacher", proficiency_word=0)
    assert weighted_needs(district.survey(), "lincoln")["people_weighted"].to_list() == [None]


def test_without_a_staff_list_a_fitting_headcount_or_answers_nothing_is_weighted(district: District):
    district.schools(lincoln=None, madison=10, adams=30, bell=30)
    for school_id in ("lincoln", "madison", "bell"):
        district.answers(school_id, 20, role="teacher", proficiency_word=0)
    survey = district.survey()
    for school_id in ("lincoln", "madison", "adams"):
        assert weighted_needs(survey, school_id).is_empty(), school_id
    for school_id in ("lincoln", "madison", "adams", "bell"):
        assert representation(survey, school_id, "role").is_empty(), school_id
        assert weighted_needs(survey, school_id)["people_weighted"].count() == 0


def test_when_everyone_answered_weighting_changes_nothing(district: District):
    district.schools(lincoln=60, madison=60)
    district.roster(lincoln=WHOLE, madison=WHOLE)
    for school_id in ("lincoln", "madison"):
        district.answers(school_id, 40, role="teacher", proficiency_word=0)
        district.answers(school_id, 20, role="counselor", proficiency_word=3)
    found = row(weighted_needs(district.survey(), "lincoln"), skill_id="word")
    assert found["people"] == pytest.approx(40)
    assert found["people_weighted"] == pytest.approx(40)


def test_nothing_of_another_building_is_weighted_for_a_principal(rostered: District):
    survey = rostered.survey(scope=principal())
    assert weighted_needs(survey, "madison").is_empty()
    assert representation(survey, "madison", "role").is_empty()


def test_by_grade_band_only_numbers_of_people_are_compared(district: District):
    columns = ["respondent", "school_id", "role", "grade_band"]
    people = [(f"{n}", "lincoln", "teacher", "high" if n < 30 else "all") for n in range(60)]
    roster = pl.DataFrame(people, schema=dict.fromkeys(columns, pl.String), orient="row")
    reference.set_roster(district.store, roster, "test")
    district.many([("lincoln", 20, {"grade_band": "high"}), ("lincoln", 5, {"grade_band": "all"})])
    rows = representation(district.survey(), "lincoln", "grade_band")
    assert row(rows, group_id="high")["answer_share"] == pytest.approx(0.8)
    numbers = {name for name, kind in rows.schema.items() if kind.is_numeric()}
    assert numbers == {"headcount", "staff_share", "respondents", "answer_share", "difference"}
