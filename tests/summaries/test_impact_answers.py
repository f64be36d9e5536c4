"""Answers about effects: numbers, checks, what is lacking, and the board that follows from them."""

from __future__ import annotations

import gc
import threading
from datetime import date, timedelta
from weakref import ref

import numpy as np
import polars as pl
import pytest

from pd_core.access import EVERYTHING
from pd_core.measures.impact import estimate
from pd_core.presentation.impact import answer_sections, board_section, series_section
from pd_core.storage import Store, outcomes, reference
from pd_core.storage.training_lists import set_training_list
from pd_core.summaries import impact_background
from pd_core.summaries.growth import growth
from pd_core.summaries.impact_answers import CANNOT_TELL, HIGHER, Answer, answers
from pd_core.summaries.impact_board import CHANGE, KEEP, STOP, UNKNOWN, board, questions_asked, trainings
from pd_core.summaries.impact_estimates import questions_known
from pd_core.summaries.impact_figures import Impact
from tests.district import District, row
from tests.measures.panels import outcomes as made_up
from tests.measures.panels import random_starts
from tests.summaries.test_deliveries import CATALOG
from tests.summaries.two_waves import NOW, THEN, answer, at_level

TODAY = date(2026, 11, 29)
MONTHS = [f"{2024 + (8 + month) // 12}-{(8 + month) % 12 + 1:02d}" for month in range(18)]


def fill(
    store: Store,
    values: np.ndarray,
    starts: np.ndarray,
    training: str = "teams-entry",
    measure: str = "attendance",
    staff: int | None = 20,
) -> None:
    """Outcomes (in per cents) of schools with so many staff, 8 of them trained from their start on."""
    schools = [f"s{number:02d}" for number in range(len(values))]
    listed = [(school, school.title(), "", "High", "North", staff) for school in schools]
    schema = dict.fromkeys(reference.SCHOOL_COLUMNS, pl.String) | {"headcount": pl.Int64}
    reference.set_schools(store, pl.DataFrame(listed, schema=schema, orient="row"), "test")
    rows = [
        (school, month, measure, "", value / 100, 200, None, None, None, False, True)
        for school, own in zip(schools, values, strict=True)
        for month, value in zip(MONTHS, own, strict=False)
    ]
    frame = pl.DataFrame(rows, schema=outcomes.OUTCOME_SCHEMA, orient="row")
    outcomes.put_outcomes(store, frame, {measure: "higher"}, "o.csv", "test")
    given = [
        (school, training, MONTHS[start], 8)
        for school, start in zip(schools, starts.tolist(), strict=True)
        if start < values.shape[1]
    ]
    if given:
        delivered = pl.DataFrame(given, schema=outcomes.DELIVERY_SCHEMA, orient="row")
        outcomes.put_outside_deliveries(store, delivered, "d.csv", "test")


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


def test_the_work_goes_on_in_the_background_until_every_question_is_answered(store: Store) -> None:
    fill(store, made_up(np.random.default_rng(34)), random_starts(np.random.default_rng(35)))
    asked = questions_asked(Impact(store, ["attendance"], "all"))
    assert len(asked) == 2, "of all trainings together, and of the one that was given"
    for _ in range(200):
        done, of = impact_background.progress(store, asked)
        if done == of:
            break
    assert (done, of) == (2, 2)


def test_what_many_trainings_moved_in_three_outcomes_stays_known_while_it_is_shown(store: Store) -> None:
    measures = ["attendance", "discipline", "achievement"]
    for number, measure in enumerate(measures):
        values = made_up(np.random.default_rng(number), schools=5, periods=5)
        fill(store, values, np.full(5, 3), measure=measure)
    given = [("s00", f"training{number:02}", MONTHS[3], 8) for number in range(60)]
    frame = pl.DataFrame(given, schema=outcomes.DELIVERY_SCHEMA, orient="row")
    outcomes.put_outside_deliveries(store, frame, "d.csv", "test")
    for _ in range(200):
        asked = questions_asked(Impact(store, measures, "all"))
        done, of = impact_background.progress(store, asked)
        if done == of:
            break
    assert (done, of) == (186, 186), "of 61 trainings and all together"
    answer_sections(Impact(store, measures, "all"))
    board_section(Impact(store, measures, "all"), None, TODAY)
    asked = questions_asked(Impact(store, measures, "all"))
    assert questions_known(asked) == 186


def test_estimates_go_with_the_version_that_they_are_of(store: Store) -> None:
    fill(store, made_up(np.random.default_rng(36), schools=5, periods=5), np.full(5, 3))
    asked = questions_asked(Impact(store, ["attendance"], "all"))
    while len(asked) > impact_background.progress(store, asked)[0]:
        pass
    kept = ref(asked[0].kept)
    fill(store, made_up(np.random.default_rng(37), schools=5, periods=5), np.full(5, 3))
    again = questions_asked(Impact(store, ["attendance"], "all"))
    assert questions_known(again) == 0
    answers(store, asked)
    assert questions_known(again) == 0, "work on an earlier version takes nothing from a later one"
    del asked
    for thread in threading.enumerate():
        if thread.name == "impact":
            thread.join(60)
    gc.collect()
    assert kept() is None


