"""Each figure of a wave's tables, by hand."""

import polars as pl
import pytest

from pd_core.codebook import SAMR_LEVELS
from tests.district import FALL, District, principal, row


def of(frame: pl.DataFrame, school_id: str, skill_id: str = "word") -> dict[str, object]:
    return row(frame, school_id=school_id, skill_id=skill_id)


@pytest.mark.parametrize(
    ("headcount", "respondents", "rate", "status"),
    [
        (60, 0, 0.0, "no answers"),
        (None, 20, None, "no headcount"),
        (10, 12, 1.0, "check headcount"),
        (60, 4, 4 / 60, "too few"),
        (60, 35, 35 / 60, "behind"),
        (60, 36, 0.6, "on target"),
    ],
)
def test_a_school_is_called_by_its_response_rate(district: District, headcount, respondents, rate, status):
    district.schools(lincoln=headcount)
    district.answers("lincoln", respondents, proficiency_word=1)
    found = row(district.survey().response_rates, school_id="lincoln")
    assert (found["headcount"], found["respondents"], found["status"]) == (headcount, respondents, status)
    assert found["rate"] == pytest.approx(rate)
    assert not found["suppressed"], "how many answered is no answer"


def test_the_districts_rate_is_that_of_the_schools_with_a_headcount(district: District):
    district.schools(lincoln=60, madison=None)
    district.answers("lincoln", 30, proficiency_word=1)
    district.answers("madison", 50, proficiency_word=1)
    found = row(district.survey().response_rates, school_id="district")
    assert (found["headcount"], found["respondents"], found["rate"], found["status"]) == (60, 80, 0.5, "behind")


def test_a_district_without_any_headcount_has_no_rate(district: District):
    district.schools(lincoln=None)
    district.answers("lincoln", 30, proficiency_word=1)
    found = row(district.survey().response_rates, school_id="district")
    assert (found["headcount"], found["respondents"], found["rate"]) == (None, 30, None)
    assert found["status"] == "no headcount"


@pytest.mark.parametrize(
    ("answered", "proficient", "low_pct", "high_pct"), [(6, 5, 45, 98), (20, 12, 42, 77), (40, 24, 50, 70)]
)
def test_a_schools_share_has_the_interval_of_the_methods(district: District, answered, proficient, low_pct, high_pct):
    district.answers("lincoln", proficient, proficiency_word=2)
    district.answers("lincoln", answered - proficient, proficiency_word=1)
    found = of(district.survey().skill_summary, "lincoln")
    assert (found["respondents"], found["proficient"]) == (answered, proficient)
    assert found["share"] == pytest.approx(proficient / answered)
    assert (round(100 * found["share_low"]), round(100 * found["share_high"])) == (low_pct, high_pct)


def test_levels_add_up_to_those_who_answered(district: District):
    for level, people in enumerate((5, 6, 7, 2)):
        district.answers("lincoln", people, proficiency_word=level)
    district.answers("lincoln", 3, proficiency_teams=1)
    levels = district.survey().skill_levels.filter(school_id="lincoln", skill_id="word")
    assert levels["level"].to_list() == [0, 1, 2, 3]
    assert levels["respondents"].to_list() == [5, 6, 7, 2]
    assert levels["answered"].to_list() == [20] * 4
    assert levels["share"].sum() == pytest.approx(1)
    assert of(district.survey().skill_summary, "lincoln")["proficient"] == 9


def test_the_samr_profile_goes_from_none_to_redefinition(district: District):
    for level, people in enumerate((5, 4, 3, 2, 1)):
        district.answers("lincoln", people, samr_word=level)
    levels = district.survey().samr_levels.filter(school_id="lincoln", skill_id="word")
    assert levels["level"].cast(pl.String).to_list() == list(SAMR_LEVELS)
    assert levels["respondents"].to_list() == [5, 4, 3, 2, 1]
    assert levels.schema["level"] == pl.Enum(SAMR_LEVELS)


