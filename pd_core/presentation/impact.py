"""Impact: which trainings moved attendance, discipline or achievement, and if that cannot be told, why not?"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import polars as pl

from pd_core.charts import impact as charts
from pd_core.presentation import impact_sentences
from pd_core.presentation.columns import HIDDEN_BECAUSE
from pd_core.presentation.section import Column, Columns, Section, Table, drawn, kept_section
from pd_core.summaries.growth import Growth
from pd_core.summaries.impact_answers import Answer, answers
from pd_core.summaries.impact_board import board, trainings
from pd_core.summaries.impact_figures import Impact
from pd_core.wording import counted, plural, with_capital

ASK_FIRST = "Name up to three outcomes before you look. Each further one makes it harder to tell an effect from chance."
WORKING = "Working out what the trainings moved"
NEEDS = (
    "To say anything, it takes an outcome of 20 schools or more, over several periods, and what was taught: some "
    "schools early, others later or not at all."
)
NO_OUTCOMES = "No outcomes are stored yet: drop a file of them below."
NO_DELIVERIES = (
    "It is not known yet what was taught: say on the Sessions page which sessions were held, or drop a file below of "
    "what was taught outside the plan."
)
_EVENTS: Columns = {
    "event": Column("Periods since the start", "count"),
    "effect": Column("Difference"),
    "effect_low": Column("From"),
    "effect_high": Column("To"),
}
_CHECKS: Columns = {
    "check": Column("Check"),
    "effect": Column("Effect"),
    "limit": Column("May differ by"),
    "says": Column("Holds?"),
}
_SERIES: Columns = {
    "school_name": Column("School"),
    "period": Column("Period"),
    "value": Column("Value"),
    "n": Column("Students", "count"),
    "lower": Column("At least"),
    "upper": Column("At most"),
    "state": Column("Known?"),
    "has_started": Column("Trained by then"),
}
_BOARD: Columns = {
    "title": Column("Training"),
    "follows": Column("What follows"),
    "people": Column("People", "count"),
    "hours": Column("Hours", "hours"),
    "cost": Column("Cost, $", "money"),
    "schools": Column("Schools", "count"),
    "did_share": Column("Did the next-day action", "share"),
    "growth_text": Column("Skill improved"),
    "effect_text": Column("Outcomes"),
    "what": Column("Why, and what is not known"),
    "actions": Column("Next-day action"),
    "reason": HIDDEN_BECAUSE,
}
_BOARD_NOTE = (
    "Nothing is recommended that the outcomes cannot carry; the words allow for all trainings and outcomes asked about "
    "together. A skill that improved where it was taught is no evidence: "
    "what would have happened without the training is not known. People count each time that they attended. Hours are "
    "those of sessions that were held; of trainings from files, minutes of the catalog times people."
)
_NO_COST = "Where the cost is empty, no fund pays for some of it: give the pay of an hour below."
_LACKS_COST = pl.col("hours").is_not_null() & pl.col("cost").is_null()
_EVENT_NOTE = (
    "Each point compares schools that started with schools that had not yet. The band holds all points at once 19 "
    "times in 20. Points left of the dashed line should be near 0; the last one before it is 0 by definition."
)
_GAP_NOTE = (
    "A gap is a value that was suppressed, is only known within bounds, or is of fewer than 10 students. It is "
    "missing, never 0."
)
_SMALL_NOTE = (
    " It is not told when a school was trained that has no headcount, or whose trainings cannot be placed among these "
    "periods; nor when a very small one was: that would say what a few people did."
)


def working(done: int, of: int) -> str:
    """How many of the questions are worked out."""
    return f"Working out effects, each compared with 999 random starts: {done} of {of} questions."


def title(impact: Impact, *, has_outcomes: bool, has_deliveries: bool) -> str:
    """The page's title: what is known of the outcomes that were named, or what comes first."""
    if impact.measures:
        return _answer(impact)
    if not (has_outcomes and has_deliveries):
        return "Which trainings moved attendance, discipline or achievement?"
    return "Which outcomes do you want to know about?"


def what_is_needed(*, has_outcomes: bool, has_deliveries: bool) -> list[str]:
    """What is to be done first, in sentences, while nothing is asked yet."""
    if has_outcomes and has_deliveries:
        return [ASK_FIRST]
    lines = [NEEDS]
    lines += [] if has_outcomes else [NO_OUTCOMES]
    lines += [] if has_deliveries else [NO_DELIVERIES]
    return lines


@kept_section
def _answer(impact: Impact) -> str:
    name = impact_sentences.training_name(impact.training_id, trainings(impact.store))
    return impact_sentences.title(impact.answers, name)


@kept_section
def answer_sections(impact: Impact) -> list[Section]:
    """For each outcome that was named: the answer with its chart, and the checks."""
    return [section for answer in impact.answers for section in _sections(answer)]


