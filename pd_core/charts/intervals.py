"""A dot with its range on each row: how every share with an interval is drawn."""

from collections.abc import Sequence

import altair as alt
import polars as pl

from pd_core.charts import labels, row_layout, theme
from pd_core.wording import with_capital

_WORST_KEY = "Thin line: if none or all of the others were proficient"


def share_dots(
    frame: pl.DataFrame, column: str, title: str, key: str, mark_label: str = "district", bold: Sequence[str] = ()
) -> alt.LayerChart:
    """Draw a dot for each share, a line for its range, and a tick for the share it is compared with.

    Columns: ``column`` (the row's label), ``share``, ``share_low``, ``share_high``, ``district_share`` (0-1, the
    position of the tick; null is not drawn), ``respondents``, ``suppressed``, ``reason``; optionally ``word`` (how the
    share compares, at the end of the row; null: nothing), ``rank_text`` (for the tooltip), ``share_worst_low`` and
    ``share_worst_high`` (0-1, a thin line; null is not drawn). ``title`` names a row in tooltips, ``key`` explains the
    marks, ``mark_label`` names the tick; the rows labeled with a text in ``bold`` stand out.
    """
    has_worst = {"share_worst_low", "share_worst_high"} <= set(frame.columns)
    across = row_layout.shares_across((key, _WORST_KEY) if has_worst else (key,))
    mark_text = theme.percent(pl.col("district_share")).fill_null("not known").alias("mark_text")
    shown, unseen = labels.split_hidden(row_layout.placed(frame, column), "share")
    shown = labels.with_share_words(shown).with_columns(mark_text, labels.aria_label([column], "figure"))
    down = row_layout.RowAxis(
        column, row_layout.row_order(frame, column), bold=tuple(bold), figure_room=row_layout.figure_room(shown),
        is_placed=True,
    )  # fmt: skip
    shown, compared = labels.known(shown, labels.COMPARED)
    bounded = shown.drop_nulls(["share_low", "share_high"])
    name = alt.Tooltip(f"{column}:N", title=title)
    tooltips = [
        name,
        alt.Tooltip("answered_text:N", title="Proficient"),
        alt.Tooltip("range_text:N", title="Likely"),
    ]
    if has_worst:
        tooltips.append(alt.Tooltip("worst_text:N", title="Worst and best case"))
    if not frame["district_share"].is_null().all():
        tooltips.append(alt.Tooltip("mark_text:N", title=with_capital(mark_label)))
    tooltips += compared

    line = alt.Chart(bounded).mark_bar(
        height=theme.LINE_WIDTH, yOffset=down.mark_offset, color=theme.ACCENT, cornerRadius=2, aria=False
    )
    dot = alt.Chart(shown).mark_circle(
        size=theme.DOT_SIZE, yOffset=down.mark_offset, color=theme.ACCENT, opacity=1, stroke=theme.INK, strokeWidth=1
    )
    layers = [
        row_layout.track(shown, down, across),
        *([_worst(shown, down, across)] if has_worst else []),
        line.encode(x=across.field("share_low"), x2=alt.X2("share_high"), tooltip=tooltips),
        dot.encode(x=across.field("share"), tooltip=tooltips, description=alt.Description("aria_label:N")),
        row_layout.ticks(shown.drop_nulls("district_share"), down).encode(x=across.field("district_share")),
        row_layout.figures(shown, down, across),
    ]
    if not unseen.is_empty():
        layers += row_layout.hidden(unseen, down, across, name)
    return row_layout.finish(layers, down, across)


def _worst(shown: pl.DataFrame, down: row_layout.RowAxis, across: row_layout.ValueAxis) -> alt.Chart:
    """Draw a thin line between the worst-case bounds, over the track."""
    line = alt.Chart(shown.drop_nulls(["share_worst_low", "share_worst_high"])).mark_bar(
        height=theme.BOUND_WIDTH,
        yOffset=down.mark_offset,
        color=theme.ACCENT,
        opacity=theme.BOUND_OPACITY,
        tooltip=False,
        aria=False,
    )
    drawn: alt.Chart = line.encode(x=across.field("share_worst_low"), x2=alt.X2("share_worst_high"))
    return drawn
