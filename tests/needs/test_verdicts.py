"""Safe to decide, leaning, or too early: what a school reads, also where hardly anything is known."""

import pytest

from pd_core.needs.background import progress
from pd_core.needs.needs import needs
from pd_core.needs.posterior import posterior, shared_out
from pd_core.needs.verdicts import are_known, verdict_of, verdicts
from pd_core.survey.unsuppressed import district_of
from pd_core.wording import percent
from tests.district import MINE, District, principal

CLEAR = {"proficiency_teams": 0, "proficiency_onenote": 0, "proficiency_word": 3, "proficiency_excel": 3}
OTHER = {"proficiency_teams": 3, "proficiency_onenote": 3, "proficiency_word": 0, "proficiency_excel": 0}

NOT_KNOWN = "how many work here is not known, so no one can say whether that is enough."


def verdict(district: District, school_id: str = MINE) -> dict[str, object]:
    return verdict_of(district.survey(), school_id)


def test_a_building_that_agrees_is_safe_to_decide(district: District):
    district.answers(MINE, 30, **CLEAR)
    district.answers("madison", 20, **CLEAR)
    found = verdict(district)
    assert found["sentence"] == (
        "Safe to decide: 30 of 60 staff answered, and in at least 9 of 10 cases the two greatest needs stay."
    )
    assert (found["verdict"], found["probability"], found["more_answers"], found["missing"]) == ("safe", 0.99, None, 6)


def test_a_building_that_is_split_is_told_how_many_answers_would_settle_it(district: District):
    district.answers(MINE, 8, **CLEAR)
    district.answers(MINE, 7, **OTHER)
    district.answers("madison", 20, **CLEAR)
    district.answers("madison", 20, **OTHER)
    found = verdict(district)
    assert found["verdict"] == "too early"
    assert 0 < found["probability"] < 0.7
    assert 21 <= found["more_answers"] < 45, "the district's target is 36"
    assert found["needed"] == found["more_answers"] and found["missing"] == 21
    assert found["send_again"]
    assert found["sentence"] == (
        f"Too early to decide: 15 of 60 staff answered; about {found['more_answers']} more answers would probably "
        "settle what is needed most."
    )


def test_a_tenth_of_the_staff_does_not_decide_for_everyone_however_much_it_agrees(district: District):
    district.answers(MINE, 6, **CLEAR)
    district.answers("madison", 30, **CLEAR)
    found = verdict(district)
    assert (found["verdict"], found["more_answers"], found["probability"]) == ("leaning", 30, 0.99)
    assert found["sentence"] == (
        f"Leaning, not yet safe: 6 of 60 staff answered. They agree, but fewer than {percent(0.4)} answered; about 30 "
        "more answers would probably settle what is needed most."
    )


def test_a_building_whose_response_rate_is_fine_is_told_that_it_is_and_how_many_classes_nearly_tie(district: District):
    skills = ["teams", "word", "excel", "sway", "forms"]
    people = [{f"proficiency_{one}": 0 if one == own else 3 for one in skills} for own in skills]
    for school_id in (MINE, "madison"):
        district.many([(school_id, 8, answers) for answers in people])
    found = verdict(district)
    assert found["verdict"] == "too early" and found["missing"] == 0
    assert found["sentence"].startswith(
        "Too early to decide: the response rate is fine (40 of 60 staff answered), but 5 classes are nearly tied; "
    )
    assert not found["send_again"], "the target is reached: those who can be asked were"


def test_answers_needed_are_never_fewer_than_can_be_shown(district: District):
    district.schools(lincoln=6, madison=40)
    district.answers(MINE, 3, **CLEAR)
    found = verdict(district)
    assert (found["missing"], found["needed"]) == (2, 2), "four reach the target, five can be shown"


def test_where_all_agree_the_range_is_that_of_the_share_and_no_certainty(district: District):
    district.schools(lincoln=60)
    district.answers(MINE, 20, **CLEAR)
    found = needs(district.survey(), [MINE]).filter(training="entry", skill_id="teams").row(0, named=True)
    assert found["people"] == 60
    assert found["people_low"] < 58, "forty have not answered"


