"""Charts that compare schools."""

import json
from bisect import bisect_right
from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

import altair as alt
import polars as pl

from pd_core.charts import axes, labels, row_layout, theme
from pd_core.charts.intervals import share_dots

_HEAT_KEY = [
    "Percent of respondents proficient.",
    "Faded cells are less certain,",
    "slanted numbers least of all.",
]
# What a cell says about its range if the frame says nothing, and the style of its number, for each step of
# UNCERTAINTY_FADE. The style tells pale from faded: a certain low share is bold, an uncertain high one is slanted.
_RANGES = ("the range is narrow", "the range is wide", "the range is very wide, or unknown")
_WEIGHTS: tuple[Literal["bold", "normal"], ...] = ("bold", "normal", "normal")
_STYLES = ("normal", "normal", "italic")


def heat_map(frame: pl.DataFrame, bold: Sequence[str] = ()) -> alt.LayerChart:
    """Draw schools by skills: each cell shows the share of proficient people, on a color that deepens with the share.

    Columns: ``school_name``, ``skill_name``, ``share``, ``share_low``, ``share_high`` (0-1, bounds may be null),
    ``respondents``, ``suppressed``, ``reason``. One row per school and skill, in the frame's order. A suppressed cell,
    or one with a null share, is gray with a dash, and its tooltip says why.

    A cell fades with the width of its range, most if a bound is null. Optional columns: ``trust`` says why (empty or
    null: no comment), and the tooltip shows ``word`` (how the share compares) and ``rank_text``. The schools named in
    ``bold`` stand out. With more than LONG_MAP rows they are low; a page then shows :func:`heat_table` instead.
    """
    schools = row_layout.row_order(frame, "school_name")
    skills = row_layout.row_order(frame, "skill_name")
    is_long = is_long_map(frame)
    y, x = _schools_down(schools, bold, is_long=is_long), _skills_across(skills)
    shown, unseen = _read(frame)
    shown, compared = labels.known(shown, labels.COMPARED)
    names = [alt.Tooltip("school_name:N", title="School"), alt.Tooltip("skill_name:N", title="Skill")]
    tooltips = [
        *names,
        alt.Tooltip("answered_text:N", title="Proficient"),
        alt.Tooltip("range_text:N", title="Likely"),
        alt.Tooltip("trust_text:N", title="Trust"),
        *compared,
    ]
    layers: list[alt.Chart] = []
    for step in shown["fade"].unique().sort().to_list() or [0]:
        layers += _cells(shown.filter(pl.col("fade") == step), step, tooltips)
    if not unseen.is_empty():
        reasons = [*names, alt.Tooltip("hidden_text:N", title="Not shown")]
        gray = alt.Chart(unseen).mark_rect(
            color=theme.NEUTRAL,
            fillOpacity=theme.HIDDEN_OPACITY,
            stroke=theme.NEUTRAL,
            strokeDash=list(theme.HIDDEN_DASH),
        )
        dash = alt.Chart(unseen).mark_text(
            text=theme.HIDDEN_CELL, fontSize=theme.CELL_SIZE, color=theme.INK, aria=False
        )
        layers += [
            gray.encode(tooltip=reasons, description=alt.Description("aria_label:N")),
            dash.encode(tooltip=reasons),
        ]
    height = max(len(schools), 1) * (theme.LONG_MAP_STEP if is_long else theme.CELL_STEP)
    # Each step of uncertainty has colors of its own for the same shares.
    return row_layout.lay(layers, x, y, height).resolve_scale(fill="independent", color="independent")


def is_long_map(frame: pl.DataFrame) -> bool:
    """Whether a heat map of this frame has more than LONG_MAP rows, and is longer than a screen."""
    return frame["school_name"].n_unique() > theme.LONG_MAP


class Cell(NamedTuple):
    """A cell of a heat map: its text, its color and the text's (``#RRGGBB``; a hidden cell has none), how unsure it is
    (0 not at all, to 2), and what is to know about it."""

    text: str
    fill: str
    ink: str
    unsure: int
    about: str


class HeatTable(NamedTuple):
    """A heat map as a table: the key to its cells, the skills, and for each school its name, whether it is bold, and
    its cells, of the same order as the skills; null where it was not asked."""

    key: str
    skills: tuple[str, ...]
    rows: tuple[tuple[str, bool, tuple[Cell | None, ...]], ...]


