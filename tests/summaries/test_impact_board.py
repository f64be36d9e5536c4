"""The board of stop, keep or change: what follows from effects alone, hours, money, and where a skill improved."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import polars as pl
import pytest

from pd_core.access import EVERYTHING
from pd_core.measures.impact import estimate
from pd_core.storage import Store, outcomes
from pd_core.storage.training_lists import set_training_list
from pd_core.summaries.growth import growth
from pd_core.summaries.impact_answers import CANNOT_TELL, HIGHER, Answer, answers
from pd_core.summaries.impact_board import CHANGE, KEEP, STOP, UNKNOWN, board, trainings
from pd_core.summaries.impact_figures import Impact
from tests.district import District
from tests.measures.panels import outcomes as made_up
from tests.measures.panels import random_starts
from tests.summaries.test_deliveries import CATALOG
from tests.summaries.trained_schools import FOUND, TODAY, fill
from tests.summaries.two_waves import NOW, THEN, answer, at_level


def answered(verdict: str, good: str = "higher") -> Answer:
    return replace(FOUND, training_id="teams-entry", verdict=verdict, good=good)


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
