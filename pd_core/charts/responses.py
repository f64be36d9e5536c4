"""How many people answered, compared with the target: by school or group, and day by day."""

import altair as alt
import polars as pl

from pd_core.charts import curves, labels, row_layout, theme


def rate_bars(frame: pl.DataFrame, target_share: float, column: str = "school_name") -> alt.LayerChart:
    """Draw the response rate of each school or group of staff as a bar, with the target marked on every row.

    Columns: ``column`` (the row's label, never null), ``rate`` (0-1; above 1 is drawn as 1; null without a headcount),
    ``respondents``, ``headcount`` (may be null), ``status`` (words for the tooltip); optionally ``verdict_label`` (at
    the end of the row, of hidden rows too; null: nothing), ``suppressed`` and ``reason``. One row per label, in the
    frame's order. ``target_share`` is 0-1. A bar that reaches the target is solid, one that does not is pale with an
    outline; a row that is suppressed, or has null respondents, is a "hidden" band.
    """
    key = f"Share of staff who answered{theme.GAP}| target: {theme.percent_of(target_share)}"
    across = row_layout.shares_across((key,))
    frame = frame.with_columns(_answered().alias("answered_text")).with_columns(_figure(frame))
    seen, unseen = labels.split_hidden(frame.with_columns(labels.aria_label([column], "figure")), "respondents")
    unseen = unseen.with_columns(_verdict(frame).alias("figure"))
    known = seen.drop_nulls("rate").with_columns(
        pl.col("rate").clip(upper_bound=1.0),
        theme.percent(pl.col("rate").clip(upper_bound=1.0)).alias("rate_text"),
        (pl.col("rate") >= target_share).alias("reached"),
    )
    unknown = seen.filter(pl.col("rate").is_null()).with_columns(
        pl.lit("no headcount, so no rate").alias("hidden_text")
    )
    down = row_layout.RowAxis(column, row_layout.row_order(frame, column), figure_room=row_layout.figure_room(seen))
    name = alt.Tooltip(f"{column}:N", title=_title(column))
    tooltips = [
        name,
        alt.Tooltip("rate_text:N", title="Response rate"),
        alt.Tooltip("answered_text:N", title="Answered"),
        alt.Tooltip("status:N", title="Status"),
    ]
    known, verdicts = labels.known(known, {"verdict_label": "Verdict"})
    bar = alt.Chart(known).mark_bar(
        height=theme.MARK_HEIGHT,
        yOffset=down.mark_offset,
        color=theme.ACCENT,
        stroke=theme.ACCENT,
        strokeWidth=1.5,
    )
    strength = alt.condition("datum.reached", alt.value(1.0), alt.value(theme.PALE_OPACITY))
    layers = [
        row_layout.track(known, down, across, after="rate"),
        bar.encode(
            x=across.field("rate"),
            x2=alt.X2Datum(0),
            fillOpacity=strength,
            tooltip=[*tooltips, *verdicts],
            description=alt.Description("aria_label:N"),
        ),
        row_layout.ticks(known, down).encode(x=across.at(target_share)),
        row_layout.figures(pl.concat([seen, unseen.select(seen.columns)]), down, across),
    ]
    for without_bar in (unknown, unseen):
        if not without_bar.is_empty():
            layers += row_layout.hidden(without_bar, down, across, name)
    return row_layout.finish(layers, down, across)


def arrival_curve(frame: pl.DataFrame, target: int | None, expected: pl.DataFrame | None) -> alt.LayerChart:
    """Draw how many people have answered, day by day, how many are expected, and the target.

    Columns of both frames: ``day`` (date, unique), ``respondents`` (all who answered by the end of that day; expected
    ones may be fractions). ``frame`` is drawn in steps from 0 on the day before, with its last day labeled;
    ``expected`` continues as a dashed line, labeled at its end, or is None. ``target`` is a number of people, or None
    without a headcount.
    """
    observed, projected = curves.placed(frame, expected)
    return row_layout.lay(
        [
            *curves.target_rule(target, observed, projected),
            *curves.lines(observed, projected),
            *curves.line_labels(observed, projected, target),
        ],
        curves.days_across(observed, projected),
        curves.people_up(observed, projected, target),
        theme.CURVE_HEIGHT,
    )


def _title(column: str) -> str:
    """Write a column's title for tooltips: "School" for school_name, "Grade band" for grade_band."""
    return column.removesuffix("_name").removesuffix("_label").replace("_", " ").capitalize()


def _answered() -> pl.Expr:
    """Write "18 of 42", or "18 answered" without a headcount."""
    answered = pl.col("respondents").cast(pl.String)
    of_headcount = answered + " of " + pl.col("headcount").cast(pl.String)
    return of_headcount.fill_null(answered + " answered")


def _figure(frame: pl.DataFrame) -> pl.Expr:
    """Write the text at the end of a row: "18 of 42", or with the verdict "18 of 42 · Too early"."""
    verdict = _verdict(frame)
    between = pl.when(verdict != "").then(pl.lit(" · ")).otherwise(pl.lit(""))
    return (pl.col("answered_text") + between + verdict).alias("figure")


def _verdict(frame: pl.DataFrame) -> pl.Expr:
    has_verdicts = "verdict_label" in frame.columns
    return pl.col("verdict_label").cast(pl.String).fill_null("") if has_verdicts else pl.lit("")
