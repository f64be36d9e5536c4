"""The district's share: strata, weights, and agreement with R's survey package (reference/district.R)."""

from math import ceil, floor, sqrt
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from pd_core.measures.district import district_share, strata
from pd_core.measures.intervals import with_wilson_interval
from tests.measures.by_hand import wilson_by_hand

REFERENCE = Path(__file__).parent / "reference"
ANSWERS = ["count_0", "count_1", "count_2", "count_3"]
SCHOOL = {"school_id": pl.String, "level": pl.String, "respondents": pl.Int64, "count": pl.Int64, "headcount": pl.Int64}


def schools(*rows: tuple) -> pl.DataFrame:
    """Rows of (school_id, level, respondents, count, headcount), all of one group: the item 'word'."""
    return pl.DataFrame(rows, schema=SCHOOL, orient="row").with_columns(item_id=pl.lit("word"))


def share_of(*rows: tuple) -> dict:
    [row] = district_share(schools(*rows), by=["item_id"]).rows(named=True)
    return row


def strata_of(*rows: tuple) -> dict[str, str | None]:
    return dict(strata(schools(*rows), by=["item_id"]).select("school_id", "stratum").iter_rows())


@pytest.fixture(scope="module")
def made_up_districts() -> pl.DataFrame:
    inputs = pl.read_csv(REFERENCE / "district_inputs.csv", schema_overrides={"headcount": pl.Int64})
    return inputs.with_columns(respondents=pl.sum_horizontal(ANSWERS), proficient=pl.col("count_2") + pl.col("count_3"))


@pytest.fixture(scope="module")
def expected_by_r() -> pl.DataFrame:
    return pl.read_csv(REFERENCE / "district_expected.csv")


@st.composite
def districts(draw: st.DrawFn) -> pl.DataFrame:
    """Up to eight schools, many of them tiny, complete, empty or without a headcount."""
    rows = []
    for number in range(draw(st.integers(1, 8))):
        respondents = draw(st.sampled_from([0, 1, 1, 2, 3, 8, 40]))
        headcount = draw(st.none() | st.integers(0, 5) | st.integers(respondents, respondents + 60))
        level = draw(st.sampled_from(["elementary", "middle", "high", None]))
        rows.append((f"s{number}", level, respondents, draw(st.integers(0, respondents)), headcount))
    return schools(*rows)


def test_share_and_standard_error_agree_with_the_survey_package(made_up_districts, expected_by_r):
    measures = {**{answer: answer.replace("count", "level") for answer in ANSWERS}, "proficient": "proficient"}
    found = pl.concat(
        district_share(made_up_districts, by=["district"], count=column).with_columns(measure=pl.lit(measure))
        for column, measure in measures.items()
    )
    both = expected_by_r.join(found, on=["district", "measure"], suffix="_here")
    assert both.height == expected_by_r.height > 100
    apart = both.filter(
        ((pl.col("share") - pl.col("share_here")).abs() > 1e-6)
        | ((pl.col("share_se") - pl.col("share_se_here")).abs() > 1e-6)
        | pl.col("share_se_here").is_null()
    )
    assert apart.is_empty(), apart


def test_levels_of_an_item_sum_to_one_and_agree_with_the_proficient_share(made_up_districts):
    by_answer = made_up_districts.unpivot(
        ANSWERS, index=["district", "school_id", "level", "respondents", "headcount"], variable_name="answer"
    )
    by_answer = district_share(by_answer, by=["district", "answer"], count="value")
    summed = by_answer.group_by("district", maintain_order=True).agg(
        everyone=pl.col("share").sum(),
        proficient=pl.col("share").filter(pl.col("answer").is_in(["count_2", "count_3"])).sum(),
    )
    proficient = district_share(made_up_districts, by=["district"], count="proficient")
    assert summed["everyone"].to_list() == pytest.approx([1] * summed.height, abs=1e-12)
    assert summed["proficient"].to_list() == pytest.approx(proficient["share"].to_list(), abs=1e-12)


def test_the_interval_is_wilsons_with_strata_drawn_towards_the_districts_share(made_up_districts):
    placed = strata(made_up_districts, by=["district"]).drop_nulls("stratum")
    for row in district_share(made_up_districts, by=["district"], count="proficient").iter_rows(named=True):
        share, headcount, variance = row["share"], row["headcount"], 0.0
        for _, stratum in placed.filter(district=row["district"]).group_by("stratum"):
            n, x = stratum["respondents"].sum(), stratum["proficient"].sum()
            people = sum(max(h, n) for h, n in stratum.select("headcount", "respondents").rows())
            pulled = (x + 5 * share) / (n + 5)
            spread = n * pulled * (1 - pulled) / (n - 1)
            variance += (people / headcount) ** 2 * (1 - n / people) * spread / n
        if not variance:
            continue
        low, high = wilson_by_hand(share, share * (1 - share) / variance)
        expected = floor(low * headcount + 1e-6) / headcount, ceil(high * headcount - 1e-6) / headcount
        assert (row["share_low"], row["share_high"]) == pytest.approx(expected, abs=1e-9), row["district"]


