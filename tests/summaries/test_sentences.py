"""The words of the first screen and above each chart."""

import polars as pl
import pytest

from pd_core.needs.verdicts import verdicts
from pd_core.summaries import views
from pd_core.summaries.overview import overview
from pd_core.summaries.school_comparison import ABOVE, BELOW, CANNOT_TELL, NO_GROUP, SAME
from pd_core.wording import listed, percent, whole
from tests.district import District


@pytest.mark.parametrize(
    ("headcount", "respondents", "verdict", "action", "advice"),
    [
        (60, 0, "Nobody here has answered in Fall 2026 yet.", "remind", "Send the form again: 36 more answers reach"),
        (
            None,
            20,
            "20 people answered; how many work here is not known",
            "upload",
            "Tell the district's administrator",
        ),
        (None, 0, "Nobody here has answered in Fall 2026 yet.", "remind", "Send the form again: results can be shown"),
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
    assert found.verdict.startswith(verdict), found.verdict
    assert (found.action, found.advice[: len(advice)]) == (action, advice)
    assert len(found.figures) == 3


def test_the_district_speaks_of_the_schools_whose_headcount_is_known(district: District):
    district.schools(lincoln=60, madison=None)
    district.answers("lincoln", 30, proficiency_word=1)
    district.answers("madison", 50, proficiency_word=1)
    survey = district.survey()
    found = overview(survey)
    assert found.verdict == (
        "30 of the district's 60 staff answered, and 50 more in schools whose staff number is not known: "
        "not yet enough to decide for everyone."
    )
    assert found.advice == "Which buildings need the form again is being worked out."
    assert overview(survey, verdicts=verdicts(survey)).advice.startswith("Plan the Word class: about 60 of 60 people")


def test_a_school_too_small_to_be_shown_is_not_reminded(district: District):
    district.schools(lincoln=60, tiny=4)
    district.answers("lincoln", 40, proficiency_word=1)
    district.answers("tiny", 1, proficiency_word=1)
    survey = district.survey()
    found = overview(survey, "tiny")
    assert found.verdict == "1 of 4 staff answered: too few to show."
    assert found.action == "district"
    assert found.advice.endswith("these results can never be shown alone; they count in the district's.")
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
    assert found.verdict.startswith(verdict)
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
    assert found.verdict == "The results are hidden: fewer than 5 answers."
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


def test_numbers_are_said_as_people_say_them():
    assert [whole(0.5), whole(1.4999), whole(2.5)] == [1, 1, 3]
    assert percent(0.625) == "63%"
    assert [listed([]), listed(["A"]), listed(["A", "B"]), listed(["A", "B", "C"])] == [
        "",
        "A",
        "A and B",
        "A, B and C",
    ]


@pytest.fixture
def two_schools(district: District) -> District:
    district.schools(lincoln=60, madison=40, empty=20)
    district.answers("lincoln", 40, proficiency_word=3, samr_word=4, samr_teams=0, topics="excel_data;other")
    district.answers("madison", 30, proficiency_word=0, samr_word=0, samr_teams=0, topics="excel_data")
    return district


def test_the_samr_profile_stands_beside_the_districts_and_says_where_tasks_change(two_schools: District):
    profile = views.samr_by_skill(two_schools.survey(), "lincoln")
    assert profile["skill_name"].unique().sort().to_list() == ["Teams", "Word"]
    assert profile.filter("is_district")["school_name"].unique().to_list() == ["District"]
    sentence = views.samr_sentence(profile)
    assert sentence.startswith("Tasks change most with Word: 40 of 40 redesign tasks or make new ones; ")
    assert sentence.endswith("40 of 40 do not use Teams with students")


def test_the_samr_profile_of_a_skill_leaves_out_schools_without_answers(two_schools: District):
    survey = two_schools.survey()
    profile = views.samr_by_school(survey, "word", views.compared_schools(survey))
    assert profile["school_name"].unique(maintain_order=True).to_list() == ["Lincoln", "Madison", "District"]
    assert views.samr_sentence(profile, "school_name") == (
        "In the district, 60% redesign tasks or make new ones; 40% do not use it with students"
    )


def test_the_grid_and_one_skill_leave_out_what_nobody_answered(two_schools: District):
    survey = two_schools.survey()
    everyone = views.compared_schools(survey)
    assert views.skill_grid(survey, everyone)["school_id"].to_list() == ["lincoln", "madison", "district"]
    assert views.one_skill(survey, "word", everyone)["school_id"].to_list() == ["lincoln", "madison"]
    assert views.compared_schools(survey, school_ids=["madison"], levels=["High"], regions=["North"]) == ["madison"]
    assert views.compared_schools(survey, regions=["South"]) == []


def test_a_comparison_says_who_stands_apart(two_schools: District):
    survey = two_schools.survey()
    share = views.district_share_of(survey, "word")
    assert share == pytest.approx(0.6)
    rows = views.one_skill(survey, "word", views.compared_schools(survey))
    sentence = views.comparison_sentence(rows, share, "Word")
    assert sentence.split("; ") == [
        f"Word: {percent(0.6)} of this year's staff use it on their own, going by those who answered",
        "Lincoln is clearly above the rest of the district, Madison is clearly below",
    ]
    of_role = views.comparison_sentence(rows, share, "Word", of_role=True)
    assert of_role.startswith(f"Word: {percent(0.6)} of this year's staff of that role use it on their own, going by")
    unsure = rows.with_columns(share_low=None, share_high=None).cast({"share_low": float, "share_high": float})
    unknown = views.comparison_sentence(unsure, share, "Word")
    assert unknown.endswith("; how sure that is cannot be told without a staff list")
    assert views.comparison_sentence(rows, None, "Word") == "Word cannot be compared yet"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"above": 1, "same": 1}, "A is clearly above schools like it; B is about the same"),
        (
            {"above": 4, "below": 2, "cannot": 12},
            "A and 3 more are clearly above schools like them, E and F are clearly below; "
            "for 12 schools it cannot be told yet",
        ),
        ({"same": 3}, "3 schools are about the same as schools like them"),
        ({"cannot": 1, "none": 2}, "for A it cannot be told yet; for 2 schools there are too few schools like them"),
    ],
)
def test_a_comparison_says_it_by_the_words(two_schools: District, words, sentence):
    row = views.one_skill(two_schools.survey(), "word", ["lincoln"])
    said = {"above": ABOVE, "same": SAME, "below": BELOW, "cannot": CANNOT_TELL, "none": NO_GROUP["like"]}
    each = [said[word] for word, number in words.items() for _ in range(number)]
    schools = zip(each, "ABCDEFGHIJKLMNOPQR", strict=False)
    rows = pl.concat(row.with_columns(word=pl.lit(word), school_name=pl.lit(name)) for word, name in schools)
    found = views.comparison_sentence(rows, 0.5, "Word", compared_with="like")
    start = f"Word: {percent(0.5)} of this year's staff use it on their own, going by those who answered"
    assert found == f"{start}; {sentence}"