def test_other_schools_weigh_five_respondents_whether_there_are_roles_or_not(district: District):
    roles = {"teacher": 20, "counselor": 20, "paraeducator": 20, "specialist": 20}
    district.schools(lincoln=80, madison=80)
    found = []
    for wave, staff in (("A", None), ("B", roles)):
        if staff:
            district.roster(lincoln=staff, madison=staff)
        for role in roles:
            district.answers(MINE, 5, wave=wave, role=role, proficiency_teams=0)
            district.answers("madison", 15, wave=wave, role=role, proficiency_teams=3)
        rows = needs(district.survey(wave=wave), [MINE]).filter(training="entry", skill_id="teams")
        found.append(rows["people"].item())
    assert found[0] == pytest.approx(68, abs=2) and found[1] == pytest.approx(found[0], abs=3)


def test_a_headcount_that_is_out_of_date_makes_no_need_of_all_staff(district: District):
    district.schools(lincoln=40, madison=40)
    district.answers(MINE, 27, proficiency_teams=0)
    district.answers(MINE, 18, proficiency_teams=3)
    district.answers("madison", 30, **CLEAR)
    found = needs(district.survey(), [MINE]).filter(training="entry", skill_id="teams").row(0, named=True)
    assert (found["people"], found["people_low"], found["headcount"]) == (27, None, None)


def test_most_of_the_answers_make_a_split_building_surer_than_few(district: District):
    district.answers(MINE, 20, **CLEAR)
    district.answers(MINE, 16, **OTHER)
    district.answers("madison", 10, **CLEAR)
    district.answers("madison", 8, **OTHER)
    most, few = verdict(district), verdict_of(district.survey(), "madison")
    assert most["probability"] > few["probability"]


def test_once_everyone_has_answered_there_is_nothing_left_to_wait_for(district: District):
    district.answers(MINE, 31, **CLEAR)
    district.answers(MINE, 29, **OTHER)
    district.answers("madison", 20, **OTHER)
    found = verdict(district)
    assert (found["verdict"], found["probability"]) == ("safe", 1.0)
    assert found["sentence"] == "Safe to decide: all 60 staff answered."
    people = dict(needs(district.survey(), [MINE]).filter(training="entry").select("skill_id", "people").iter_rows())
    assert (people["teams"], people["word"]) == (31, 29), "nobody is drawn where nobody is missing"


@pytest.mark.parametrize(
    ("headcount", "people", "said", "verdict"),
    [
        (None, 20, f"20 people answered; {NOT_KNOWN}", "unknown"),
        (10, 12, "12 people answered, more than the 10 on the list: check the number of staff.", "unknown"),
        (60, 1, "Too early to decide: 1 of 60 staff answered, too few to show.", "too early"),
        (60, 0, "No one here has answered in Fall 2026 yet.", "too early"),
        (60_000, 30, "30 of 60,000 staff answered: check the number of staff.", "unknown"),
        (4, 2, "2 of 4 staff answered: too few to show.", "unknown"),
        (60, 60, "Safe to decide: all 60 staff answered.", "safe"),
    ],
)  # fmt: skip
def test_what_cannot_be_judged_is_said_plainly(district: District, headcount, people, said, verdict):
    district.schools(lincoln=headcount, madison=40)
    district.answers(MINE, people, **CLEAR)
    district.answers("madison", 30, **CLEAR)
    found = verdict_of(district.survey(), MINE)
    assert (found["sentence"], found["verdict"]) == (said, verdict)
    assert (found["probability"] is None) == (verdict != "safe")


def test_a_building_in_which_everyone_says_the_same_is_safe_even_if_all_needs_are_equal(district: District):
    same = dict.fromkeys(CLEAR, 1)
    district.answers(MINE, 30, **same)
    district.answers("madison", 20, **same)
    found = verdict(district)
    assert found["verdict"] == "safe", "needs of as many people are the same need"
    assert set(needs(district.survey(), [MINE]).filter(training="entry")["top_two"].drop_nulls()) == {0.99}


def test_a_hidden_building_has_no_verdict_and_no_number(district: District):
    district.schools(lincoln=60, madison=10, ruby=10)
    for school_id, people in ((MINE, 40), ("madison", 8), ("ruby", 3)):
        district.answers(school_id, people, **CLEAR)
    found = verdict_of(district.survey(), "ruby")
    assert (found["verdict"], found["probability"]) == ("too early", None)
    assert found["sentence"].startswith("Too early to decide: 3 of 10 staff answered, too few to show")
    assert posterior(district_of(district.survey()), "ruby") is None


