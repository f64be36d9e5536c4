"""A school's skills: shares with their ranges, and the levels behind the shares."""

import altair as alt
import polars as pl

from pd_core.charts import labels, row_layout, stacks, theme
from pd_core.charts.intervals import share_dots
from pd_core.codebook import PROFICIENT

_DOTS_KEY = f"● this school{theme.GAP}— likely range{theme.GAP}| rest of the district"
_ALONE_KEY = f"● share{theme.GAP}— likely range"
# A side without people still has room for the words above it.
_LEAST_SIDE = 0.3


def skill_dots(frame: pl.DataFrame) -> alt.LayerChart:
    """Draw a school's share of proficient people for each skill, with its range and the district's share.

    Columns: ``skill_name``, ``share``, ``share_low``, ``share_high``, ``district_share`` (0-1; a null bound or district
    is not drawn), ``respondents``, ``suppressed``, ``reason``, and the optional columns of :func:`share_dots`. One row
    per skill, in the frame's order; a suppressed skill, or one with a null share, is a "hidden" band with its reason.
    If no row has a district (as for the district itself), the legend does not mention it.
    """
    is_alone = frame["district_share"].is_null().all()
    return share_dots(frame, "skill_name", "Skill", _ALONE_KEY if is_alone else _DOTS_KEY)


def level_bars(frame: pl.DataFrame) -> alt.LayerChart:
    """Draw how people answered on each skill: not yet proficient left of a vertical line, proficient right of it.

    Columns: ``skill_name``, ``level`` (0-3, integer), ``level_label``, ``share`` (0-1 of all who answered),
    ``respondents`` (all who answered; null for a weighted share), ``suppressed``, ``reason``. One row per skill and
    level, skills in the frame's order. A skill with any suppressed or null share is one "hidden" band: its other
    levels would reveal the missing one.
    """
    frame = frame.with_columns(pl.col("level").cast(pl.String))
    shown, unseen = labels.split_hidden_whole(frame, "skill_name")
    shown, proficient = _about_zero(stacks.with_ends(shown, "skill_name", list(theme.LEVEL_COLORS)))
    across = _sides_across(shown)
    down = row_layout.RowAxis(
        "skill_name", row_layout.row_order(frame, "skill_name"), figure_room=row_layout.figure_room(proficient)
    )
    name = alt.Tooltip("skill_name:N", title="Skill")
    color = stacks.level_color(frame, theme.LEVEL_COLORS, "Proficiency level")
    layers = [
        stacks.parts(shown, across, color, name, height=theme.MARK_HEIGHT, offset=down.mark_offset),
        *stacks.part_labels(shown, down, across, theme.LEVEL_COLORS),
        row_layout.ticks(proficient, down).encode(x=across.at(0)),
        row_layout.figures(proficient, down, across),
    ]
    if not unseen.is_empty():
        layers += row_layout.hidden(unseen, down, across, name)
    return row_layout.finish(layers, down, across)


def _about_zero(shown: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Shift each skill's parts so that zero divides its sides; also return the right side's ``figure`` per skill."""
    is_right = pl.col("level").cast(pl.Int64) >= PROFICIENT
    left = pl.col("share").filter(~is_right).sum().over("skill_name")
    moved = shown.with_columns(pl.col("x") - left, pl.col("x2") - left, pl.col("middle") - left)
    share = pl.col("share")
    right = shown.group_by("skill_name", maintain_order=True).agg(
        share.filter(is_right).sum(), pl.col("respondents").first()
    )
    text = pl.coalesce(labels.count_of(share), theme.percent(share)) + " proficient"
    return moved, right.with_columns(text.alias("figure"))


def _sides_across(shown: pl.DataFrame) -> row_layout.ValueAxis:
    """Return an axis as wide as the longest bar on either side, with words for its two sides."""
    ends = shown.select(pl.col("x").min().alias("low"), pl.col("x2").max().alias("high")).row(0, named=True)
    low, high = min(ends["low"] or 0.0, -_LEAST_SIDE), max(ends["high"] or 0.0, _LEAST_SIDE)
    return row_layout.ValueAxis(high, (low, high), "datum.value < 0 ? '← not yet proficient' : 'proficient →'", low=low)
