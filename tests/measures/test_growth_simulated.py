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


def counted(source, first, second, *, answering, staying):
    """The frame of `with_change` where `answering` people of each row answer each time, `staying` of them (0-1) both
    times; `first` and `second` say who would say yes, a row a school and skill, a column a person."""
    order = source.random(first.shape).argsort(axis=1)
    both = round(staying * answering)
    in_first, kept = order < answering, order < both
    in_second = kept | (~in_first & (order < 2 * answering - both))
    counts = [in_first, in_first & first, in_second, in_second & second]
    counts += [kept, kept & first, kept & second, kept & first & second]
    named = zip((*NEEDED, *MATCHED), counts, strict=True)
    return pl.DataFrame({name: where.sum(axis=1).astype(np.int64) for name, where in named})


def wobbling(source, *, wobble=0.3, rows=SCHOOLS * SKILLS):
    """Who is proficient then and now where nothing changed: each person has a level, and each time a chance of `wobble`
    to answer one level up or down instead."""
    levels = (source.random((rows, STAFF, 1)) > source.dirichlet(np.ones(4), (rows, 1)).cumsum(axis=2)).sum(axis=2)
    answers = []
    for _ in range(2):
        step = np.where(source.random(levels.shape) < wobble, source.choice([-1, 1], levels.shape), 0)
        answers.append(np.clip(levels + step, 0, 3) >= 2)
    return answers


def coins(source, *, change=0.0, rows=SCHOOLS * SKILLS):
    """Each person says yes with a chance of their own, `change` greater the second time: the least kind case."""
    own = np.clip(source.beta(4, 4, (rows, 1)) * 0.6 + 0.1 + source.normal(0, 0.25, (rows, STAFF)), 0.02, 0.98 - change)
    return source.random(own.shape) < own, source.random(own.shape) < own + change


def found_alone(frame):
    """Whether a row would be improved or declined if it were the only one."""
    fewest = pl.min_horizontal("respondents_from", "respondents_to")
    size = pl.col("change").abs()
    is_large = (size >= MIN_CHANGE - 1e-9) & (size * fewest >= MIN_PEOPLE - 1e-9)
    return frame.select((pl.col("p") <= FALSE_DISCOVERY_RATE) & is_large).to_series()


WHO_ANSWERS = [(20, 0.0), (30, 0.0), (20, 0.6), (30, 0.6), (40, 0.6), (20, 1.0), (30, 1.0), (40, 1.0), (55, 1.0)]


@pytest.mark.parametrize(("answering", "staying"), WHO_ANSWERS)
@pytest.mark.parametrize(("kind", "most"), [(wobbling, 0.05), (coins, 0.08)], ids=["wobble", "coins"])
def test_where_nothing_changed_few_rows_say_that_it_did(kind, most, answering, staying):
    source = np.random.default_rng(21)
    alone, together = [], []
    for _ in range(20):
        frame = with_change(counted(source, *kind(source), answering=answering, staying=staying))
        alone.append(found_alone(frame).mean())
        together.append(with_verdict(frame)["verdict"].is_in([IMPROVED, DECLINED]).mean())
    LOG.info(
        f"nothing changed, {kind.__name__}, {answering} of {STAFF}, {staying:.0%} the same: "
        f"{np.mean(alone):.2%} alone, {np.mean(together):.3%} in the table"
    )
    assert np.mean(alone) <= most
    assert np.mean(together) <= 0.01


@pytest.mark.parametrize("staying", [0.0, 0.7, 1.0])
def test_a_change_of_fifteen_points_is_found_as_often_as_the_smallest_change_says(staying):
    source = np.random.default_rng(22)
    frame = counted(source, *coins(source, change=0.15, rows=6000), answering=30, staying=staying)
    found = with_change(frame)
    error = found["smallest_change"].to_numpy() / 2.8
    expected = norm.cdf(0.15 / error - norm.ppf(0.975)).mean()
    power = ((found["p"] <= FALSE_DISCOVERY_RATE) & (found["change"] > 0)).mean()
    held = ((found["change_low"] <= 0.15) & (found["change_high"] >= 0.15)).mean()
    LOG.info(f"15 points, {staying:.0%} the same: found {power:.1%}, foretold {expected:.1%}, held {held:.1%}")
    assert power == pytest.approx(expected, abs=0.05)
    assert 0.93 <= held <= 0.97


@pytest.mark.parametrize(("rows", "often"), [(1, 0.8), (12, 0.45), (144, 0.2), (720, 0.1)])
def test_among_many_a_change_of_the_smallest_size_gets_its_word_as_seldom_as_methods_say(rows, often):
    """One row changed by its own smallest change, and is called improved; no other row changed."""
    source = np.random.default_rng(26)
    people, size, tables = 200, 0.139, 400
    first, second = source.binomial(people, 0.43, (tables, rows)), source.binomial(people, 0.43, (tables, rows))
    second[:, 0] = source.binomial(people, 0.43 + size, tables)
    flat = {"respondents_from": people, "proficient_from": first.ravel(), "respondents_to": people,
            "proficient_to": second.ravel(), "table": np.repeat(np.arange(tables), rows)}  # fmt: skip
    frame = with_change(pl.DataFrame(flat).with_columns(pl.lit(None, pl.Int64).alias(name) for name in MATCHED))
    words = with_verdict(frame, family=["table"])["verdict"].to_numpy().reshape(tables, rows)
    found = (words[:, 0] == IMPROVED).mean()
    foretold = frame["smallest_change"].to_numpy().reshape(tables, rows)[:, 0].mean()
    LOG.info(f"{size:.1%} points in one of {rows} rows, smallest change {foretold:.1%}: improved in {found:.1%}")
    assert foretold == pytest.approx(size, abs=0.003)
    assert found == pytest.approx(often, abs=0.06)


def test_random_starts_without_an_effect_are_called_higher_or_lower_in_at_most_one_district_of_twenty():
    source = np.random.default_rng(23)
    words = []
    for _ in range(DISTRICTS):
        values = outcomes(source)
        found = impact.estimate(values, random_starts(source), draws=499)
        words.append(impact.verdict(found, found.p)[0])
    LOG.info({word: words.count(word) / DISTRICTS for word in sorted(set(words))})
    assert words.count(impact.HIGHER) + words.count(impact.LOWER) <= 0.05 * DISTRICTS


def test_twelve_trainings_without_an_effect_leave_the_board_without_a_word_in_all_but_one_district_of_twenty():
    source = np.random.default_rng(26)
    districts, said = 60, 0
    for _ in range(districts):
        values = outcomes(source)
        found = [impact.estimate(values, random_starts(source), draws=499) for _ in range(12)]
        adjusted = impact.holm(np.array([one.p for one in found]))
        words = [impact.verdict(one, float(p))[0] for one, p in zip(found, adjusted, strict=True)]
        said += bool({impact.HIGHER, impact.LOWER} & set(words))
    LOG.info(f"12 trainings: a word in {said} of {districts} districts")
    assert said <= 0.05 * districts + 3  # three: what chance adds to 1 of 20


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
