"""Charts of one school's skills: shares with their ranges, and the levels behind them."""

from math import ceil

import altair as alt
import polars as pl

from pd_core.charts import rows, stacks, theme, words
from pd_core.charts.intervals import share_dots

_DOTS_KEY = f"● this school{theme.GAP}— likely range{theme.GAP}| district"
_LEVELS_KEY = f"← below proficient{theme.GAP}|{theme.GAP}proficient →"


def skill_dots(frame: pl.DataFrame) -> alt.LayerChart:
    """Draw a school's share of proficient people for each skill, with its range and the district beside it.

    Columns: ``skill_name``, ``share``, ``share_low``, ``share_high``, ``district_share`` (0-1; a null bound or district
    is not drawn), ``respondents``, ``suppressed``, ``reason``. One row a skill, drawn in the frame's order; a
    suppressed skill, or one with a null share, stands as a "hidden" band with its reason.
    """
    return share_dots(frame, "skill_name", "Skill", _DOTS_KEY)


def level_bars(frame: pl.DataFrame) -> alt.LayerChart:
    """Draw how each skill's answers spread over the proficiency levels, parted at zero between level 1 and 2.

    Columns: ``skill_name``, ``level`` (0-3), ``level_label``, ``respondents`` (all who answered for the skill),
    ``share`` (0-1, of them at this level), ``suppressed``, and ``reason`` if there is one. One row a skill and level,
    skills in the frame's order. A skill with any suppressed or null share stands as a "hidden" band as a whole: its
    other levels would give the missing one away.
    """
    down = rows.Down("skill_name", rows.row_order(frame, "skill_name"))
    shown, unseen = words.split_hidden_whole(frame, "skill_name")
    segments = _parted_at_zero(shown)
    low, high = _extent(segments)
    across = rows.shares_across((_LEVELS_KEY,), low, high)
    name = alt.Tooltip("skill_name:N", title="Skill")
    color = stacks.level_color(frame, theme.PROFICIENCY_COLORS, "Proficiency level")
    totals = _proficient(segments)
    layers = [
        stacks.parts(segments, across, color, name, height=theme.MARK_HEIGHT, offset=down.mark_offset),
        *stacks.part_labels(segments, down, across, theme.PROFICIENCY_COLORS),
        rows.ticks(totals, down).encode(x=across.at(0)),
        rows.figures(totals, down, across),
    ]
    if not unseen.is_empty():
        layers += rows.hidden(unseen, down, across, name)
    return rows.finish(layers, down, across)


def _parted_at_zero(frame: pl.DataFrame) -> pl.DataFrame:
    """Stack the levels, with those below proficient left of zero."""
    below = pl.col("share").filter(pl.col("level") < theme.PROFICIENT_FROM).sum().over("skill_name")
    stacked = stacks.with_ends(frame, "skill_name", list(theme.PROFICIENCY_COLORS))
    return stacked.with_columns(pl.col("x", "x2", "middle") - below)


def _extent(segments: pl.DataFrame) -> tuple[float, float]:
    """Give the axis' ends, the whole quarters that hold every part, so that a phone's width is not spent on nothing."""
    if segments.is_empty():
        return -1.0, 1.0
    low, high = segments.select(pl.col("x").min(), pl.col("x2").max()).row(0)
    # Shares that add up to a hair more than a quarter, in floating point, still fit it.
    return -max(0.25, ceil(-low * 4 - 1e-9) / 4), max(0.25, ceil(high * 4 - 1e-9) / 4)


def _proficient(segments: pl.DataFrame) -> pl.DataFrame:
    """Give ``figure``, the proficient people of each ``skill_name``."""
    share = pl.col("share").filter(pl.col("level") >= theme.PROFICIENT_FROM).sum()
    totals = segments.group_by("skill_name", maintain_order=True).agg(share, pl.col("respondents").first())
    return totals.select("skill_name", words.figure(pl.col("share")).alias("figure"))
