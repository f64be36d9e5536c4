"""A person's guesses about a school, and what its staff answered."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from pd_core.charts.guesses import guess_lines
from pd_core.presentation.section import Column, Columns, Section, Table, drawn
from pd_core.summaries.guesses import STEP, Calibration, guess_and_answers
from pd_core.survey.scoped_survey import Survey
from pd_core.wording import listed, plural, whole

_MOST_NAMED = 2
_COLUMNS: Columns = {
    "skill_name": Column("Skill"),
    "guess_share": Column("Your guess", "share"),
    "share": Column("Answered", "share"),
    "difference": Column("Points too high", "points"),
    "respondents": Column("People who answered", "count"),
}


def guess_section(survey: Survey, school_id: str, guesses: Mapping[str, float]) -> Section | None:
    """One person's guesses (skill to share, 0-1) and the answers; null without guesses. Private, so never cached."""
    rows = guess_and_answers(survey, school_id, guesses)
    sentence = guess_sentence(rows)
    if not sentence:
        return None
    return Section(
        "guess",
        sentence,
        heading=sentence,
        drawing=drawn(guess_lines(rows)),
        table=Table("guess", rows, _COLUMNS),
        note="Your guess and the answers: how many use it on their own. Only you see your guess.",
    )


def guess_sentence(rows: pl.DataFrame) -> str:
    """Where someone expected more than people said, where less, and by how much, of `guess_and_answers`; empty without
    guesses."""
    if rows.is_empty():
        return ""
    high = rows.filter(pl.col("difference") >= STEP)["skill_name"].to_list()
    low = rows.filter(pl.col("difference") <= -STEP)["skill_name"].to_list()[::-1]
    if not high and not low:
        return f"Your guess was close: less than {STEP} points off in every skill"
    points = whole(rows["difference"].to_numpy().mean())
    sides = [("more", high), ("less", low)][:: 1 if points >= 0 else -1]
    expected = ", and ".join(_expected(word, names) for word, names in sides if names)
    average = "" if rows.height == 1 else "on average "
    side = f"{plural(abs(points), 'point')} too {'high' if points > 0 else 'low'}" if points else "right"
    return f"You expected {expected}, {average}{side}"


def calibration_sentence(found: Calibration) -> str:
    """The calibration figure as people read it."""
    side = f"{plural(abs(found.difference), 'point')} {'more' if found.difference > 0 else 'less'} than was so"
    expected = f"expected {side} on average" if found.difference else "were right on average"
    return f"{found.people:,} people who guessed before they looked {expected}."


def _expected(word: str, names: list[str]) -> str:
    most = "most of all " if len(names) > _MOST_NAMED else ""
    return f"{word} than people said{',' if most else ''} {most}in {listed(names[:_MOST_NAMED])}"
