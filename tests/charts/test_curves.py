"""The curve of arrivals: what came, what is enough, what is expected, and texts that do not run over each other."""

from datetime import date, timedelta

import polars as pl
import pytest

from pd_core.charts import theme
from pd_core.charts.responses import arrival_curve
from tests.charts.specs import Spec, layers, only, rows_of, spec_of, texts, tooltips

FIRST = date(2026, 10, 12)
DAYS = {"day": pl.Date, "respondents": pl.Float64}


def days(*rows: tuple[int, float]) -> pl.DataFrame:
    """People on these days after the first."""
    return pl.DataFrame([(FIRST + timedelta(days=day), people) for day, people in rows], schema=DAYS, orient="row")


def drawn(target: int | None, came: pl.DataFrame, expected: pl.DataFrame | None = None) -> Spec:
    return spec_of(arrival_curve(came, target, expected))


def said(spec: Spec) -> dict[str, Spec]:
    """Each text of the chart and the mark that writes it, without the rims."""
    inked = [layer for layer in layers(spec, "text") if "stroke" not in layer["mark"]]
    return {row["text"]: layer["mark"] for layer in inked for row in rows_of(spec, layer)}


def curve(spec: Spec, *, dashed: bool) -> list[tuple[int, float]]:
    (line,) = [layer for layer in layers(spec, "line") if ("strokeDash" in layer["mark"]) is dashed]
    return [(row["x"], row["respondents"]) for row in rows_of(spec, line)]


def test_the_steps_begin_with_nobody_on_the_day_before_the_first_answer() -> None:
    spec = drawn(36, days((3, 12.0), (0, 5.0)))
    assert curve(spec, dashed=False) == [(0, 0.0), (1, 5.0), (4, 12.0)]
    (steps, _) = sorted(layers(spec, "line"), key=lambda layer: "strokeDash" in layer["mark"])
    assert steps["mark"]["interpolate"] == "step-after"


def test_the_last_day_the_target_and_the_expected_end_are_labelled() -> None:
    spec = drawn(36, days((0, 5.0), (14, 34.0)), days((25, 41.3)))
    assert list(said(spec)) == ["target 36", "34 answered", "about 41 by Nov 6"]
    assert curve(spec, dashed=True) == [(15, 34.0), (26, 41.3)]
    (rule,) = layers(spec, "rule")
    assert rows_of(spec, rule) == [{"x": 0, "end": 26.0, "respondents": 36}]


def test_a_day_is_told_in_peoples_words() -> None:
    spec = drawn(36, days((0, 5.0), (1, 9.0)))
    (found,) = [layer for layer in layers(spec, "circle") if "tooltip" in layer["encoding"]]
    assert tooltips(spec, found) == [
        {"Day": "Mon Oct 12", "Answered": "5"},
        {"Day": "Tue Oct 13", "Answered": "9"},
    ]
    assert [row["aria_label"] for row in rows_of(spec, found)] == ["Mon Oct 12: 5", "Tue Oct 13: 9"]


@pytest.mark.parametrize(
    ("last", "end", "names"),
    [
        (14, 25, ["Mon Oct 12", "Mon Oct 26", "Fri Nov 6"]),
        (1, 25, ["Tue Oct 13", "Sat Oct 24", "Fri Nov 6"]),
        (22, 25, ["Mon Oct 12", "Sat Oct 24", "Tue Nov 3"]),
        (0, None, ["Sun Oct 11", "Mon Oct 12"]),
    ],
)
def test_the_axis_names_days_that_do_not_crowd_each_other(last: int, end: int | None, names: list[str]) -> None:
    came = days(*sorted({(0, 5.0), (last, 9.0 if last else 5.0)}))
    axis = drawn(36, came, None if end is None else days((end, 20.0)))["encoding"]["x"]["axis"]
    assert [name for name in names if f'"{name}"' in axis["labelExpr"]] == names
    assert len(axis["values"]) == len(names)


def test_what_is_expected_earlier_than_the_last_day_is_not_drawn() -> None:
    spec = drawn(36, days((0, 5.0), (14, 34.0)), days((14, 40.0)))
    assert curve(spec, dashed=True) == []
    assert list(said(spec)) == ["target 36", "34 answered"]


def test_an_early_points_text_stands_to_its_right_and_a_late_ones_to_its_left() -> None:
    early = said(drawn(36, days((0, 7.0)), days((25, 30.0))))["7 answered"]
    late = said(drawn(36, days((0, 7.0), (20, 20.0)), days((25, 30.0))))["20 answered"]
    assert (early["align"], late["align"]) == ("left", "right")
    assert early["dy"] > 0 > late["dy"]


def test_texts_at_nearly_one_height_stand_above_each_other_and_above_the_target() -> None:
    spec = drawn(36, days((0, 7.0), (22, 34.0)), days((25, 35.0)))
    pixels = theme.CURVE_HEIGHT / spec["encoding"]["y"]["scale"]["domain"][1]
    marks = said(spec)
    now, end = 34 * pixels - marks["34 answered"]["dy"], 35 * pixels - marks["about 35 by Nov 6"]["dy"]
    assert now >= 36 * pixels + 8
    assert end - now >= 14
    assert end <= theme.CURVE_HEIGHT


def test_a_wave_of_one_day_and_one_without_answers_still_draw() -> None:
    assert curve(drawn(36, days((0, 7.0))), dashed=False) == [(0, 0.0), (1, 7.0)]
    nothing = drawn(36, days(), days((25, 30.0)))
    assert list(said(nothing)) == ["target 36", "no one has answered yet"]
    assert curve(nothing, dashed=False) == curve(nothing, dashed=True) == []


def test_without_a_headcount_there_is_no_target() -> None:
    spec = drawn(None, days((0, 7.0)))
    assert layers(spec, "rule") == []
    assert list(said(spec)) == ["7 answered"]


def test_the_last_day_is_a_dot_and_counts_may_be_whole_numbers() -> None:
    came = days((0, 5.0), (2, 9.0)).with_columns(pl.col("respondents").cast(pl.Int64))
    spec = drawn(10, came)
    (dot,) = [layer for layer in layers(spec, "circle") if "tooltip" not in layer["encoding"]]
    assert [row["respondents"] for row in rows_of(spec, dot)] == [9.0]
    assert texts(spec, "text").count("9 answered") == 2, "a rim of the page's colour, and the ink on it"
    assert only(spec, "rule", "respondents", "y")
