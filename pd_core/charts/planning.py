"""What a school needs most: the people each training is for, skill by skill."""

import altair as alt
import polars as pl

from pd_core.charts import rows, theme, words


def need_bars(frame: pl.DataFrame) -> alt.LayerChart:
    """Draw the estimated number of people a training is for, skill by skill, with its range.

    Columns: ``skill_name``, ``people``, ``people_low``, ``people_high`` (0 to ``headcount``; a null range is not
    drawn), ``headcount``, and ``suppressed`` and ``reason`` if there are any. One row a skill, drawn in the frame's
    order; a suppressed need, or a null one, stands as a "hidden" band.
    """
    down = rows.Down("skill_name", rows.row_order(frame, "skill_name"))
    across = _people_across(frame)
    shown, unseen = words.split_hidden(frame, "people")
    texts = [theme.whole(pl.col(column)) for column in ("people", "people_low", "people_high")]
    shown = shown.with_columns(
        pl.coalesce(
            "about " + texts[0] + " of " + pl.col("headcount").cast(pl.String), texts[0] + " who answered"
        ).alias("figure"),
        words.between(texts[1], texts[2]).alias("range_text"),
    ).with_columns(words.said(["skill_name"], "figure"))
    name = alt.Tooltip("skill_name:N", title="Skill")
    tooltips = [name, alt.Tooltip("figure:N", title="People"), alt.Tooltip("range_text:N", title="Likely")]
    bar = alt.Chart(shown).mark_bar(height=theme.MARK_HEIGHT, yOffset=down.mark_offset, color=theme.ACCENT)
    line = alt.Chart(shown.drop_nulls(["people_low", "people_high"])).mark_bar(
        height=theme.LINE_WIDTH, yOffset=down.mark_offset, color=theme.INK, aria=False
    )
    layers = [
        rows.track(shown, down, across, after="people"),
        bar.encode(
            x=across.field("people"), x2=alt.X2Datum(0), tooltip=tooltips, description=alt.Description("said:N")
        ),
        line.encode(x=across.field("people_low"), x2=alt.X2("people_high"), tooltip=tooltips),
        rows.figures(shown, down, across),
    ]
    if not unseen.is_empty():
        layers += rows.hidden(unseen, down, across, name)
    return rows.finish(layers, down, across)


def _people_across(frame: pl.DataFrame) -> rows.Across:
    """Give an axis from nobody to everybody, labelled at its ends, and at its middle where that is whole people."""
    everybody = float(
        frame.select(pl.max_horizontal(pl.col("headcount").max(), pl.col("people").max().ceil(), pl.lit(1))).item() or 1
    )
    key = f"Estimated people{theme.GAP}— likely range"
    values = (0.0, everybody / 2, everybody) if everybody % 2 == 0 else (0.0, everybody)
    return rows.Across(everybody, values, "format(datum.value, ',.0f')", (key,))
