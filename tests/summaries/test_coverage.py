"""Which schools are behind, and how far."""

import polars as pl

from pd_core.summaries.coverage import furthest_behind_first, missing_to_target
from tests.district import District, row


def test_schools_come_by_rate_the_one_furthest_behind_first() -> None:
    verdicts = pl.DataFrame({"school_id": ["ada", "bell", "curie"], "rate": [0.8, None, 0.1]})
    assert furthest_behind_first(verdicts)["school_id"].to_list() == ["curie", "ada", "bell"]


def test_answers_missing_to_the_target_are_fewer_than_those_missing_to_what_can_be_shown(district: District) -> None:
    """Of 6 staff 60% are 4, but nothing is shown of fewer than 5 answers."""
    district.schools(lincoln=6, madison=None)
    district.answers("lincoln", 1, proficiency_word=1)
    survey = district.survey()
    rates = survey.response_rates
    assert missing_to_target(survey, row(rates, school_id="lincoln")) == 3
    assert missing_to_target(survey, row(rates, school_id="madison")) == 0, "the number of staff is not known"
