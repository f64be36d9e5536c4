"""Changes between two waves: interval, p, words, shrinkage, who came and went; against formulas written out plainly."""

import math
import time

import numpy as np
import polars as pl
import pytest
from scipy.optimize import brentq
from scipy.stats import norm, pearsonr
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from pd_core.measures.change import (
    CANNOT_TELL,
    DECLINED,
    IMPROVED,
    MATCHED,
    NEEDED,
    NO_CHANGE,
    came_and_went,
    with_change,
    with_shrunken_change,
    with_verdict,
)
from pd_core.measures.regression_to_mean import expected_regression

SCHEMA = dict.fromkeys((*NEEDED, *MATCHED), pl.Int64)


def changed(*rows: tuple) -> pl.DataFrame:
    """Rows of (n1, x1, n2, x2) and, where known, (m, of these proficient then, now, both times)."""
    full = [(*row, *[None] * (8 - len(row))) for row in rows]
    return with_change(pl.DataFrame(full, schema=SCHEMA, orient="row"))


def judged(*rows: tuple) -> pl.DataFrame:
    return with_verdict(changed(*rows))


Z_95 = norm.ppf(0.975)


def mover(n1, x1, n2, x2, m=0, a=0, b=0, both=0, *, z=Z_95):
    """The interval as its source writes it, a number at a time."""
    p1, p2, alpha = x1 / n1, x2 / n2, 2 * norm.sf(z)
    (l1, u1), (l2, u2) = (proportion_confint(x, n, alpha=alpha, method="wilson") for x, n in ((x1, n1), (x2, n2)))
    phi = 0.0
    if m and 0 < a < m and 0 < b < m:
        phi = (both * m - a * b) / math.sqrt(a * (m - a) * b * (m - b))
    r = phi * m / math.sqrt(n1 * n2)
    low = p2 - p1 - math.sqrt((p2 - l2) ** 2 - 2 * r * (p2 - l2) * (u1 - p1) + (u1 - p1) ** 2)
    high = p2 - p1 + math.sqrt((u2 - p2) ** 2 - 2 * r * (u2 - p2) * (p1 - l1) + (p1 - l1) ** 2)
    return low, high


ROWS = [
    (34, 4, 36, 15, 22, 3, 10, 3),
    (34, 4, 36, 15),
    (10, 10, 12, 5),
    (60, 20, 55, 36, 50, 18, 33, 16),
    (20, 19, 20, 3, 20, 19, 3, 2),
    (25, 5, 40, 8, 15, 1, 3, 0),
]


@pytest.mark.parametrize("row", ROWS)
def test_the_interval_is_the_formula_of_its_source(row):
    found = changed(row).row(0, named=True)
    assert (found["change_low"], found["change_high"]) == pytest.approx(mover(*row), abs=1e-9)


def test_without_matched_people_the_interval_is_newcombe_s_for_independent_shares():
    for row in [(30, 4, 40, 17), (12, 12, 15, 3), (9, 0, 200, 20)]:
        n1, x1, n2, x2 = row
        expected = confint_proportions_2indep(x2, n2, x1, n1, method="newcomb")
        found = changed(row).row(0, named=True)
        assert (found["change_low"], found["change_high"]) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("row", ROWS)
def test_p_is_the_level_at_which_the_interval_just_touches_no_change(row):
    low_end = (lambda z: mover(*row, z=z)[0]) if row[3] / row[2] > row[1] / row[0] else (lambda z: mover(*row, z=z)[1])
    if row[3] / row[2] == row[1] / row[0]:
        assert changed(row)["p"].item() == 1
        return
    expected = 2 * norm.sf(brentq(low_end, 1e-6, 20))
    assert changed(row)["p"].item() == pytest.approx(expected, rel=1e-5)


def test_the_correlation_is_that_of_the_matched_people_and_may_be_negative():
    first, second = np.array([1] * 8 + [0] * 12), np.array([0] * 6 + [1] * 10 + [0] * 4)
    both = int((first & second).sum())
    row = (20, 8, 20, 10, 20, 8, 10, both)
    apart, together = changed(row[:4]).row(0, named=True), changed(row).row(0, named=True)
    assert pearsonr(first, second).statistic < 0
    assert together["change_high"] - together["change_low"] > apart["change_high"] - apart["change_low"]


def test_fewer_than_ten_matched_people_count_as_different_ones():
    few, none = changed((30, 10, 30, 15, 9, 3, 5, 3)), changed((30, 10, 30, 15, 0, 0, 0, 0))
    assert few.select("change_low", "p", "smallest_change").row(0) == none.select(
        "change_low", "p", "smallest_change"
    ).row(0)


def test_the_smallest_change_is_that_of_the_people_s_answers():
    first = np.array([1] * 10 + [0] * 20)
    second = np.array([1] * 9 + [0] * 6 + [1] * 8 + [0] * 7)
    row = (30, 10, 30, 17, 30, 10, 17, int((first & second).sum()))
    covariance = np.cov(first, second)
    expected = 2.8 * math.sqrt(covariance[0, 0] / 30 + covariance[1, 1] / 30 - 2 * 30 * covariance[0, 1] / 900)
    assert changed(row)["smallest_change"].item() == pytest.approx(expected)


def test_the_same_people_with_the_same_answers_did_not_change_and_the_smallest_change_is_told():
    found = judged((40, 15, 40, 15, 40, 15, 15, 15)).row(0, named=True)
    assert (found["change"], found["p"], found["verdict"]) == (0, 1, NO_CHANGE)
    assert found["smallest_change"] == 0


