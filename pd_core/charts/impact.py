"""What an outcome did around the start of a training, and the outcomes themselves with their gaps."""

from typing import Final

import altair as alt
import polars as pl

from pd_core.charts import axes, labels, row_layout, theme

_HEIGHT: Final = 230
_SERIES_STEP: Final = 22
_LEGEND: Final = ("value, low to high", "● from here on trained", "– suppressed, or never reported")
_STATES: Final = {"suppressed": "suppressed, or known only within bounds", "missing": "not reported"}


def event_study(frame: pl.DataFrame, unit: str) -> alt.LayerChart:
    """Draw the difference between schools that started and those that had not, by periods since the start.

    Columns: ``event`` (0 is the first period after the start), ``effect``, ``effect_low``, ``effect_high`` (in
    ``unit``; null is not drawn). The base period, -1, is 0 by definition.
    """
    shown = frame.filter(pl.col("effect").is_not_null()).with_columns(
        _event_text().alias("event_text"),
        _number(pl.col("effect")).alias("effect_text"),
        labels.between(_number(pl.col("effect_low")), _number(pl.col("effect_high"))).alias("range_text"),
    )
    shown = shown.with_columns(labels.aria_label(["event_text"], "effect_text"))
    low, high = _reach(shown)
    first, last = _span(shown)
    x = alt.X("event:Q", scale=alt.Scale(domain=[first, last], nice=False), axis=_events_axis(shown))
    y = alt.Y("effect:Q", scale=alt.Scale(domain=[low, high], nice=False), axis=_effects_axis(unit))
    tooltips = [
        alt.Tooltip("event_text:N", title="When"),
        alt.Tooltip("effect_text:N", title=f"Difference, {unit}"),
        alt.Tooltip("range_text:N", title="Likely, all periods at once"),
    ]
    bounded = shown.drop_nulls(["effect_low", "effect_high"])
    band = alt.Chart(bounded).mark_area(color=theme.ACCENT, opacity=theme.TRACK_OPACITY, tooltip=False, aria=False)
    ends = pl.DataFrame({"first": [first], "last": [last], "zero": [0.0], "at": [-0.5], "low": [low], "high": [high]})
    zero = alt.Chart(ends).mark_rule(color=theme.INK, tooltip=False, aria=False)
    start = alt.Chart(ends).mark_rule(color=theme.INK, strokeDash=list(theme.AHEAD_DASH), tooltip=False, aria=False)
    line = alt.Chart(shown).mark_line(color=theme.ACCENT, strokeWidth=theme.CURVE_WIDTH, tooltip=False, aria=False)
    dots = alt.Chart(shown).mark_circle(
        size=theme.DOT_SIZE / 2, color=theme.ACCENT, opacity=1, stroke=theme.INK, strokeWidth=1
    )
    place = {"x": alt.X("event:Q"), "y": alt.Y("effect:Q")}
    layers = [
        zero.encode(x=alt.X("first:Q"), x2=alt.X2("last"), y=alt.Y("zero:Q")),
        start.encode(x=alt.X("at:Q"), y=alt.Y("low:Q"), y2=alt.Y2("high")),
        band.encode(x=alt.X("event:Q"), y=alt.Y("effect_low:Q"), y2=alt.Y2("effect_high")),
        line.encode(**place),
        dots.encode(**place, tooltip=tooltips, description=alt.Description("aria_label:N")),
    ]
    return row_layout.lay(layers, x, y, _HEIGHT)


