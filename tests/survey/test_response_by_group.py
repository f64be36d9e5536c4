"""Who is behind by role and by grade band, and what is not told of small groups."""

import polars as pl
import pytest

from pd_core.storage import reference
from pd_core.survey.response_by_group import of_school, participation
from tests.district import District, principal, row

STAFF = {"teacher": 40, "paraeducator": 12, "counselor": 9, "specialist": 6, "office_staff": 4}


@pytest.fixture(scope="module")
def rostered(shared_district: District) -> District:
    """Two schools of the same staff; at Lincoln 30 teachers, 3 paraeducators and 5 counselors answered."""
    return filled(shared_district)


def filled(district: District) -> District:
    district.schools(lincoln=60, madison=40)
    district.roster(lincoln=STAFF, madison=STAFF)
    for school_id, paraeducators in (("lincoln", 3), ("madison", 8)):
        said = [(school_id, n, {"role": role}) for role, n in (("teacher", 30), ("counselor", 5))]
        district.many([*said, (school_id, paraeducators, {"role": "paraeducator"})])
    return district


def test_groups_of_fewer_than_five_staff_are_left_out(rostered: District):
    rows = of_school(participation(rostered.survey(), "role"), "lincoln")
    assert set(rows["group_id"]) == {"teacher", "paraeducator", "counselor", "specialist"}


def test_a_group_is_behind_under_the_target(rostered: District):
    rows = participation(rostered.survey(), "role")
    found = row(rows, school_id="lincoln", group_id="specialist")
    assert (found["respondents"], found["headcount"], found["rate"]) == (0, 6, 0.0)
    assert (found["status"], found["told"], found["is_behind"]) == ("no answers", "0 of 6", True)
    assert not row(rows, school_id="lincoln", group_id="teacher")["is_behind"]


def test_of_a_large_hidden_group_only_that_few_answered_is_told(rostered: District):
    found = row(participation(rostered.survey(), "role"), school_id="lincoln", group_id="paraeducator")
    assert (found["respondents"], found["rate"], found["status"]) == (None, None, "hidden")
    assert (found["told"], found["is_behind"]) == ("fewer than 5 of 12", True)


def test_that_few_answered_is_not_called_behind_where_few_may_be_enough(rostered: District):
    rows = participation(rostered.survey(target_share=0.3), "role")
    assert not row(rows, school_id="lincoln", group_id="paraeducator")["is_behind"]


def test_of_any_other_hidden_group_nothing_is_told_but_why(rostered: District):
    rows = of_school(participation(rostered.survey(), "role"), "lincoln")
    (hidden,) = rows.filter(pl.col("suppressed") & (pl.col("told") == "")).to_dicts()
    assert (hidden["group_id"], hidden["respondents"], hidden["is_behind"]) == ("counselor", None, False)
    assert hidden["reason"]


def test_roles_are_hidden_just_as_under_a_role_filter(rostered: District):
    rows = participation(rostered.survey(), "role")
    for role in ("teacher", "paraeducator", "counselor", "specialist"):
        rates = rostered.survey(role).response_rates
        for school_id in ("lincoln", "madison", "district"):
            mine, theirs = row(rows, school_id=school_id, group_id=role), row(rates, school_id=school_id)
            for column in ("headcount", "respondents", "rate", "status", "suppressed", "reason"):
                assert mine[column] == theirs[column], f"{column} of {role} at {school_id}"


def test_grade_bands_are_hidden_by_the_same_rules(district: District):
    people = [(f"p{n}", "lincoln", None, "high" if n < 20 else "middle") for n in range(30)]
    columns = ["respondent", "school_id", "role", "grade_band"]
    roster = pl.DataFrame(people, schema=dict.fromkeys(columns, pl.String), orient="row")
    reference.set_roster(district.store, roster, "test")
    district.answers("lincoln", 18, grade_band="high", role="teacher")
    district.answers("lincoln", 3, grade_band="middle", role="teacher")
    rows = of_school(participation(district.survey(), "grade_band"), "lincoln")
    assert rows["respondents"].to_list() == [None, None]
    assert row(rows, group_id="middle")["told"] == "fewer than 5 of 10"
    assert (row(rows, group_id="high")["told"], row(rows, group_id="high")["headcount"]) == ("", 20)


def test_lowest_rates_come_first_and_hidden_groups_last(rostered: District):
    rates = of_school(participation(rostered.survey(), "role"), "lincoln")["rate"].to_list()
    shown = [rate for rate in rates if rate is not None]
    assert shown == sorted(shown) and rates[len(shown) :] == [None] * (len(rates) - len(shown))


def test_the_district_is_counted_only_where_every_school_that_answered_is_on_the_list(district: District):
    filled(district)
    assert of_school(participation(district.survey(), "role"), "district").height == 5
    district.schools(lincoln=60, madison=40, adams=30)
    district.answers("adams", 20, role="teacher")
    assert of_school(participation(district.survey(), "role"), "district").is_empty()


def test_a_group_of_the_district_that_cannot_be_shown_is_named_with_all_its_staff(district: District):
    district.schools(lincoln=60, madison=40)
    district.roster(lincoln={"teacher": 40, "counselor": 9}, madison={"teacher": 30, "counselor": 8})
    district.many([("lincoln", 20, {"role": "teacher"}), ("lincoln", 4, {"role": "counselor"})])
    district.many([("madison", 20, {"role": "teacher"}), ("madison", 3, {"role": "counselor"})])
    rows = of_school(participation(district.survey(), "role"), "district")
    counselors = row(rows, group_id="counselor")
    assert (counselors["headcount"], counselors["listed"], counselors["respondents"]) == (17, 17, None)
    assert counselors["suppressed"] and counselors["reason"]


def test_of_a_shown_group_the_list_has_more_people_than_count_in_its_figure(district: District):
    district.schools(lincoln=60, madison=40)
    district.roster(lincoln={"teacher": 40}, madison={"teacher": 30})
    district.many([("lincoln", 20, {"role": "teacher"}), ("madison", 3, {"role": "teacher"})])
    teachers = row(participation(district.survey(), "role"), school_id="district", group_id="teacher")
    assert (teachers["respondents"], teachers["headcount"], teachers["listed"]) == (20, 40, 70)


def test_a_principal_sees_the_own_building_alone(rostered: District):
    rows = participation(rostered.survey(scope=principal()), "role")
    assert set(rows["school_id"]) == {"lincoln"}


def test_without_a_staff_list_there_are_no_rows(district: District):
    district.answers("lincoln", 20, role="teacher")
    for by in ("role", "grade_band"):
        assert participation(district.survey(), by).is_empty()


def test_more_respondents_of_a_role_than_are_listed_are_no_more_than_all(district: District):
    district.roster(lincoln={"teacher": 10})
    district.answers("lincoln", 12, role="teacher")
    found = row(participation(district.survey(), "role"), school_id="lincoln", group_id="teacher")
    assert (found["rate"], found["status"], found["is_behind"]) == (1.0, "check headcount", False)
