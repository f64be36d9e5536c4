"""Shares, Wilson intervals with finite-population correction and worst-case bounds."""

from math import ceil, floor

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from pd_core.measures.intervals import with_wilson_interval, with_worst_case_bounds
from tests.measures.by_hand import wilson_by_hand


def wilson(rows: list[tuple], confidence: float = 0.95) -> list[tuple]:
    frame = counted(rows)
    with_interval = with_wilson_interval(frame, count="x", base="n", population="people", confidence=confidence)
    return with_interval.select("share", "share_low", "share_high").rows()


def worst_case(rows: list[tuple]) -> list[tuple]:
    bounded = with_worst_case_bounds(counted(rows), count="x", base="n", population="people")
    return bounded.select("share_worst_low", "share_worst_high").rows()


def counted(rows: list[tuple]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema={"x": pl.Int64, "n": pl.Int64, "people": pl.Int64}, orient="row")


@st.composite
def counts(draw: st.DrawFn) -> tuple[int, int, int]:
    """(count, respondents, headcount) with 0 <= x <= n <= N and somebody having answered."""
    people = draw(st.integers(1, 5_000))
    respondents = draw(st.integers(1, people))
    return draw(st.integers(0, respondents)), respondents, people


@pytest.mark.parametrize(
    ("n", "x", "wilson_people", "worst_people"),
    [(6, 5, (27, 59), (5, 59)), (20, 12, (25, 46), (12, 52)), (40, 24, (30, 42), (24, 44))],
)
def test_intervals_of_a_staff_of_sixty_end_at_whole_people(n, x, wilson_people, worst_people):
    [(_, low, high)] = wilson([(x, n, 60)])
    [(worst_low, worst_high)] = worst_case([(x, n, 60)])
    assert (low * 60, high * 60) == pytest.approx(wilson_people, abs=1e-9)
    assert (worst_low * 60, worst_high * 60) == pytest.approx(worst_people, abs=1e-9)


