"""How many people answered, against the share of staff that is enough."""

import altair as alt
import polars as pl

from pd_core.charts import rows, theme, words


def rate_bars(frame: pl.DataFrame, target_share: float) -> alt.LayerChart:
    """Draw each school's response rate as a bar, with the target marked on every row.

    Columns: ``school_name``, ``rate`` (0-1; above 1 is drawn as 1; null where no headcount is known), ``respondents``,
    ``headcount`` (may be null), ``status`` (words for the tooltip). One row a school, drawn in the frame's order.
    ``target_share`` is 0-1. A bar that reaches the target is full, one that does not is pale with an edge.
    """
    down = rows.Down("school_name", rows.row_order(frame, "school_name"))
    key = f"Share of staff who answered{theme.GAP}| target: {theme.percent_of(target_share)}"
    across = rows.shares_across((key,))
    frame = frame.with_columns(_figure()).with_columns(words.said(["school_name"], "figure"))
    known = frame.drop_nulls("rate").with_columns(
        pl.col("rate").clip(upper_bound=1.0),
        theme.percent(pl.col("rate").clip(upper_bound=1.0)).alias("rate_text"),
        (pl.col("rate") >= target_share).alias("reached"),
    )
    unknown = frame.filter(pl.col("rate").is_null()).with_columns(
        pl.lit("no headcount, so no rate").alias("hidden_text")
    )
    name = alt.Tooltip("school_name:N", title="School")
    tooltips = [
        name,
        alt.Tooltip("rate_text:N", title="Response rate"),
        alt.Tooltip("figure:N", title="Answered"),
        alt.Tooltip("status:N", title="Status"),
    ]
    bar = alt.Chart(known).mark_bar(
        height=theme.MARK_HEIGHT,
        yOffset=down.mark_offset,
        color=theme.ACCENT,
        stroke=theme.ACCENT,
        strokeWidth=1.5,
    )
    strength = alt.condition("datum.reached", alt.value(1.0), alt.value(theme.PALE_OPACITY))
    layers = [
        rows.track(known, down, across, after="rate"),
        bar.encode(
            x=across.field("rate"),
            x2=alt.X2Datum(0),
            fillOpacity=strength,
            tooltip=tooltips,
            description=alt.Description("said:N"),
        ),
        rows.ticks(known, down).encode(x=across.at(target_share)),
        rows.figures(frame, down, across),
    ]
    if not unknown.is_empty():
        layers += rows.hidden(unknown, down, across, name)
    return rows.finish(layers, down, across)


def _figure() -> pl.Expr:
    """Write "18 of 42", or "18 answered" where no headcount is known."""
    answered = pl.col("respondents").cast(pl.String)
    of_headcount = answered + " of " + pl.col("headcount").cast(pl.String)
    return of_headcount.fill_null(answered + " answered").alias("figure")
