"""The reminder that an MIE could send, and the list of buildings that need one."""

import re
from datetime import date

import polars as pl
import pytest

from pd_core.entities import Wave
from pd_core.needs.verdicts import verdict_of, verdicts
from pd_core.presentation.first_screen import overview
from pd_core.presentation.reminders import (
    NO_LINK,
    coverage_sentence,
    reminder,
    resend_sentence,
    schools_to_resend,
)
from tests.district import FALL, MINE, District, principal, row

TODAY = date(2026, 10, 20)
WAVE = Wave(FALL, date(2026, 11, 6), "https://forms.example.org/r?school={school}")
STAFF = {"teacher": 30, "paraeducator": 12, "specialist": 10, "counselor": 5, "office_staff": 3}


@pytest.fixture(scope="module")
def late(shared_district: District) -> District:
    """Lincoln: 24 of 60 answered: 14 teachers, 6 specialists, 4 paraeducators. Adams: 26 of 30, all alike."""
    district = shared_district
    district.schools(lincoln=60, adams=30, bell=20, curie=None, darwin=10, edison=None)
    district.roster(lincoln=STAFF, adams={"teacher": 30}, bell={"teacher": 20}, darwin={"teacher": 10})
    said = {"role": "teacher", "proficiency_word": 0, "proficiency_teams": 3, "proficiency_forms": 3}
    others = said | {"proficiency_word": 3, "proficiency_teams": 0}
    more = said | {"proficiency_word": 3, "proficiency_forms": 0}
    district.many([("lincoln", 7, said), ("lincoln", 7, others), ("lincoln", 6, more | {"role": "specialist"})])
    district.many([("lincoln", 4, said | {"role": "paraeducator"}), ("adams", 26, said)])
    district.many([("curie", 7, said), ("darwin", 12, said)])
    return district


def written(district: District, school_id: str = MINE, wave: Wave = WAVE, *, target_share: float = 0.6) -> str:
    survey = district.survey(target_share=target_share)
    return reminder(survey, verdict_of(survey, school_id), wave, TODAY)


def test_it_is_ready_to_be_sent(late: District):
    text = written(late)
    assert text.startswith(
        "Hello everyone,\n\nSo far 24 of our 60 staff have answered our technology survey (Fall 2026). "
    )
    assert re.search(r"About \d+ more answers would probably settle which trainings we need most\.", text)
    assert "please do so by Friday, November 6:\nhttps://forms.example.org/r?school=Lincoln\n" in text
    assert text.endswith("Thank you!")


def test_it_says_how_many_would_settle_it_or_else_how_many_are_missing_to_the_goal(late: District):
    survey = late.survey()
    verdict = verdict_of(survey, MINE)
    settles = "About 30 more answers would probably settle"
    assert settles in reminder(survey, {**verdict, "more_answers": 30}, WAVE, TODAY)
    text = reminder(survey, {**verdict, "more_answers": None}, WAVE, TODAY)
    assert "12 more answers take us to our goal, so that the plan rests on all of us." in text


def test_roles_that_are_behind_are_named_without_a_number(late: District):
    text = written(late)
    assert "from more of these roles: Counselor, Paraeducator." in text
    assert "Teacher" not in text, "behind, but ahead of the building"
    assert "Office staff" not in text, "three people are no group to name"
    assert "Specialist" not in text, "hidden, so that nothing follows of the paraeducators"
    assert "12 Para" not in text and "of 12" not in text and "fewer than" not in text


def test_most_of_your_colleagues_is_said_only_when_it_is_true(late: District, district: District):
    assert "most of your colleagues" not in written(late)
    district.schools(lincoln=60)
    district.answers("lincoln", 30, proficiency_word=0)
    assert "most of your colleagues" not in written(district)
    district.answers("lincoln", 1, proficiency_word=0)
    assert "Most of your colleagues have answered our technology survey (Fall 2026): 31 of our 60 staff." in written(
        district
    )


def test_without_a_link_it_says_where_to_put_it(late: District):
    assert NO_LINK in written(late, wave=Wave(FALL))


@pytest.mark.parametrize("closes_on", [None, date(2026, 10, 19)])
def test_a_day_that_is_not_to_come_is_not_named(late: District, closes_on: date | None):
    assert "please do so:\n" in written(late, wave=Wave(FALL, closes_on))


def test_a_building_where_nobody_answered_is_asked_too(late: District):
    assert "No one here has answered our technology survey (Fall 2026) yet. Your answers decide" in written(
        late, "bell"
    )


