"""“You said, we did”: what a building's staff asked for, what was decided because of it, and what comes next."""

from __future__ import annotations

from datetime import date

import polars as pl

from pd_core.access import DISTRICT
from pd_core.presentation import overview, sessions
from pd_core.presentation.brief import PLANNED, SAMPLE, Plan, findings, held_sentence, progress_text
from pd_core.presentation.document import Document, Part
from pd_core.presentation.session_views import Grid
from pd_core.presentation.training_planning import wishes_sentence
from pd_core.summaries.training_needs import wishes_of
from pd_core.survey.scoped_survey import Survey
from pd_core.wording import date_said, listed, plural

MOST_SESSIONS = 6


def said_done(
    survey: Survey, school_id: str, plan: Plan | None, *, today: date, address: str = "", is_sample: bool = False
) -> Document:
    """The page for a school's staff. Raises KeyError for a school outside the survey's scope."""
    found = overview.opening(survey, school_id)
    rate = survey.response_rates.filter(pl.col("school_id") == school_id).row(0, named=True)
    name = "the whole district" if school_id == DISTRICT else found.name
    topics, times = (
        wishes_sentence(wishes_of(survey, school_id, wish), "no one has answered") for wish in ("topics", "times")
    )
    answered, staff = rate["respondents"], rate["headcount"]
    of = f"{answered:,} of {staff:,} of us answered" if staff is not None else f"{answered:,} of us answered"
    return Document(
        name=school_id,
        title=f"You said, we did: {name}",
        about=", ".join(filter(None, [survey.wave_id, f"made on {date_said(today)}", SAMPLE if is_sample else ""])),
        headline=f"{of} the technology survey in {survey.wave_id}." if answered else found.headline,
        figures=(),
        progress=min(float(rate["rate"]), 1.0) if isinstance(rate["rate"], float) else None,
        progress_text=progress_text(survey, rate),
        parts=(
            Part("said", "You said", points=findings(found)[:2],
                 lines=(f"Topics you asked for: {topics}.", f"Times that suit you: {times}.")),
            _did(survey, plan, school_id),
            Part("next", "What comes next", lines=_next(plan, school_id, found.advice)),
        ),
        footer="PD Pulse. Only groups of 5 people or more are shown; no answer can be traced to a person.",
        address=address,
    )  # fmt: skip


def _did(survey: Survey, plan: Plan | None, school_id: str) -> Part:
    """The sessions that people decided on, each with the need that it answers."""
    mine = sessions.chosen_sessions(plan.record, school_id, "", "all", plan.now) if plan else []
    decided = [one for one in mine if one.is_decided]
    held = held_sentence(plan, school_id)
    if plan is None or not decided:
        waiting = [one for one in mine if one.state == "proposed"]
        wait = f"{plural(len(waiting), 'session')} proposed; nothing is decided yet." if waiting else ""
        return Part("did", "We did", lines=(wait or "Nothing is decided yet.", held))
    skills = {one.training_id: survey.codebook.skills.get(one.skill_id) for one in plan.lists.trainings}
    because = list(dict.fromkeys(skill.name for one in decided if (skill := skills.get(one.training_id))))
    cards = sessions.cards(plan.record, plan.lists, decided[:MOST_SESSIONS])
    rows = tuple((card.when, card.title, card.who, sessions.STATES[card.session.state]) for card in cards)
    lines = [f"Because you asked for help with {listed(because)}:" if because else "", held]
    return Part("did", "We did", lines=tuple(filter(None, lines)), grid=Grid(PLANNED, rows))


def _next(plan: Plan | None, school_id: str, advice: str) -> tuple[str, ...]:
    coming = sessions.coming_up(plan.record, plan.lists, school_id, plan.now) if plan else ""
    return tuple(filter(None, (coming, advice)))


def message(document: Document) -> str:
    """The page as text to paste into Teams or an e-mail."""
    lines = [document.title, document.headline]
    for part in document.parts:
        lines += ["", f"{part.heading}:", *(f"- {point.lead}: {point.text}" for point in part.points)]
        lines += [f"- {line}" for line in part.lines]
        lines += [f"- {row[0]}: {row[1]} ({row[3].lower()})" for row in part.grid.rows] if part.grid else []
    return "\n".join(lines)
