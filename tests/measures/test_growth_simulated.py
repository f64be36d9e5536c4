"""How often the words on growth and impact are right where the truth is known; reference/README.md has the figures."""

import logging

import numpy as np
import polars as pl
import pytest
from scipy.stats import norm

from pd_core.measures import impact
from pd_core.measures.change import (
    DECLINED,
    FALSE_DISCOVERY_RATE,
    IMPROVED,
    MATCHED,
    MIN_CHANGE,
    MIN_PEOPLE,
    NEEDED,
    with_change,
    with_verdict,
)
from pd_core.measures.staggered import is_treated
from tests.measures.panels import outcomes, random_starts, starts_after_bad_periods

pytestmark = pytest.mark.slow
LOG = logging.getLogger(__name__)
SCHOOLS, SKILLS, STAFF = 60, 12, 60
DISTRICTS = 400


def two_waves(source, *, answering, staying, change=0.0, rows=SCHOOLS * SKILLS):
    """Counts of `rows` school-skills of which `answering` of `STAFF` people answer each time, a share `staying` of them
    both times; each person says yes with a chance of their own, raised by `change` on average in the second wave."""
    base = np.repeat(source.beta(4, 4, (rows, 1)) * 0.6 + 0.1, STAFF, axis=1)
    own = np.clip(base + source.normal(0, 0.25, base.shape), 0.02, 0.98 - change)
    first, second = source.random(own.shape) < own, source.random(own.shape) < own + change
    order = source.random(own.shape).argsort(axis=1)
    in_first = order < answering
    kept = in_first & (order < round(staying * answering))
    others = ~in_first & (order < 2 * answering - round(staying * answering))
    in_second = kept | others
    counts = [in_first, in_first & first, in_second, in_second & second]
    counts += [kept, kept & first, kept & second, kept & first & second]
    frame = pl.DataFrame({
        name: where.sum(axis=1).astype(np.int64) for name, where in zip((*NEEDED, *MATCHED), counts, strict=True)
    })  # fmt: skip
    return frame, np.full(rows, change)


def found_alone(frame):
    """Whether a row would be improved or declined if it were the only one."""
    fewest = pl.min_horizontal("respondents_from", "respondents_to")
    size = pl.col("change").abs()
    is_large = (size >= MIN_CHANGE - 1e-9) & (size * fewest >= MIN_PEOPLE - 1e-9)
    return frame.select((pl.col("p") <= FALSE_DISCOVERY_RATE) & is_large).to_series()


@pytest.mark.parametrize("answering", [20, 30, 40])
@pytest.mark.parametrize("staying", [0.0, 0.6, 1.0])
def test_where_nothing_changed_few_rows_say_that_it_did(answering, staying):
    if 2 * answering - round(staying * answering) > STAFF:
        pytest.skip("there are not so many people")
    source = np.random.default_rng(21)
    alone, together = [], []
    for _ in range(20):
        frame = with_change(two_waves(source, answering=answering, staying=staying)[0])
        alone.append(found_alone(frame).mean())
        together.append(with_verdict(frame)["verdict"].is_in([IMPROVED, DECLINED]).mean())
    LOG.info(
        f"nothing changed, {answering} of {STAFF}, {staying:.0%} the same: "
        f"{np.mean(alone):.2%}, {np.mean(together):.3%}"
    )
    assert np.mean(alone) <= 0.05
    assert np.mean(together) <= 0.01


@pytest.mark.parametrize("staying", [0.0, 0.7, 1.0])
def test_a_change_of_fifteen_points_is_found_as_often_as_the_smallest_change_says(staying):
    source = np.random.default_rng(22)
    frame, change = two_waves(source, answering=30, staying=staying, change=0.15, rows=6000)
    found = with_change(frame)
    error = found["smallest_change"].to_numpy() / 2.8
    expected = norm.cdf(0.15 / error - norm.ppf(0.975)).mean()
    power = ((found["p"] <= FALSE_DISCOVERY_RATE) & (found["change"] > 0)).mean()
    held = ((found["change_low"] <= change) & (change <= found["change_high"])).mean()
    LOG.info(
        f"15 points, {staying:.0%} the same: found {power:.1%}, foretold {expected:.1%}, intervals hold {held:.1%}"
    )
    assert power == pytest.approx(expected, abs=0.05)
    assert 0.93 <= held <= 0.97


def test_random_starts_without_an_effect_are_called_higher_or_lower_in_at_most_one_district_of_twenty():
    source = np.random.default_rng(23)
    words = []
    for _ in range(DISTRICTS):
        values = outcomes(source)
        found = impact.estimate(values, random_starts(source), draws=499)
        words.append(impact.verdict(found, found.p)[0])
    LOG.info({word: words.count(word) / DISTRICTS for word in sorted(set(words))})
    assert words.count(impact.HIGHER) + words.count(impact.LOWER) <= 0.05 * DISTRICTS


@pytest.mark.parametrize("again", [0.0, 0.3])
def test_schools_that_join_after_a_bad_period_cannot_tell(again):
    source = np.random.default_rng(24)
    words = []
    for _ in range(100):
        values = outcomes(source, again=again)
        found = impact.estimate(values, starts_after_bad_periods(values), draws=499)
        words.append(impact.verdict(found, found.p)[0])
    LOG.info(f"after a bad period, {again}: cannot tell {words.count(impact.CANNOT_TELL)} of 100")
    assert words.count(impact.CANNOT_TELL) >= 95


def test_an_effect_of_twice_the_smallest_visible_one_is_found():
    source = np.random.default_rng(25)
    words, held = [], []
    for _ in range(200):
        values, starts = outcomes(source), random_starts(source)
        true = 2 * impact.estimate(values, starts, draws=199).smallest
        found = impact.estimate(np.where(is_treated(values, starts), values + true, values), starts, draws=499)
        words.append(impact.verdict(found, found.p)[0])
        held.append(found.low <= true <= found.high)
    LOG.info(f"2 MDE: found {words.count(impact.HIGHER) / 200:.1%}, intervals hold {np.mean(held):.1%}")
    assert words.count(impact.HIGHER) >= 0.95 * 200
    assert 0.92 <= np.mean(held) <= 0.98
