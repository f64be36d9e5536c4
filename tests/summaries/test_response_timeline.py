"""Answers day by day, and where their pace leads by the closing day."""

from datetime import date, timedelta

import pytest

from pd_core.summaries.response_timeline import Arrivals, arrivals, working_days
from tests.district import District, principal
from tests.timeline import CLOSES, FRIDAY, MONDAY, seen


def end(found: Arrivals) -> float:
    assert found.expected is not None
    return round(found.expected["respondents"][-1])


def test_the_pace_of_five_working_days_goes_on_to_the_closing_day():
    found = seen({date(2026, 10, 12): 10, MONDAY: 6, FRIDAY: 4})
    assert found.target == 36
    assert (found.outlook, found.pace, found.pace_days) == ("projected", 2.0, 5)
    assert found.expected is not None
    assert found.expected.row(0) == (FRIDAY, 20.0)
    assert found.expected.row(-1) == (CLOSES, 40.0)
    assert found.expected["respondents"].is_sorted()


def test_nobody_answers_on_a_weekend_to_come():
    expected = seen({MONDAY: 6, FRIDAY: 4}).expected
    assert expected is not None
    saturday, sunday, monday = expected["respondents"][1:4]
    assert (saturday, sunday, monday) == (10, 10, 12)


def test_it_never_passes_the_staff():
    assert end(seen({date(2026, 10, 12): 20, FRIDAY: 30})) == 60


def test_days_since_the_latest_upload_are_days_without_answers():
    answers = {date(2026, 10, 5): 4, date(2026, 10, 12): 10}
    assert (end(seen(answers, uploaded=FRIDAY)), seen(answers, uploaded=FRIDAY).pace) == (14, 0)
    assert end(seen(answers, uploaded=date(2026, 10, 12))) == 52


def test_answers_on_a_weekend_count():
    found = seen({date(2026, 10, 12): 1, date(2026, 10, 24): 10}, uploaded=None, today=date(2026, 10, 25))
    assert end(found) == 31


def test_a_survey_of_two_days_has_the_pace_of_two_days():
    found = seen({date(2026, 10, 22): 3, FRIDAY: 1})
    assert (found.pace_days, end(found)) == (2, 24)


@pytest.mark.parametrize(
    ("new", "options", "outlook"),
    [
        ({}, {}, "no answers"),
        ({MONDAY: 1, FRIDAY: 1}, {"today": date(2026, 12, 1)}, "closed"),
        ({MONDAY: 1, FRIDAY: 1}, {"closes_on": FRIDAY}, "closed"),
        ({MONDAY: 1, FRIDAY: 1}, {"closes_on": None}, "no closing day"),
        ({FRIDAY: 1}, {}, "one day"),
        ({MONDAY: 50, FRIDAY: 10}, {}, "complete"),
        ({MONDAY: 60, FRIDAY: 10}, {}, "check headcount"),
    ],
)
def test_where_nothing_can_be_projected_it_has_a_reason(new, options, outlook):
    found = seen(new, **options)
    assert found.outlook == outlook
    assert found.expected is None


def test_without_a_headcount_there_is_a_pace_but_no_target():
    found = seen({MONDAY: 5, FRIDAY: 5}, staff=None)
    assert (end(found), found.target) == (30, None)


def test_working_days_leave_out_weekends():
    assert working_days(FRIDAY, date(2026, 10, 26)) == 1
    assert working_days(FRIDAY, FRIDAY) == 0
    assert working_days(FRIDAY, CLOSES) == 10


def test_a_school_has_its_own_days_and_the_district_those_that_are_seen(district: District):
    district.answers("lincoln", 6)
    district.answers("madison", 3)
    day = date(2026, 9, 1)
    closed = {"closes_on": day, "today": date(2026, 9, 2)}
    assert arrivals(district.survey(), "lincoln", **closed).days.rows() == [(day, 6, 6)]
    assert arrivals(district.survey(), "district", **closed).days.rows() == [(day, 9, 9)]
    mine = arrivals(district.survey(scope=principal()), "district", **closed)
    assert (mine.days.rows(), mine.target) == ([(day, 6, 6)], 36), "others' answers follow from no sum"
    assert arrivals(district.survey(scope=principal()), "madison", **closed).days.is_empty()


def test_what_was_uploaded_later_than_the_last_answer_is_known(district: District):
    district.answers("lincoln", 6)
    today = date.today()
    expected = arrivals(district.survey(), "lincoln", today + timedelta(500), today).expected
    assert expected is not None
    assert abs(expected["day"][0] - max(today, date(2026, 9, 1))) <= timedelta(1)