def test_what_ends_the_work_is_raised_and_the_next_call_begins_anew(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(store, made_up(np.random.default_rng(36), schools=5, periods=5), np.full(5, 3))
    asked = questions_asked(Impact(store, ["attendance"], "all"))

    def broken(*_: object) -> None:
        raise ValueError("disk")

    with monkeypatch.context() as patch:
        patch.setattr(impact_background, "work_out", broken)
        with pytest.raises(ValueError, match="disk"):
            impact_background.progress(store, asked)
    assert impact_background.progress(store, asked) == (2, 2)


def answered(verdict: str, good: str = "higher", training: str = "teams-entry") -> Answer:
    blank = dict.fromkeys(Answer.__dataclass_fields__)
    return Answer(**blank | {"training_id": training, "verdict": verdict, "good": good})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("answers", "follows"),
    [
        ([answered("higher")], KEEP),
        ([answered("lower", "lower")], KEEP),
        ([answered("lower")], STOP),
        ([answered("no difference"), answered("no difference")], CHANGE),
        ([answered("no difference"), answered("cannot tell")], UNKNOWN),
        ([answered("higher"), answered("lower")], UNKNOWN),
        ([answered("higher", "")], UNKNOWN),
        ([], UNKNOWN),
    ],
)
def test_what_follows_is_from_effects_alone(store: Store, answers: list[Answer], follows: str) -> None:
    fill(store, made_up(np.random.default_rng(37), schools=5, periods=5), np.full(5, 3))
    assert board(store, None, answers, TODAY)["follows"].to_list() == [follows]


def test_the_board_allows_for_all_trainings_that_are_asked_about(store: Store) -> None:
    source = np.random.default_rng(32)
    values, starts = made_up(source), random_starts(source)
    after = np.arange(values.shape[1]) >= starts[:, None]
    values = values + 0.5 * estimate(values, starts).smallest * after
    names = [f"training-{number:02d}" for number in range(12)]
    for name in names:
        fill(store, 50 + 0.5 * (values - 90), starts, training=name)
    (alone,) = Impact(store, ["attendance"], names[0]).answers
    assert alone.verdict == HIGHER and 0.01 < (alone.p or 0) < 0.05
    together = answers(store, Impact(store, ["attendance"], "all").questions(names))
    assert {one.verdict for one in together} == {CANNOT_TELL}
    assert {one.lacking for one in together} == {(("questions", 0),)}
    assert board(store, None, together, TODAY)["follows"].unique().to_list() == [UNKNOWN]


def test_hours_and_cost_are_those_of_the_catalog_and_of_an_hour(store: Store) -> None:
    fill(store, made_up(np.random.default_rng(38), schools=5, periods=5), np.full(5, 3), training="word-1")
    set_training_list(store, "training", CATALOG, "test")
    (found,) = board(store, None, [], TODAY, rate=40.0).to_dicts()
    assert (found["title"], found["people"], found["hours"], found["cost"]) == ("Word for all", 40, 60, 2400)
    assert board(store, None, [], TODAY)["cost"].to_list() == [None]


def test_schools_count_as_taught_from_five_people_on_between_the_waves(district: District) -> None:
    district.schools(lincoln=60, madison=40, roosevelt=30)
    for wave, level in ((THEN, 1), (NOW, 3)):
        answer(
            district, wave, at_level(level, range(40)) | at_level(1, range(20), "madison")
            | at_level(1, range(20), "roosevelt"),
        )  # fmt: skip
    set_training_list(district.store, "training", CATALOG, "test")
    pair = growth(district.store, district.codebook, target_share=0.6, scope=EVERYTHING)
    after = f"{pair.began[0]:%Y-%m}"
    later = f"{pair.began[1] + timedelta(days=70):%Y-%m}"
    given = [("lincoln", "word-1", after, 20), ("madison", "word-1", after, 3), ("roosevelt", "word-1", later, 20)]
    frame = pl.DataFrame(given, schema=outcomes.DELIVERY_SCHEMA, orient="row")
    outcomes.put_outside_deliveries(district.store, frame, "d.csv", "test")
    (found,) = board(district.store, pair, [], TODAY).to_dicts()
    assert (found["taught_grew"], found["taught"]) == (1, 1), "lincoln alone"
    assert (found["others_grew"], found["others"]) == (0, 1), "roosevelt was later, madison too few"


def test_the_board_counts_where_the_skill_improved_with_and_without_the_training(district: District) -> None:
    answer(district, THEN, at_level(1, range(40)) | at_level(1, range(20), "madison"))
    answer(district, NOW, at_level(2, range(40)) | at_level(1, range(20), "madison"))
    given = pl.DataFrame([("lincoln", "own-course", "2026-01", 20)], schema=outcomes.DELIVERY_SCHEMA, orient="row")
    outcomes.put_outside_deliveries(district.store, given, "d.csv", "test")
    pair = growth(district.store, district.codebook, target_share=0.6, scope=EVERYTHING)
    (found,) = board(district.store, pair, [], TODAY).to_dicts()
    assert (found["title"], found["people"], found["hours"]) == ("own-course", 20, None)
    assert found["taught_grew"] is None, "which skill it teaches is not known"
    assert trainings(district.store) == {"own-course": "own-course"}
