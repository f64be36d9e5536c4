"""Axes that several charts share: numbers upward with their key on top, and names across the top of a heat map."""

from collections.abc import Sequence
from typing import Any

import altair as alt

from pd_core.charts import theme


def numbers_up(key: str, **more: Any) -> alt.Axis:
    """An axis of numbers on the left, its key written on top; ``more`` is passed on to Altair."""
    return alt.Axis(
        title=key,
        titleAngle=0,
        titleAlign="left",
        titleX=0,
        titleY=-10,
        titleFontSize=theme.VALUE_SIZE,
        titleColor=theme.INK,
        labelFontSize=theme.VALUE_SIZE,
        labelColor=theme.INK,
        gridColor=theme.NEUTRAL,
        gridOpacity=theme.TRACK_OPACITY,
        domain=False,
        ticks=False,
        **more,
    )


def names_across(key: Sequence[str], size: int, **more: Any) -> alt.Axis:
    """An axis of upright names above a heat map, with its key; ``size`` is that of the names in pixels."""
    return alt.Axis(
        orient="top",
        title=list(key),
        titleAnchor="start",
        titleFontSize=theme.VALUE_SIZE,
        titleColor=theme.INK,
        titlePadding=8,
        domain=False,
        ticks=False,
        labelAngle=-90,
        labelFontSize=size,
        labelColor=theme.INK,
        labelPadding=6,
        **more,
    )
