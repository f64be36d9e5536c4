"""Training planning: what does a school need most, who teaches it, and when can its staff attend?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import polars as pl

from pd_core.access import DISTRICT
from pd_core.charts import planning
from pd_core.codebook import OTHER
from pd_core.needs.estimates import ENTRY, IMPLEMENTATION
from pd_core.presentation.advice import start_with
from pd_core.presentation.columns import HIDDEN_BECAUSE
from pd_core.presentation.need_sentences import needs_sentence, with_sentences
from pd_core.presentation.section import Column, Columns, Section, Table, drawn, kept_section
from pd_core.presentation.small_groups import counted_together
from pd_core.summaries.training_needs import needs_of, wishes_of
from pd_core.survey.comments import comments
from pd_core.survey.scoped_survey import Survey
from pd_core.wording import listed

Wish = Literal["topics", "times"]
NOTHING = "There is nothing to plan with yet"
SIZE = "A training covers one or two topics and ends with one or two things that everyone does the next day."
CHOOSE = "Choose a school to plan its trainings. Until then, this is the whole district."
COMMENTS_NOTE = "For facilitators and administrators only, alphabetically."
_CLASSES = {
    ENTRY: (
        "Entry classes, taught by the MIE",
        "For people who do not use the application, or need help with it.",
        "No one needs an entry class.",
    ),
    IMPLEMENTATION: (
        "Implementation classes, taught by the facilitator",
        "For people who use the application well themselves, but not with students, or only to replace paper.",
        "No one needs an implementation class.",
    ),
}
_WISHES: dict[Wish, str] = {"topics": "Topics that staff asked for", "times": "Times that work"}
_NEEDS: Columns = {
    "skill_name": Column("Skill"),
    "sentence": Column("For"),
    "people": Column("People", "people"),
    "people_low": Column("From", "people"),
    "people_high": Column("To", "people"),
    "top_two": Column("In the top two", "share"),
    "headcount": Column("Staff", "count"),
    "respondents": Column("Answered", "count"),
    "trainer": Column("Taught by"),
    "reason": HIDDEN_BECAUSE,
}
_WISH_COLUMNS: Columns = {
    "label": Column("Answer"),
    "respondents": Column("People", "count"),
    "answered": Column("Of those who answered", "count"),
}
_RANGE = (
    "The line is the range in which the number lies four times out of five, if those who did not answer are like their "
    "colleagues. The percentage shows how sure it is that the class is one of the two that most people need, or tied."
)


@dataclass(frozen=True)
class Plan:
    """A school's training page: its title, what to start with, and its sections in order.

    `has_needs` is false if no need can be shown; then there are no sections.
    """

    title: str
    has_needs: bool
    start: str
    classes: tuple[Section, ...]
    wishes: tuple[Section, ...]


@kept_section
def plan(survey: Survey, school_id: str) -> Plan:
    """The training page of a school, or of the district."""
    needs = {training: needs_of(survey, school_id, training) for training in _CLASSES}
    wishes = {wish: wishes_of(survey, school_id, wish) for wish in _WISHES}
    sentences = {training: needs_sentence(needs[training], words[2]) for training, words in _CLASSES.items()}
    if not any(rows["people"].count() for rows in needs.values()):
        return Plan(NOTHING, False, "", (), ())
    together = counted_together(survey) if school_id == DISTRICT else ""
    return Plan(
        sentences[ENTRY],
        True,
        start_with(needs[ENTRY], wishes["topics"], wishes["times"]),
        tuple(_class_section(training, needs[training], sentences[training], together) for training in _CLASSES),
        tuple(_wish_section(wish, rows) for wish, rows in wishes.items()),
    )


def _class_section(training: str, needs: pl.DataFrame, sentence: str, together: str) -> Section:
    title, who, _ = _CLASSES[training]
    name = f"{training}-needs"
    return Section(
        name,
        f"{title}: {sentence}.",
        heading=title,
        lines=(f"{who} {sentence}.",),
        drawing=drawn(planning.need_bars(needs)),
        table=Table(name, with_sentences(needs), _NEEDS),
        note=" ".join(filter(None, [_RANGE, together])),
    )


def _wish_section(wish: Wish, rows: pl.DataFrame) -> Section:
    chosen = rows.filter(pl.col("respondents") > 0)
    if chosen.is_empty():
        no_one = wishes_sentence(rows, "No one has answered this question") + "."
        return Section(wish, no_one, heading=_WISHES[wish], lines=(no_one,))
    return Section(
        wish,
        f"{_WISHES[wish]}, most chosen first",
        heading=_WISHES[wish],
        table=Table(wish, chosen, _WISH_COLUMNS),
    )


def wishes_sentence(rows: pl.DataFrame, no_one: str) -> str:
    """The three most chosen answers of `wishes_of`, without “Other”, which no one can plan for; `no_one` if none."""
    shown = rows.filter(pl.col("respondents").is_not_null())
    if shown.is_empty():
        return "Hidden: " + rows["reason"][0] if rows.height else no_one
    shown = shown.filter(pl.col("code") != OTHER)
    if shown.is_empty():
        return "Only answers in people's own words, see the table"
    return listed([f"{row['label']} ({row['respondents']} of {row['answered']})" for row in shown.head(3).to_dicts()])


@kept_section
def comments_section(survey: Survey, school_id: str) -> Section:
    """People's comments, in their own words. Raises KeyError for a school outside the scope."""
    found = comments(survey, school_id)
    heading = "In their own words"
    if found.filter(~pl.col("suppressed")).is_empty():
        why = next((row["reason"] for row in found.to_dicts() if row["suppressed"]), "")
        line = f"Hidden: {why}." if why else "No one wrote a comment."
        return Section("comments", line, heading=heading, lines=(line,))
    return Section(
        "comments", COMMENTS_NOTE, heading=heading, table=Table("comments", found, {"comment": Column("Comment")})
    )