def test_the_grid_names_the_skills_that_stand_apart_from_the_middle_one(district: District):
    answers = {"proficiency_word": 3, "proficiency_teams": 2, "proficiency_sway": 0, "proficiency_forms": 1}
    district.answers("lincoln", 40, **answers)
    sentence = views.grid_sentence(views.skill_grid(district.survey(), ["lincoln"]))
    assert sentence == (
        "Word and Teams are the district's strengths; "
        "fewer people use Sway and Forms on their own than most other skills"
    )


def test_the_grid_names_no_skill_by_chance(district: District):
    district.answers("lincoln", 9, proficiency_word=3, proficiency_teams=3)
    district.answers("lincoln", 2, proficiency_word=3, proficiency_teams=0)
    sentence = views.grid_sentence(views.skill_grid(district.survey(), ["lincoln"]))
    assert sentence == "No skill of the district clearly stands apart"
    district.schools(lincoln=None)
    sentence = views.grid_sentence(views.skill_grid(district.survey(), ["lincoln"]))
    assert sentence == "Which skills stand apart cannot be told without a staff list"


def test_wishes_are_said_with_their_numbers(two_schools: District):
    rows = views.wishes_of(two_schools.survey(), "lincoln", "topics")
    assert views.wishes_sentence(rows, "Nobody.") == "Data in Excel (40 of 40) and Other (40 of 40)"
    assert views.wishes_sentence(views.wishes_of(two_schools.survey(), "empty", "topics"), "Nobody.") == "Nobody."


def test_needs_are_said_in_order(two_schools: District):
    rows = views.needs_of(two_schools.survey(), "madison", "entry")
    assert rows["sentence"][0].startswith("About 39 of 40 people (37 to 40; 40 if"), (
        "others' answers count a little while 10 are unseen"
    )
    for decision, said in (("safe", ""), ("leaning", "probably "), ("too early", ""), ("unknown", "")):
        sentence = views.needs_sentence(rows.with_columns(decision=pl.lit(decision)), "Nobody.")
        so_far = " so far" if decision in ("too early", "unknown") else ""
        assert sentence == f"Word is {said}needed most{so_far}"
    assert views.needs_sentence(views.needs_of(two_schools.survey(), "empty", "entry"), "Nobody.") == "Nobody."


def test_hidden_groups_are_said_with_the_reason_and_no_number(district: District):
    district.answers("lincoln", 40, proficiency_word=1, samr_word=4, topics="other")
    district.answers("madison", 3, proficiency_word=1, samr_word=4, topics="other")
    survey = district.survey()
    hidden = "Hidden: fewer than 5 answers"
    assert views.needs_sentence(views.needs_of(survey, "madison", "entry"), "Nobody.") == hidden
    assert views.wishes_sentence(views.wishes_of(survey, "madison", "topics"), "Nobody.") == hidden
    assert views.samr_sentence(views.samr_by_skill(survey, "madison")) == "No SAMR profile can be shown yet"
    rows = views.one_skill(survey, "word", views.compared_schools(survey))
    assert views.comparison_sentence(rows, None, "Word") == "Word cannot be compared yet"
