"""A person's guesses about a school, and what its staff answered."""

from __future__ import annotations

from collections.abc import Mapping

from pd_core.charts.guesses import guess_lines
from pd_core.presentation.section import Column, Columns, Section, Table, drawn
from pd_core.summaries.guesses import guess_and_answers, guess_sentence
from pd_core.survey.scoped_survey import Survey

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
