"""Response rates: what each school's number is called, at every boundary between two names."""

import polars as pl
import pytest

from pd_core.measures.response_rates import RESPONSE_STATUSES, with_response_rates


def rate_and_status(respondents: int, headcount: int | None, target_share: float = 0.7) -> tuple[float | None, str]:
    frame = pl.DataFrame(
        {"respondents": [respondents], "headcount": [headcount]},
        schema={"respondents": pl.Int64, "headcount": pl.Int64},
    )
    return with_response_rates(frame, target_share=target_share, fewest=5).select("rate", "status").row(0)


@pytest.mark.parametrize(
    ("respondents", "headcount", "rate", "status"),
    [
        (0, 60, 0.0, "no answers"),
        (0, 0, None, "no answers"),
        (0, None, None, "no headcount"),
        (30, None, None, "no headcount"),
        (61, 60, 1.0, "check headcount"),
        (3, 2, 1.0, "check headcount"),
        (3, 0, 1.0, "check headcount"),
        (1, 60, 1 / 60, "too few"),
        (4, 4, 1.0, "too few"),
        (5, 60, 5 / 60, "behind"),
        (41, 60, 41 / 60, "behind"),
        (42, 60, 0.7, "on target"),
        (60, 60, 1.0, "on target"),
    ],
)
def test_each_school_is_called_by_what_its_respondents_and_headcount_say(respondents, headcount, rate, status):
    assert rate_and_status(respondents, headcount) == (pytest.approx(rate), status)
    assert status in RESPONSE_STATUSES


@pytest.mark.parametrize("target_pct", range(1, 101))
def test_a_school_that_reaches_its_target_exactly_is_on_target(target_pct):
    assert rate_and_status(target_pct * 5, 500, target_share=target_pct / 100)[1] == "on target"


@pytest.mark.parametrize("target_share", [0, -0.1, 1.01, 70, float("nan")])
def test_a_target_that_is_not_a_fraction_is_refused(target_share):
    with pytest.raises(ValueError, match="target_share must be above 0 and at most 1"):
        rate_and_status(30, 60, target_share=target_share)


def test_types_and_other_columns_are_kept_even_without_rows():
    frame = pl.DataFrame(schema={"school_id": pl.String, "respondents": pl.UInt32, "headcount": pl.Int64})
    rated = with_response_rates(frame, target_share=0.7, fewest=5)
    assert rated.schema == {**frame.schema, "rate": pl.Float64, "status": pl.String}
