"""The SAMR profile: how much technology changes lessons, level by level and never averaged."""

from typing import Final, Literal, NamedTuple

import altair as alt
import polars as pl

from pd_core.charts import labels, row_layout, stacks, theme

_TITLES = {"skill_name": "Skill", "school_name": "School"}


class Pair(NamedTuple):
    """What the two bars of a row are: ``key`` explains them, ``thin`` names the thin one."""

    key: str
    thin: str


WITH_DISTRICT: Final = Pair(f"Broad bar: this school{theme.GAP}Thin bar: district", "district")
NOW_AND_THEN: Final = Pair(f"Broad bar: now{theme.GAP}Thin bar: then", "then")


def samr_profile(
    frame: pl.DataFrame, row: Literal["skill_name", "school_name"] = "skill_name", pair: Pair = WITH_DISTRICT
) -> alt.LayerChart:
    """Draw a 100% bar for each row, split into the SAMR levels none, S, A, M, R in that order.

    Columns: ``row`` (the label), ``level`` (none, S, A, M, R), ``level_label``, ``share`` (0-1), ``respondents`` (all
    who answered), ``suppressed``, ``reason``, and ``is_district`` (true or false) if the district is included. One row
    per label and level, labels in the frame's order. By skill, the district is a thin bar under the school's (or what
    ``pair`` says: then under now); by school, it is a separate row in bold. A row with any suppressed or null share is
    one "hidden" band: its other levels would reveal the missing one.
    """
    if "is_district" not in frame.columns:
        frame = frame.with_columns(pl.lit(False).alias("is_district"))
    is_beside = pl.col("is_district") if row == "skill_name" and not frame["is_district"].all() else pl.lit(False)
    own, beside = frame.filter(~is_beside), frame.filter(is_beside)

    bold = row_layout.row_order(own.filter(pl.col("is_district")), row) if row == "school_name" else ()
    step = theme.ROW_STEP if beside.is_empty() else theme.ROW_STEP_PAIR
    down = row_layout.RowAxis(row, row_layout.row_order(frame, row), step, bold)
    across = row_layout.shares_across(() if beside.is_empty() else (pair.key,))
    name = alt.Tooltip(f"{row}:N", title=_TITLES[row])
    color = stacks.level_color(frame, theme.SAMR_COLORS, "SAMR level")

    shown, unseen = labels.split_hidden_whole(own, row)
    shown = stacks.with_ends(shown, row, list(theme.SAMR_COLORS))
    layers = [
        stacks.parts(shown, across, color, name, height=theme.MARK_HEIGHT, offset=down.mark_offset),
        *stacks.part_labels(shown, down, across, theme.SAMR_COLORS),
        row_layout.figures(_answered(shown, row), down, across),
    ]
    if not unseen.is_empty():
        layers += row_layout.hidden(unseen, down, across, name)
    if not beside.is_empty():
        # A hidden district has no thin bar; the school's row stays complete without it.
        district, _ = labels.split_hidden_whole(beside, row)
        district = stacks.with_ends(district, row, list(theme.SAMR_COLORS))
        offset = down.mark_offset + (theme.MARK_HEIGHT + theme.PAIR_HEIGHT) // 2 + 3
        label = alt.Tooltip("beside_text:N", title=_TITLES[row])
        district = district.with_columns(
            (pl.col(row) + f", {pair.thin}").alias("beside_text"),
            (f"{pair.thin.capitalize()}, " + pl.col("aria_label")).alias("aria_label"),
        )
        layers.append(stacks.parts(district, across, color, label, height=theme.PAIR_HEIGHT, offset=offset))
    return row_layout.finish(layers, down, across)


def _answered(shown: pl.DataFrame, row: str) -> pl.DataFrame:
    """Return ``figure``, how many people answered, for each ``row``."""
    once = shown.unique(row, keep="first", maintain_order=True)
    return once.select(row, (pl.col("respondents").cast(pl.String) + " answered").fill_null("").alias("figure"))
