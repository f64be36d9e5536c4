"""What was taught between two waves: periods that reach into that time, people, hours, and few people hidden."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from pd_core.access import EVERYTHING
from pd_core.reference.periods import said, span
from pd_core.storage import outcomes
from pd_core.storage.training_lists import set_training_list
from pd_core.summaries.deliveries import taught_between
from pd_core.summaries.growth import Growth, growth
from tests.district import District, principal
from tests.summaries.two_waves import NOW, THEN, answer, at_level

CATALOG = pl.DataFrame({
    "training_id": ["word-1"], "title": ["Word for all"], "skill_id": ["word"], "kind": ["entry"], "minutes": [90.0],
    "seats": [20], "actions": ["Do one thing"], "url": [""],
})  # fmt: skip


@pytest.fixture
def taught(district: District) -> District:
    for wave in (THEN, NOW):
        answer(district, wave, at_level(2, range(20)) | at_level(2, range(20), "madison"))
    set_training_list(district.store, "training", CATALOG, "test")
    rows = [
        ("lincoln", "word-1", "2025-08", 50), ("lincoln", "word-1", "2025-11", 6), ("lincoln", "word-1", "2026-02", 4),
        ("lincoln", "own", "2025-26", 12), ("lincoln", "word-1", "2026-10", 50), ("madison", "word-1", "2026-01", 4),
    ]  # fmt: skip
    frame = pl.DataFrame(rows, schema=outcomes.DELIVERY_SCHEMA, orient="row")
    outcomes.put_outside_deliveries(district.store, frame, "d.csv", "test")
    return district


def pair(district: District, scope: object = EVERYTHING) -> Growth:
    return growth(district.store, district.codebook, target_share=0.6, scope=scope)  # type: ignore[arg-type]


def test_only_what_lies_between_the_first_answers_of_both_waves_counts(taught: District) -> None:
    found = taught_between(pair(taught), "lincoln").select("training_id", "title", "skill_name", "people", "hours")
    assert found.rows() == [("own", "own", None, 12, None), ("word-1", "Word for all", "Word", 10, 15.0)]


def test_fewer_than_five_people_are_hidden_with_the_reason(taught: District) -> None:
    (found,) = taught_between(pair(taught), "madison").to_dicts()
    assert (found["people"], found["hours"], found["suppressed"]) == (None, None, True)
    assert found["reason"] == "fewer than 5 people"


def test_a_sum_from_which_few_people_follow_is_hidden_too(taught: District) -> None:
    word, own = taught_between(pair(taught), "district").to_dicts()
    assert (own["people"], own["suppressed"]) == (12, False)
    assert (word["people"], word["hours"], word["suppressed"]) == (None, None, True), "14 less Lincoln's 10 is 4"
    assert "could be worked out" in word["reason"]


def test_another_school_is_not_seen(taught: District) -> None:
    assert taught_between(pair(taught, principal("hidden", "madison")), "lincoln").is_empty()


@pytest.mark.parametrize(
    ("period", "first", "last", "words"),
    [
        ("2025-09", date(2025, 9, 1), date(2025, 9, 30), "September 2025"),
        ("2025-12", date(2025, 12, 1), date(2025, 12, 31), "December 2025"),
        ("2025-26", date(2025, 9, 1), date(2026, 8, 31), "the school year 2025-26"),
        ("2025-26 T1", date(2025, 9, 1), date(2026, 8, 31), "T1 of 2025-26"),
    ],
)
def test_a_period_has_its_days_and_its_words(period: str, first: date, last: date, words: str) -> None:
    assert span(period) == (first, last)
    assert said(period) == words
