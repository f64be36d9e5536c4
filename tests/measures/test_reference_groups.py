"""The rest of the district, and schools that are alike: the same as counting each group anew."""

import numpy as np
import polars as pl
import pytest

from pd_core.measures.district import district_share
from pd_core.measures.intervals import wilson_bounds
from pd_core.measures.reference_groups import alike, with_like_schools, with_rest_of_district
from tests.measures.by_hand import wilson_by_hand


def schools(rows: list[tuple[str, str, int, int | None, int]]) -> pl.DataFrame:
    """school_id, level, respondents, headcount, count; the share of those who answered."""
    columns = {
        "school_id": pl.String,
        "level": pl.String,
        "respondents": pl.Int64,
        "headcount": pl.Int64,
        "count": pl.Int64,
    }
    frame = pl.DataFrame(rows, schema=columns, orient="row").with_columns(skill=pl.lit("word"))
    return frame.with_columns(share=pl.when(pl.col("respondents") > 0).then(pl.col("count") / pl.col("respondents")))


def district_of(frame: pl.DataFrame) -> pl.DataFrame:
    return district_share(frame, by=["skill"])


def interval_of(frame: pl.DataFrame) -> pl.DataFrame:
    low, high = wilson_bounds(pl.col("reference_share"), pl.col("reference_inverse_size"), confidence=0.95)
    return frame.select("reference_share", low=low, high=high)


def counted_anew(frame: pl.DataFrame) -> tuple[float, float, float]:
    """Share and ends of Wilson's interval from the standard error of a group by itself; of one pooled group without."""
    found = district_of(frame).row(0, named=True)
    share, n, people = found["share"], found["weighted_respondents"], found["headcount"]
    if n == people:
        return share, share, share
    if not found["share_se"]:
        return share, *wilson_by_hand(share, n * (people - 1) / (people - n))
    return share, *wilson_by_hand(share, share * (1 - share) / found["share_se"] ** 2)


def made_up(seed: int, number: int = 12) -> pl.DataFrame:
    """Schools with two respondents or more, of which one knows no headcount, one is stale and one answered fully."""
    source = np.random.default_rng(seed)
    rows: list[tuple[str, str, int, int | None, int]] = []
    for place in range(number):
        staff = int(source.integers(20, 90))
        answered = int(source.integers(2, staff))
        headcount = {0: None, 1: answered - 1, 2: answered}.get(place, staff)
        level = "High" if source.random() < 0.5 else "Middle"
        rows.append((f"school {place}", level, answered, headcount, int(source.integers(0, answered + 1))))
    return schools(rows)


@pytest.mark.parametrize("seed", range(5))
def test_the_district_less_a_school_is_the_district_counted_without_it(seed: int) -> None:
    frame = made_up(seed)
    found = interval_of(with_rest_of_district(frame, district_of(frame), by="skill"))
    for place in range(frame.height):
        without = frame.with_row_index().filter(pl.col("index") != place).drop("index")
        assert found.row(place) == pytest.approx(counted_anew(without)), frame["school_id"][place]


@pytest.mark.parametrize("seed", range(5))
def test_schools_alike_are_a_district_of_their_own(seed: int) -> None:
    frame = made_up(seed)
    ids = frame["school_id"].to_list()
    is_like = alike(frame["level"].to_list(), frame["headcount"].to_list(), factor=1.5)
    found = with_like_schools(frame, ids, is_like, by="skill")
    intervals = interval_of(found)
    for place in range(frame.height):
        group = frame.filter(is_like[place])
        assert found["reference_schools"][place] == group.height
        if group.height:
            assert intervals.row(place) == pytest.approx(counted_anew(group))
        else:
            assert intervals.row(place) == (None, None, None)


def test_where_all_agree_the_rest_is_one_group_of_those_who_are_left() -> None:
    frame = schools([("lincoln", "High", 40, 60, 40), ("madison", "High", 10, 40, 0)])
    found = interval_of(with_rest_of_district(frame, district_of(frame), by="skill"))
    assert found.row(0) == pytest.approx(counted_anew(frame[1:])), "not sure only since all ten said the same"
    assert found.row(1) == pytest.approx(counted_anew(frame[:1]))
    assert found.row(0)[2] > 0.2