@pytest.mark.parametrize("confidence", [0.8, 0.95, 0.99])
def test_in_a_huge_population_the_interval_is_the_plain_wilson_interval(confidence):
    rows = [(x, n, 10**15) for n in (1, 2, 5, 17, 60, 1000) for x in range(0, n + 1, max(1, n // 20))]
    for (x, n, _), (share, low, high) in zip(rows, wilson(rows, confidence), strict=True):
        expected = binomtest(x, n).proportion_ci(confidence, method="wilson")
        assert share == x / n
        assert (low, high) == pytest.approx((expected.low, expected.high), abs=1e-9), f"{x} of {n}"


def test_every_staff_up_to_thirty_agrees_with_the_formula_worked_by_hand():
    rows = [(x, n, people) for people in range(1, 31) for n in range(1, people + 1) for x in range(n + 1)]
    for (x, n, people), (share, low, high) in zip(rows, wilson(rows), strict=True):
        if n == people:
            assert low == high == share == x / n, f"{x} of {n}, all of {people}"
            continue
        between = wilson_by_hand(x / n, n * (people - 1) / (people - n))
        expected = floor(between[0] * people + 1e-6) / people, ceil(between[1] * people - 1e-6) / people
        assert (low, high) == pytest.approx(expected, abs=1e-12), f"{x} of {n}, staff {people}"


def test_worst_case_bounds_are_the_extremes_over_every_way_the_others_could_answer():
    rows = [(x, n, people) for people in range(1, 15) for n in range(1, people + 1) for x in range(n + 1)]
    for (x, n, people), bounds in zip(rows, worst_case(rows), strict=True):
        possible = [(x + others) / people for others in range(people - n + 1)]
        assert bounds == (min(possible), max(possible)), f"{x} of {n}, staff {people}"


@given(counts())
def test_bounds_enclose_the_share_and_stay_between_none_and_all(row):
    [(share, low, high)] = wilson([row])
    [(worst_low, worst_high)] = worst_case([row])
    assert 0 <= low <= share <= high <= 1
    assert 0 <= worst_low <= share + 1e-12
    assert share - 1e-12 <= worst_high <= 1


@given(counts())
def test_counting_the_others_mirrors_the_interval(row):
    x, n, people = row
    [(share, low, high), (mirrored, mirrored_low, mirrored_high)] = wilson([row, (n - x, n, people)])
    assert (1 - mirrored, 1 - mirrored_high, 1 - mirrored_low) == pytest.approx((share, low, high), abs=1e-9)


@given(counts(), st.integers(2, 10))
def test_more_answers_with_the_same_share_never_widen_the_interval(row, times):
    x, n, people = row
    staff = max(people, times * n)
    [(_, low, high), (_, more_low, more_high)] = wilson([(x, n, staff), (times * x, times * n, staff)])
    assert low <= more_low + 1e-12, "rounding to whole people keeps the order"
    assert more_high <= high + 1e-12


@given(counts())
def test_when_everyone_has_answered_the_interval_is_the_share(row):
    x, n, _ = row
    share = x / n
    assert wilson([(x, n, n), (x, n, n - 1)]) == [(share, share, share)] * 2
    assert worst_case([(x, n, n), (x, n, n - 1)]) == [(share, share)] * 2


def test_nobody_answered_means_no_share_at_all():
    assert wilson([(0, 0, 60), (0, 0, 0), (0, 0, None)]) == [(None, None, None)] * 3
    assert worst_case([(0, 0, 60), (0, 0, 0), (0, 0, None)]) == [(None, None)] * 3


def test_without_a_headcount_there_is_a_share_but_no_interval():
    assert wilson([(3, 4, None)]) == [(0.75, None, None)]
    assert worst_case([(3, 4, None)]) == [(None, None)]
    [row] = with_wilson_interval(counted([(3, 4, 60)]), count="x", base="n", population=None).rows(named=True)
    assert (row["share"], row["share_low"], row["share_high"]) == (0.75, None, None)


def test_unsigned_counts_do_not_wrap_around():
    frame = counted([(3, 4, 60), (3, 4, 2)]).cast(pl.UInt32)
    assert with_wilson_interval(frame, count="x", base="n", population="people").select(
        "share", "share_low", "share_high"
    ).rows() == wilson([(3, 4, 60), (3, 4, 2)])


def test_columns_are_named_after_the_prefix_and_the_rest_of_the_frame_is_kept():
    frame = counted([(3, 4, 60)])
    bounded = with_wilson_interval(frame, count="x", base="n", population="people", prefix="word")
    bounded = with_worst_case_bounds(bounded, count="x", base="n", population="people", prefix="word")
    added = ["word", "word_low", "word_high", "word_worst_low", "word_worst_high"]
    assert bounded.columns == [*frame.columns, *added]
    assert set(bounded.select(added).dtypes) == {pl.Float64}


def test_a_frame_without_rows_keeps_its_types():
    bounded = with_wilson_interval(counted([]), count="x", base="n", population="people")
    assert bounded.schema["share_low"] == pl.Float64


@pytest.mark.parametrize("add", [with_wilson_interval, with_worst_case_bounds])
@pytest.mark.parametrize("wrong", [(5, 4, 60), (-1, 4, 60)])
def test_a_count_outside_its_base_is_refused_and_named(add, wrong):
    with pytest.raises(ValueError, match=rf"x must lie between 0 and n: x is {wrong[0]} where n is 4 \(1 of 2 rows\)"):
        add(counted([(1, 2, 3), wrong]), count="x", base="n", population="people")


@pytest.mark.parametrize("confidence", [0, 1, 95])
def test_a_confidence_that_is_not_a_fraction_is_refused(confidence):
    with pytest.raises(ValueError, match="confidence must be between 0 and 1"):
        wilson([(3, 4, 60)], confidence=confidence)
