"""Effects of a training: against a plain reference, another package's figures, and what must be refused."""

import time
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from statsmodels.stats.multitest import multipletests

from pd_core.measures import impact
from pd_core.measures.imputation import imputed_effects, two_way_effects
from pd_core.measures.staggered import Cells, cells, event_effects, is_treated, overall
from pd_core.measures.synthetic_control import placebo_rank
from tests.measures.panels import outcomes, random_starts, starts_after_bad_periods

REFERENCE = Path(__file__).parent / "reference"


def plain_att(values, starts, cohort, period):
    """ATT(g, t) as its source writes it, a school at a time."""
    changes = {True: [], False: []}
    for own, start in zip(values, starts, strict=True):
        change = own[period] - own[cohort - 1]
        if np.isnan(change):
            continue
        if start == cohort:
            changes[True].append(change)
        elif start > max(period, cohort):
            changes[False].append(change)
    return np.mean(changes[True]) - np.mean(changes[False])


def reference_panel():
    inputs = pl.read_csv(REFERENCE / "impact_inputs.csv")
    wide = inputs.pivot(on="period", index=["school", "start"], values="value").sort("school")
    values = wide.drop("school", "start").to_numpy()
    return values, np.where(wide["start"] == 0, values.shape[1], wide["start"].to_numpy())


def with_gaps(values, source, share=0.06):
    return np.where(source.random(values.shape) < share, np.nan, values)


def test_effects_are_the_formula_of_their_source_also_with_gaps():
    source = np.random.default_rng(8)
    values, starts = with_gaps(outcomes(source), source), random_starts(source)
    made = cells(values, starts)
    assert made.cohorts == (6, 9, 12)
    assert made.events == tuple(range(-6, 6))
    found = event_effects(values, starts[None], made)[0]
    for event, effect in zip(made.events, found, strict=True):
        assert effect == pytest.approx(np.mean([plain_att(values, starts, g, g + event) for g in (6, 9, 12)]))
    assert overall(found[None], made)[0] == pytest.approx(found[6:].mean())


def test_effects_are_those_of_diff_diff():
    values, starts = reference_panel()
    expected = pl.read_csv(REFERENCE / "impact_expected.csv")
    made = cells(values, starts)
    assert (made.cohorts, made.sizes, made.events) == ((4, 6, 7), (8, 7, 5), tuple(range(-4, 3)))
    events = dict(expected.filter(what="event").select("at", "value").iter_rows())
    found = event_effects(values, starts[None], made)[0]
    assert found.tolist() == pytest.approx([events[event] for event in made.events])
    for start, at, value in expected.filter(what="att").select("start", "at", "value").iter_rows():
        one = event_effects(values, starts[None], Cells((start,), (1,), (at - start,)))
        assert one.item() == pytest.approx(value, abs=1e-9), (start, at)


def test_the_imputation_check_is_that_of_diff_diff():
    values, starts = reference_panel()
    expected = pl.read_csv(REFERENCE / "impact_expected.csv")
    imputed = dict(expected.filter(what="imputed").select("at", "value").iter_rows())
    found = imputed_effects(values, starts, cells(values, starts))
    assert found.tolist() == pytest.approx([imputed[event] for event in range(3)])


def test_school_and_period_effects_are_least_squares():
    source = np.random.default_rng(9)
    values = with_gaps(outcomes(source, schools=15, periods=6), source, 0.3)
    school, period = np.nonzero(~np.isnan(values))
    design = np.zeros((len(school), 21))
    design[np.arange(len(school)), school] = design[np.arange(len(school)), 15 + period] = 1
    solution = np.linalg.lstsq(design, values[school, period])[0]
    own, periods = two_way_effects(values)
    assert own[:, None] + periods == pytest.approx(solution[:15, None] + solution[15:], abs=1e-8)


def test_a_large_effect_is_found_with_its_interval_and_the_smallest_visible_one():
    source = np.random.default_rng(10)
    values, starts = outcomes(source), random_starts(source)
    treated = np.where(is_treated(values, starts), values + 4, values)
    found = impact.estimate(treated, starts)
    assert impact.verdict(found, found.p) == (impact.HIGHER, "")
    assert found.low < 4 < found.high
    assert found.p == 0.001
    assert found.smallest == pytest.approx(2.8 * (found.high - found.effect) / 1.96)
    down = impact.estimate(2 * values - treated, starts)
    assert impact.verdict(down, down.p) == (impact.LOWER, "")


def test_the_effect_itself_does_not_widen_the_interval():
    source = np.random.default_rng(11)
    values, starts = outcomes(source), random_starts(source)
    more = np.where(is_treated(values, starts), values + 10, values)
    one, other = impact.estimate(values, starts), impact.estimate(more, starts)
    assert other.effect == pytest.approx(one.effect + 10)
    assert other.smallest == pytest.approx(one.smallest)
    assert other.check == pytest.approx(one.check + 10)


def test_the_p_counts_re_drawn_starts_that_do_as_well():
    source = np.random.default_rng(12)
    values, starts = outcomes(source), random_starts(source)
    found = impact.estimate(values, starts, draws=99)
    assert found.p * 100 == pytest.approx(round(found.p * 100))
    assert impact.estimate(values, starts, draws=99) == found, "the same question, the same answer"