def test_a_school_counts_by_its_headcount_not_by_who_answered():
    row = share_of(("large", "high", 10, 10, 90), ("small", "high", 10, 0, 10))
    assert row["share"] == 0.9
    assert (row["respondents"], row["count"], row["headcount"]) == (20, 10, 100)


def test_two_schools_worked_by_hand():
    row = share_of(("a", "high", 4, 1, 10), ("b", "high", 5, 3, 30))
    variance = (10 / 40) ** 2 * (1 - 4 / 10) * (0.25 * 0.75 / 3) + (30 / 40) ** 2 * (1 - 5 / 30) * (0.6 * 0.4 / 4)
    assert row["share"] == pytest.approx((10 * 0.25 + 30 * 0.6) / 40)
    assert row["share_se"] == pytest.approx(sqrt(variance))


def test_schools_with_one_respondent_pool_by_level():
    assert strata_of(
        ("a", "elementary", 1, 0, 30),
        ("b", "elementary", 1, 1, 20),
        ("c", "elementary", 2, 1, 20),
        ("d", None, 9, 1, 20),
    ) == {"a": "pooled: elementary", "b": "pooled: elementary", "c": "c", "d": "d"}


def test_a_lone_respondent_joins_the_largest_stratum_of_the_level():
    assert strata_of(
        ("a", "middle", 1, 0, 30), ("b", "middle", 2, 1, 20), ("c", "middle", 9, 1, 50), ("d", "high", 9, 1, 90)
    ) == {"a": "c", "b": "b", "c": "c", "d": "d"}


def test_schools_without_a_level_are_a_level_of_their_own():
    rows = [("a", None, 1, 0, 30), ("b", None, 4, 1, 20), ("c", "high", 9, 1, 90)]
    assert strata_of(*rows)["a"] == "b"


def test_a_lone_respondent_of_a_level_joins_the_largest_stratum_of_the_district():
    assert strata_of(("a", "middle", 1, 0, 30), ("b", "high", 2, 1, 20), ("c", None, 9, 1, 50))["a"] == "c"


def test_a_lone_respondent_may_join_a_pooled_stratum():
    rows = [("a", "middle", 1, 0, 30), ("b", "high", 1, 1, 20), ("c", "high", 1, 1, 20), ("d", "elementary", 5, 1, 39)]
    assert strata_of(*rows)["a"] == "pooled: high"


def test_lone_respondents_with_nothing_to_join_pool_with_each_other():
    assert strata_of(("a", "middle", 1, 0, 30), ("b", "high", 1, 1, 20), ("c", "elementary", 0, 0, 20)) == {
        "a": "pooled",
        "b": "pooled",
        "c": None,
    }


def test_equal_headcounts_are_told_apart_by_name_whatever_the_order_of_rows():
    rows = [("c", "high", 4, 1, 50), ("a", "high", 1, 0, 30), ("b", "high", 4, 1, 50)]
    assert strata_of(*rows)["a"] == strata_of(*reversed(rows))["a"] == "b"


def test_strata_are_found_within_each_group():
    word = schools(("a", "high", 1, 0, 30), ("b", "high", 1, 1, 20), ("c", "high", 5, 1, 20))
    excel = schools(("a", "high", 1, 0, 30), ("b", "high", 4, 1, 20), ("c", "high", 5, 1, 20))
    both = strata(pl.concat([word, excel.with_columns(item_id=pl.lit("excel"))]), by=["item_id"])
    assert both["stratum"].to_list() == ["pooled: high", "pooled: high", "c", "b", "b", "c"]


def test_the_whole_frame_is_one_group_when_no_group_is_named():
    frame = schools(("a", "middle", 1, 0, 30), ("b", "high", 4, 1, 20), ("c", "high", 5, 1, 90))
    assert strata(frame)["stratum"].to_list() == ["c", "b", "c"]
    assert_frame_equal(district_share(frame, by=[]), district_share(frame, by=["item_id"]).drop("item_id"))


def test_groups_may_be_the_schools_levels_and_may_be_null():
    frame = schools(("a", None, 1, 0, 30), ("b", None, 1, 1, 30), ("c", "high", 1, 1, 30), ("d", "high", 3, 2, 30))
    by_level = district_share(frame, by=["level"])
    assert by_level["level"].to_list() == [None, "high"]
    assert by_level["share"].to_list() == [0.5, 0.75]


def test_schools_without_answers_or_without_headcount_carry_no_weight():
    row = share_of(("a", "high", 8, 2, 20), ("b", "high", 0, 0, 500), ("c", "high", 10, 10, None))
    assert row["share"] == 0.25
    assert (row["respondents"], row["count"]) == (18, 12)
    assert (row["weighted_respondents"], row["headcount"]) == (8, 20)


