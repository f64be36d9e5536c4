"""Answers about effects: numbers, checks, what is lacking, and the board that follows from them."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from pd_core.presentation.impact import series_section
from pd_core.storage import Store, outcomes
from pd_core.summaries.impact_figures import Impact
from tests.district import row
from tests.measures.panels import outcomes as made_up
from tests.measures.panels import random_starts
from tests.summaries.trained_schools import MONTHS, fill


@pytest.fixture(scope="module")
def moved() -> tuple[np.ndarray, np.ndarray]:
    source = np.random.default_rng(30)
    values, starts = 50 + 0.5 * (made_up(source) - 90), random_starts(source)
    return values + 3 * (np.arange(18) >= starts[:, None]), starts


def test_an_effect_comes_with_its_events_and_every_check(store: Store, moved: tuple[np.ndarray, np.ndarray]) -> None:
    fill(store, *moved)
    (found,) = Impact(store, ["attendance"], "all").answers
    assert (found.verdict, found.lacking, found.is_share, found.good) == ("higher", (), True, "higher")
    assert found.effect == pytest.approx(0.03, abs=0.01)
    assert found.low < 0.03 < found.high and 0 < found.smallest < 0.03
    assert (found.schools_treated, found.schools_not_yet, len(found.periods)) == (30, 30, 18)
    assert found.events["event"].min() < -2 and found.events["event"].max() >= 3
    assert found.checks["check"].to_list() == [
        "imputed from all untreated periods", "measured from a period earlier", "largest difference before the start",
        "if schools had started two periods earlier", "counting a school as started from 15% of its staff on",
        "counting a school as started from 50% of its staff on",
    ]  # fmt: skip
    assert found.checks["holds"].to_list()[:4] == [True] * 4
    half = found.checks["effect"].to_list()
    assert half[4] == pytest.approx(found.effect) and half[5] is None, "8 of 20 are 40%"


def test_periods_before_the_start_that_differ_are_said(store: Store, moved: tuple[np.ndarray, np.ndarray]) -> None:
    values, starts = moved
    values = values.copy()
    values[:, :3] += 8 * (starts < 18)[:, None]
    fill(store, values, starts)
    (found,) = Impact(store, ["attendance"], "all").answers
    assert row(found.checks, check="largest difference before the start")["holds"] is False


def test_with_too_few_schools_it_says_what_is_lacking(store: Store) -> None:
    source = np.random.default_rng(31)
    values = made_up(source, schools=24, periods=12)
    fill(store, values, np.where(np.arange(24) < 3, 6, 12))
    (found,) = Impact(store, ["attendance"], "all").answers
    assert (found.verdict, found.lacking) == ("cannot tell", (("treated", 2),))
    assert found.first_start == "December 2024"
    assert found.rank is not None and found.effect is not None and found.low is None
    assert found.events.is_empty() and found.checks.is_empty()


@pytest.mark.parametrize(
    ("starts", "lacking", "missing"),
    [
        (np.full(24, 12), "start", 5),
        (np.full(24, 6), "later starts", 5),
        (np.where(np.arange(24) < 10, 1, 12), "earlier periods", 2),
        (np.where(np.arange(24) < 21, 6, 12), "not yet", 2),
    ],
)
def test_each_gate_says_how_many_are_missing(store: Store, starts: np.ndarray, lacking: str, missing: int) -> None:
    fill(store, made_up(np.random.default_rng(32), schools=24, periods=12), starts)
    (found,) = Impact(store, ["attendance"], "all").answers
    assert found.lacking == ((lacking, missing),)


def test_everything_that_stands_in_the_way_is_told_at_once(store: Store) -> None:
    fill(store, made_up(np.random.default_rng(32), schools=12, periods=12), np.where(np.arange(12) < 4, 6, 12))
    (found,) = Impact(store, ["attendance"], "all").answers
    assert found.lacking == (("schools", 8), ("treated", 1))
    assert found.reason == "12 schools have the outcome; it takes 20"


def test_a_school_whose_start_cannot_be_placed_is_left_out_and_no_school_to_compare_with(store: Store) -> None:
    values, starts = made_up(np.random.default_rng(38), schools=5, periods=6), np.array([3, 6, 6, 3, 6])
    fill(store, values, starts)
    by_year = [("s01", "teams-entry", "2024-25", 8), ("s02", "teams-entry", "2024-25", 2),
               ("s03", "teams-entry", "2024-25", 8)]  # fmt: skip
    frame = pl.DataFrame(by_year, schema=outcomes.DELIVERY_SCHEMA, orient="row")
    outcomes.put_outside_deliveries(store, frame, "d.csv", "test")
    impact = Impact(store, ["attendance"], "all")
    one = impact.panel("attendance", "all")
    assert dict(zip(one.school_ids, one.starts.tolist(), strict=True)) == {"s00": 3, "s02": 6, "s04": 6}
    assert one.values.shape == (3, 6)
    (found,) = impact.answers
    assert found.notes == (
        "2 schools left out, for what was taught there by school year cannot be placed among the outcome's months: "
        "load it by month",
    )
    told = impact.series("attendance").filter(pl.col("school_id").is_in(["s01", "s03"]))
    assert told["has_started"].null_count() == told.height == 12


def test_a_series_has_every_school_and_period_and_marks_its_gaps(store: Store) -> None:
    fill(store, made_up(np.random.default_rng(33), schools=3, periods=4), np.array([1, 4, 4]))
    hidden = pl.DataFrame(
        [("s00", MONTHS[2], "attendance", "", None, 7, None, None, None, True, True),
         ("s01", MONTHS[2], "attendance", "", 0.9, 7, None, None, None, False, True)],
        schema=outcomes.OUTCOME_SCHEMA, orient="row",
    )  # fmt: skip
    outcomes.put_outcomes(store, hidden, {}, "o.csv", "test")
    series = Impact(store, [], "all").series("attendance")
    assert series.height == 12
    for school in ("s00", "s01"):
        found = row(series, school_id=school, period=MONTHS[2])
        assert (found["state"], found["value"]) == ("suppressed", None), "seven students are too few to show"
    assert series.filter("has_started")["school_id"].unique().to_list() == ["s00"]


@pytest.mark.parametrize(
    ("staff", "told"),
    [(17, True), (14, True), (13, False), (8, False), (None, False)],
    ids=["30% are 6", "30% are 5", "30% are 4", "30% are 3", "no headcount"],
)
def test_when_a_school_was_trained_is_told_where_that_is_five_people_or_more(
    store: Store, staff: int | None, told: bool
) -> None:
    fill(store, made_up(np.random.default_rng(33), schools=3, periods=4), np.array([1, 4, 4]), staff=staff)
    impact = Impact(store, [], "all")
    series = impact.series("attendance").filter(school_id="s00").sort("period")
    assert series["has_started"].to_list() == ([False, True, True, True] if told else [None] * 4)
    note = series_section(impact, "attendance").note
    assert ("not told when" in note) is not told


def test_what_is_known_is_kept_until_anything_is_written(store: Store, moved: tuple[np.ndarray, np.ndarray]) -> None:
    fill(store, *moved)
    asked = Impact(store, ["attendance"], "all")
    assert asked.answers is Impact(store, ["attendance"], "all").answers
    outcomes.put_outside_deliveries(
        store,
        pl.DataFrame([("s00", "x", MONTHS[0], 1)], schema=outcomes.DELIVERY_SCHEMA, orient="row"),
        "d.csv",
        "test",
    )
    assert asked.answers is not Impact(store, ["attendance"], "all").answers
