"""The parts of a curve of people over days: its two lines, their labels, and its axes."""

import json
from typing import Literal

import altair as alt
import polars as pl

from pd_core.charts import axes, labels, theme

_KEY = "People who answered, by the end of the day"
# Up to this fraction of the width, a point's text is below it to the right; after that, above it to the left.
_EARLY = 0.45
# The axis's labeled days are at least this fraction of the width apart.
_DAYS_APART = 0.24
# Room above the highest point, for two lines of text.
_HEADROOM = 1.2
_LINE_HEIGHT = 16
# Pixels from a point or a rule up to the middle of its text.
_GAP = 10


def placed(frame: pl.DataFrame, expected: pl.DataFrame | None) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the observed days, starting at 0 on the day before, and the projected ones, starting at the last observed.

    Columns of all frames: ``day`` (date), ``respondents``. Adds ``x`` (days since the start), ``day_text``,
    ``people_text`` and ``aria_label``. The second frame is empty if nothing is projected after the last day.
    """
    observed = _sorted(frame)
    last = observed.tail(1)
    later = observed.clear() if expected is None else _sorted(expected).join(last, on="day", how="anti")
    later = later.filter(pl.col("day") > last["day"].item()) if not last.is_empty() else later.clear()
    projected = observed.clear() if later.is_empty() else pl.concat([last, later])
    nobody = observed.head(1).with_columns(pl.col("day").dt.offset_by("-1d"), respondents=pl.lit(0.0))
    start = nobody["day"].to_list()
    return _with_words(pl.concat([nobody, observed]), start), _with_words(projected, start)


def lines(observed: pl.DataFrame, projected: pl.DataFrame) -> list[alt.Chart]:
    """Draw the observed days in steps, the last one as a dot, and the projected days dashed."""
    place = {"x": alt.X("x:Q"), "y": alt.Y("respondents:Q")}
    steps = alt.Chart(observed).mark_line(
        interpolate="step-after", color=theme.ACCENT, strokeWidth=theme.CURVE_WIDTH, tooltip=False, aria=False
    )
    dashes = alt.Chart(projected).mark_line(
        strokeDash=list(theme.AHEAD_DASH),
        color=theme.ACCENT,
        strokeWidth=theme.CURVE_WIDTH,
        tooltip=False,
        aria=False,
    )
    last = alt.Chart(observed.tail(1)).mark_circle(
        size=theme.DOT_SIZE / 2, color=theme.ACCENT, opacity=1, stroke=theme.INK, strokeWidth=1, aria=False
    )
    # Transparent marks, larger than the line: a finger or a screen reader can find each day.
    days = alt.Chart(observed.slice(1)).mark_circle(size=theme.TOUCH_SIZE, opacity=0)
    tooltips = [alt.Tooltip("day_text:N", title="Day"), alt.Tooltip("people_text:N", title="Answered")]
    return [
        dashes.encode(**place),
        steps.encode(**place),
        last.encode(**place),
        days.encode(**place, tooltip=tooltips, description=alt.Description("aria_label:N")),
    ]


def target_rule(target: int | None, observed: pl.DataFrame, projected: pl.DataFrame) -> list[alt.Chart]:
    """Draw a horizontal rule at the target."""
    if target is None:
        return []
    frame = pl.DataFrame({"x": [0], "end": [_end(observed, projected)], "respondents": [target]})
    rule = alt.Chart(frame).mark_rule(color=theme.INK, strokeWidth=1.5, tooltip=False, aria=False)
    return [rule.encode(x=alt.X("x:Q"), x2=alt.X2("end"), y=alt.Y("respondents:Q"))]


def line_labels(observed: pl.DataFrame, projected: pl.DataFrame, target: int | None) -> list[alt.Chart]:
    """Label the target, the last day's people and the projected end, each on the free side of its line."""
    place = ["x", "respondents"]
    written = []
    if target is not None:
        frame = pl.DataFrame({"x": [0], "respondents": [target], "text": [f"target {target}"]})
        written += _text(frame, "left", 0, -_GAP)
    if observed.is_empty():
        middle = pl.DataFrame({"x": [0.5], "respondents": [0], "text": ["no one has answered yet"]})
        return written + _text(middle, "center", 0, -theme.CURVE_HEIGHT // 4)
    now = observed.tail(1).select(*place, text=pl.col("people_text") + " answered")
    is_early = now["x"].item() <= _EARLY * _end(observed, projected)
    pixels = theme.CURVE_HEIGHT / _top(observed, projected, target)
    people = now["respondents"].item()
    above = _above(people, target, pixels)
    written += _text(now, "left", 9, 12) if is_early else _text(now, "right", -8, -above)
    if not projected.is_empty():
        by_then = "about " + pl.col("people_text") + " by " + pl.col("day").dt.strftime("%b %-d")
        end = projected.tail(1).select(*place, text=by_then)
        later = end["respondents"].item()
        # Two points at nearly the same height: stack their texts.
        over_now = 0 if is_early else above + _LINE_HEIGHT - round((later - people) * pixels)
        written += _text(end, "right", 0, -max(_above(later, target, pixels), over_now))
    return written


def _above(people: float, target: int | None, pixels: float) -> int:
    """Return how many pixels above a point its text goes: above the target's rule too, if that is in the way."""
    to_rule = -1.0 if target is None else (target - people) * pixels
    return _GAP + (round(to_rule) if 0 <= to_rule < 2 * _GAP else 0)


def days_across(observed: pl.DataFrame, projected: pl.DataFrame) -> alt.X:
    """Label the last observed day, the end, the first day and the middle, unless they would crowd each other."""
    end = _end(observed, projected)
    named: dict[int, str] = {}
    start = observed["day"].head(1).to_list()
    for x in (round(_end(observed, observed)), round(end), 1, round(end / 2)) if start else ():
        if all(abs(x - other) >= _DAYS_APART * end for other in named):
            named[x] = pl.select(_day_text(pl.lit(start[0]).dt.offset_by(f"{x}d"))).item()
    axis = alt.Axis(
        title=None,
        values=sorted(named),
        labelExpr=f"{json.dumps(named)}[datum.value]",
        labelFontSize=theme.VALUE_SIZE,
        labelColor=theme.INK,
        labelFlush=True,
        labelPadding=4,
        grid=False,
        tickColor=theme.NEUTRAL,
        domainColor=theme.NEUTRAL,
    )
    return alt.X("x:Q", scale=alt.Scale(domain=[0, end], nice=False), axis=axis)


def people_up(observed: pl.DataFrame, projected: pl.DataFrame, target: int | None) -> alt.Y:
    """Return an axis of whole people, with its key on top."""
    axis = axes.numbers_up(_KEY, tickCount=4, tickMinStep=1, format="d")
    scale = alt.Scale(domain=[0, _top(observed, projected, target)], nice=False)
    return alt.Y("respondents:Q", scale=scale, axis=axis)


def _sorted(frame: pl.DataFrame) -> pl.DataFrame:
    days = frame.select(pl.col("day").cast(pl.Date), pl.col("respondents").cast(pl.Float64))
    return days.drop_nulls().sort("day")


def _with_words(days: pl.DataFrame, start: list[object]) -> pl.DataFrame:
    since = pl.lit(start[0] if start else None, dtype=pl.Date)
    texts = days.with_columns(
        x=(pl.col("day") - since).dt.total_days(),
        day_text=_day_text(pl.col("day")),
        people_text=theme.whole(pl.col("respondents")),
    )
    return texts.with_columns(labels.aria_label(["day_text"], "people_text"))


def _day_text(day: pl.Expr) -> pl.Expr:
    """Write a day as "Mon Oct 12"."""
    return day.dt.strftime("%a %b %-d")


def _end(observed: pl.DataFrame, projected: pl.DataFrame) -> float:
    """Return the last day, as days since the start; 1 if there is none."""
    return float(max([1, *observed["x"].tail(1).to_list(), *projected["x"].tail(1).to_list()]))


def _top(observed: pl.DataFrame, projected: pl.DataFrame, target: int | None) -> float:
    """Return the upper end of the axis of people."""
    people = [*observed["respondents"].to_list(), *projected["respondents"].to_list()]
    return _HEADROOM * max([1.0, target or 0.0, *people])


def _text(frame: pl.DataFrame, align: Literal["left", "right", "center"], dx: int, dy: int) -> list[alt.Chart]:
    """Write ``text`` next to a point, outlined in the page's color, so that lines may pass behind it."""
    page = alt.ExprRef("background")
    place = {"x": alt.X("x:Q"), "y": alt.Y("respondents:Q"), "text": alt.Text("text:N")}
    rim = alt.Chart(frame).mark_text(
        align=align,
        dx=dx,
        dy=dy,
        fontSize=theme.VALUE_SIZE,
        color=page,
        stroke=page,
        strokeWidth=4,
        tooltip=False,
        aria=False,
    )
    ink = alt.Chart(frame).mark_text(
        align=align, dx=dx, dy=dy, fontSize=theme.VALUE_SIZE, color=theme.INK, tooltip=False, aria=False
    )
    return [rim.encode(**place), ink.encode(**place)]