def test_schools_that_join_after_a_bad_period_are_no_evidence():
    values = outcomes(np.random.default_rng(13), again=0)
    found = impact.estimate(values, starts_after_bad_periods(values))
    assert found.p <= 0.01
    assert found.effect > found.smallest / 2
    assert impact.verdict(found, found.p) == (impact.CANNOT_TELL, impact.UNUSUAL_PERIOD)


def test_no_effect_is_no_difference_only_where_the_smallest_visible_one_is_ruled_out():
    made = Cells((6,), (30,), (-1, 0))
    close = impact.Estimate(made, effect=0.1, low=-1.86, high=2.06, p=0.9, smallest=2.8, check=0.1, other_base=0.1)
    far = impact.Estimate(made, effect=1.2, low=-0.76, high=3.16, p=0.2, smallest=2.8, check=1.2, other_base=1.2)
    assert impact.verdict(close, 0.9) == (impact.NO_DIFFERENCE, "")
    word, reason = impact.verdict(far, 0.2)
    assert word == impact.CANNOT_TELL
    assert "not ruled out" in reason


def test_bands_hold_all_periods_at_once_and_periods_before_are_told():
    source = np.random.default_rng(14)
    values, starts = outcomes(source), random_starts(source)
    found = impact.estimate(values, starts)
    width = (found.high - found.low) / 2
    assert max(np.subtract(found.band_high, found.effects)) > width
    values[:, :3] += 8 * (starts < 18)[:, None]
    assert impact.estimate(values, starts).differs_before


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda values, starts: (values[:15], starts[:15]), "15 schools have the outcome; it takes 20"),
        (lambda values, starts: (values[:, :3], np.minimum(starts, 3)), "the outcome has 3 periods"),
        (lambda values, starts: (values, np.full(60, 18)), "no school has had enough of its staff trained"),
        (lambda values, starts: (values, np.full(60, 9)), "all schools started at once"),
        (
            lambda values, starts: (values, np.where(np.arange(60) < 30, 1, 9)),
            "periods before they started did so at once",
        ),
        (lambda values, starts: (values, np.where(starts < 18, 1, 18)), "all trained schools started before"),
        (lambda values, starts: (np.where(values > 88, np.nan, values), starts), "values are known; it takes 80%"),
        (lambda values, starts: (values, np.where(np.arange(60) < 3, 9, 18)), "3 trained schools were seen"),
        (lambda values, starts: (values, np.where(np.arange(60) < 57, 9, 18)), "fewer than 5 schools had not started"),
    ],
)
def test_what_cannot_be_answered_says_why(change, reason):
    source = np.random.default_rng(15)
    found = impact.estimate(*change(outcomes(source), random_starts(source)))
    word, why = impact.verdict(found, found.p)
    assert word == impact.CANNOT_TELL
    assert reason in why
    assert np.isnan(found.effect)


def test_an_outcome_that_never_varies_is_no_evidence():
    found = impact.estimate(np.full((60, 18), 90.0), random_starts(np.random.default_rng(16)))
    assert impact.verdict(found, found.p) == (impact.CANNOT_TELL, "the outcome does not vary between schools")


def test_the_last_schools_to_start_are_compared_with_and_not_estimated():
    values = outcomes(np.random.default_rng(17))
    made = cells(values, np.repeat([6, 8, 10], 20))
    assert (made.cohorts, made.events[-1]) == ((6, 8), 1)


def test_holm_s_p_values_are_those_of_statsmodels():
    values = np.array([0.04, 0.001, np.nan, 0.03])
    _, expected, _, _ = multipletests([0.04, 0.001, 0.03], method="holm")
    assert impact.holm(values)[[0, 1, 3]].tolist() == pytest.approx(expected.tolist())
    assert np.isnan(impact.holm(values)[2])


def test_few_treated_schools_are_ranked_among_placebos():
    source = np.random.default_rng(18)
    values = outcomes(source, schools=25, periods=12, again=0)
    starts = np.full(25, 12)
    starts[[3, 7]] = [6, 8]
    found = placebo_rank(np.where(is_treated(values, starts), values + 8, values), starts)
    assert found.rank == 1
    assert found.effect == pytest.approx(8, abs=3)
    assert found.p == pytest.approx(1 / (found.placebos + 1))
    assert placebo_rank(values, np.full(25, 12)) is None
    assert placebo_rank(values[:6], starts[:6]) is None, "too few others"


def test_a_school_that_is_a_mix_of_others_has_no_gap():
    values = outcomes(np.random.default_rng(19), schools=12, periods=14)
    values[0] = 0.5 * values[1] + 0.3 * values[2] + 0.2 * values[3]
    starts = np.where(np.arange(12) == 0, 11, 14)
    assert placebo_rank(values, starts).effect == pytest.approx(0, abs=0.01)


def test_sixty_schools_and_eighteen_periods_take_under_five_seconds():
    source = np.random.default_rng(20)
    values, starts = outcomes(source), random_starts(source)
    began = time.perf_counter()
    impact.estimate(values, starts)
    assert time.perf_counter() - began < 5