def test_without_any_headcount_the_share_is_of_respondents_and_has_no_interval():
    row = share_of(("a", "high", 8, 2, None), ("b", "high", 2, 2, None), ("c", "high", 0, 0, 40))
    assert row["share"] == 0.4
    assert [row[name] for name in ("headcount", "share_se", "share_low", "share_high")] == [None] * 4


def test_nobody_answered_means_no_share_at_all():
    row = share_of(("a", "high", 0, 0, 20), ("b", "high", 0, 0, None))
    assert row["respondents"] == row["count"] == row["weighted_respondents"] == 0
    assert [row[name] for name in ("headcount", "share", "share_se", "share_low", "share_high")] == [None] * 5


def test_a_headcount_below_the_respondents_counts_as_the_respondents():
    assert share_of(("a", "high", 8, 2, 5), ("b", "high", 4, 1, 9)) == share_of(
        ("a", "high", 8, 2, 8), ("b", "high", 4, 1, 9)
    )


def test_when_everyone_answered_the_interval_is_the_share():
    row = share_of(("a", "high", 8, 2, 8), ("b", "high", 1, 1, 1))
    assert row["share"] == row["share_low"] == row["share_high"] == 1 / 3
    assert row["share_se"] == 0


def test_schools_that_each_agree_are_no_certainty():
    row = share_of(("a", "high", 5, 5, 30), ("b", "high", 5, 0, 30))
    assert row["share_se"] == 0
    assert row["share_low"] < 0.3 < 0.7 < row["share_high"]


def test_a_district_in_which_all_agree_has_the_interval_of_one_pooled_group():
    row = share_of(("a", "high", 5, 5, 30), ("b", "high", 5, 5, 30))
    [pooled] = with_wilson_interval(schools(("all", None, 10, 10, 60)), count="count", base="respondents",
                                    population="headcount").rows(named=True)  # fmt: skip
    assert (row["share_low"], row["share_high"]) == (pooled["share_low"], pooled["share_high"])


def test_one_small_school_where_all_agree_widens_the_interval_of_the_district():
    others = [(name, "high", 30, 15, 60) for name in "abcd"]
    agreeing, split = (share_of(*others, ("e", "high", 2, x, 60)) for x in (2, 1))
    width = [row["share_high"] - row["share_low"] for row in (agreeing, split)]
    assert width[0] > 0.9 * width[1], "two who agree know no more than two who do not"


def test_a_single_respondent_has_an_interval_but_no_standard_error():
    row = share_of(("a", "high", 1, 1, 30))
    assert (row["share"], row["share_se"], row["share_high"]) == (1.0, None, 1.0)
    assert row["share_low"] < 0.25


def test_the_only_member_of_staff_leaves_nothing_uncertain():
    row = share_of(("a", "high", 1, 1, 1))
    assert (row["share"], row["share_se"], row["share_low"], row["share_high"]) == (1.0, 0.0, 1.0, 1.0)


def test_groups_come_in_the_order_they_first_appear():
    frame = pl.concat(
        schools(("a", "high", 8, 2, 20)).with_columns(item_id=pl.lit(item)) for item in ("word", "excel", "outlook")
    )
    assert district_share(frame, by=["item_id"])["item_id"].to_list() == ["word", "excel", "outlook"]


def test_a_frame_without_rows_keeps_its_columns_and_types():
    empty = district_share(schools(), by=["item_id"])
    assert empty.is_empty()
    assert empty.schema == district_share(schools(("a", "high", 8, 2, 20)), by=["item_id"]).schema


def test_a_count_above_its_respondents_is_refused():
    with pytest.raises(ValueError, match="count must lie between 0 and respondents: count is 9 where respondents is 8"):
        share_of(("a", "high", 8, 9, 20))


@given(districts())
def test_bounds_enclose_the_share_and_stay_between_none_and_all(frame):
    [row] = district_share(frame, by=["item_id"]).rows(named=True)
    assert (row["share"] is None) == (row["respondents"] == 0)
    assert (row["share_low"] is None) == (row["share_high"] is None) == (row["headcount"] is None)
    if row["headcount"] is not None:
        assert 0 <= row["share_low"] <= row["share"] <= row["share_high"] <= 1


@given(districts())
def test_every_stratum_has_two_respondents_unless_only_one_person_counts(frame):
    placed = strata(frame, by=["item_id"]).drop_nulls("stratum")
    answers = placed.group_by("stratum").agg(pl.col("respondents").sum())["respondents"].to_list()
    assert all(n >= 2 for n in answers) or answers == [1]


@given(districts(), st.randoms(use_true_random=False))
def test_the_order_of_schools_changes_nothing(frame, random):
    order = list(range(frame.height))
    random.shuffle(order)
    assert_frame_equal(district_share(frame, by=["item_id"]), district_share(frame[order], by=["item_id"]))


@given(districts(), districts())
def test_another_group_beside_it_changes_nothing(frame, other):
    both = pl.concat([frame, other.with_columns(item_id=pl.lit("excel"))])
    assert_frame_equal(district_share(both, by=["item_id"])[:1], district_share(frame, by=["item_id"]))
