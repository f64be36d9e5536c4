"""The layout that most charts share: one row per item, readable at 360 pixels.

A row has its label above, its figure at the right end of the same line, and its mark below over the whole width, so
that a long school name costs no width. Rows are in the frame's order.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt
import polars as pl

from pd_core.charts import labels, theme

PLACE = "place"
"""The column with a row's place from the top."""
_MARK_BELOW_TEXT = 18


def row_order(frame: pl.DataFrame, column: str) -> tuple[str, ...]:
    """Return the distinct labels of ``column``, in the frame's order."""
    return tuple(str(label) for label in frame[column].unique(maintain_order=True).to_list())


def placed(frame: pl.DataFrame, column: str) -> pl.DataFrame:
    """Add ``place``, where a label of ``column`` comes first in the frame, for rows that the data puts in order."""
    return frame.with_columns(pl.int_range(pl.len()).min().over(column).alias(PLACE))


def figure_room(frame: pl.DataFrame) -> int:
    """Return the width in pixels of the longest ``figure`` of a frame, with its distance from the label."""
    longest = int(frame["figure"].str.len_chars().max() or 0)  # type: ignore[arg-type]
    return max(theme.FIGURE_ROOM, round(longest * theme.VALUE_SIZE * theme.LETTER_WIDTH) + 8)


@dataclass(frozen=True)
class RowAxis:
    """The rows of a chart: ``column`` in ``order``, each ``step`` pixels high, with the labels in ``bold`` in bold.

    ``figure_room`` is the width in pixels kept for the figure: a label that would run into it is shortened. With
    ``is_placed`` the order is the data's, by the column ``place``: the chart is then the same one for data in another
    order, so a browser keeps it and only changes the rows.
    """

    column: str
    order: tuple[str, ...]
    step: int = theme.ROW_STEP
    bold: tuple[str, ...] = ()
    figure_room: int = theme.FIGURE_ROOM
    is_placed: bool = False

    @property
    def text_offset(self) -> int:
        """Pixels from a row's middle up (negative) to its line of text."""
        return 10 - self.step // 2

    @property
    def mark_offset(self) -> int:
        """Pixels from a row's middle to the middle of its mark."""
        return self.text_offset + _MARK_BELOW_TEXT

    def y(self) -> alt.Y:
        """Encode the rows, with each label above its mark, not next to it."""
        is_bold = f"indexof({json.dumps(self.bold)}, datum.value) >= 0"
        axis = alt.Axis(
            title=None,
            orient="left",
            domain=False,
            ticks=False,
            labelAlign="left",
            labelPadding=0,
            labelOffset=self.text_offset,
            # On a wide page a label has more room than on a phone.
            labelLimit=alt.ExprRef(f"max({theme.MIN_LABEL_WIDTH}, width - {self.figure_room})"),
            labelFontSize=theme.LABEL_SIZE,
            labelColor=theme.INK,
            labelFontWeight={"condition": {"test": is_bold, "value": "bold"}, "value": "normal"},
            labelOverlap=False,
        )
        if self.is_placed:
            return alt.Y(f"{self.column}:N", sort=alt.EncodingSortField(PLACE, op="min"), axis=axis)
        return alt.Y(f"{self.column}:N", scale=alt.Scale(domain=list(self.order)), axis=axis)


@dataclass(frozen=True)
class ValueAxis:
    """The number axis of a chart, on top and without a grid, which would run through the labels.

    It runs from ``low`` to ``high``. ``key`` explains the marks in lines of text; ``label`` is the Vega expression that
    formats one of ``values``.
    """

    high: float
    values: tuple[float, ...]
    label: str
    key: tuple[str, ...] = ()
    low: float = 0.0

    def field(self, column: str) -> alt.X:
        """Encode a column of numbers."""
        return alt.X(field=column, type="quantitative")

    def at(self, number: float) -> alt.XDatum:
        """Encode the same number on every row."""
        return alt.XDatum(number, type="quantitative")

    def x(self) -> alt.X:
        """Return the scale and the axis that every layer shares."""
        axis = alt.Axis(
            orient="top",
            title=list(self.key) or None,
            titleAnchor="start",
            titleFontSize=theme.VALUE_SIZE,
            titleColor=theme.INK,
            titlePadding=8,
            values=list(self.values),
            labelExpr=self.label,
            labelPadding=4,
            labelFontSize=theme.VALUE_SIZE,
            labelColor=theme.INK,
            labelFlush=True,
            grid=False,
            ticks=False,
            domain=False,
        )
        return alt.X(
            type="quantitative", scale=alt.Scale(domain=[self.low, self.high], nice=False, zero=False), axis=axis
        )