def test_the_district_counts_every_school_by_its_headcount(district: District):
    district.answers("lincoln", 10, proficiency_word=3)
    district.answers("madison", 15, proficiency_word=2)
    district.answers("madison", 15, proficiency_word=0)
    survey = district.survey()
    found = of(survey.skill_summary, "district")
    assert (found["respondents"], found["proficient"]) == (40, 25)
    assert found["share"] == pytest.approx((60 * 1.0 + 40 * 0.5) / 100)
    levels = survey.skill_levels.filter(school_id="district", skill_id="word")
    assert levels["share"].to_list() == pytest.approx([0.2, 0, 0.2, 0.6])
    assert levels.filter(pl.col("level") >= 2)["share"].sum() == pytest.approx(found["share"])


def test_hidden_schools_count_together_in_the_districts_share(district: District):
    district.schools(lincoln=60, madison=40, ada=10, bell=30, curie=20)
    district.answers("lincoln", 10, proficiency_word=3)
    district.answers("madison", 10, proficiency_word=0)
    district.answers("ada", 2, proficiency_word=3)
    district.answers("bell", 4, proficiency_word=0)
    found = of(district.survey().skill_summary, "district")
    assert (found["respondents"], found["share"]) == (20, pytest.approx(60 / 100)), "2 + 4 are too few together"
    assert district.survey().left_out == "without 6 answers from schools too small to show"
    district.answers("curie", 3, proficiency_word=3)
    survey = district.survey()
    found = of(survey.skill_summary, "district")
    assert found["share"] == pytest.approx((60 * 1 + 40 * 0 + (10 + 30 + 20) * 5 / 9) / 160)
    assert survey.left_out == ""
    together = of(survey.small_groups.skill_summary, "small_schools")
    assert (together["respondents"], together["proficient"], together["suppressed"]) == (9, 5, False)


def test_other_roles_of_a_school_stand_together_under_a_filter_by_one_of_them(district: District):
    for role, people, level in (("teacher", 20, 3), ("counselor", 3, 3), ("specialist", 4, 0)):
        district.answers("lincoln", people, role=role, proficiency_word=level)
    survey = district.survey("counselor")
    assert of(survey.skill_summary, "lincoln")["reason"] == "fewer than 5 answers"
    found = of(survey.small_groups.skill_summary, "lincoln:other_roles")
    assert (found["school_name"], found["respondents"], found["proficient"]) == (
        "Lincoln, other roles together (7)", 7, 3
    )  # fmt: skip
    assert district.survey("teacher").small_groups.skill_summary.is_empty()


def test_whoever_does_not_see_every_school_has_the_district_in_whole_per_cents(district: District):
    district.answers("lincoln", 17, proficiency_word=3)
    district.answers("madison", 10, proficiency_word=3)
    district.answers("madison", 6, proficiency_word=0)
    exact = of(district.survey().skill_summary, "district")
    told = of(district.survey(scope=principal()).skill_summary, "district")
    assert (exact["respondents"], exact["proficient"]) == (33, 27)
    assert (told["respondents"], told["proficient"]) == (35, 25)
    for name in ("share", "share_low", "share_high", "share_se"):
        assert told[name] == pytest.approx(round(told[name], 2), abs=1e-12)
        assert told[name] == pytest.approx(exact[name], abs=0.01)
    own = of(district.survey(scope=principal()).skill_summary, "lincoln")
    assert own["respondents"] == 17


def test_a_school_without_headcount_has_a_share_but_no_interval(district: District):
    district.schools(lincoln=None)
    district.answers("lincoln", 10, proficiency_word=3)
    found = of(district.survey().skill_summary, "lincoln")
    assert (found["share"], found["share_low"], found["share_high"]) == (1, None, None)


def test_a_skill_that_nobody_answered_about_has_zero_people_and_no_share(district: District):
    district.answers("lincoln", 10, proficiency_word=3)
    found = of(district.survey().skill_summary, "lincoln", "teams")
    assert (found["respondents"], found["proficient"], found["share"], found["suppressed"]) == (0, 0, None, False)


def test_every_school_and_skill_has_a_row_in_order(district: District):
    district.answers("lincoln", 10, proficiency_word=3)
    rows = district.survey().skill_summary
    skills = [item.skill_id for item in district.codebook.items_of("proficiency")]
    assert rows["school_id"].unique(maintain_order=True).to_list() == ["lincoln", "madison", "district"]
    for school_id in ("lincoln", "madison", "district"):
        assert rows.filter(school_id=school_id)["skill_id"].to_list() == skills
    assert rows["wave_id"].unique().to_list() == [FALL]