def heat_table(frame: pl.DataFrame, bold: Sequence[str] = ()) -> HeatTable:
    """Read the same frame as :func:`heat_map`, for a page that writes it as a table: its head stays in view, and a
    browser has one of 60 schools ready in half the time that its drawing takes."""
    shown, unseen = _read(frame)
    colors = [[(color, theme.text_on(color)) for color in _step_colors(step)] for step in range(len(_RANGES))]
    about = pl.col("aria_label") + "; likely " + pl.col("range_text")
    cells: dict[tuple[str, str], Cell] = {}
    for school, skill, text, share, step, words in shown.select(
        "school_name", "skill_name", "cell_text", "share", "fade", about.alias("about")
    ).iter_rows():
        fill, ink = colors[step][bisect_right(theme.SHARE_BREAKS, share)]
        cells[school, skill] = Cell(text, fill, ink, step, words)
    for school, skill, words in unseen.select("school_name", "skill_name", "aria_label").iter_rows():
        cells[school, skill] = Cell(theme.HIDDEN_CELL, "", "", 0, words)
    skills = row_layout.row_order(frame, "skill_name")
    return HeatTable(
        " ".join(_HEAT_KEY),
        skills,
        tuple(
            (school, school in bold, tuple(cells.get((school, skill)) for skill in skills))
            for school in row_layout.row_order(frame, "school_name")
        ),
    )


