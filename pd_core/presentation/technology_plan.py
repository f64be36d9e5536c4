"""The school technology plan: goal, needs, trainings with next-day actions, growth; for the principal to edit."""

from __future__ import annotations

from datetime import date

import polars as pl

from pd_core.access import DISTRICT
from pd_core.needs.estimates import ENTRY, IMPLEMENTATION
from pd_core.needs.needs import needed
from pd_core.presentation import overview
from pd_core.presentation.brief import SAMPLE, Plan, came_part, facts, limits, planned_part, progress_text
from pd_core.presentation.document import Document, Part, Point
from pd_core.presentation.need_sentences import need_sentence
from pd_core.presentation.training_planning import wishes_sentence
from pd_core.summaries.growth import Growth
from pd_core.summaries.training_needs import needs_of, wishes_of
from pd_core.survey.scoped_survey import Survey
from pd_core.wording import date_said

MOST_NEEDS, MOST_SESSIONS = 3, 8
_KINDS = {ENTRY: "Entry class", IMPLEMENTATION: "Implementation class"}


def technology_plan(
    survey: Survey, school_id: str, goal: str, plan: Plan | None, pair: Growth | None, *, today: date,
    address: str = "", is_sample: bool = False,
) -> Document:  # fmt: skip
    """The technology plan of a school; `goal` is its goal in words (may be empty), `plan` and `pair` as for a brief.

    Raises KeyError for a school outside the survey's scope.
    """
    found = overview.opening(survey, school_id)
    rate = survey.response_rates.filter(pl.col("school_id") == school_id).row(0, named=True)
    name = "The whole district" if school_id == DISTRICT else found.name
    return Document(
        name=school_id,
        title=f"Technology plan: {name}",
        about=", ".join(filter(None, [survey.wave_id, f"made on {date_said(today)}", SAMPLE if is_sample else ""])),
        headline=found.headline,
        figures=facts(found, rate),
        progress=min(float(rate["rate"]), 1.0) if isinstance(rate["rate"], float) else None,
        progress_text=progress_text(survey, rate),
        parts=(
            Part(
                "goal", "Our goal this year",
                lines=(f"{goal.rstrip('.')}." if goal else "No goal is set yet. Write it in one sentence.",),
                fill=("How we will know that we reached it", "Who leads it"),
            ),
            Part("needs", "What staff need", points=need_points(survey, school_id), lines=_wishes(survey, school_id)),
            planned_part(plan, school_id, MOST_SESSIONS),
            came_part(plan, pair, school_id),
            Part("limits", "What these answers can't show", lines=limits(survey, school_id, found, rate, pair)),
            Part("agreed", "Agreed", fill=("Principal", "MIE", "Date")),
        ),
        footer="A draft from PD Pulse for the principal to change. Only groups of 5 people or more are shown.",
        address=address,
    )  # fmt: skip


def need_points(survey: Survey, school_id: str) -> tuple[Point, ...]:
    """The greatest needs of each kind of class, in sentences; why there are none where nothing can be shown."""
    points: list[Point] = []
    for kind, label in _KINDS.items():
        rows = needs_of(survey, school_id, kind)
        for row in needed(rows).head(MOST_NEEDS).to_dicts():
            points.append(Point(f"{label}, {row['skill_name']}", f"{need_sentence(row)}."))
        hidden = rows.filter("suppressed")
        if hidden.height == rows.height and rows.height:
            points.append(Point(label, f"Hidden: {hidden['reason'][0]}."))
    return tuple(dict.fromkeys(points)) or (Point("", "No need can be shown yet."),)


def _wishes(survey: Survey, school_id: str) -> tuple[str, ...]:
    topics, times = (
        wishes_sentence(wishes_of(survey, school_id, wish), "no one has answered") for wish in ("topics", "times")
    )
    return (f"Topics that staff asked for: {topics}.", f"Times that work: {times}.")
