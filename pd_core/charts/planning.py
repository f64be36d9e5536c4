"""What a school needs most: how many people each training is for, skill by skill."""

import altair as alt
import polars as pl

from pd_core.charts import labels, row_layout, theme


def need_bars(frame: pl.DataFrame) -> alt.LayerChart:
    """Draw the estimated number of people a training is for, skill by skill, with its range.

    Columns: ``skill_name``, ``people``, ``people_low``, ``people_high`` (0 to ``headcount``; a null range is not
    drawn), ``headcount``, and optionally ``suppressed``, ``reason`` and ``top_two`` (0-1, the probability that the need
    is one of the top two; null if not worked out). One row per skill, in the frame's order; a suppressed or null need
    is a "hidden" band. A need with a very low ``top_two`` says so only in its tooltip.
    """
    has_odds = "top_two" in frame.columns and not frame["top_two"].is_null().all()
    across = _people_across(frame, has_odds)
    shown, unseen = labels.split_hidden(frame, "people")
    about = pl.when(pl.col("people_low") == pl.col("people_high")).then(pl.lit("")).otherwise(pl.lit("about "))
    texts = [theme.whole(pl.col(column)) for column in ("people", "people_low", "people_high")]
    shown = shown.with_columns(
        pl.coalesce(about + texts[0] + " of " + pl.col("headcount").cast(pl.String), texts[0] + " who answered").alias(
            "figure"
        ),
        labels.between(texts[1], texts[2]).alias("range_text"),
    ).with_columns(pl.col("figure").alias("people_text"))
    if has_odds:
        shown = _with_odds(shown)
    shown = shown.with_columns(labels.aria_label(["skill_name"], "figure"))
    down = row_layout.RowAxis(
        "skill_name", row_layout.row_order(frame, "skill_name"), figure_room=row_layout.figure_room(shown)
    )
    name = alt.Tooltip("skill_name:N", title="Skill")
    tooltips = [name, alt.Tooltip("people_text:N", title="People"), alt.Tooltip("range_text:N", title="Likely")]
    if has_odds:
        tooltips.append(alt.Tooltip("odds_text:N", title="One of the top two"))
    bar = alt.Chart(shown).mark_bar(height=theme.MARK_HEIGHT, yOffset=down.mark_offset, color=theme.ACCENT)
    line = alt.Chart(shown.drop_nulls(["people_low", "people_high"])).mark_bar(
        height=theme.LINE_WIDTH, yOffset=down.mark_offset, color=theme.INK, aria=False
    )
    layers = [
        row_layout.track(shown, down, across, after="people"),
        bar.encode(
            x=across.field("people"), x2=alt.X2Datum(0), tooltip=tooltips, description=alt.Description("aria_label:N")
        ),
        line.encode(x=across.field("people_low"), x2=alt.X2("people_high"), tooltip=tooltips),
        row_layout.figures(shown, down, across),
    ]
    if not unseen.is_empty():
        layers += row_layout.hidden(unseen, down, across, name)
    return row_layout.finish(layers, down, across)


def _with_odds(shown: pl.DataFrame) -> pl.DataFrame:
    """Add ``odds_text`` for the tooltip; also append it to the figure if the odds are at least MIN_SHOWN_ODDS."""
    sure = theme.percent(pl.col("top_two")) + " sure"
    worth_saying = pl.when(pl.col("top_two") >= theme.MIN_SHOWN_ODDS).then(" · " + sure)
    return shown.with_columns(
        sure.fill_null("not known").alias("odds_text"), (pl.col("figure") + worth_saying.fill_null("")).alias("figure")
    )


def _people_across(frame: pl.DataFrame, has_odds: bool) -> row_layout.ValueAxis:
    """Return an axis from 0 to everyone, labeled at its ends, and at its middle if that is a whole number."""
    everybody = float(
        frame.select(pl.max_horizontal(pl.col("headcount").max(), pl.col("people").max().ceil(), pl.lit(1))).item() or 1
    )
    key = [f"Estimated people{theme.GAP}— likely range"]
    if has_odds:
        key.append("% sure: it is one of the top two needs")
    values = (0.0, everybody / 2, everybody) if everybody % 2 == 0 else (0.0, everybody)
    return row_layout.ValueAxis(everybody, values, "format(datum.value, ',.0f')", tuple(key))
