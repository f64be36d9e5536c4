"""Responses: have enough people answered to decide, and if not, who is missing?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from pd_core.access import DISTRICT
from pd_core.charts import responses
from pd_core.entities import Wave
from pd_core.needs.representativeness import (
    representation,
    representation_sentence,
    weighted_needs,
    weighted_sentence,
)
from pd_core.needs.verdicts import verdict_of
from pd_core.presentation.columns import HIDDEN_BECAUSE
from pd_core.presentation.section import Column, Columns, Section, Table, drawn, kept_section
from pd_core.summaries.overview import Figure, overview
from pd_core.summaries.reminders import buildings_to_resend, coverage, coverage_sentence, reminder, resend_sentence
from pd_core.summaries.response_timeline import arrivals
from pd_core.survey.response_by_group import BY, behind_sentence, hidden_sentence, of_school, participation
from pd_core.survey.scoped_survey import Survey
from pd_core.wording import percent

LIKENESS_HEADING = "Are those who answered like the staff?"
GUESS_FIRST = "Make your guess on the overview first to see how far that could move the needs."
_MOST_BARS = 60
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
_GROUPS: Columns = {
    "group_name": Column("Group"),
    "respondents": Column("Answered", "count"),
    "headcount": Column("Staff", "count"),
    "rate": Column("Rate", "share"),
    "told": Column("In words"),
    "reason": HIDDEN_BECAUSE,
}
_DAYS: Columns = {
    "day": Column("Day"),
    "new": Column("Answered that day", "count"),
    "respondents": Column("Answered so far", "count"),
}
_SHARES: Columns = {
    "group_name": Column("Group"),
    "headcount": Column("Staff", "count"),
    "staff_share": Column("Share of staff", "share"),
    "respondents": Column("Answered", "count"),
    "answer_share": Column("Share of answers", "share"),
}
_WEIGHTED: Columns = {
    "skill_name": Column("Skill"),
    "people": Column("People, as answered", "people"),
    "people_weighted": Column("People, weighted by role", "people"),
}
_NO_STAFF_LIST = (
    "There is no staff list, or it has no one from this school. With one, this page shows which roles and grade bands "
    "have answered. Ask an administrator to load it."
)


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
        return Coverage(overview(survey).verdict, "", None, None)
    rows = buildings_to_resend(survey, verdicts, wave, today)
    label = "Schools to send the form again, with their reminders"
    resend = Table("buildings-to-resend", rows, _RESEND, label) if to_staff and rows.height else None
    schools = coverage(verdicts)
    first = f"The {_MOST_BARS} schools furthest behind; the table has all. " if schools.height > _MOST_BARS else ""
    section = Section(
        "responses",
        sentence,
        heading="Who has answered, furthest behind first",
        drawing=drawn(responses.rate_bars(schools.head(_MOST_BARS), survey.target_share)),
        table=Table("responses", schools, _SCHOOLS),
        note=f"{first}The mark is the target. Safe to decide: in at least 9 of 10 cases the top two needs stay "
        "the same once everyone has answered.",
    )
    return Coverage(sentence, resend_sentence(rows) if to_staff else "", resend, section)


@dataclass(frozen=True)
class Building:
    """One school's first screen; `reminder` is empty if no one needs a reminder."""

    title: str
    place: str
    figures: tuple[Figure, ...]
    reminder: str


@kept_section
def building(survey: Survey, school_id: str, wave: Wave, today: date) -> Building:
    """Whether it is safe to decide, and what to send to whom. Raises KeyError for a school outside the scope."""
    verdict = verdict_of(survey, school_id)
    return Building(
        title=str(verdict["sentence"]),
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


@kept_section
def group_sections(survey: Survey, school_id: str) -> tuple[Section, ...]:
    """Which roles and grade bands have answered, compared with the target."""
    groups = {by: of_school(participation(survey, by), school_id) for by in BY}
    if not any(rows.height for rows in groups.values()):
        if school_id == DISTRICT:
            return ()
        heading = "Not enough people to show which roles are behind"
        return (Section("responses-by-role", heading, heading=heading, lines=(_NO_STAFF_LIST,)),)
    sections = []
    for by, rows in groups.items():
        sentence, hidden, name = behind_sentence(rows, by), hidden_sentence(rows), f"responses-by-{by}"
        if rows["suppressed"].all():
            note = hidden or "The staff list has only smaller groups."
            sections.append(Section(name, sentence, heading=sentence, note=note))
            continue
        sections.append(
            Section(
                name,
                sentence,
                heading=sentence,
                drawing=drawn(responses.rate_bars(rows, survey.target_share, "group_name")),
                table=Table(name, rows, _GROUPS),
                note=f"People on the staff list, by {BY[by]}; the mark is the target. {hidden}".strip(),
            )
        )
    return tuple(sections)


@kept_section
def timeline_section(survey: Survey, school_id: str, wave: Wave, today: date) -> Section:
    """How the answers came in, and the projection to the closing day."""
    found = arrivals(survey, school_id, wave.closes_on, today)
    if not found.days.height:
        return Section("arrivals", found.sentence, heading=found.sentence)
    is_own = school_id == DISTRICT and survey.scope.school_ids is not None
    return Section(
        "arrivals",
        found.sentence,
        heading=found.sentence,
        drawing=drawn(responses.arrival_curve(found.days, found.target, found.expected)),
        table=Table("arrivals", found.days, _DAYS),
        note=f"Answers by the end of each day{' in your schools' if is_own else ''}, as of the last upload.",
    )


@kept_section
def likeness_sections(survey: Survey, school_id: str) -> tuple[Section, ...]:
    """Whether respondents are like a school's staff, by role and grade band."""
    sections = []
    for by in BY:
        rows = representation(survey, school_id, by)
        sentence = representation_sentence(rows, by) + "."
        name = f"representation-by-{by}"
        table = Table(name, rows, _SHARES, f"The shares by {BY[by]} as a table") if rows.height else None
        sections.append(Section(name, sentence, table=table, lines=(sentence,)))
    return tuple(sections)


@kept_section
def weighted_section(survey: Survey, school_id: str) -> Section:
    """How far a school's needs would move if its answers were weighted by role to match the staff list."""
    rows = weighted_needs(survey, school_id)
    sentence = weighted_sentence(rows) + "."
    if not rows.height:
        return Section("needs-weighted-by-role", sentence, lines=(sentence,))
    note = "The needs on the planning page already simulate missing staff from their own role."
    table = Table("needs-weighted-by-role", rows, _WEIGHTED, "The needs weighted by role as a table")
    return Section("needs-weighted-by-role", sentence, table=table, note=note, lines=(sentence,))