def test_a_school_of_four_respondents_shows_no_number_and_says_why(district: District):
    district.schools(lincoln=60, madison=40, ada=10)
    district.answers("lincoln", 20, proficiency_word=3)
    district.answers("madison", 12, proficiency_word=3)
    district.answers("ada", 4, proficiency_word=3)
    survey = district.survey()
    for frame in (survey.skill_summary, survey.skill_levels):
        rows = frame.filter(school_id="ada", skill_id="word")
        assert rows["suppressed"].all()
        assert rows["reason"].unique().to_list() == ["fewer than 5 answers"]
        for column in ("respondents", "proficient", "answered", "share", "share_low", "share_high"):
            assert column not in rows.columns or rows[column].null_count() == rows.height, column
    assert of(survey.skill_summary, "lincoln")["respondents"] == 20
    assert of(survey.skill_summary, "madison")["respondents"] == 12


def test_a_role_counts_against_the_rosters_people_of_that_role(district: District):
    district.roster(lincoln={"teacher": 40, "counselor": 10}, madison={"teacher": 20, "counselor": 10})
    for school_id in ("lincoln", "madison"):
        district.answers(school_id, 10, role="teacher", proficiency_word=3)
        district.answers(school_id, 5, role="counselor", proficiency_word=0)
    survey = district.survey("teacher")
    found = row(survey.response_rates, school_id="lincoln")
    assert (found["headcount"], found["respondents"], found["rate"]) == (40, 10, 0.25)
    whole = row(survey.response_rates, school_id="district")
    assert (whole["headcount"], whole["respondents"], whole["rate"]) == (60, 20, pytest.approx(1 / 3))
    assert of(survey.skill_summary, "lincoln")["share"] == 1
    assert of(survey.skill_summary, "lincoln")["share_low"] < 1
    assert of(district.survey("counselor").skill_summary, "district")["share"] == 0


def test_a_role_without_a_roster_is_respondents_only(district: District):
    for school_id in ("lincoln", "madison"):
        district.answers(school_id, 10, role="teacher", proficiency_word=3)
        district.answers(school_id, 5, role="counselor", proficiency_word=0)
    survey = district.survey("teacher")
    found = row(survey.response_rates, school_id="lincoln")
    assert (found["headcount"], found["rate"], found["status"]) == (None, None, "no headcount")
    assert of(survey.skill_summary, "lincoln")["share"] == 1
    assert of(survey.skill_summary, "lincoln")["share_low"] is None


def test_a_small_roles_number_of_people_is_hidden_like_its_answers(district: District):
    district.roster(lincoln={"teacher": 40, "counselor": 10}, madison={"teacher": 20, "counselor": 10})
    for school_id, counselors in (("lincoln", 3), ("madison", 12)):
        district.answers(school_id, 20, role="teacher", proficiency_word=3)
        district.answers(school_id, counselors, role="counselor", proficiency_word=0)
    found = row(district.survey("counselor").response_rates, school_id="lincoln")
    assert (found["respondents"], found["rate"], found["status"]) == (None, None, "hidden")
    assert found["reason"] == "fewer than 5 answers"


def test_a_role_that_nobody_has_gives_rows_without_people(district: District):
    district.answers("lincoln", 10, role="teacher", proficiency_word=3)
    found = of(district.survey("counselor").skill_summary, "lincoln")
    assert (found["respondents"], found["share"], found["suppressed"]) == (0, None, False)


def test_what_is_counted_is_kept_until_something_is_written(district: District):
    district.answers("lincoln", 10, proficiency_word=3)
    first = district.survey()._district
    assert district.survey()._district is first
    assert district.survey("teacher")._district is not first
    district.answers("lincoln", 1, proficiency_word=3)
    assert of(district.survey().skill_summary, "lincoln")["respondents"] == 11


def test_an_empty_store_gives_rows_without_people(district: District):
    survey = district.survey(wave="")
    assert survey.response_rates["status"].to_list() == ["no answers"] * 3
    assert survey.skill_summary["respondents"].sum() == 0
    assert not survey.skill_levels["suppressed"].any()
