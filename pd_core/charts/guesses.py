"""A person's guesses about a school, compared with what its staff answered."""

import altair as alt
import polars as pl

from pd_core.charts import labels, row_layout, theme

_KEY = f"○ guess{theme.GAP}● answered: share of proficient people"


def guess_lines(frame: pl.DataFrame) -> alt.LayerChart:
    """Draw a hollow mark for each guess, a solid one for the result, and a line between them.

    Columns: ``skill_name``, ``guess_share``, ``share`` (0-1; a null guess is not drawn), and optionally
    ``respondents``, ``suppressed`` and ``reason``. One row per skill, in the frame's order; a suppressed skill, or one
    with a null share, is a "hidden" band with its reason.
    """
    across = row_layout.shares_across((_KEY,))
    shown, unseen = labels.split_hidden(frame, "share")
    shown = shown.with_columns(_figure(), _difference()).with_columns(labels.aria_label(["skill_name"], "figure"))
    down = row_layout.RowAxis(
        "skill_name", row_layout.row_order(frame, "skill_name"), figure_room=row_layout.figure_room(shown)
    )
    name = alt.Tooltip("skill_name:N", title="Skill")
    tooltips = [
        name,
        alt.Tooltip("figure:N", title="Proficient"),
        alt.Tooltip("difference_text:N", title="The guess"),
    ]
    if "respondents" in frame.columns:
        shown = shown.with_columns(labels.answered(pl.col("share")).alias("answered_text"))
        tooltips.append(alt.Tooltip("answered_text:N", title="Answered"))
    guessed = shown.drop_nulls("guess_share")
    line = alt.Chart(guessed).mark_bar(
        height=theme.LINE_WIDTH, yOffset=down.mark_offset, color=theme.NEUTRAL, tooltip=False, aria=False
    )
    # The page shows through the hollow mark, but the line does not. It is larger, so a correct guess looks like a ring.
    hollow = alt.Chart(guessed).mark_point(
        size=theme.RING_SIZE,
        yOffset=down.mark_offset,
        fill=alt.ExprRef("background"),
        stroke=theme.ACCENT,
        strokeWidth=2,
        opacity=1,
        aria=False,
    )
    full = alt.Chart(shown).mark_circle(
        size=theme.DOT_SIZE, yOffset=down.mark_offset, color=theme.ACCENT, opacity=1, stroke=theme.INK, strokeWidth=1
    )
    layers = [
        row_layout.track(shown, down, across),
        line.encode(x=across.field("guess_share"), x2=alt.X2("share")),
        hollow.encode(x=across.field("guess_share"), tooltip=tooltips),
        full.encode(x=across.field("share"), tooltip=tooltips, description=alt.Description("aria_label:N")),
        row_layout.figures(shown, down, across),
    ]
    if not unseen.is_empty():
        layers += row_layout.hidden(unseen, down, across, name)
    return row_layout.finish(layers, down, across)


def _figure() -> pl.Expr:
    """Write "guessed 70%, is 52%", or "is 52%" without a guess."""
    result = "is " + theme.percent(pl.col("share"))
    return pl.coalesce("guessed " + theme.percent(pl.col("guess_share")) + ", " + result, result).alias("figure")


def _difference() -> pl.Expr:
    """Write how far the guess is from the result: the difference between the two whole percents on the page."""
    guess, result = ((pl.col(column) * 100 + 0.5).floor().cast(pl.Int64) for column in ("guess_share", "share"))
    points = (guess - result).abs().cast(pl.String)
    unit = pl.when((guess - result).abs() == 1).then(pl.lit(" point too ")).otherwise(pl.lit(" points too "))
    side = pl.when(guess > result).then(pl.lit("high")).otherwise(pl.lit("low"))
    return (
        pl.when(pl.col("guess_share").is_null())
        .then(pl.lit("none"))
        .when(guess == result)
        .then(pl.lit("the same"))
        .otherwise(points + unit + side)
        .alias("difference_text")
    )
