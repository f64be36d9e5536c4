"""Impact: what happened around the start, and an outcome with its gaps."""

import polars as pl

from pd_core.charts.impact import event_study, series_map
from tests.charts.specs import layers, only, rows_of, spec_of, tooltips

EVENTS = pl.DataFrame({
    "event": [-2, -1, 0, 1], "effect": [0.4, 0.0, 1.5, 2.1], "effect_low": [-0.6, None, 0.2, 0.8],
    "effect_high": [1.4, None, 2.8, 3.4],
})  # fmt: skip


def test_each_period_around_the_start_has_its_difference_and_the_band() -> None:
    spec = spec_of(event_study(EVENTS, "points"))
    dots = only(spec, "circle", "event")
    assert tooltips(spec, dots)[0] == {
        "When": "2 periods before the start", "Difference, points": "0.4",
        "Likely, all periods at once": "between −0.6 and 1.4",
    }  # fmt: skip
    (band,) = layers(spec, "area")
    assert [row["event"] for row in rows_of(spec, band)] == [-2, 0, 1], "the base period has no band"
    (start,) = rows_of(spec, only(spec, "rule", "at"))
    assert start["at"] == -0.5, "between the last period before and the first after"
    low, high = spec["encoding"]["y"]["scale"]["domain"]
    assert low < -0.6 and high > 3.4, "nothing is cut off"


def test_a_gap_in_an_outcome_is_marked_and_never_drawn_as_a_value() -> None:
    frame = pl.DataFrame({
        "school_name": ["Oak", "Oak", "Elm", "Elm"], "period": ["2025-09", "2025-10"] * 2,
        "value": [93.5, None, 91.0, None], "state": ["known", "suppressed", "known", "missing"],
        "has_started": [False, True, False, False],
    })  # fmt: skip
    spec = spec_of(series_map(frame, "percent"))
    values, gaps = layers(spec, "rect")
    assert [row["value"] for row in rows_of(spec, values)] == [93.5, 91.0]
    assert [tip["Percent"] for tip in tooltips(spec, gaps)] == [
        "suppressed, or known only within bounds", "not reported",
    ]  # fmt: skip
    (start,) = rows_of(spec, layers(spec, "circle")[0])
    assert (start["school_name"], start["period"]) == ("Oak", "2025-10")
