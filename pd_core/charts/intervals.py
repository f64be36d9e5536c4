"""A dot with its range on each row: the form of every share that comes with an interval."""

import altair as alt
import polars as pl

from pd_core.charts import rows, theme, words


def share_dots(frame: pl.DataFrame, column: str, title: str, key: str) -> alt.LayerChart:
    """Draw a dot for each share, a line for its range, and a tick for the district's share.

    Columns: ``column`` (the row's label), ``share``, ``share_low``, ``share_high``, ``district_share`` (0-1, a null is
    not drawn), ``respondents``, ``suppressed``, ``reason``. ``title`` names a row in tooltips, ``key`` the marks.
    """
    down = rows.Down(column, rows.row_order(frame, column))
    across = rows.shares_across((key,))
    district_text = theme.percent(pl.col("district_share")).fill_null("not known").alias("district_text")
    shown, unseen = words.split_hidden(frame, "share")
    shown = words.with_share_words(shown).with_columns(district_text, words.said([column], "figure"))
    bounded = shown.drop_nulls(["share_low", "share_high"])
    name = alt.Tooltip(f"{column}:N", title=title)
    tooltips = [
        name,
        alt.Tooltip("answered_text:N", title="Proficient"),
        alt.Tooltip("range_text:N", title="Likely"),
    ]
    if not frame["district_share"].is_null().all():
        tooltips.append(alt.Tooltip("district_text:N", title="District"))

    line = alt.Chart(bounded).mark_bar(
        height=theme.LINE_WIDTH, yOffset=down.mark_offset, color=theme.ACCENT, cornerRadius=2, aria=False
    )
    dot = alt.Chart(shown).mark_circle(
        size=theme.DOT_SIZE, yOffset=down.mark_offset, color=theme.ACCENT, opacity=1, stroke=theme.INK, strokeWidth=1
    )
    layers = [
        rows.track(shown, down, across),
        line.encode(x=across.field("share_low"), x2=alt.X2("share_high"), tooltip=tooltips),
        dot.encode(x=across.field("share"), tooltip=tooltips, description=alt.Description("said:N")),
        rows.ticks(shown.drop_nulls("district_share"), down).encode(x=across.field("district_share")),
        rows.figures(shown, down, across),
    ]
    if not unseen.is_empty():
        layers += rows.hidden(unseen, down, across, name)
    return rows.finish(layers, down, across)
