"""A school's skills: shares with their ranges."""

import altair as alt
import polars as pl

from pd_core.charts import theme
from pd_core.charts.intervals import share_dots

_DOTS_KEY = f"● this school{theme.GAP}— likely range{theme.GAP}| district"
_ALONE_KEY = f"● share{theme.GAP}— likely range"


def skill_dots(frame: pl.DataFrame) -> alt.LayerChart:
    """Draw a school's share of proficient people for each skill, with its range and the district beside it.

    Columns: ``skill_name``, ``share``, ``share_low``, ``share_high``, ``district_share`` (0-1; a null bound or district
    is not drawn), ``respondents``, ``suppressed``, ``reason``. One row a skill, drawn in the frame's order; a
    suppressed skill, or one with a null share, stands as a "hidden" band with its reason. Where no row has a district
    (as for the district itself) the legend does not speak of one.
    """
    is_alone = frame["district_share"].is_null().all()
    return share_dots(frame, "skill_name", "Skill", _ALONE_KEY if is_alone else _DOTS_KEY)
