"""Stacked bars on each row: how a group's answers are spread over the levels."""

import json
from collections.abc import Mapping

import altair as alt
import polars as pl

from pd_core.charts import labels, theme
from pd_core.charts.row_layout import RowAxis, ValueAxis


def with_ends(frame: pl.DataFrame, group: str, levels: list[str]) -> pl.DataFrame:
    """Stack the shares of each group in the order of ``levels``, and write each part's texts.

    Adds ``x`` and ``x2`` (0-1, a part's two ends), ``middle``, ``percent_text``, ``answered_text``
    and ``aria_label``.
    """
    place = pl.col("level").replace_strict(levels, list(range(len(levels))), return_dtype=pl.Int64)
    share = pl.col("share")
    end = share.cum_sum().over(group)
    return (
        frame.sort(place, maintain_order=True)
        .with_columns((end - share).alias("x"), end.alias("x2"), (end - share / 2).alias("middle"))
        .with_columns(theme.percent(share).alias("percent_text"), labels.answered(share).alias("answered_text"))
        .with_columns(labels.aria_label([group, "level_label"], "answered_text"))
    )


def parts(
    frame: pl.DataFrame, across: ValueAxis, color: alt.Color, name: alt.Tooltip, *, height: int, offset: int
) -> alt.Chart:
    """Draw each level's part from ``x`` to ``x2``, ``offset`` pixels below the row's middle."""
    # The gray outline keeps a light part visible on a light page, and a dark one on a dark page.
    bar = alt.Chart(frame).mark_bar(height=height, yOffset=offset, stroke=theme.NEUTRAL, strokeWidth=0.75)
    tooltips = [name, alt.Tooltip("level_label:N", title="Level"), alt.Tooltip("answered_text:N", title="Answers")]
    drawn: alt.Chart = bar.encode(
        x=across.field("x"),
        x2=alt.X2("x2"),
        color=color,
        tooltip=tooltips,
        description=alt.Description("aria_label:N"),
    )
    return drawn


def part_labels(frame: pl.DataFrame, down: RowAxis, across: ValueAxis, colors: Mapping[str, str]) -> list[alt.Chart]:
    """Write each part's percentage in it if there is room, in a text color that contrasts with it."""
    roomy = pl.col("share") >= theme.LABEL_FROM_SHARE * (across.high - across.low)
    layers = []
    for ink in (theme.INK_DARK, theme.INK_LIGHT):
        levels = [level for level, color in colors.items() if theme.text_on(color) == ink]
        text = alt.Chart(frame.filter(roomy & pl.col("level").is_in(levels))).mark_text(
            dy=down.mark_offset, fontSize=theme.VALUE_SIZE, color=ink, aria=False, tooltip=False
        )
        layers.append(text.encode(x=across.field("middle"), text=alt.Text("percent_text:N")))
    return layers


def level_color(frame: pl.DataFrame, colors: Mapping[str, str], title: str) -> alt.Color:
    """Color ``level`` by a palette in its order; the legend on top shows ``level_label``."""
    pairs = frame.select("level", "level_label").drop_nulls().unique("level", maintain_order=True)
    labels = {str(level): str(label) for level, label in pairs.iter_rows()}
    columns = theme.legend_columns([labels.get(str(level), str(level)) for level in colors])
    legend = alt.Legend(
        title=title,
        orient="top",
        direction="horizontal",
        columns=columns,
        labelExpr=f"{json.dumps(labels)}[datum.label] || datum.label",
        labelLimit=theme.LEGEND_WIDTH - 24,
        labelFontSize=theme.VALUE_SIZE,
        labelColor=theme.INK,
        titleFontSize=theme.VALUE_SIZE,
        titleColor=theme.INK,
        labelPadding=4,
        columnPadding=8,
        padding=0,
        offset=12,
        symbolType="square",
        symbolStrokeColor=theme.NEUTRAL,
        symbolStrokeWidth=1,
    )
    scale = alt.Scale(domain=list(colors), range=list(colors.values()))
    return alt.Color("level:O", scale=scale, legend=legend)