def _read(frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Split a heat map's cells into those with a number and its words, and those without, which say why."""
    shown, unseen = labels.split_hidden(frame, "share")
    both = ["school_name", "skill_name"]
    shown = labels.with_share_words(shown).with_columns(
        theme.percent_number(pl.col("share")).alias("cell_text"),
        _fade().alias("fade"),
        labels.aria_label(both, "figure"),
    )
    return _with_trust(shown), unseen.with_columns(labels.aria_label(both, "hidden_text"))


def skill_intervals(
    frame: pl.DataFrame, mark_share: float | None, mark_label: str = "district", bold: Sequence[str] = ()
) -> alt.LayerChart:
    """Draw the schools for one skill: a dot and its range for each, and on every row a mark to compare with.

    Columns: ``school_name``, ``share``, ``share_low``, ``share_high`` (0-1, bounds may be null), ``respondents``,
    ``suppressed``, ``reason``, and the optional columns of :func:`share_dots`. One row per school, in the frame's
    order; a suppressed school is a "hidden" band. The mark is at a row's ``compared_share`` (0-1), otherwise at
    ``mark_share`` (None: no mark); ``mark_label`` names it: the rest of the district, or similar schools. The schools
    named in ``bold`` stand out.
    """
    key = f"● school{theme.GAP}— likely range"
    marks = pl.lit(mark_share, dtype=pl.Float64)
    if "compared_share" in frame.columns and frame["compared_share"].count():
        key += f"{theme.GAP}| {mark_label}"
        marks = pl.col("compared_share")
    elif mark_share is not None:
        key += f"{theme.GAP}| {mark_label}: {theme.percent_of(mark_share)}"
    beside = frame.with_columns(marks.alias("district_share"))
    return share_dots(beside, "school_name", "School", key, mark_label, bold)


def _fade() -> pl.Expr:
    """Return the step of UNCERTAINTY_FADE (0 is certain) for a share's range."""
    width = pl.col("share_high") - pl.col("share_low")
    # In floating point, 0.9 - 0.7 is slightly more than 0.2.
    beyond = pl.sum_horizontal((width > limit + 1e-9).cast(pl.Int64) for limit, _ in theme.UNCERTAINTY_FADE[:-1])
    return pl.when(width.is_null()).then(len(theme.UNCERTAINTY_FADE) - 1).otherwise(beyond)


def _with_trust(shown: pl.DataFrame) -> pl.DataFrame:
    """Add ``trust_text``, why a cell is faded, and append it to the faded cells' ``aria_label``."""
    own = pl.col("trust").cast(pl.String) if "trust" in shown.columns else pl.lit(None, dtype=pl.String)
    from_range = pl.col("fade").replace_strict(list(range(len(_RANGES))), list(_RANGES), return_dtype=pl.String)
    shown = shown.with_columns(pl.when(own != "").then(own).otherwise(from_range).alias("trust_text"))
    unsure = pl.when(pl.col("fade") > 0).then(", unsure: " + pl.col("trust_text")).otherwise(pl.lit(""))
    return shown.with_columns((pl.col("aria_label") + unsure).alias("aria_label"))


def _cells(frame: pl.DataFrame, step: int, tooltips: Sequence[alt.Tooltip]) -> list[alt.Chart]:
    """Draw the cells of one step of UNCERTAINTY_FADE, and their numbers."""
    colors = _step_colors(step)
    inks = [theme.text_on(color) for color in colors]
    cells = alt.Chart(frame).mark_rect(stroke=theme.NEUTRAL, strokeWidth=0.5, strokeOpacity=1 if step == 0 else 0)
    fill = alt.Fill("share:Q", scale=_share_steps(colors), legend=None)
    # "100" is as wide as its cell on a phone.
    size = alt.ExprRef(f"length(datum.cell_text) > 2 ? {theme.CELL_SIZE - 1} : {theme.CELL_SIZE}")
    numbers = alt.Chart(frame).mark_text(fontSize=size, aria=False, fontWeight=_WEIGHTS[step], fontStyle=_STYLES[step])
    ink = alt.Color("share:Q", scale=_share_steps(inks), legend=None)
    return [
        cells.encode(fill=fill, tooltip=tooltips, description=alt.Description("aria_label:N")),
        numbers.encode(color=ink, text=alt.Text("cell_text:N"), tooltip=tooltips),
    ]


def _step_colors(step: int) -> list[str]:
    """Return the colors of the shares for one step of UNCERTAINTY_FADE, lowest share first."""
    return [theme.faded(color, theme.UNCERTAINTY_FADE[step][1]) for color in theme.SHARE_COLORS]


def _share_steps(colors: Sequence[str]) -> alt.Scale:
    return alt.Scale(type="threshold", domain=list(theme.SHARE_BREAKS), range=list(colors))


def _bands(names: Sequence[str]) -> alt.Scale:
    return alt.Scale(domain=list(names), paddingInner=0.06)


def _schools_down(schools: Sequence[str], bold: Sequence[str], *, is_long: bool) -> alt.Y:
    """Put the schools' names left of their cells: there is no room above a cell.

    In a short map a long name is on two lines, in a long one on one.
    """
    line_height = theme.VALUE_SIZE + 1
    is_wide = f"length(datum.value) > {theme.CELL_LINE_LENGTH} && indexof(datum.value, ' ') > 0"
    # The first line takes as many whole words as fit; labelLimit shortens what is still too long.
    two_lines = f"split(replace(datum.value, regexp('^(.{{1,{theme.CELL_LINE_LENGTH}}}) '), '$1\\n'), '\\n')"
    is_bold = f"indexof({json.dumps(list(bold))}, datum.value) >= 0"
    layout: dict[str, Any]
    if is_long:
        layout = {"labelLimit": theme.LONG_MAP_LABEL}
    else:
        layout = {
            "labelExpr": f"{is_wide} ? {two_lines} : datum.value",
            "labelOffset": {"condition": {"test": is_wide, "value": -line_height / 2}, "value": 0},
            "labelLimit": theme.CELL_LABEL_LIMIT,
            "labelLineHeight": line_height,
        }
    axis = alt.Axis(
        title=None,
        domain=False,
        ticks=False,
        labelFontSize=theme.VALUE_SIZE,
        labelColor=theme.INK,
        labelFontWeight={"condition": {"test": is_bold, "value": "bold"}, "value": "normal"},
        labelPadding=6,
        labelOverlap=False,
        **layout,
    )
    return alt.Y("school_name:N", scale=_bands(schools), axis=axis)


def _skills_across(skills: Sequence[str]) -> alt.X:
    axis = axes.names_across(_HEAT_KEY, theme.VALUE_SIZE, labelLimit=theme.CELL_LABEL_LIMIT, labelOverlap=False)
    return alt.X("skill_name:N", scale=_bands(skills), axis=axis)
