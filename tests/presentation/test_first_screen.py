"""The words of the first screen."""

import pytest

from pd_core.needs.verdicts import verdicts
from pd_core.presentation.first_screen import overview
from pd_core.wording import percent
from tests.district import District


@pytest.mark.parametrize(
    ("headcount", "respondents", "verdict", "action", "advice"),
    [
        (60, 0, "No one here has answered in Fall 2026 yet.", "remind", "Send the form again: 36 more answers reach"),
        (
            None,
            20,
            "20 people answered; how many work here is not known",
            "upload",
            "Tell the district's administrator",
        ),
        (None, 0, "No one here has answered in Fall 2026 yet.", "remind", "Send the form again: results can be shown"),
        (
            10,
            12,
            "12 people answered, more than the 10 on the list",
            "upload",
            "Tell the district's administrator",
        ),
        (
            60,
            4,
            "Too early to decide: 4 of 60 staff answered, too few",
            "remind",
            "Send the form again: 32 more answers",
        ),
        (60, 36, "Safe to decide: 36 of 60 staff answered, and", "plan", "Plan the Word class: about 60 of 60"),
        (60, 60, "Safe to decide: all 60 staff answered.", "plan", "Plan the Word class: 60 of 60"),
    ],
)
def test_the_verdict_says_whether_it_is_enough(district: District, headcount, respondents, verdict, action, advice):
    district.schools(lincoln=headcount, madison=40)
    district.answers("lincoln", respondents, proficiency_word=1)
    district.answers("madison", 30, proficiency_word=1)
    found = overview(district.survey(), "lincoln")
    assert found.headline.startswith(verdict), found.headline
    assert (found.action, found.advice[: len(advice)]) == (action, advice)
    assert len(found.figures) == 3


def test_the_district_speaks_of_the_schools_whose_headcount_is_known(district: District):
    district.schools(lincoln=60, madison=None)
    district.answers("lincoln", 30, proficiency_word=1)
    district.answers("madison", 50, proficiency_word=1)
    survey = district.survey()
    found = overview(survey)
    assert found.headline == (
        "30 of the district's 60 staff answered, and 50 more in schools whose staff number is not known: "
        "not yet enough to decide for everyone."
    )
    assert found.advice == "Which schools need the form again is being worked out."
    assert overview(survey, verdicts=verdicts(survey)).advice.startswith("Plan the Word class: about 60 of 60 people")


def test_a_school_too_small_to_be_shown_is_not_reminded(district: District):
    district.schools(lincoln=60, tiny=4)
    district.answers("lincoln", 40, proficiency_word=1)
    district.answers("tiny", 1, proficiency_word=1)
    survey = district.survey()
    found = overview(survey, "tiny")
    assert found.headline == "1 of 4 staff answered: too few to show."
    assert found.action == "district"
    alone = "Fewer than 5 people work here, so these results can never be shown alone; the answers from here"
    assert found.advice == f"{alone} are not in the district's, or they could be worked out."
    district.schools(lincoln=60, tiny=4, small=30, few=30)
    for school_id in ("small", "few"):
        district.answers(school_id, 4, proficiency_word=1)
    assert overview(district.survey(), "tiny").advice == f"{alone} count in the district's."
    assert "Send the form again" not in overview(survey).advice


@pytest.mark.parametrize(
    ("people", "verdict", "advice"),
    [
        (3, "3 people answered: too few to show.", "Send the form again: results can be shown from 5 answers on."),
    ],
)
def test_a_hidden_school_without_a_headcount_is_told_that_it_is_hidden(district: District, people, verdict, advice):
    district.schools(lincoln=60, madison=40, unknown=None)
    district.answers("lincoln", 40, proficiency_word=1)
    district.answers("madison", 4, proficiency_word=1)
    district.answers("unknown", people, proficiency_word=1)
    found = overview(district.survey(), "unknown")
    assert found.headline.startswith(verdict)
    assert found.advice.startswith(advice)


def test_the_district_is_not_compared_with_itself(district: District):
    district.answers("lincoln", 40, proficiency_word=3)
    skills = overview(district.survey()).skills
    assert skills["share"].drop_nulls().len() == 1
    assert skills["district_share"].null_count() == skills.height


def test_a_school_is_not_hidden_to_protect_another(district: District):
    district.schools(lincoln=60, madison=10, ruby=10)
    for school_id, people in (("lincoln", 40), ("madison", 8), ("ruby", 3)):
        district.answers(school_id, people, proficiency_word=1)
    assert overview(district.survey(), "madison").needs != ()
    ruby = overview(district.survey(), "ruby")
    assert ruby.strengths == "No skill can be shown yet"
    assert ruby.needs == ()


def test_a_role_that_is_hidden_is_told_without_a_number(district: District):
    for school_id, counselors in (("lincoln", 3), ("madison", 12)):
        district.answers(school_id, 20, role="teacher", proficiency_word=3)
        district.answers(school_id, counselors, role="counselor", proficiency_word=0)
    found = overview(district.survey("counselor"), "lincoln")
    assert found.headline == "The results are hidden: fewer than 5 answers."
    assert "3" not in " ".join([figure.value + figure.note for figure in found.figures] + [found.advice])


def test_strengths_and_needs_name_the_skills(district: District):
    district.answers("lincoln", 40, proficiency_word=3, proficiency_teams=0)
    district.answers("madison", 30, proficiency_word=0, proficiency_teams=3)
    found = overview(district.survey(), "lincoln")
    assert (
        found.strengths
        == "Word is clearly ahead of the rest of the district; Teams is where most help is needed so far"
    )
    first = found.needs[0]
    assert (first.skill_name, first.sentence) == (
        "Teams",
        "About 58 of 60 people (56 to 59; 60 if those who did not answer are 15 points less skilled)",
    )
    assert first.sureness == f"{percent(0.99)} sure to be among the two greatest needs, or tied with them"
    assert found.skills["skill_id"][0] == "word"
    assert found.skills["district_share"][0] == 0, "at Madison, the rest of the district"


def test_an_unknown_school_is_a_key_error(district: District):
    with pytest.raises(KeyError):
        overview(district.survey(), "nowhere")
