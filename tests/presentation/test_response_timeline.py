"""How many will have answered by the closing day, in words."""

from datetime import date

import pytest

from pd_core.presentation.response_timeline import timeline_sentence
from tests.timeline import FRIDAY, MONDAY, seen

EARLIER = date(2026, 10, 12)


@pytest.mark.parametrize(
    ("new", "options", "sentence"),
    [
        (
            {EARLIER: 10, MONDAY: 6, FRIDAY: 4},
            {},
            "At the pace of the last five working days about 40 of 60 will have answered by November 6: "
            "enough for the target",
        ),
        (
            {EARLIER: 10, MONDAY: 3, FRIDAY: 2},
            {},
            "At the pace of the last five working days about 25 of 60 will have answered by November 6: "
            "11 short of the target",
        ),
        (
            {date(2026, 10, 5): 4, EARLIER: 10},
            {},
            "At the pace of the last five working days it stays at 14 of 60 until November 6: 22 short of the target",
        ),
        (
            {MONDAY: 5, FRIDAY: 5},
            {"staff": None},
            "At the pace of the last five working days about 30 will have answered by November 6",
        ),
    ],
)
def test_it_says_where_the_pace_leads(new, options, sentence):
    assert timeline_sentence(seen(new, **options)) == sentence


def test_a_survey_of_two_days_has_the_pace_of_two_days():
    found = timeline_sentence(seen({date(2026, 10, 22): 3, FRIDAY: 1}))
    assert found.startswith("At the pace of the last two working days about 24 of 60")


@pytest.mark.parametrize(
    ("new", "options", "sentence"),
    [
        ({}, {}, "No one has answered yet; the form closes on November 6"),
        ({}, {"closes_on": None}, "No one has answered yet"),
        ({}, {"today": date(2026, 12, 1)}, "No one has answered yet; the form closed on November 6"),
        ({MONDAY: 1, FRIDAY: 1}, {"today": date(2026, 12, 1)}, "2 of 60 have answered; the form closed on November 6"),
        (
            {MONDAY: 1, FRIDAY: 1},
            {"closes_on": None},
            "2 of 60 have answered; no closing day is set, so no one can say where it will end",
        ),
        ({FRIDAY: 1}, {}, "1 of 60 has answered; all on one day, which is too little to know the pace"),
        ({MONDAY: 50, FRIDAY: 10}, {}, "60 of 60 have answered; no one is missing"),
        (
            {MONDAY: 60, FRIDAY: 10},
            {},
            "70 have answered; that is more than the 60 on the list, so check the number of staff",
        ),
    ],
)
def test_where_nothing_can_be_projected_it_says_why(new, options, sentence):
    assert timeline_sentence(seen(new, **options)) == sentence
