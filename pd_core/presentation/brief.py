"""The building brief: one page that is read in a minute, of the same sections as the pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import polars as pl

from pd_core.access import DISTRICT
from pd_core.disclosure.suppression import FEWEST
from pd_core.entities import PlanSession
from pd_core.needs.verdicts import VERDICTS
from pd_core.planning.problem import Problem
from pd_core.planning.record import Record
from pd_core.presentation import growth, overview, sessions
from pd_core.presentation.document import Bar, Bars, Document, Part, Point
from pd_core.presentation.first_screen import Overview
from pd_core.presentation.growth_sentences import NO_CAUSE, taught_sentence
from pd_core.presentation.section import Figure
from pd_core.presentation.session_views import Grid
from pd_core.summaries.deliveries import taught_between
from pd_core.summaries.growth import Growth
from pd_core.survey.scoped_survey import Survey
from pd_core.wording import date_said, day_said, listed, percent, plural, with_capital

FINDINGS = 3
"""So many findings are read in a minute."""
MOST_SESSIONS = 3
"""So many sessions find room on the page; the rest are counted."""
SAMPLE = "Made-up sample district"
ALONE = "use it on their own"
BAR_HEADINGS = ("Skill", "Share", "Use it on their own", "Likely range")
PLANNED = ("When", "Training", "Who", "State")


@dataclass(frozen=True)
class Plan:
    """What is planned, as the reader of the document may see it: the record, the lists its sessions are made from, and
    the time in the district."""

    record: Record
    lists: Problem
    now: datetime


def brief(
    survey: Survey, school_id: str, plan: Plan | None, pair: Growth | None, *, today: date, address: str = "",
    is_sample: bool = False,
) -> Document:  # fmt: skip
    """The brief of a school, or of the district.

    `plan` is null where nothing is on record, `pair` where there is no earlier wave to compare with. Raises KeyError
    for a school outside the survey's scope.
    """
    found = overview.opening(survey, school_id)
    rate = survey.response_rates.filter(pl.col("school_id") == school_id).row(0, named=True)
    name = "The whole district" if school_id == DISTRICT else found.name
    made = f"made on {date_said(today)}"
    return Document(
        name=school_id,
        title=f"Building brief: {name}" if school_id != DISTRICT else "District brief",
        about=", ".join(filter(None, [survey.wave_id, made, SAMPLE if is_sample else ""])),
        headline=found.headline,
        figures=facts(found, rate),
        progress=min(float(rate["rate"]), 1.0) if isinstance(rate["rate"], float) else None,
        progress_text=progress_text(survey, rate),
        parts=tuple(
            part
            for part in (
                Part("next", "Next", lines=(f"{found.advice}",)),
                Part("findings", "What staff say", **_findings(found)),
                skills_part(survey, school_id, found),
                planned_part(plan, school_id, MOST_SESSIONS),
                came_part(plan, pair, school_id),
                Part("limits", "What these answers can't show", lines=limits(survey, school_id, found, rate, pair)),
            )
            if part is not None
        ),
        footer=f"PD Pulse. Only groups of {FEWEST} people or more are shown.",
        address=address,
    )


def facts(found: Overview, rate: dict[str, Any]) -> tuple[Figure, ...]:
    """Who answered, the verdict in a word, and what the overview counts."""
    answered, staff = rate["respondents"], rate["headcount"]
    of = f"{answered:,}" if staff is None else f"{answered:,} of {staff:,}"
    counted = Figure("Answered", of, "staff" if staff is not None else "the number of staff is not known")
    word = [Figure("May we decide?", VERDICTS[found.verdict], "what the answers allow")] if found.verdict else []
    if rate["school_id"] == DISTRICT:
        word = []
    share, *rest = found.figures
    return (counted, *word, Figure("Response rate", *_rate(share)), *rest)


def _rate(share: Figure) -> tuple[str, str]:
    return (share.value, share.note) if share.value.endswith("%") else ("–", share.note)


def progress_text(survey: Survey, rate: dict[str, Any]) -> str:
    """The response rate and the target in words; empty where the rate is not known."""
    share = rate["rate"]
    if not isinstance(share, float):
        return ""
    return f"{percent(min(share, 1.0))} of the staff answered; the target is {percent(survey.target_share)}"


def _findings(found: Overview) -> dict[str, Any]:
    points = findings(found)
    return {"points": points} if points else {"lines": (f"{_nothing(found)}.",)}


def _nothing(found: Overview) -> str:
    hidden = found.skills.filter("suppressed")
    return (
        f"The results are hidden: {hidden['reason'][0]}" if hidden.height else "No one has answered about a skill yet"
    )


def findings(found: Overview) -> tuple[Point, ...]:
    """The two greatest needs and the greatest strength; where needs can't be shown, shares take their place."""
    rows = {row["skill_id"]: row for row in found.skills.to_dicts() if row["share"] is not None}
    points = [
        Point(need.skill_name, with_capital(sentence), _asked(rows.get(need.skill_id)))
        for need, (_, sentence) in zip(found.needs, overview.need_lines(found), strict=True)
    ]
    named = {need.skill_id for need in found.needs}
    others = [row for skill_id, row in rows.items() if skill_id not in named]
    lowest = others[:0:-1][: FINDINGS - 1 - len(points)] if len(others) > 1 else []
    points += [_share_point(row) for row in lowest]
    return tuple(points + [_share_point(row) for row in others[:1]])


def _asked(row: dict[str, Any] | None) -> str:
    """How many answered about a skill and how many of them use it; empty where that is not shown."""
    return "" if row is None else f"{_share(row)}{_within(row)}."


