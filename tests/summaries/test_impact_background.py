"""Effects worked out in the background: all come to an end, stay known, and go with their version."""

from __future__ import annotations

import gc
import threading
from weakref import ref

import numpy as np
import polars as pl
import pytest

from pd_core.presentation.impact import answer_sections, board_section
from pd_core.storage import Store, outcomes
from pd_core.summaries import impact_background
from pd_core.summaries.impact_answers import answers
from pd_core.summaries.impact_board import questions_asked
from pd_core.summaries.impact_estimates import questions_known
from pd_core.summaries.impact_figures import Impact
from tests.measures.panels import outcomes as made_up
from tests.measures.panels import random_starts
from tests.summaries.trained_schools import MONTHS, TODAY, fill


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
