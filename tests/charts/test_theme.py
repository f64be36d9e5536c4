"""Colours that keep their order in grey and bear readable text; numbers as people write them."""

from itertools import pairwise

import polars as pl
import pytest

from pd_core.charts import theme
from pd_core.codebook import SAMR_LEVELS, Codebook

PALETTES = {
    "SAMR": list(theme.SAMR_COLORS.values()),
    "heat map": list(theme.SHARE_COLORS),
    "proficiency": list(theme.LEVEL_COLORS.values()),
}
LIGHT_PAGES = ["#FFFFFF", "#F7F8FA"]
DARK_PAGES = ["#0E1117", "#1A1A19"]


def contrast(one: str, other: str) -> float:
    """WCAG 2.2 contrast ratio, written apart from the code under test."""

    def luminance(color: str) -> float:
        parts = [int(color.lstrip("#")[i : i + 2], 16) / 255.0 for i in (0, 2, 4)]
        linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
        return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def over(color: str, opacity: float, page: str) -> str:
    """The colour that a half-clear mark has on a page."""
    mixed = [round(opacity * int(color[i : i + 2], 16) + (1 - opacity) * int(page[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{part:02X}" for part in mixed)


def ink_on(page: str) -> str:
    """The ink that Vega picks for a page, as the expression in the theme does."""
    return theme.INK_LIGHT if theme.luminance(page) < 0.4 else theme.INK_DARK


@pytest.mark.parametrize("name", PALETTES)
def test_a_palette_darkens_clearly_with_every_step(name: str) -> None:
    for before, after in pairwise(PALETTES[name]):
        assert theme.luminance(before) > theme.luminance(after), f"{after} is not darker than {before}"
        assert contrast(before, after) >= 1.35, f"{before} and {after} look alike in grey"


@pytest.mark.parametrize("name", PALETTES)
def test_text_on_every_mark_is_readable(name: str) -> None:
    for color in PALETTES[name]:
        assert contrast(theme.text_on(color), color) >= 4.5, f"text on {color}"


@pytest.mark.parametrize("page", LIGHT_PAGES + DARK_PAGES)
def test_text_and_marks_stand_out_on_light_and_dark_pages(page: str) -> None:
    hidden = over(theme.NEUTRAL, theme.HIDDEN_OPACITY, page)
    assert contrast(ink_on(page), page) >= 4.5
    assert contrast(ink_on(page), hidden) >= 4.5, "the words on a hidden band"
    for color in (theme.ACCENT, theme.NEUTRAL):
        assert contrast(color, page) >= 3, f"{color} on {page}"
    assert contrast(theme.ACCENT, ink_on(page)) >= 3, "a range or target over a bar"


FADES = [left for _, left in theme.UNCERTAINTY_FADE if left < 1]


@pytest.mark.parametrize("left", FADES)
def test_text_is_readable_on_every_faded_cell(left: float) -> None:
    for color in theme.SHARE_COLORS:
        faded = theme.faded(color, left)
        assert contrast(theme.text_on(faded), faded) >= 4.5, f"{color} faded to {faded}"


@pytest.mark.parametrize("left", FADES)
def test_an_uncertain_cell_never_looks_as_high_as_a_certain_one_from_60_percent_on(left: float) -> None:
    high = theme.SHARE_COLORS[theme.SHARE_BREAKS.index(0.6) + 1]
    assert min(theme.luminance(theme.faded(color, left)) for color in theme.SHARE_COLORS) > theme.luminance(high)


def test_the_wider_a_range_the_less_is_left_of_its_color() -> None:
    widths, parts = zip(*theme.UNCERTAINTY_FADE, strict=True)
    assert list(widths) == sorted(widths)
    assert parts[0] == 1
    for before, after in pairwise(parts):
        assert after <= before / 2
    assert theme.faded("#153F6C", 1) == "#153F6C" and theme.faded("#153F6C", 0) == theme.UNCERTAIN_COLOR


def test_the_ink_follows_the_page() -> None:
    assert "luminance(background) < 0.4" in theme.INK.to_dict()["expr"]


def test_the_palettes_have_the_levels_in_order(codebook: Codebook) -> None:
    assert tuple(theme.SAMR_COLORS) == SAMR_LEVELS
    assert list(theme.LEVEL_COLORS) == [str(level) for level in sorted(codebook.level_labels("proficiency"))]


@pytest.mark.parametrize(
    ("share", "text"),
    [(0.0, "0%"), (0.004, "0%"), (0.125, "13%"), (0.625, "63%"), (0.756, "76%"), (1.0, "100%")],
)
def test_a_share_is_written_as_whole_per_cent(share: float, text: str) -> None:
    column = pl.DataFrame({"share": [share]}).select(theme.percent(pl.col("share"))).item()
    assert column == text.replace(" ", "\u00a0")
    assert theme.percent_of(share) == column


def test_an_unknown_share_stays_unknown() -> None:
    frame = pl.DataFrame({"share": [None]}, schema={"share": pl.Float64})
    assert frame.select(theme.percent(pl.col("share"))).item() is None


@pytest.mark.parametrize(
    ("labels", "columns"),
    [
        (["a", "b", "c"], 3),
        (["I have not used it", "I need help to use it", "I use it on my own", "I could teach it to others"], 2),
        (["x" * 80, "y" * 80], 1),
        ([], 1),
    ],
)
def test_a_legend_has_as_many_columns_as_a_phone_is_wide(labels: list[str], columns: int) -> None:
    assert theme.legend_columns(labels) == columns