def _share_point(row: dict[str, Any]) -> Point:
    return Point(row["skill_name"], f"{_share(row)}{_within(row)}.")


def _share(row: dict[str, Any]) -> str:
    """“41% of the 34 who answered use it on their own”."""
    whom = "those who answered" if row["school_id"] == DISTRICT else f"the {row['respondents']:,} who answered"
    return f"{percent(row['share'])} of {whom} {ALONE}"


def _within(row: dict[str, Any]) -> str:
    return f" (likely range {_range(row)})" if row["share_low"] is not None else ""


def _range(row: dict[str, Any]) -> str:
    low, high = row["share_low"], row["share_high"]
    return "" if low is None or high is None else f"{percent(low)} to {percent(high)}"


def skills_part(survey: Survey, school_id: str, found: Overview) -> Part | None:
    """Every skill's share with its range; null where none can be shown."""
    if not found.skills["share"].count():
        return None
    section = overview.skills_section(survey, school_id, "share")
    has_marks = bool(found.skills["district_share"].count())
    bars = Bars(
        section.sentence,
        f"Bar: share. Line: likely range, if the others are like those who answered.{_MARK if has_marks else ''}",
        BAR_HEADINGS,
        tuple(_bar(row) for row in found.skills.to_dicts() if row["share"] is not None or row["suppressed"]),
    )
    return Part("skills", section.heading, bars=bars)


_MARK = " Tick: the rest of the district."


def _bar(row: dict[str, Any]) -> Bar:
    if row["share"] is None:
        return Bar(row["skill_name"], None, None, None, None, f"Hidden: {row['reason']}", "")
    people = "" if row["proficient"] is None or row["school_id"] == DISTRICT else (
        f" ({row['proficient']:,} of {row['respondents']:,})"
    )  # fmt: skip
    return Bar(
        row["skill_name"], row["share"], row["share_low"], row["share_high"], row["district_share"],
        f"{percent(row['share'])}{people}", _range(row),
    )  # fmt: skip


def planned_part(plan: Plan | None, school_id: str, most: int) -> Part:
    """The next sessions: when, what, by whom, and what everyone does the next day."""
    heading = "What is planned"
    coming = sessions.chosen_sessions(plan.record, school_id, "", "coming", plan.now) if plan else []
    if plan is None or not coming:
        return Part("planned", heading, lines=("No training is planned here yet.",))
    found = sessions.cards(plan.record, plan.lists, coming[:most])
    rows = tuple((card.when, _training(card), card.who, sessions.STATES[card.session.state]) for card in found)
    more = len(coming) - len(rows)
    lines = (f"{plural(more, 'more session')} to come.",) if more else ()
    return Part("planned", heading, grid=Grid(PLANNED, rows), lines=lines)


def _training(card: sessions.SessionCard) -> str:
    next_day = f" The next day: {'; '.join(card.actions)}." if card.actions else ""
    return f"{card.title.rstrip('.')}.{next_day}"


def came_part(plan: Plan | None, pair: Growth | None, school_id: str) -> Part:
    """What was held, whom it reached, and what changed since the earlier wave, as far as it is recorded."""
    lines = [held_sentence(plan, school_id)]
    if pair is None:
        lines.append("There is no earlier wave to compare with yet.")
    else:
        taught = taught_between(pair, school_id)
        lines += [f"{taught_sentence(taught).rstrip('.')}."] if taught.height else []
        lines.append(growth.since_last(pair, school_id))
    return Part("came", "What came of the last plan", lines=tuple(lines))


def held_sentence(plan: Plan | None, school_id: str) -> str:
    """Which sessions of the plan are recorded as held."""
    held = [] if plan is None else held_sessions(plan, school_id)
    if plan is None or not held:
        return "No session is recorded as held yet."
    titles = {one.training_id: one.title for one in plan.lists.trainings}
    named = [f"{titles.get(one.training_id, one.training_id)} on {day_said(one.starts_at)}" for one in held[-3:]]
    more = len(held) - len(named)
    named += [f"{more:,} more"] if more else []
    return f"Held: {listed(named)}."


def held_sessions(plan: Plan, school_id: str) -> Sequence[PlanSession]:
    """The sessions of a school, or of the district, that were held, by time."""
    return [
        one for one in plan.record.sessions() if one.state == "delivered" and school_id in (DISTRICT, *one.school_ids)
    ]


def limits(
    survey: Survey, school_id: str, found: Overview, rate: dict[str, Any], pair: Growth | None
) -> tuple[str, ...]:
    """What can't be known from the answers: who is missing, what is hidden, and that a change has no proven cause."""
    answered, staff = rate["respondents"], rate["headcount"]
    lines = []
    if isinstance(staff, int) and isinstance(answered, int) and 0 < answered < staff:
        missing = staff - answered
        them = "the one person" if missing == 1 else f"the {missing:,} people"
        lines.append(
            f"What {them} who did not answer would say: ranges allow for them only if they are like those who answered."
        )
    if answered and staff is None:
        lines.append("How many work here is not known, so no range can be given and no one can say what is enough.")
    if found.tipping:
        lines.append(found.tipping)
    hidden = found.skills.filter(pl.col("suppressed") & pl.lit(bool(found.skills["share"].count())))
    if hidden.height:
        lines.append(f"{listed(hidden['skill_name'].to_list())}: hidden, {hidden['reason'][0]}.")
    if school_id == DISTRICT and survey.left_out:
        lines.append(f"The district's figures are {survey.left_out}.")
    lines.append(NO_CAUSE if pair is not None else "What trainings change: that shows once the form is sent again.")
    return tuple(lines)