def test_the_part_of_the_rests_staff_that_did_not_answer_is_told() -> None:
    frame = schools([("lincoln", "High", 40, 60, 30), ("madison", "High", 20, 40, 5), ("ruby", "High", 30, 60, 2)])
    rest = with_rest_of_district(frame, district_of(frame), by="skill")["reference_unanswered"].to_list()
    assert rest == pytest.approx([1 - 50 / 100, 1 - 70 / 120, 1 - 60 / 100])
    is_like = ~np.eye(3, dtype=np.bool_)
    like = with_like_schools(frame, frame["school_id"].to_list(), is_like, by="skill")["reference_unanswered"].to_list()
    assert like == pytest.approx(rest)


def test_a_district_of_one_school_has_no_rest() -> None:
    frame = schools([("lincoln", "High", 40, 60, 40)])
    found = with_rest_of_district(frame, district_of(frame), by="skill")
    assert found.row(0, named=True)["reference_share"] is None
    assert found.row(0, named=True)["reference_inverse_size"] is None


def test_a_hidden_district_has_no_rest() -> None:
    frame = made_up(1)
    hidden = district_of(frame).with_columns(
        pl.lit(None, pl.Int64).alias(name)
        if name in ("respondents", "headcount")
        else pl.lit(None, pl.Float64).alias(name)
        for name in ("respondents", "headcount", "share", "share_se")
    )
    found = with_rest_of_district(frame, hidden, by="skill")
    assert found["reference_share"].null_count() == found["reference_inverse_size"].null_count() == frame.height


def test_the_rest_of_the_district_holds_schools_whose_own_share_is_hidden() -> None:
    frame = schools([("lincoln", "High", 40, 60, 30), ("madison", "High", 20, 40, 5), ("ruby", "High", 10, 30, 2)])
    district = district_of(frame)
    hidden = frame.with_columns(
        pl.when(pl.col("school_id") != "ruby").then("respondents").alias("respondents"),
        pl.when(pl.col("school_id") != "ruby").then("share").alias("share"),
    )
    found = with_rest_of_district(hidden, district, by="skill")
    of_all = with_rest_of_district(frame, district, by="skill")
    assert found["reference_share"][:2].to_list() == pytest.approx(of_all["reference_share"][:2].to_list())
    assert found["reference_inverse_size"][:2].to_list() == pytest.approx(
        of_all["reference_inverse_size"][:2].to_list()
    )


def test_schools_without_a_share_or_a_headcount_are_in_no_group() -> None:
    frame = schools([("ada", "High", 20, 40, 5), ("bell", "High", 0, 40, 0), ("curie", "High", 20, None, 9)])
    is_like = np.array([[False, True, True], [True, False, True], [True, True, False]])
    found = with_like_schools(frame, ["ada", "bell", "curie"], is_like, by="skill")
    assert found["reference_schools"].to_list() == [0, 1, 1]
    assert found["reference_share"].to_list() == [None, 0.25, 0.25]


def test_alike_is_of_one_level_and_a_similar_size() -> None:
    levels = ["High", "High", "High", "Middle", None, "High", None]
    headcounts = [60, 40, 91, 60, 60, None, 60]
    found = alike(levels, headcounts, factor=1.5)
    assert [np.flatnonzero(row).tolist() for row in found] == [[1], [0], [], [], [], [], []]


def test_groups_of_several_skills_are_kept_apart() -> None:
    one = made_up(3)
    both = pl.concat([one, one.with_columns(skill=pl.lit("teams"), share=1 - pl.col("share"))])
    is_like = alike(one["level"].to_list(), one["headcount"].to_list(), factor=3)
    found = with_like_schools(both, one["school_id"].to_list(), is_like, by="skill")
    halves = found["reference_share"].to_list()
    for word, teams in zip(halves[: one.height], halves[one.height :], strict=True):
        assert (word is None and teams is None) or word == pytest.approx(1 - teams)
