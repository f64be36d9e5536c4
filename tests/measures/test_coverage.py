"""How often ranges hold the truth: the interval of a share by enumeration, the urn's range by simulation."""

import numpy as np
import polars as pl
import pytest
from scipy.stats import hypergeom

from pd_core.measures.intervals import with_wilson_interval
from pd_core.measures.polya_posterior import complete, likely_range
from pd_core.measures.polya_urn import Group

RESPONSE_PCT = range(20, 81, 10)


def test_the_interval_of_a_share_holds_the_truth_in_95_of_100_staffs_or_more_whoever_answers_at_random():
    staffs = pl.DataFrame({"people": range(20, 101)}, schema={"people": pl.Int64}).join(
        pl.DataFrame({"pct": RESPONSE_PCT}), how="cross"
    )
    counted = (
        staffs.with_columns(n=(pl.col("people") * pl.col("pct") / 100).round().cast(pl.Int64))
        .with_columns(x=pl.int_ranges(pl.col("n") + 1))
        .explode("x")
    )
    bounded = with_wilson_interval(counted, count="x", base="n", population="people")
    of_staff = bounded.with_columns(yes=pl.int_ranges(pl.col("people") + 1)).explode("yes")
    people, n, x, yes, low, high = of_staff.select("people", "n", "x", "yes", "share_low", "share_high").to_numpy().T
    chance = hypergeom.pmf(x, people, yes, n)
    holds = (low - 1e-9 <= yes / people) & (yes / people <= high + 1e-9)
    coverage = (
        of_staff.select("pct", chance=pl.Series(chance * holds / (people + 1)), people="people")
        .group_by("pct", "people")
        .agg(pl.col("chance").sum())
    )
    assert 0.95 <= coverage["chance"].mean() <= 0.99
    by_response = coverage.group_by("pct").agg(pl.col("chance").mean())["chance"]
    assert by_response.is_between(0.95, 0.99).all(), "at each response rate too"


def test_ends_at_whole_people_hold_every_truth_of_a_staff_nearly_as_often_as_they_should():
    least = 1.0
    for people in (20, 42, 60):
        for answered in range(6, people, 6):
            counted = pl.DataFrame({"x": range(answered + 1), "n": answered, "people": people})
            bounded = with_wilson_interval(counted, count="x", base="n", population="people")
            low, high = bounded.select("share_low", "share_high").to_numpy().T
            for yes in range(people + 1):
                chance = hypergeom.pmf(np.arange(answered + 1), people, yes, answered)
                holds = (low - 1e-9 <= yes / people) & (yes / people <= high + 1e-9)
                least = min(least, float((chance * holds).sum()))
    assert least >= 0.92, "without rounding outward it is 0.80"


@pytest.mark.parametrize("alike", [5, 15], ids=["schools as unlike as the urn takes them for", "schools more alike"])
def test_the_likely_range_of_a_need_holds_the_truth_in_80_of_100_staffs_when_who_answers_is_chance(alike):
    source = np.random.default_rng(20)
    staffs, held = 300, []
    for people in (20, 40, 60, 80, 100):
        for response_pct in (20, 35, 50, 65, 80):
            answered = round(people * response_pct / 100)
            # Each column is a staff of its own: its district's share, its own, and everyone's answer.
            district = source.uniform(0.1, 0.9, staffs)
            own = source.beta(alike * district, alike * (1 - district))
            staff = (source.random((people, staffs)) < own).astype(np.int8)
            others = (source.random((300, staffs)) < district).astype(np.int8)
            needs = complete(
                [Group(staff[:answered], people - answered, others)], draws=300, seed=people + response_pct
            )
            low, high = likely_range(needs)
            truth = staff.sum(axis=0)
            held.append(((low <= truth) & (truth <= high)).mean())
    assert 0.75 <= np.mean(held) <= 0.85
