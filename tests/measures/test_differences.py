"""Differences of two shares: Newcombe's interval, Benjamini and Hochberg's p-values, and the word for each."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from scipy.stats import false_discovery_control
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep, proportions_ztest

from pd_core.measures.differences import CLEAR, MARGIN, with_difference
from pd_core.measures.district import district_share
from pd_core.measures.newcombe import benjamini_hochberg
from pd_core.measures.reference_groups import with_rest_of_district

REFERENCE = Path(__file__).parent / "reference"
NEEDED = ["share", "inverse_size", "reference_share", "reference_inverse_size"]
NUMBERS = ["difference", "difference_low", "difference_high", "p_value", "adjusted_p"]


def compared(*rows: tuple, confidence: float = 0.95) -> pl.DataFrame:
    """Rows of (share, 1 / n_eff, share beside it, 1 / n_eff)."""
    frame = pl.DataFrame(rows, schema=dict.fromkeys(NEEDED, pl.Float64), orient="row")
    return with_difference(frame, confidence=confidence)


def of_counts(x: int, n: int, beside_x: int, beside_n: int) -> tuple[float, float, float, float]:
    return x / n, 1 / n, beside_x / beside_n, 1 / beside_n


def word(*row: float | None) -> str:
    return compared(row)["word"].item()


sides = st.tuples(st.floats(0, 1), st.just(0) | st.floats(1e-5, 1))


@pytest.mark.parametrize(
    ("counts", "low", "high"),
    [
        ((56, 70, 48, 80), 0.0524, 0.3339),
        ((9, 10, 3, 10), 0.1705, 0.8090),
        ((6, 7, 2, 7), 0.0582, 0.8062),
        ((5, 56, 0, 29), -0.0381, 0.1926),
        ((0, 10, 0, 20), -0.1611, 0.2775),
        ((0, 10, 0, 10), -0.2775, 0.2775),
        ((10, 10, 0, 20), 0.6791, 1),
        ((10, 10, 0, 10), 0.6075, 1),
    ],
)
def test_intervals_are_those_newcombe_published(counts, low, high):
    found = compared(of_counts(*counts)).row(0, named=True)
    assert (found["difference_low"], found["difference_high"]) == pytest.approx((low, high), abs=6e-5)


@pytest.mark.parametrize("confidence", [0.8, 0.95])
def test_intervals_are_those_of_statsmodels(confidence):
    counts = [(x, n, y, m) for n in (1, 7, 40) for m in (5, 90) for x in {0, n // 3, n} for y in {0, m // 2, m}]
    found = compared(*(of_counts(*four) for four in counts), confidence=confidence)
    for four, row in zip(counts, found.iter_rows(named=True), strict=True):
        expected = confint_proportions_2indep(*four, method="newcomb", alpha=1 - confidence)
        assert (row["difference_low"], row["difference_high"]) == pytest.approx(expected, abs=1e-9), four


def test_p_values_are_adjusted_as_by_statsmodels():
    source = np.random.default_rng(2)
    found = compared(*source.uniform(0.01, 0.6, (200, 4)).tolist())
    _, expected, _, _ = multipletests(found["p_value"], method="fdr_bh")
    assert found["adjusted_p"].to_list() == pytest.approx(expected)


@given(sides, sides)
def test_at_one_less_the_p_value_the_interval_just_touches_no_difference(side, beside):
    row = compared((*side, *beside)).row(0, named=True)
    if 1e-6 < row["p_value"] < 1 - 1e-6:
        at = compared((*side, *beside), confidence=1 - row["p_value"]).row(0, named=True)
        assert min(abs(at["difference_low"]), abs(at["difference_high"])) < 1e-6


@given(sides, sides)
def test_the_p_value_and_the_interval_never_disagree(side, beside):
    row = compared((*side, *beside)).row(0, named=True)
    assert -1 <= row["difference_low"] <= row["difference"] <= row["difference_high"] <= 1
    if abs(row["p_value"] - CLEAR) > 1e-6 and abs(row["difference"]) > 1e-6:
        assert (row["p_value"] < CLEAR) == (row["difference_low"] > 0 or row["difference_high"] < 0)


@given(sides, sides)
def test_exchanging_the_sides_mirrors_everything(side, beside):
    one, other = compared((*side, *beside)).row(0, named=True), compared((*beside, *side)).row(0, named=True)
    assert other["difference_low"] == pytest.approx(-one["difference_high"], abs=1e-12)
    assert other["p_value"] == pytest.approx(one["p_value"])
    mirrored = {"clearly above": "clearly below", "clearly below": "clearly above"}
    assert other["word"] == mirrored.get(one["word"], one["word"])


def test_each_word_is_said_when_it_is_so():
    assert word(0.8, 1 / 60, 0.5, 1 / 600) == "clearly above"
    assert word(0.2, 1 / 60, 0.5, 1 / 600) == "clearly below"
    assert word(0.52, 1 / 400, 0.5, 1 / 600) == "about the same"
    assert word(0.7, 1 / 8, 0.5, 1 / 600) == "cannot tell yet"
    assert word(0.5, 1 / 8, 0.5, 1 / 600) == "cannot tell yet", "equal so far, and of eight people"


def stressed(*rows: tuple) -> list[tuple[str, str | None]]:
    """Word and what holds it back, of rows of (share, 1 / n_eff, share beside it, 1 / n_eff, unanswered, beside)."""
    columns = [*NEEDED, "missing", "beside_missing"]
    frame = pl.DataFrame(rows, schema=dict.fromkeys(columns, pl.Float64), orient="row")
    found = with_difference(frame, unanswered="missing", reference_unanswered="beside_missing")
    return found.select("word", "held_back").rows()


def test_less_than_ten_points_are_never_clear():
    assert stressed((0.59, 0, 0.5, 0, 0, 0)) == [("about the same", "small")]
    assert stressed((0.60, 0, 0.5, 0, 0, 0)) == [("clearly above", None)]


def test_a_word_that_who_did_not_answer_could_undo_is_not_said():
    apart = (0.62, 1 / 200, 0.5, 1 / 2000)
    assert stressed((*apart, 0.5, 0.5)) == [("clearly above", None)], "both sides would be lower alike"
    assert stressed((*apart, 0.7, 0.1)) == [("cannot tell yet", "stress")], "0.515 and 0.485 then"
    assert stressed((0.35, 1 / 200, 0.5, 1 / 2000, 0.0, 0.9)) == [("cannot tell yet", "stress")], "0.35 and 0.365 then"
    assert stressed((0.35, 1 / 200, 0.5, 1 / 2000, 0.9, 0.0)) == [("clearly below", None)]


def test_where_nobody_is_missing_stress_changes_nothing():
    source = np.random.default_rng(4)
    rows = source.uniform(0.01, 0.6, (100, 4)).tolist()
    plain = compared(*rows)
    assert stressed(*((*row, 0.0, 0.0) for row in rows)) == plain.select("word", "held_back").rows()


def test_p_values_of_two_proportions_are_near_those_of_the_test_of_proportions():
    """R's prop.test without its correction, in statsmodels; Newcombe's interval is another one, but not far from it."""
    counts = [(30, 60, 45, 60), (10, 40, 30, 60), (50, 90, 150, 400), (20, 50, 22, 50)]
    found = compared(*(of_counts(*four) for four in counts))["p_value"].to_list()
    expected = [proportions_ztest([x, y], [n, m])[1] for x, n, y, m in counts]
    assert found == pytest.approx(expected, abs=0.02)


def test_about_the_same_reaches_as_far_as_the_margin():
    assert word(0.5 + MARGIN - 0.01, 0, 0.5, 0) == "clearly above", "known, though small"
    found = compared((0.6, 1 / 90, 0.5, 1 / 900)).row(0, named=True)
    assert found["difference_low"] < 0 < MARGIN < found["difference_high"]
    assert found["word"] == "cannot tell yet"


def test_what_is_known_of_everyone_differs_or_does_not():
    found = compared((0.5, 0, 0.4, 0), (0.4, 0, 0.4, 0), (0.1 + 0.2, 0, 0.3, 0))
    assert found["p_value"].to_list() == [0, 1, 1]
    assert found["difference_low"].to_list() == found["difference_high"].to_list() == pytest.approx([0.1, 0, 0])
    assert found["word"].to_list() == ["clearly above", "about the same", "about the same"]


def test_one_chance_in_thirty_is_clear_alone_and_not_among_many():
    row = of_counts(15, 30, 70, 100)
    assert 0.02 < compared(row)["p_value"].item() < CLEAR
    assert word(*row) == "clearly below"
    among = compared(row, *[of_counts(15, 30, 50, 100)] * 20)
    assert among["word"][0] == "cannot tell yet"


def test_what_is_not_known_has_no_numbers_and_changes_nothing_else():
    known = [of_counts(15, 30, 70, 100), of_counts(25, 30, 50, 100), of_counts(16, 30, 50, 100)]
    unknown = [tuple(None if place == missing else 0.5 for place in range(4)) for missing in range(4)]
    both = compared(*known, *unknown)
    assert_frame_equal(both.head(3), compared(*known))
    assert both.select(NUMBERS).tail(4).null_count().row(0) == (4,) * len(NUMBERS)
    assert set(both["word"].tail(4)) == {"cannot tell yet"}


def test_a_frame_without_rows_and_one_without_knowledge_keep_their_types():
    types = {**dict.fromkeys([*NEEDED, *NUMBERS], pl.Float64), "held_back": pl.String, "word": pl.String}
    assert compared().schema == compared((None, None, None, None)).schema == types


def test_columns_may_have_other_names():
    frame = pl.DataFrame({"a": [0.8], "b": [1 / 60], "c": [0.5], "d": [0.0]})
    found = with_difference(frame, share="a", inverse_size="b", reference_share="c", reference_inverse_size="d")
    assert_frame_equal(found.drop("a", "b", "c", "d"), compared((0.8, 1 / 60, 0.5, 0)).drop(NEEDED))


@pytest.mark.parametrize("confidence", [0, 1, 95])
def test_a_confidence_that_is_not_a_fraction_is_refused(confidence):
    with pytest.raises(ValueError, match="confidence must be between 0 and 1"):
        compared((0.5, 0.1, 0.5, 0.1), confidence=confidence)


def test_a_school_and_the_rest_of_its_district_differ_as_the_survey_package_finds():
    expected = pl.read_csv(REFERENCE / "rest_expected.csv")
    inputs = pl.read_csv(REFERENCE / "district_inputs.csv", schema_overrides={"headcount": pl.Int64})
    schools = (
        inputs.with_columns(respondents=pl.sum_horizontal("^count_.$"), count=pl.col("count_2") + pl.col("count_3"))
        .join(expected.select("district", "school_id"), on=["district", "school_id"], how="semi")
        .with_columns(share=pl.col("count") / pl.col("respondents"))
    )
    own = district_share(schools, by=["district", "school_id"]).select("district", "school_id", own_se="share_se")
    rest = with_rest_of_district(schools, district_share(schools, by=["district"]), by="district")
    found = expected.join(rest, on=["district", "school_id"]).join(own, on=["district", "school_id"])
    assert found.height == expected.height > 60
    rest_variance = pl.col("reference_inverse_size") * pl.col("reference_share") * (1 - pl.col("reference_share"))
    here = {
        "rest_share": pl.col("reference_share"),
        "rest_se": rest_variance.sqrt(),
        "difference": pl.col("share") - pl.col("reference_share"),
        "difference_se": (rest_variance + pl.col("own_se") ** 2).sqrt(),
    }
    for name, value in here.items():
        apart = found.filter(((value - pl.col(name)).abs() > 1e-6) | value.is_null())
        assert apart.is_empty(), (name, apart)


@given(st.lists(st.just(np.nan) | st.floats(0, 1), max_size=20))
def test_p_values_are_adjusted_as_scipy_does_and_what_is_not_known_is_no_test(found: list[float]) -> None:
    p_value = np.array(found)
    known = ~np.isnan(p_value)
    adjusted = benjamini_hochberg(p_value)
    assert np.isnan(adjusted[~known]).all()
    if known.any():
        assert adjusted[known] == pytest.approx(false_discovery_control(p_value[known], method="bh"), abs=1e-15)
