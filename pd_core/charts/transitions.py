"""Where the people who answered in both waves were then, and where they are now."""

from typing import Final, Literal

import altair as alt
import polars as pl

from pd_core.charts import labels, row_layout, theme

_CELL_STEP: Final = 46
_OPACITY: Final = (0.08, 0.42)
"""Up to the upper one the page's own text color is readable on every color below."""
_COLORS: Final = {"up": theme.ACCENT, "same": theme.NEUTRAL, "down": theme.LEVEL_COLORS["1"]}
_BY_MOVE: Final = alt.Scale(domain=list(_COLORS), range=list(_COLORS.values()))
_NAMES: Final = {"up": "Up a level or more", "same": "Same level", "down": "Down a level or more"}


def transition_table(frame: pl.DataFrame) -> alt.LayerChart:
    """Draw a table of people by level then (down) and level now (across), each cell tinted by how many are in it.

    Columns: ``label_from``, ``label_to`` (in the order of levels), ``move`` (up, same, down), ``people``. A row for
    each cell.
    """
    down, across = row_layout.row_order(frame, "label_from"), row_layout.row_order(frame, "label_to")
    total = max(int(frame["people"].max() or 0), 1)  # type: ignore[arg-type]
    low, high = _OPACITY
    shown = frame.with_columns(
        (low + (high - low) * pl.col("people") / total).alias("tint"),
        (pl.col("people").cast(pl.String) + " of those who answered both times").alias("people_text"),
        pl.concat_str([pl.lit("then "), "label_from", pl.lit(", now "), "label_to"]).alias("cell"),
    ).with_columns(labels.aria_label(["cell"], "people_text"))
    tooltips = [
        alt.Tooltip("label_from:N", title="Then"),
        alt.Tooltip("label_to:N", title="Now"),
        alt.Tooltip("people_text:N", title="Matched"),
    ]
    fill = alt.Fill("move:N", scale=_BY_MOVE, legend=None)
    cells = alt.Chart(shown).mark_rect(stroke=theme.NEUTRAL, strokeWidth=0.5)
    numbers = alt.Chart(shown).mark_text(fontSize=theme.LABEL_SIZE, color=theme.INK, aria=False, tooltip=False)
    opacity = alt.FillOpacity("tint:Q", scale=None, legend=None)
    layers = [
        cells.encode(fill=fill, fillOpacity=opacity, tooltip=tooltips, description=alt.Description("aria_label:N")),
        numbers.encode(text=alt.Text("people:Q")),
    ]
    return row_layout.lay(layers, _now(across), _then(down), len(down) * _CELL_STEP)


def move_bars(frame: pl.DataFrame) -> alt.LayerChart:
    """Draw how many people went up, stayed, and went down, where levels may not be shown one by one.

    Columns: ``move`` (up, same, down), ``people``. A row for each.
    """
    total = max(int(frame["people"].sum()), 1)
    across = row_layout.ValueAxis(float(total), (0.0, float(total)), "format(datum.value, ',.0f')", ("People",))
    names = pl.col("move").replace_strict(_NAMES, return_dtype=pl.String)
    shown = frame.with_columns(
        names.alias("move_name"), (pl.col("people").cast(pl.String) + f" of {total}").alias("figure")
    )
    shown = shown.with_columns(labels.aria_label(["move_name"], "figure"))
    down = row_layout.RowAxis("move_name", row_layout.row_order(shown, "move_name"))
    bar = alt.Chart(shown).mark_bar(height=theme.MARK_HEIGHT, yOffset=down.mark_offset, stroke=theme.NEUTRAL)
    tooltips = [alt.Tooltip("move_name:N", title="Since then"), alt.Tooltip("figure:N", title="People")]
    color = alt.Color("move:N", scale=_BY_MOVE, legend=None)
    layers = [
        row_layout.track(shown, down, across, after="people"),
        bar.encode(
            x=across.field("people"), x2=alt.X2Datum(0), color=color, tooltip=tooltips,
            description=alt.Description("aria_label:N"),
        ),
        row_layout.figures(shown, down, across),
    ]  # fmt: skip
    return row_layout.finish(layers, down, across)


def _then(names: tuple[str, ...]) -> alt.Y:
    return alt.Y("label_from:N", scale=alt.Scale(domain=list(names), paddingInner=0.06), axis=_axis("Then", 0))


def _now(names: tuple[str, ...]) -> alt.X:
    axis = _axis("Now", -35 if len(names) > 2 else 0, orient="top")
    return alt.X("label_to:N", scale=alt.Scale(domain=list(names), paddingInner=0.06), axis=axis)


def _axis(title: str, angle: int, *, orient: Literal["left", "top"] = "left") -> alt.Axis:
    """Name the levels; a long name continues on a second line."""
    length = theme.CELL_LINE_LENGTH
    two_lines = f"split(replace(datum.value, regexp('^(.{{1,{length}}}) '), '$1\\n'), '\\n')"
    return alt.Axis(
        title=title,
        orient=orient,
        domain=False,
        ticks=False,
        labelAngle=angle,
        labelExpr=f"length(datum.value) > {length} ? {two_lines} : datum.value",
        labelLimit=theme.CELL_LABEL_LIMIT,
        labelLineHeight=theme.VALUE_SIZE + 1,
        labelFontSize=theme.VALUE_SIZE,
        labelColor=theme.INK,
        labelPadding=6,
        labelOverlap=False,
        titleFontSize=theme.VALUE_SIZE,
        titleColor=theme.INK,
    )