def _sections(answer: Answer) -> list[Section]:
    words = impact_sentences
    lines = [
        words.visible_sentence(answer),
        words.answer_sentence(answer),
        words.remedy_sentence(answer),
        words.synthetic_sentence(answer),
        words.compared_sentence(answer),
        *(f"{note[0].upper()}{note[1:]}." for note in answer.notes),
    ]
    heading, name = with_capital(answer.measure), answer.measure.replace(" ", "-")
    sentence = words.answer_sentence(answer)
    if answer.events.is_empty():
        return [Section(f"impact-{name}", sentence, heading=heading, lines=tuple(filter(None, lines)))]
    unit, events = ("points", _in_points(answer.events)) if answer.is_share else ("its own unit", answer.events)
    study = Section(
        f"impact-{name}",
        sentence,
        heading=heading,
        lines=tuple(filter(None, lines)),
        drawing=drawn(charts.event_study(events, unit)),
        table=Table(f"impact-{name}", events, _EVENTS),
        note=_EVENT_NOTE,
    )
    return [study, _checks(answer, name)]


def _in_points(events: pl.DataFrame) -> pl.DataFrame:
    return events.with_columns((pl.col("effect", "effect_low", "effect_high") * 100).round(2))


def _checks(answer: Answer, name: str) -> Section:
    says = {True: "yes", False: "no", None: "to compare"}
    shown = answer.checks.with_columns((pl.col("effect", "limit") * (100 if answer.is_share else 1)).round(2))
    frame = shown.with_columns(says=pl.Series([says[holds] for holds in shown["holds"]], dtype=pl.String))
    failed = int((~answer.checks["holds"]).sum())  # a null is no failure
    sentence = "All checks hold." if not failed else f"{plural(failed, 'check')} did not hold."
    return Section(
        f"impact-checks-{name}",
        sentence,
        heading=f"Checks of {answer.measure}{', in points' if answer.is_share else ''}",
        table=Table(f"impact-checks-{name}", frame, _CHECKS),
    )


@kept_section
def series_section(impact: Impact, name: str) -> Section:
    """An outcome by school and period, its gaps marked."""
    rows = impact.series(name)
    is_share = impact.is_share(name)
    shown = rows.with_columns(pl.col("value", "lower", "upper") * 100) if is_share else rows
    gaps = rows.filter(pl.col("state") != "known").height
    note = _GAP_NOTE + (_SMALL_NOTE if rows["has_started"].has_nulls() else "")
    unit = "percent" if is_share else "value"
    schools, periods = rows["school_id"].n_unique(), rows["period"].n_unique()
    sentence = f"{name[:1].upper()}{name[1:]}: {plural(schools, 'school')}, {plural(periods, 'period')}, " + (
        f"{counted(gaps, 'value')} not known" if gaps else "no gaps"
    )
    return Section(
        f"outcome-{name.replace(' ', '-')}",
        sentence,
        heading=sentence,
        drawing=drawn(charts.series_map(shown.sort("school_name", "period"), unit)),
        table=Table(f"outcome-{name.replace(' ', '-')}", shown, _SERIES),
        note=note,
    )


def board_section(impact: Impact, pair: Growth | None, today: date, rate: float = 0.0) -> Section:
    """The stop, keep or change board as it is `today`: each training that was given; `rate` is the pay of a person's
    hour where no fund has one (0: not known)."""
    waves = None if pair is None else (pair.earlier.wave_id, pair.later.wave_id)
    # Answers of the next day and funds change it, too.
    key = (__name__, "board", impact.store.revision(), today, rate, waves)
    return impact.kept(key, lambda: _board(impact, pair, today, rate))


def _board(impact: Impact, pair: Growth | None, today: date, rate: float) -> Section:
    titles = trainings(impact.store)
    found = answers(impact.store, impact.questions(list(titles))) if impact.measures else []
    rows = board(impact.store, pair, found, today, rate)
    of_training = {training_id: [one for one in found if one.training_id == training_id] for training_id in titles}
    rows = rows.with_columns(
        what=_texts(
            rows, lambda row: impact_sentences.follows_sentence(row["follows"], of_training[row["training_id"]])
        ),
        effect_text=_texts(rows, lambda row: impact_sentences.effect_text(of_training[row["training_id"]])),
        growth_text=_texts(rows, _growth_text),
    )
    sentence = f"{impact_sentences.board_sentence(rows['follows'].to_list())}."
    return Section(
        "stop-keep-change",
        sentence,
        heading="Stop, keep or change?",
        lines=(sentence, _BOARD_NOTE, *([_NO_COST] if rows.filter(_LACKS_COST).height else [])),
        table=Table("stop-keep-change", rows, _BOARD) if rows.height else None,
    )


def _texts(rows: pl.DataFrame, text: Callable[[dict[str, Any]], str]) -> pl.Series:
    return pl.Series([text(row) for row in rows.to_dicts()], dtype=pl.String)


def _growth_text(row: dict[str, Any]) -> str:
    if row["taught_grew"] is None:
        return "not known"
    return f"{row['taught_grew']} of {row['taught']} schools taught, {row['others_grew']} of {row['others']} others"
