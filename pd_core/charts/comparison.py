"""Charts that set schools beside each other."""

from collections.abc import Sequence

import altair as alt
import polars as pl

from pd_core.charts import rows, theme, words
from pd_core.charts.intervals import share_dots

_HEAT_KEY = ["Proficient people of every 100", "who answered"]


def heat_map(frame: pl.DataFrame) -> alt.LayerChart:
    """Draw schools by skills: each cell its share of proficient people, as a number on a colour that deepens with it.

    Columns: ``school_name``, ``skill_name``, ``share``, ``share_low``, ``share_high`` (0-1, bounds may be null),
    ``respondents``, ``suppressed``, ``reason``. One row a school and skill; schools and skills in the frame's order. A
    suppressed cell, or one with a null share, is grey with a dash, and its tooltip says why.
    """
    schools = rows.row_order(frame, "school_name")
    y, x = _schools_down(schools), _skills_across(rows.row_order(frame, "skill_name"))
    shown, unseen = words.split_hidden(frame, "share")
    shown = words.with_share_words(shown).with_columns(theme.percent_number(pl.col("share")).alias("cell_text"))
    both = ["school_name", "skill_name"]
    shown = shown.with_columns(words.said(both, "figure"))
    unseen = unseen.with_columns(words.said(both, "hidden_text"))
    names = [alt.Tooltip("school_name:N", title="School"), alt.Tooltip("skill_name:N", title="Skill")]
    tooltips = [
        *names,
        alt.Tooltip("answered_text:N", title="Proficient"),
        alt.Tooltip("range_text:N", title="Likely"),
    ]
    cells = alt.Chart(shown).mark_rect(stroke=theme.NEUTRAL, strokeWidth=0.5)
    fill = alt.Fill("share:Q", scale=_share_steps(theme.SHARE_COLORS), legend=None)
    numbers = alt.Chart(shown).mark_text(fontSize=theme.CELL_SIZE, aria=False)
    inks = [theme.text_on(color) for color in theme.SHARE_COLORS]
    ink = alt.Color("share:Q", scale=_share_steps(inks), legend=None)
    layers = [
        cells.encode(fill=fill, tooltip=tooltips, description=alt.Description("said:N")),
        numbers.encode(color=ink, text=alt.Text("cell_text:N"), tooltip=tooltips),
    ]
    if not unseen.is_empty():
        reasons = [*names, alt.Tooltip("hidden_text:N", title="Not shown")]
        grey = alt.Chart(unseen).mark_rect(
            color=theme.NEUTRAL,
            fillOpacity=theme.HIDDEN_OPACITY,
            stroke=theme.NEUTRAL,
            strokeDash=list(theme.HIDDEN_DASH),
        )
        dash = alt.Chart(unseen).mark_text(
            text=theme.HIDDEN_CELL, fontSize=theme.CELL_SIZE, color=theme.INK, aria=False
        )
        layers += [
            grey.encode(tooltip=reasons, description=alt.Description("said:N")),
            dash.encode(tooltip=reasons),
        ]
    return rows.lay(layers, x, y, max(len(schools), 1) * theme.CELL_STEP)


def skill_intervals(frame: pl.DataFrame, district_share: float | None) -> alt.LayerChart:
    """Draw the schools for one skill: a dot with its range each, and the district's share marked on every row.

    Columns: ``school_name``, ``share``, ``share_low``, ``share_high`` (0-1, bounds may be null), ``respondents``,
    ``suppressed``, ``reason``. One row a school, in the frame's order; a suppressed school stands as a "hidden" band.
    ``district_share`` is 0-1, or None where the district has none.
    """
    key = f"● school{theme.GAP}— likely range"
    if district_share is not None:
        key += f"{theme.GAP}| district: {theme.percent_of(district_share)}"
    beside = frame.with_columns(pl.lit(district_share, dtype=pl.Float64).alias("district_share"))
    return share_dots(beside, "school_name", "School", key)


def _share_steps(colors: Sequence[str]) -> alt.Scale:
    return alt.Scale(type="threshold", domain=list(theme.SHARE_BREAKS), range=list(colors))


def _schools_down(schools: Sequence[str]) -> alt.Y:
    """Place the schools beside their cells, a long name on two lines: there is no room above a cell."""
    line_height = theme.VALUE_SIZE + 1
    is_long = f"length(datum.value) > {theme.CELL_LINE_LENGTH} && indexof(datum.value, ' ') > 0"
    # The first line takes as many whole words as it has room for; labelLimit shortens what is still too long.
    two_lines = f"split(replace(datum.value, regexp('^(.{{1,{theme.CELL_LINE_LENGTH}}}) '), '$1\\n'), '\\n')"
    axis = alt.Axis(
        title=None,
        domain=False,
        ticks=False,
        labelExpr=f"{is_long} ? {two_lines} : datum.value",
        labelOffset={"condition": {"test": is_long, "value": -line_height / 2}, "value": 0},
        labelLimit=theme.CELL_LABEL_LIMIT,
        labelFontSize=theme.VALUE_SIZE,
        labelColor=theme.INK,
        labelLineHeight=line_height,
        labelPadding=6,
        labelOverlap=False,
    )
    return alt.Y("school_name:N", scale=alt.Scale(domain=list(schools), paddingInner=0.06), axis=axis)


def _skills_across(skills: Sequence[str]) -> alt.X:
    axis = alt.Axis(
        orient="top",
        title=_HEAT_KEY,
        titleAnchor="start",
        titleFontSize=theme.VALUE_SIZE,
        titleColor=theme.INK,
        titlePadding=8,
        domain=False,
        ticks=False,
        labelAngle=-90,
        labelFontSize=theme.VALUE_SIZE,
        labelColor=theme.INK,
        labelPadding=6,
        labelLimit=theme.CELL_LABEL_LIMIT,
        labelOverlap=False,
    )
    return alt.X("skill_name:N", scale=alt.Scale(domain=list(skills), paddingInner=0.06), axis=axis)
