"""What to begin with, in a sentence."""

from __future__ import annotations

import polars as pl

from pd_core.codebook import OTHER
from pd_core.needs.needs import needed
from pd_core.summaries.need_sentences import NEED_HELP
from pd_core.wording import within


def start_with(entry: pl.DataFrame, topics: pl.DataFrame, times: pl.DataFrame) -> str:
    """The greatest need for an entry class, the topic most asked for, the time that suits most; “” where all is hidden.

    `entry` are the rows of `views.needs_of` for entry classes; `topics` and `times` those of `views.wishes_of`.
    """
    parts = []
    for need in needed(entry).head(1).to_dicts():
        people = within(str(need["sentence"]))
        hidden = entry["suppressed"].any() and " Not every class can be shown; another may be needed more."
        parts.append(f"Start with an entry class in {need['skill_name']}: {people} {NEED_HELP}.{hidden or ''}")
    wanted = _most_wanted(topics)
    suits = _most_wanted(times)
    if wanted:
        parts.append(f"The topic most asked for is “{wanted[0]}” ({wanted[1]}).")
    if suits:
        parts.append(f"The time that suits most often is “{suits[0]}” ({suits[1]}).")
    return " ".join(parts)


def _most_wanted(wishes: pl.DataFrame) -> tuple[str, str] | None:
    """The label that most people chose, and how many of those who answered; null where nobody did or it is hidden.

    Never “Other”: nobody can plan for that.
    """
    asked = wishes.filter((pl.col("respondents") > 0) & (pl.col("code") != OTHER))
    row = next(iter(asked.head(1).to_dicts()), None)
    return (str(row["label"]), f"{row['respondents']:,} of {row['answered']:,}") if row else None
