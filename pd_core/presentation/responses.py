"""Responses: have enough people answered to decide, and if not, who is missing?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from pd_core.charts import responses
from pd_core.entities import Wave
from pd_core.needs.verdicts import VERDICTS, verdict_of
from pd_core.presentation.columns import HIDDEN_BECAUSE
from pd_core.presentation.first_screen import overview
from pd_core.presentation.reminders import coverage_sentence, reminder, resend_sentence, schools_to_resend
from pd_core.presentation.section import Column, Columns, Figure, Section, Table, drawn, kept_section
from pd_core.presentation.small_groups import counted_together
from pd_core.summaries.coverage import furthest_behind_first
from pd_core.survey.scoped_survey import Survey
from pd_core.wording import percent

_MOST_BARS = 20
_MARK = (
    "The mark is the target. Safe to decide: in at least 9 of 10 cases the top two needs stay the same once everyone "
    "has answered."
)
_SCHOOLS: Columns = {
    "school_name": Column("School"),
    "respondents": Column("Answered", "count"),
    "headcount": Column("Staff", "count"),
    "rate": Column("Rate", "share"),
    "missing": Column("Needed for the target", "count"),
    "verdict_label": Column("Verdict"),
    "probability": Column("How sure", "share"),
    "more_answers": Column("Needed to be confident", "count"),
    "reason": HIDDEN_BECAUSE,
}
_RESEND: Columns = {
    "school_name": Column("School"),
    "missing": Column("Needed for the target", "count"),
    "more_answers": Column("More answers to be safe", "count"),
    "missing_groups": Column("Roles behind"),
    "respondents": Column("Answered", "count"),
    "headcount": Column("Staff", "count"),
    "verdict_label": Column("Verdict"),
    "link": Column("Its link"),
    "reminder": Column("Reminder"),
}


@dataclass(frozen=True)
class Coverage:
    """The district's first screen. `schools` is null if no school is in scope; `resend` is null if the visitor may not
    write to staff or no school needs the form again."""

    title: str
    advice: str
    resend: Table | None
    schools: Section | None


def district_coverage(survey: Survey, verdicts: pl.DataFrame, wave: Wave, today: date, *, to_staff: bool) -> Coverage:
    """Which schools are behind and, with `to_staff`, which should get the form again."""
    if verdicts["verdict"].null_count():
        return _coverage(survey, verdicts, wave, today, to_staff=to_staff)
    key = (__name__, "coverage", survey.scope, wave, today, to_staff)
    return survey.kept(key, lambda: _coverage(survey, verdicts, wave, today, to_staff=to_staff))


def _coverage(survey: Survey, verdicts: pl.DataFrame, wave: Wave, today: date, *, to_staff: bool) -> Coverage:
    sentence = coverage_sentence(survey, verdicts)
    if not sentence:
        return Coverage(overview(survey).headline, "", None, None)
    rows = schools_to_resend(survey, verdicts, wave, today)
    label = "Schools to send the form again, with their reminders"
    resend = Table("schools-to-resend", rows, _RESEND, label) if to_staff and rows.height else None
    label_of = pl.col("verdict").replace_strict(VERDICTS, return_dtype=pl.String)  # null: not worked out yet
    schools = furthest_behind_first(verdicts).with_columns(verdict_label=label_of)
    first = f"The {_MOST_BARS} schools furthest behind; the table has all." if schools.height > _MOST_BARS else ""
    section = Section(
        "responses",
        sentence,
        heading="Who has answered, furthest behind first",
        drawing=drawn(responses.rate_bars(schools.head(_MOST_BARS), survey.target_share)),
        table=Table("responses", schools, _SCHOOLS),
        note=" ".join(filter(None, [first, _MARK, counted_together(survey)])),
    )
    return Coverage(sentence, resend_sentence(rows) if to_staff else "", resend, section)


@dataclass(frozen=True)
class Building:
    """One school's first screen: `title` says its verdict; `reminder` is empty if no one needs a reminder."""

    title: str
    verdict: str
    place: str
    figures: tuple[Figure, ...]
    reminder: str


@kept_section
def building(survey: Survey, school_id: str, wave: Wave, today: date) -> Building:
    """Whether it is safe to decide, and what to send to whom. Raises KeyError for a school outside the scope."""
    verdict = verdict_of(survey, school_id)
    return Building(
        title=str(verdict["sentence"]),
        verdict=str(verdict["verdict"]),
        place=f"{verdict['school_name']}, {survey.wave_id}",
        figures=tuple(_figures(survey, verdict)),
        reminder=reminder(survey, verdict, wave, today),
    )


def _figures(survey: Survey, verdict: Mapping[str, object]) -> list[Figure]:
    """How many answered, how many more reach the target, how many more make it safe to decide."""
    answered, staff, rate = (verdict[name] for name in ("respondents", "headcount", "rate"))
    missing, more = verdict["missing"], verdict["more_answers"]
    target = f"to reach {percent(survey.target_share)}"
    is_safe = verdict["verdict"] == "safe"
    return [
        Figure(
            "Answered",
            percent(rate) if isinstance(rate, float) else f"{answered}",
            "the number of staff is unknown" if staff is None else f"{answered} of {staff} staff",
        ),
        Figure("Needed", "–" if missing is None else f"{missing}", target),
        Figure(
            "To be confident",
            "0" if is_safe else "–" if more is None else f"{more}",
            "it is safe to decide" if is_safe else "not known yet" if more is None else "more answers, about",
        ),
    ]