def series_map(frame: pl.DataFrame, unit: str) -> alt.LayerChart:
    """Draw an outcome by school and period: a cell deepens with the value, and a gap is gray with a dash.

    Columns: ``school_name``, ``period``, ``value`` (in ``unit``; null: a gap), ``state`` (known, suppressed, missing),
    ``has_started`` (whether the school had started by then: marked with a dot where it first is true; null: not told).
    """
    schools, periods = row_layout.row_order(frame, "school_name"), sorted(set(frame["period"]))
    both = ["school_name", "period"]
    known = frame.filter(pl.col("value").is_not_null())
    known = known.with_columns(value_text=_number(pl.col("value"))).with_columns(labels.aria_label(both, "value_text"))
    gaps = frame.filter(pl.col("value").is_null()).with_columns(
        value_text=pl.col("state").replace_strict(_STATES, default=_STATES["suppressed"], return_dtype=pl.String)
    )
    gaps = gaps.with_columns(labels.aria_label(both, "value_text"))
    first = frame.filter("has_started").unique("school_name", keep="first", maintain_order=True)
    names = [alt.Tooltip("school_name:N", title="School"), alt.Tooltip("period:N", title="Period")]
    tooltips = [*names, alt.Tooltip("value_text:N", title=unit.capitalize())]
    fill = alt.Fill("value:Q", scale=alt.Scale(range=list(theme.SHARE_COLORS), type="quantile"), legend=None)
    cells = alt.Chart(known).mark_rect(stroke=theme.NEUTRAL, strokeWidth=0.5)
    gray = alt.Chart(gaps).mark_rect(
        color=theme.NEUTRAL, fillOpacity=theme.HIDDEN_OPACITY, stroke=theme.NEUTRAL, strokeDash=list(theme.HIDDEN_DASH)
    )
    dash = alt.Chart(gaps).mark_text(text=theme.HIDDEN_CELL, fontSize=theme.CELL_SIZE, color=theme.INK, aria=False)
    starts = alt.Chart(first).mark_circle(
        size=40, color=theme.INK_LIGHT, stroke=theme.INK_DARK, strokeWidth=1.5, opacity=1, tooltip=False, aria=False
    )
    layers = [
        cells.encode(fill=fill, tooltip=tooltips, description=alt.Description("aria_label:N")),
        gray.encode(tooltip=tooltips, description=alt.Description("aria_label:N")),
        dash.encode(tooltip=tooltips),
        starts,
    ]
    return row_layout.lay(layers, _periods_across(periods), _schools_down(schools), max(len(schools), 1) * _SERIES_STEP)


def _event_text() -> pl.Expr:
    event = pl.col("event")
    return (
        pl.when(event == -1).then(pl.lit("the last period before the start"))
        .when(event < -1).then((-event).cast(pl.String) + " periods before the start")
        .when(event == 0).then(pl.lit("the period of the start"))
        .otherwise(event.cast(pl.String) + " periods after the start")
    )  # fmt: skip


def _number(value: pl.Expr) -> pl.Expr:
    """Write a number with one decimal and a true minus sign."""
    text = value.abs().round(1).cast(pl.String)
    return pl.when(value.round(1) < 0).then("−" + text).otherwise(text)


def _span(shown: pl.DataFrame) -> tuple[float, float]:
    events = shown["event"].to_list() or [0]
    return min(events) - 0.5, max(events) + 0.5


def _reach(shown: pl.DataFrame) -> tuple[float, float]:
    """From below the lowest to above the highest end, 0 included."""
    ends = shown.select(
        low=pl.min_horizontal("effect", "effect_low").min(), high=pl.max_horizontal("effect", "effect_high").max()
    )
    low, high = (float(value or 0.0) for value in ends.row(0))
    low, high = min(low, 0.0), max(high, 0.0)
    room = 0.08 * max(high - low, 1e-9)
    return low - room, high + room


def _events_axis(shown: pl.DataFrame) -> alt.Axis:
    return alt.Axis(
        title="Periods since the start (dashed line)",
        titleFontSize=theme.VALUE_SIZE,
        titleColor=theme.INK,
        values=shown["event"].to_list(),
        format="d",
        labelFontSize=theme.VALUE_SIZE,
        labelColor=theme.INK,
        labelOverlap=True,
        grid=False,
        tickColor=theme.NEUTRAL,
        domainColor=theme.NEUTRAL,
    )


def _effects_axis(unit: str) -> alt.Axis:
    return axes.numbers_up(f"Difference from schools not yet trained, {unit}", tickCount=5)


def _periods_across(periods: list[str]) -> alt.X:
    axis = axes.names_across(_LEGEND, theme.CELL_SIZE)
    return alt.X("period:N", scale=alt.Scale(domain=periods, paddingInner=0.04), axis=axis)


def _schools_down(schools: tuple[str, ...]) -> alt.Y:
    axis = alt.Axis(
        title=None,
        domain=False,
        ticks=False,
        labelLimit=theme.CELL_LABEL_LIMIT,
        labelFontSize=theme.VALUE_SIZE,
        labelColor=theme.INK,
        labelPadding=6,
        labelOverlap=False,
    )
    return alt.Y("school_name:N", scale=alt.Scale(domain=list(schools), paddingInner=0.06), axis=axis)
