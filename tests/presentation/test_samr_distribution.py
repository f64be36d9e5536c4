"""SAMR profiles in words."""

from pd_core.presentation.samr_distribution import samr_sentence
from pd_core.summaries.samr import samr_by_school, samr_by_skill
from pd_core.summaries.unnamed_schools import compared_schools
from tests.district import District


def test_the_samr_profile_stands_beside_the_districts_and_says_where_tasks_change(two_schools: District):
    profile = samr_by_skill(two_schools.survey(), "lincoln")
    assert profile["skill_name"].unique().sort().to_list() == ["Teams", "Word"]
    assert profile.filter("is_district")["school_name"].unique().to_list() == ["District"]
    sentence = samr_sentence(profile)
    assert sentence.startswith("Tasks change most with Word: 40 of 40 redesign tasks or make new ones; ")
    assert sentence.endswith("40 of 40 do not use Teams with students")


def test_the_samr_profile_of_a_skill_leaves_out_schools_without_answers(two_schools: District):
    survey = two_schools.survey()
    profile = samr_by_school(survey, "word", compared_schools(survey))
    assert profile["school_name"].unique(maintain_order=True).to_list() == ["Lincoln", "Madison", "District"]
    assert samr_sentence(profile, "school_name") == (
        "In the district, 60% redesign tasks or make new ones; 40% do not use it with students"
    )
