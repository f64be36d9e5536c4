"""Colors, formats and sizes of every chart, in one place.

Streamlit's own theme sets the background and the font. The colors drawn on it are chosen here, so that they work on a
light and on a dark page, for color-blind readers, and printed in gray.
"""

from collections.abc import Sequence
from typing import Final

import altair as alt
import polars as pl

# Mid tones: at least 3:1 against a white and against a near-black page.
ACCENT: Final = "#2F7FBF"
NEUTRAL: Final = "#7D8590"

INK_DARK: Final = "#131C26"
INK_LIGHT: Final = "#FFFFFF"
# No single color is readable as text on both a white and a dark page, so text asks Vega for the page's background,
# which Streamlit sets from the reader's theme. (Streamlit's own axis text is a gray of less than 4.5:1 on white.)
INK: Final = alt.ExprRef(expr=f"luminance(background) < 0.4 ? '{INK_LIGHT}' : '{INK_DARK}'")

# In SAMR's order: light gray for none, then lighter to darker with each level.
SAMR_COLORS: Final[dict[str, str]] = {"none": "#ECECEC", "S": "#94D0B4", "A": "#41A3AB", "M": "#22668F", "R": "#1C2A59"}

# A share's step in the heat map: below 20%, 40%, 60%, 80%, and the rest. Steps rather than a ramp, so that the number
# in each cell, dark or light, is always readable.
SHARE_BREAKS: Final[tuple[float, ...]] = (0.2, 0.4, 0.6, 0.8)
SHARE_COLORS: Final[tuple[str, ...]] = ("#E6F0F8", "#B5D2E9", "#7DB0D6", "#3578B2", "#153F6C")

# The maximum width of a share's range (0-1), and how much of its cell's color is left: the rest is this gray, on light
# and dark pages alike. Fading toward the page would make an uncertain cell look high on a dark one. No faded color is
# as dark as that of a certain share of 60%, and each bears dark text.
UNCERTAIN_COLOR: Final = "#B3B8BD"
UNCERTAINTY_FADE: Final[tuple[tuple[float, float], ...]] = ((0.2, 1.0), (0.35, 0.4), (1.0, 0.15))

# Proficiency levels from 0 to 3: orange needs a class and blue does not, and each is darker than the one before.
LEVEL_COLORS: Final[dict[str, str]] = {"0": "#F7DDB8", "1": "#E5A257", "2": "#4B8DC0", "3": "#153F6C"}

HIDDEN_OPACITY: Final = 0.18
HIDDEN_CELL: Final = "\u2013"
HIDDEN_DASH: Final[tuple[int, int]] = (4, 3)
TRACK_OPACITY: Final = 0.28
PALE_OPACITY: Final = 0.3

LABEL_SIZE: Final = 13
VALUE_SIZE: Final = 12
# The average width of a character, as a fraction of the font size.
LETTER_WIDTH: Final = 0.45
CELL_SIZE: Final = 11
# The default width in pixels kept for a row's figure.
FIGURE_ROOM: Final = 118
MIN_LABEL_WIDTH: Final = 96
CELL_LABEL_LIMIT: Final = 104
CELL_LINE_LENGTH: Final = 16
LEGEND_WIDTH: Final = 340
TEXT_LIMIT: Final = 320

ROW_STEP: Final = 44
ROW_STEP_PAIR: Final = 58
CELL_STEP: Final = 32
# A map of more rows than these has lower ones with room for one line, so that 60 schools fit on two screens.
LONG_MAP: Final = 16
LONG_MAP_STEP: Final = 24
LONG_MAP_LABEL: Final = 180
MARK_HEIGHT: Final = 18
PAIR_HEIGHT: Final = 8
TICK_HEIGHT: Final = 22
LINE_WIDTH: Final = 4
BOUND_WIDTH: Final = 2
BOUND_OPACITY: Final = 0.75
CURVE_HEIGHT: Final = 210
CURVE_WIDTH: Final = 2.5
TOUCH_SIZE: Final = 300
AHEAD_DASH: Final[tuple[int, int]] = (5, 4)
DOT_SIZE: Final = 130
RING_SIZE: Final = 210

# Between the words of a key: an em space, since several plain spaces are drawn as one.
GAP: Final = "\u2003"

# A part of a stacked bar has its own label from this share on, so that it fits on a phone.
LABEL_FROM_SHARE: Final = 0.12

# The smallest probability of being a top-two need that is worth showing next to the figure.
MIN_SHOWN_ODDS: Final = 0.05

_PERCENT: Final = "%"


def percent(share: pl.Expr) -> pl.Expr:
    """Write a share (0-1) as a whole percentage, halves rounded up: ``0.625`` is ``63%``; null stays null."""
    return percent_number(share) + _PERCENT


def percent_number(share: pl.Expr) -> pl.Expr:
    """Write a share (0-1) like :func:`percent`, without the percent sign, where there is no room for it."""
    return whole(share * 100)


def whole(number: pl.Expr) -> pl.Expr:
    """Write a number as the nearest whole one, halves rounded up, as in sentences."""
    return (number + 0.5).floor().cast(pl.Int64).cast(pl.String)


def percent_of(share: float) -> str:
    """Write a single share (0-1) as :func:`percent` writes a column."""
    return f"{int(share * 100 + 0.5)}{_PERCENT}"


def percent_axis_label() -> str:
    """Return the Vega expression that writes an axis value (0-1) as a whole percentage."""
    return f"format(datum.value * 100, '.0f') + '{_PERCENT}'"


def luminance(color: str) -> float:
    """Return the relative luminance (0 black to 1 white) of ``#RRGGBB``. Source: WCAG 2.2, "relative luminance"."""
    channels = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def text_on(color: str) -> str:
    """Return the text color, dark or light, with more contrast to ``color``. Source: WCAG 2.2, "contrast ratio"."""
    ground = luminance(color) + 0.05
    on_light = ground / (luminance(INK_DARK) + 0.05)
    on_dark = (luminance(INK_LIGHT) + 0.05) / ground
    return INK_DARK if on_light >= on_dark else INK_LIGHT


def faded(color: str, left: float) -> str:
    """Return a color of which the part ``left`` (0-1) is left and the rest is UNCERTAIN_COLOR."""
    parts = [
        round(left * int(color[i : i + 2], 16) + (1 - left) * int(UNCERTAIN_COLOR[i : i + 2], 16)) for i in (1, 3, 5)
    ]
    return "#" + "".join(f"{part:02X}" for part in parts)


def legend_columns(labels: Sequence[str]) -> int:
    """Return how many columns of these labels a legend can have on a phone, at least one."""
    widths = [len(label) * VALUE_SIZE * LETTER_WIDTH + 24 for label in labels]
    fitting = (
        columns
        for columns in range(len(widths), 1, -1)
        if sum(max(widths[column::columns]) for column in range(columns)) <= LEGEND_WIDTH
    )
    return next(fitting, 1)