def test_without_a_headcount_it_counts_those_who_answered(late: District):
    assert "So far 7 of us have answered our technology survey (Fall 2026). Your answers decide" in written(
        late, "curie"
    )


def test_one_answer_is_one(district: District):
    district.schools(lincoln=60)
    district.answers("lincoln", 1, proficiency_word=0)
    assert "So far 1 of our 60 staff has answered" in written(district)


def test_where_nothing_is_missing_there_is_none(late: District):
    assert written(late, "darwin") == "", "more answered than the list has: nobody is missing"
    assert row(verdicts(late.survey()), school_id="adams")["verdict"] == "safe"
    assert written(late, "adams") == ""


def test_a_school_that_is_safe_but_behind_the_target_is_still_reminded(late: District):
    assert "1 more answer takes us to our goal" in written(late, "adams", target_share=0.9)


def test_the_list_has_the_buildings_that_are_late_and_not_safe(late: District):
    survey = late.survey()
    rows = schools_to_resend(survey, verdicts(survey), WAVE, TODAY)
    assert rows["school_id"].to_list() == ["lincoln", "bell", "edison"], "who needs most answers first"
    assert row(rows, school_id="lincoln")["needed"] == row(rows, school_id="lincoln")["more_answers"] > 12
    assert row(rows, school_id="bell")["needed"] == row(rows, school_id="bell")["missing"] == 12
    found = row(rows, school_id="lincoln")
    assert (found["respondents"], found["headcount"], found["missing"]) == (24, 60, 12)
    assert found["missing_groups"] == "Counselor and Paraeducator", "those that the reminder names"
    assert found["link"] == "https://forms.example.org/r?school=Lincoln"
    assert found["reminder"] == written(late)
    assert row(rows, school_id="edison")["missing"] is None


def test_a_principals_list_has_the_own_building_alone(late: District):
    survey = late.survey(scope=principal())
    assert schools_to_resend(survey, verdicts(survey), WAVE, TODAY)["school_id"].to_list() == ["lincoln"]


def test_the_district_is_said_in_one_sentence(late: District):
    survey = late.survey()
    rows = verdicts(survey)
    safe = "1 of 6 schools is safe to decide on; 2 are behind the target"
    assert coverage_sentence(survey, rows) == safe
    being_worked_out = rows.with_columns(verdict=pl.lit(None, pl.String))
    assert coverage_sentence(survey, being_worked_out) == "2 of 6 schools are behind the target"
    of_own = late.survey(scope=principal("hidden", "lincoln", "adams"))
    said = "1 of your 2 schools is safe to decide on; 1 is behind the target"
    assert coverage_sentence(of_own, verdicts(of_own)) == said
    one = late.survey(scope=principal())
    assert coverage_sentence(one, verdicts(one)) == "Lincoln is not yet safe to decide on, and behind the target"
    assert coverage_sentence(one, rows.clear()) == ""


def test_what_to_do_names_three_buildings_at_most(late: District):
    survey = late.survey()
    rows = schools_to_resend(survey, verdicts(survey), WAVE, TODAY)
    assert resend_sentence(rows) == "Send the form again to Lincoln, Bell and Edison."
    more = resend_sentence(pl.concat([rows, rows]))
    assert more == "Send the form again to Lincoln, Bell, Edison and 3 more schools."
    assert resend_sentence(rows.clear()) == "No school needs the form again."


def test_the_overview_names_the_same_buildings(late: District):
    survey = late.survey()
    found = verdicts(survey)
    assert overview(survey, verdicts=found).advice == resend_sentence(schools_to_resend(survey, found, WAVE, TODAY))
    for one in found.to_dicts():
        is_reminded = overview(survey, one["school_id"]).action == "remind"
        assert is_reminded == one["send_again"], one["school_id"]


def test_no_number_of_answers_is_more_than_are_missing_or_fewer_than_the_rules_ask(late: District):
    for target_share in (0.1, 0.6, 0.95):
        for one in verdicts(late.survey(target_share=target_share)).drop_nulls("headcount").to_dicts():
            left = max(0, one["headcount"] - one["respondents"])
            for number in filter(None, (one["missing"], one["more_answers"], one["needed"])):
                assert number <= left, one
                assert one["respondents"] + number >= 5, one
            if one["more_answers"]:
                assert one["respondents"] + one["more_answers"] >= target_share * one["headcount"]
