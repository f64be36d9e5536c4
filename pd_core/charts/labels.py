"""The words in charts: figures, tooltips, and why something is hidden."""

from collections.abc import Mapping
from typing import Final

import altair as alt
import polars as pl

from pd_core.charts import theme

# The column that says how a row compares, and its title in tooltips.
COMPARED: Final = {"word": "Compared", "rank_text": "Rank"}


def split_hidden(frame: pl.DataFrame, value: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Split a frame into rows to draw, and rows that are suppressed or have no ``value``, with ``hidden_text`` added.

    ``suppressed`` and ``reason`` are optional.
    """
    is_hidden = pl.col(value).is_null()
    if "suppressed" in frame.columns:
        is_hidden = is_hidden | pl.col("suppressed").fill_null(False)
    return frame.filter(~is_hidden), frame.filter(is_hidden).with_columns(_hidden_text(frame))


def split_hidden_whole(frame: pl.DataFrame, group: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Split a frame of levels into groups to draw, and one row for each group with a suppressed or null ``share``.

    A group is hidden as a whole: its other levels would reveal the missing one.
    """
    _, unseen = split_hidden(frame, "share")
    unseen = unseen.unique(group, keep="first", maintain_order=True)
    return frame.join(unseen, on=group, how="anti", maintain_order="left"), unseen


def figure(share: pl.Expr) -> pl.Expr:
    """Write a share (0-1) of ``respondents`` for the end of a row: "60% · 12 of 20"; without respondents, "60%"."""
    return theme.percent(share) + (" · " + pl.coalesce(count_of(share), _all_answered())).fill_null("")


def figure_and_word(share: pl.Expr, word: pl.Expr) -> pl.Expr:
    """Write a share like :func:`figure`, but shorter, and then a word: "60% of 20 · clearly above"."""
    short = theme.percent(share) + " of " + pl.col("respondents").cast(pl.String)
    counted = pl.when(count_of(share).is_not_null()).then(short)
    return pl.coalesce(pl.coalesce(counted, figure(share)) + " · " + word, figure(share))


def answered(share: pl.Expr) -> pl.Expr:
    """Write a share (0-1) of ``respondents`` for a tooltip: "12 of 20 who answered"."""
    weighted = theme.percent(share) + (", from " + pl.col("respondents").cast(pl.String)).fill_null(" of those")
    return pl.coalesce(count_of(share), weighted) + " who answered"


def count_of(share: pl.Expr) -> pl.Expr:
    """Write a share as people, "12 of 20"; null for the district's share, which is weighted and not a count."""
    people = share * pl.col("respondents")
    count = people.round(0).cast(pl.Int64).cast(pl.String) + " of " + pl.col("respondents").cast(pl.String)
    return pl.when((people - people.round(0)).abs() < 1e-6).then(count)


def between(low: pl.Expr, high: pl.Expr) -> pl.Expr:
    """Write a range of two texts: "between 42% and 76%", or "not known" if either is null."""
    return ("between " + low + " and " + high).fill_null("not known")


def aria_label(names: list[str], text: str) -> pl.Expr:
    """Write ``aria_label``, what a screen reader says about a mark: its names, then its text."""
    return (pl.concat_str(names, separator=", ") + ": " + pl.col(text)).alias("aria_label")


def with_share_words(frame: pl.DataFrame) -> pl.DataFrame:
    """Add ``figure``, ``answered_text`` and ``range_text`` for ``share``, ``share_low`` and ``share_high``.

    A ``word`` goes at the end of the figure; worst-case bounds become ``worst_text``.
    """
    share = pl.col("share")
    texts = [
        (figure_and_word(share, pl.col("word")) if "word" in frame.columns else figure(share)).alias("figure"),
        answered(share).alias("answered_text"),
        _share_range("share").alias("range_text"),
    ]
    if {"share_worst_low", "share_worst_high"} <= set(frame.columns):
        texts.append(_share_range("share_worst").alias("worst_text"))
    return frame.with_columns(texts)


def known(frame: pl.DataFrame, titles: Mapping[str, str]) -> tuple[pl.DataFrame, list[alt.Tooltip]]:
    """Return tooltips for the text columns in ``titles`` that the frame has, and the frame with words for their nulls.

    ``titles`` maps a column to its tooltip's title.
    """
    held = [column for column in titles if column in frame.columns]
    filled = frame.with_columns(pl.col(column).cast(pl.String).fill_null("not known") for column in held)
    return filled, [alt.Tooltip(f"{column}:N", title=titles[column]) for column in held]


def _share_range(name: str) -> pl.Expr:
    return between(theme.percent(pl.col(f"{name}_low")), theme.percent(pl.col(f"{name}_high")))


def _all_answered() -> pl.Expr:
    return pl.col("respondents").cast(pl.String) + " answered"


def _hidden_text(frame: pl.DataFrame) -> pl.Expr:
    if "reason" not in frame.columns:
        return pl.lit("hidden").alias("hidden_text")
    reason = pl.col("reason").cast(pl.String).fill_null("")
    return pl.when(reason == "").then(pl.lit("hidden")).otherwise("hidden: " + reason).alias("hidden_text")
