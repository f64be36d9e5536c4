"""Pretended starts before the real ones: no effect is found where there is none, and one is where schools set off."""

import numpy as np
import pytest

from pd_core.measures.placebo_starts import EARLIER, placebo_start
from pd_core.measures.staggered import is_treated
from tests.measures.panels import outcomes, random_starts


def test_a_pretended_start_uses_nothing_after_the_real_one():
    source = np.random.default_rng(50)
    values, starts = outcomes(source), random_starts(source)
    more = np.where(is_treated(values, starts), values + 40, values)
    one, other = placebo_start(values, starts, 0.0), placebo_start(more, starts, 40.0)
    assert one is not None and other is not None
    assert other.effect == pytest.approx(one.effect)
    assert other.spread == pytest.approx(one.spread)


def test_schools_that_set_off_before_they_started_are_found():
    source = np.random.default_rng(51)
    values, starts = outcomes(source), random_starts(source)
    ahead = (np.arange(18) >= starts[:, None] - EARLIER) & ~is_treated(values, starts)
    found = placebo_start(values + 5 * ahead, starts, 0.0)
    assert found is not None
    assert found.effect == pytest.approx(5, abs=1.5)
    assert found.effect > 2 * found.spread


def test_by_chance_it_lies_within_two_spreads_nearly_always():
    outside = 0
    for seed in range(40):
        source = np.random.default_rng(seed)
        found = placebo_start(outcomes(source), random_starts(source), 0.0)
        assert found is not None
        outside += abs(found.effect) > 2 * found.spread
    assert outside <= 5


def test_schools_seen_too_short_before_their_start_have_none():
    source = np.random.default_rng(52)
    values = outcomes(source)
    assert placebo_start(values, np.where(np.arange(60) < 20, 4, 18), 0.0) is None