def shares_across(key: Sequence[str] = ()) -> ValueAxis:
    """Return an axis for shares (0-1), labeled at each quarter."""
    return ValueAxis(1.0, (0.0, 0.25, 0.5, 0.75, 1.0), theme.percent_axis_label(), tuple(key))


def track(frame: pl.DataFrame, down: RowAxis, across: ValueAxis, after: str | None = None) -> alt.Chart:
    """Draw the scale as a faint line on each row, instead of a grid; with ``after``, only from there on."""
    line = alt.Chart(frame).mark_bar(
        height=2,
        yOffset=down.mark_offset,
        color=theme.NEUTRAL,
        opacity=theme.TRACK_OPACITY,
        tooltip=False,
        aria=False,
    )
    start = across.at(across.low) if after is None else across.field(after)
    drawn: alt.Chart = line.encode(x=start, x2=alt.X2Datum(across.high))
    return drawn


def figures(frame: pl.DataFrame, down: RowAxis, across: ValueAxis) -> alt.Chart:
    """Write the text in ``figure`` at the right end of each row's line of text."""
    text = alt.Chart(frame).mark_text(
        align="right", dy=down.text_offset, fontSize=theme.VALUE_SIZE, color=theme.INK, tooltip=False, aria=False
    )
    drawn: alt.Chart = text.encode(x=across.at(across.high), text=alt.Text("figure:N"))
    return drawn


def hidden(frame: pl.DataFrame, down: RowAxis, across: ValueAxis, name: alt.Tooltip) -> list[alt.Chart]:
    """Draw a dashed gray band with the words in ``hidden_text`` instead of each row's mark."""
    frame = frame.with_columns(labels.aria_label([down.column], "hidden_text"))
    band = alt.Chart(frame).mark_bar(
        height=theme.MARK_HEIGHT,
        yOffset=down.mark_offset,
        color=theme.NEUTRAL,
        fillOpacity=theme.HIDDEN_OPACITY,
        stroke=theme.NEUTRAL,
        strokeDash=list(theme.HIDDEN_DASH),
    )
    text = alt.Chart(frame).mark_text(
        align="left", dx=8, dy=down.mark_offset, fontSize=theme.VALUE_SIZE, color=theme.INK, limit=theme.TEXT_LIMIT
    )
    tooltips = [name, alt.Tooltip("hidden_text:N", title="Not shown")]
    return [
        band.encode(
            x=across.at(across.low),
            x2=alt.X2Datum(across.high),
            tooltip=tooltips,
            description=alt.Description("aria_label:N"),
        ),
        text.encode(x=across.at(across.low), text=alt.Text("hidden_text:N"), tooltip=tooltips),
    ]


def ticks(frame: pl.DataFrame, down: RowAxis) -> alt.Chart:
    """Start a vertical tick on each row; a single rule down the chart would run through the rows' labels."""
    tick: alt.Chart = alt.Chart(frame).mark_tick(
        orient="vertical",
        size=theme.TICK_HEIGHT,
        thickness=3,
        opacity=1,
        yOffset=down.mark_offset,
        color=theme.INK,
        tooltip=False,
        aria=False,
    )
    return tick


def finish(layers: Sequence[alt.Chart], down: RowAxis, across: ValueAxis) -> alt.LayerChart:
    """Layer the charts on shared rows and values, as high as the rows need."""
    return lay(layers, across.x(), down.y(), max(len(down.order), 1) * down.step)


def lay(layers: Sequence[alt.Chart], x: alt.X, y: alt.Y, height: int) -> alt.LayerChart:
    """Layer the charts, ``height`` pixels high; the page sets the width."""
    # The shared axes are written once, above the layers: Altair would validate and write every repetition again.
    # The rows set the height and only the width fits: with Vega's plain "fit", axis and legend would squeeze the rows.
    fit_width = alt.AutoSizeParams(type="fit-x", contains="padding")
    chart: alt.LayerChart = alt.LayerChart(layer=list(layers), height=height, autosize=fit_width).encode(x=x, y=y)
    return chart
