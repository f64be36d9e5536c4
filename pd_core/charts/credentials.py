"""Credentials month by month."""

import altair as alt
import polars as pl

from pd_core.charts import axes, labels, row_layout, theme


def month_bars(frame: pl.DataFrame) -> alt.LayerChart:
    """Draw how many credentials were earned in each month as a bar; a hidden month is a low, dashed one.

    Columns: ``month`` (YYYY-MM, each once), ``month_text`` (as people say it), ``awards`` (null: hidden).
    """
    shown = frame.with_columns(
        height=pl.col("awards").fill_null(1).cast(pl.Int64),
        figure=pl.col("awards").cast(pl.String).fill_null("hidden"),
    ).with_columns(labels.aria_label(["month_text"], "figure"))
    top = max(int(shown["height"].max() or 0), 5)  # type: ignore[arg-type]
    axis = alt.Axis(
        title=None, labelAngle=0, labelFontSize=theme.VALUE_SIZE, labelColor=theme.INK, labelOverlap=True, grid=False,
        tickColor=theme.NEUTRAL, domainColor=theme.NEUTRAL,
    )  # fmt: skip
    across = alt.X("month:N", scale=alt.Scale(domain=frame["month"].to_list(), padding=0.2), axis=axis)
    up = alt.Y("height:Q", scale=alt.Scale(domain=(0, top)), axis=axes.numbers_up("Credentials earned", tickCount=4))
    tooltips = [alt.Tooltip("month_text:N", title="Month"), alt.Tooltip("figure:N", title="Credentials")]
    known, hidden = shown.filter(pl.col("awards").is_not_null()), shown.filter(pl.col("awards").is_null())
    parts = [
        (known, alt.Chart(known).mark_bar(color=theme.ACCENT)),
        (
            hidden,
            alt.Chart(hidden).mark_bar(
                color=theme.NEUTRAL,
                fillOpacity=theme.HIDDEN_OPACITY,
                stroke=theme.NEUTRAL,
                strokeDash=list(theme.HIDDEN_DASH),
            ),
        ),
    ]
    described = alt.Description("aria_label:N")
    # A layer without marks would be a picture without a description.
    bars = [part.encode(tooltip=tooltips, description=described) for rows, part in parts if rows.height]
    return row_layout.lay(bars, across, up, theme.CURVE_HEIGHT)