def test_the_same_answers_give_the_same_verdict_whatever_other_buildings_there_are_on_the_list(district: District):
    district.answers(MINE, 20, **CLEAR)
    district.answers(MINE, 18, **OTHER)
    district.answers("madison", 20, **CLEAR)
    one = verdict(district)
    district.schools(aaa=30, lincoln=60, madison=40)
    assert verdict(district) == one


def test_a_scope_sees_the_verdicts_of_its_schools_alone(district: District):
    district.answers(MINE, 30, **CLEAR)
    district.answers("madison", 20, **CLEAR)
    found = verdicts(district.survey(scope=principal()))
    assert found["school_id"].to_list() == [MINE]


def test_verdicts_that_are_not_there_yet_are_told_as_such_and_worked_out_beside(district: District):
    district.answers(MINE, 20, **CLEAR)
    district.answers(MINE, 18, **OTHER)
    district.answers("madison", 20, **CLEAR)
    survey = district.survey()
    early = verdicts(survey, wait=False)
    assert early["verdict"].to_list() == [None, None]
    assert early["sentence"][0] == "38 of 60 staff answered. What that means is being worked out."
    assert not are_known(survey)
    while progress(survey)[0] < 2:
        pass
    assert are_known(survey)
    assert verdicts(survey, wait=False).equals(verdicts(survey))


# Unseen staff are drawn from the urn of their role, where that tells nothing of a hidden role.
STAFF = {"lincoln": {"teacher": 40, "paraeducator": 20}, "madison": {"teacher": 30, "paraeducator": 10}}


def people_for(district: District) -> dict[str, float]:
    rows = needs(district.survey(), [MINE]).filter(training="entry")
    return dict(rows.select("skill_id", "people").drop_nulls().iter_rows())


def test_whoever_answers_less_often_counts_as_on_the_staff_list(district: District):
    district.roster(**STAFF)
    for school_id in (MINE, "madison"):
        district.answers(school_id, 20, role="teacher", proficiency_teams=3)
        district.answers(school_id, 5, role="paraeducator", proficiency_teams=0)
    assert people_for(district)["teams"] == pytest.approx(20, abs=1.5), "a fifth answered, a third of staff"


def test_without_roles_on_the_list_all_are_drawn_together(district: District):
    for school_id in (MINE, "madison"):
        district.answers(school_id, 20, role="teacher", proficiency_teams=3)
        district.answers(school_id, 5, role="paraeducator", proficiency_teams=0)
    assert people_for(district)["teams"] == pytest.approx(12, abs=1.5)


def test_who_of_the_hidden_roles_said_what_changes_nothing(district: District):
    """Counselors and specialists are hidden at Lincoln: with their answers exchanged, every number is the same."""
    roles = {"teacher": 30, "counselor": 10, "specialist": 10, "paraeducator": 10}
    district.roster(lincoln=roles, madison=roles)
    found = []
    for wave, (one, other) in (("A", (0, 3)), ("B", (3, 0))):
        groups = [
            (MINE, 12, {"role": "teacher", "proficiency_teams": 1, "proficiency_word": 0}),
            (MINE, 3, {"role": "counselor", "proficiency_teams": one}),
            (MINE, 3, {"role": "specialist", "proficiency_teams": other}),
            ("madison", 12, {"role": "teacher", "proficiency_teams": 1, "proficiency_word": 0}),
            ("madison", 3, {"role": "counselor", "proficiency_teams": other}),
            ("madison", 3, {"role": "specialist", "proficiency_teams": one}),
        ]
        district.many(groups, wave=wave)
        survey = district.survey(wave=wave)
        found.append((needs(survey, [MINE]).drop("wave_id"), verdicts(survey, [MINE]).drop("wave_id")))
    assert found[0][0].equals(found[1][0])
    assert found[0][1].drop("sentence").equals(found[1][1].drop("sentence"))


def test_a_role_filter_asks_about_the_people_of_that_role(district: District):
    district.roster(**STAFF)
    district.answers(MINE, 30, role="teacher", **CLEAR)
    district.answers("madison", 20, role="teacher", **CLEAR)
    found = verdict_of(district.survey("teacher"), MINE)
    assert (found["verdict"], found["headcount"]) == ("safe", 40)


def test_people_are_shared_out_as_the_list_says_and_none_is_lost():
    assert shared_out(10, [3, 3, 3]) == [4, 3, 3]
    assert shared_out(7, [0, 0]) == [0, 7]
    assert shared_out(5, [10, 0, 10]) == [3, 0, 2]
    assert all(sum(shared_out(n, [5, 2, 9])) == n for n in range(40))
