"""Answers day by day, and where their pace leads by the closing day."""

from datetime import date, timedelta

import polars as pl
import pytest

from pd_core.summaries.response_timeline import Arrivals, arrivals, foreseen, working_days
from tests.district import District, principal

MONDAY, FRIDAY, CLOSES = date(2026, 10, 19), date(2026, 10, 23), date(2026, 11, 6)


def arrived(new: dict[date, int]) -> pl.DataFrame:
    frame = pl.DataFrame({"day": list(new), "new": list(new.values())}, schema={"day": pl.Date, "new": pl.Int64})
    return frame.with_columns(respondents=pl.col("new").cum_sum())


def seen(
    new: dict[date, int],
    *,
    staff: int | None = 60,
    uploaded: date | None = FRIDAY,
    closes_on: date | None = CLOSES,
    today: date = FRIDAY,
) -> Arrivals:
    return foreseen(arrived(new), staff, 0.6, uploaded, closes_on, today)


def test_the_pace_of_five_working_days_goes_on_to_the_closing_day():
    found = seen({date(2026, 10, 12): 10, MONDAY: 6, FRIDAY: 4})
    assert found.target == 36
    assert found.sentence == (
        "At the pace of the last five working days about 40 of 60 will have answered by November 6: "
        "enough for the target"
    )
    assert found.expected is not None
    assert found.expected.row(0) == (FRIDAY, 20.0)
    assert found.expected.row(-1) == (CLOSES, 40.0)
    assert found.expected["respondents"].is_sorted()


def test_nobody_answers_on_a_weekend_to_come():
    expected = seen({MONDAY: 6, FRIDAY: 4}).expected
    assert expected is not None
    saturday, sunday, monday = expected["respondents"][1:4]
    assert (saturday, sunday, monday) == (10, 10, 12)


def test_it_says_how_many_the_pace_falls_short():
    assert seen({date(2026, 10, 12): 10, MONDAY: 3, FRIDAY: 2}).sentence.endswith(
        "about 25 of 60 will have answered by November 6: 11 short of the target"
    )


def test_it_never_passes_the_staff():
    found = seen({date(2026, 10, 12): 20, FRIDAY: 30})
    assert "about 60 of 60" in found.sentence
    assert found.expected is not None and found.expected["respondents"].max() == 60


def test_days_since_the_latest_upload_are_days_without_answers():
    answers = {date(2026, 10, 5): 4, date(2026, 10, 12): 10}
    assert "it stays at 14 of 60 until November 6: 22 short" in seen(answers, uploaded=FRIDAY).sentence
    assert "about 52 of 60" in seen(answers, uploaded=date(2026, 10, 12)).sentence


def test_answers_on_a_weekend_count():
    found = seen({date(2026, 10, 12): 1, date(2026, 10, 24): 10}, uploaded=None, today=date(2026, 10, 25))
    assert "about 31 of 60" in found.sentence


def test_a_survey_of_two_days_has_the_pace_of_two_days():
    found = seen({date(2026, 10, 22): 3, FRIDAY: 1})
    assert found.sentence.startswith("At the pace of the last two working days about 24 of 60")


@pytest.mark.parametrize(
    ("new", "options", "sentence"),
    [
        ({}, {}, "Nobody has answered yet; the form closes on November 6"),
        ({}, {"closes_on": None}, "Nobody has answered yet"),
        ({}, {"today": date(2026, 12, 1)}, "Nobody has answered yet; the form closed on November 6"),
        ({MONDAY: 1, FRIDAY: 1}, {"today": date(2026, 12, 1)}, "2 of 60 have answered; the form closed on November 6"),
        (
            {MONDAY: 1, FRIDAY: 1},
            {"closes_on": None},
            "2 of 60 have answered; no closing day is set, so nobody can say where it will end",
        ),
        ({FRIDAY: 1}, {}, "1 of 60 has answered; all of one day, which is too few to tell the pace"),
        ({MONDAY: 50, FRIDAY: 10}, {}, "60 of 60 have answered; nobody is missing"),
        (
            {MONDAY: 60, FRIDAY: 10},
            {},
            "70 have answered; that is more than the 60 on the list, so check the number of staff",
        ),
    ],
)
def test_where_nothing_can_be_foreseen_it_says_why(new, options, sentence):
    found = seen(new, **options)
    assert found.sentence == sentence
    assert found.expected is None


def test_without_a_headcount_there_is_a_pace_but_no_target():
    found = seen({MONDAY: 5, FRIDAY: 5}, staff=None)
    assert found.sentence == "At the pace of the last five working days about 30 will have answered by November 6"
    assert found.target is None


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