def test_each_word_is_said_when_it_is_so():
    rows = [(40, 8, 40, 28), (40, 28, 40, 8), (300, 150, 300, 153), (12, 4, 12, 6), (9, 1, 40, 30)]
    assert judged(*rows)["verdict"].to_list() == [IMPROVED, DECLINED, NO_CHANGE, CANNOT_TELL, None]


def test_a_change_of_fewer_than_three_people_or_five_points_is_never_improved():
    large = (4000, 2000, 4000, 2190)
    assert judged(large).select("p", "verdict").row(0) == (pytest.approx(0, abs=1e-4), NO_CHANGE), "4.75 points"
    few = (10, 0, 400, 110, 0, 0, 0, 0)
    assert judged(few)["change"].item() * 10 < 3
    assert judged(few)["verdict"].item() == CANNOT_TELL


def test_words_allow_for_how_many_changes_are_looked_at_and_families_stand_apart():
    row = (30, 10, 30, 18)
    p = judged(row)["p"].item()
    assert 0.03 < p < 0.05
    assert judged(row)["verdict"].item() == IMPROVED
    among = judged(row, *[(30, 10, 30, 11)] * 9)
    _, expected, _, _ = multipletests(among["p"], method="fdr_bh")
    assert among["adjusted_p"].to_list() == pytest.approx(expected)
    assert among["verdict"][0] == CANNOT_TELL
    apart = with_verdict(
        changed(row, *[(30, 10, 30, 11)] * 9).with_columns(kind=pl.Series(["a"] + ["b"] * 9)), family=["kind"]
    )
    assert apart["verdict"][0] == IMPROVED


def test_what_is_hidden_has_no_numbers_and_is_in_no_family():
    known = [(30, 10, 30, 18), (30, 10, 30, 11)]
    both = judged(*known, (None, None, 30, 11), (30, 11, None, None))
    assert both.select("change", "p", "verdict", "smallest_change").tail(2).null_count().row(0) == (2, 2, 2, 2)
    assert both["adjusted_p"].head(2).to_list() == judged(*known)["adjusted_p"].to_list()


def test_shrunken_changes_are_drawn_to_the_mean_as_far_as_they_are_unsure():
    frame = pl.DataFrame(
        {"skill_id": ["a"] * 4, "change": [0.4, 0.1, -0.2, 0.3], "change_variance": [0.02, 0.001, 0.01, 0.005]}
    )
    found = with_shrunken_change(frame, by=["skill_id"])
    spread = np.var([0.4, 0.1, -0.2, 0.3], ddof=1) - 0.009
    mean = 0.15
    expected = [
        mean + spread / (spread + v) * (d - mean)
        for d, v in zip(frame["change"], frame["change_variance"], strict=True)
    ]
    assert found["shrunken_change"].to_list() == pytest.approx(expected)
    alone = with_shrunken_change(frame.head(1), by=["skill_id"])["shrunken_change"].item()
    assert alone == pytest.approx(0.4), "one school's mean is its own"


def test_who_came_and_went_adds_up_to_the_change():
    rows = changed((34, 4, 36, 15, 22, 3, 10, 3), (30, 10, 30, 12, 30, 10, 12, 9), (20, 5, 20, 9, 0, 0, 0, 0))
    found = came_and_went(rows)
    parts = found.select(pl.sum_horizontal("from_stayers", "from_newcomers", "from_leavers")).to_series()
    assert parts.head(2).to_list() == pytest.approx(rows["change"].head(2).to_list())
    assert found.select("from_newcomers", "from_leavers").row(1) == (0, 0)
    assert found["from_stayers"][2] is None
    assert found["leavers_share_from"][0] == pytest.approx(1 / 12)


def test_the_lowest_schools_gain_what_regression_alone_would_give():
    source = np.random.default_rng(3)
    gains, expected = [], []
    for _ in range(60):
        truth = source.beta(6, 6, 60)
        first, second = source.binomial(20, truth), source.binomial(20, truth)
        frame = pl.DataFrame({"respondents": [20] * 60, "share": first / 20, "headcount": [None] * 60}).with_columns(
            pl.col("headcount").cast(pl.Int64), changed_share=pl.lit(None, pl.Float64), at=pl.int_range(pl.len())
        )
        lowest = np.argsort(first)[:10]
        gains.append((second[lowest] - first[lowest]).mean() / 20)
        expected.append(expected_regression(frame, pl.col("at").is_in(lowest.tolist())))
    assert np.mean(gains) > 0.03
    assert np.mean(expected) == pytest.approx(np.mean(gains), abs=0.02)


def test_regression_needs_two_schools_and_a_choice():
    frame = pl.DataFrame({"respondents": [20, 30], "share": [0.2, 0.5], "headcount": [40, 40]}).with_columns(
        changed_share=pl.lit(0.1)
    )
    assert expected_regression(frame.head(1), pl.lit(True)) is None
    assert expected_regression(frame, pl.lit(False)) is None


def test_a_count_above_its_base_is_refused():
    with pytest.raises(ValueError, match="proficient_to must lie between 0 and respondents_to"):
        changed((30, 10, 20, 21))


def test_a_district_with_all_its_roles_takes_a_fraction_of_a_second():
    source = np.random.default_rng(1)
    n1, n2 = source.integers(5, 60, (2, 60 * 12 * 8))
    rows = np.column_stack([n1, source.binomial(n1, 0.4), n2, source.binomial(n2, 0.5)])
    frame = pl.DataFrame(rows, schema=NEEDED, orient="row").with_columns(
        pl.lit(None, pl.Int64).alias(name) for name in MATCHED
    )
    began = time.perf_counter()
    with_shrunken_change(with_verdict(with_change(frame)).with_columns(skill=pl.lit("a")), by=["skill"])
    assert time.perf_counter() - began < 0.6
