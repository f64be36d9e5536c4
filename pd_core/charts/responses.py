"""How many people answered, against the share of staff that is enough: by school or group, and day by day."""

import altair as alt
import polars as pl

from pd_core.charts import curves, labels, row_layout, theme


def rate_bars(frame: pl.DataFrame, target_share: float, column: str = "school_name") -> alt.LayerChart:
    """Draw the response rate of each school, or of each group of staff, as a bar, with the target marked on every row.

    Columns: ``column`` (the row's label, never null), ``rate`` (0-1; above 1 is drawn as 1; null where no headcount is
    known), ``respondents``, ``headcount`` (may be null), ``status`` (words for the tooltip); and if there are any,
    ``verdict_label`` (said at the end of the row, of a hidden one too; null says nothing), ``suppressed`` and
    ``reason``. One row a label, drawn in the frame's order. ``target_share`` is 0-1. A bar that reaches the target is
    full, one that does not is pale with an edge; a row that is suppressed, or has null respondents, stands as a
    "hidden" band.
    """
    key = f"Share of staff who answered{theme.GAP}| target: {theme.percent_of(target_share)}"
    across = row_layout.shares_across((key,))
    frame = frame.with_columns(_answered().alias("answered_text")).with_columns(_figure(frame))
    seen, unseen = labels.split_hidden(frame.with_columns(labels.said([column], "figure")), "respondents")
    unseen = unseen.with_columns(_verdict(frame).alias("figure"))
    known = seen.drop_nulls("rate").with_columns(
        pl.col("rate").clip(upper_bound=1.0),
        theme.percent(pl.col("rate").clip(upper_bound=1.0)).alias("rate_text"),
        (pl.col("rate") >= target_share).alias("reached"),
    )
    unknown = seen.filter(pl.col("rate").is_null()).with_columns(
        pl.lit("no headcount, so no rate").alias("hidden_text")
    )
    down = row_layout.Down(column, row_layout.row_order(frame, column), figure_room=row_layout.figure_room(seen))
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
            description=alt.Description("said:N"),
        ),
        row_layout.ticks(known, down).encode(x=across.at(target_share)),
        row_layout.figures(pl.concat([seen, unseen.select(seen.columns)]), down, across),
    ]
    for without_bar in (unknown, unseen):
        if not without_bar.is_empty():
            layers += row_layout.hidden(without_bar, down, across, name)
    return row_layout.finish(layers, down, across)


def arrival_curve(frame: pl.DataFrame, target: int | None, expected: pl.DataFrame | None) -> alt.LayerChart:
    """Draw how many people have answered, day by day, and how many are expected, against the number that is enough.

    Columns of both frames: ``day`` (date, once each), ``respondents`` (all who answered until that day's end; the
    expected ones may be fractions). ``frame`` is drawn in steps from no one on the day before, its last day labeled;
    ``expected`` as a dashed line on from there, labeled at its end, or None. ``target`` is a number of people, or None
    where no headcount is known.
    """
    came, ahead = curves.placed(frame, expected)
    return row_layout.lay(
        [
            *curves.target_rule(target, came, ahead),
            *curves.lines(came, ahead),
            *curves.line_labels(came, ahead, target),
        ],
        curves.days_across(came, ahead),
        curves.people_up(came, ahead, target),
        theme.CURVE_HEIGHT,
    )


def _title(column: str) -> str:
    """Name a row as tooltips do: "School" for school_name, "Grade band" for grade_band."""
    return column.removesuffix("_name").removesuffix("_label").replace("_", " ").capitalize()


def _answered() -> pl.Expr:
    """Write "18 of 42", or "18 answered" where no headcount is known."""
    answered = pl.col("respondents").cast(pl.String)
    of_headcount = answered + " of " + pl.col("headcount").cast(pl.String)
    return of_headcount.fill_null(answered + " answered")


def _figure(frame: pl.DataFrame) -> pl.Expr:
    """Write what stands at the end of a row: "18 of 42", and the verdict: "18 of 42 · Too early"."""
    verdict = _verdict(frame)
    between = pl.when(verdict != "").then(pl.lit(" · ")).otherwise(pl.lit(""))
    return (pl.col("answered_text") + between + verdict).alias("figure")


def _verdict(frame: pl.DataFrame) -> pl.Expr:
    has_verdicts = "verdict_label" in frame.columns
    return pl.col("verdict_label").cast(pl.String).fill_null("") if has_verdicts else pl.lit("")
