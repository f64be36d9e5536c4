"""Trainers and schools as the page on trainers shows them, of the store that is shown."""

from __future__ import annotations

import contextlib
from typing import Any

from pages.components import clock, data
from pages.components.planning.proposals import proposals
from pages.components.session.current_visitor import current
from pd_core.actions.proposals import Asked
from pd_core.planning.feasibility import NoPlan
from pd_core.presentation.coming_plan import coming_section
from pd_core.summaries import programme
from pd_core.summaries.credentials import standard_rows
from pd_core.summaries.planning_lists import planning_lists

COMING_STARTS_OPEN = False
"""What schools need takes seconds to work out, so the fold about it is made once it is opened."""


def rows() -> Any:
    """As `summaries.programme.programme_rows`."""
    current().require("plan")
    return programme.programme_rows(data.shown_store()[0], data.codebook())


def lenders(school_id: str, skill_id: str) -> Any:
    """As `summaries.programme.lenders`."""
    current().require("plan")
    return programme.lenders(data.shown_store()[0], data.codebook(), school_id, skill_id)


def standards() -> Any:
    """As `summaries.credentials.standard_rows`."""
    return standard_rows(data.shown_store()[0], data.codebook(), clock.today())


def schools() -> dict[str, str]:
    """School id to name."""
    return {str(row["school_id"]): str(row["name"]) for row in data.schools()}


def skills() -> dict[str, str]:
    """Skill id to name."""
    return {skill_id: skill.name for skill_id, skill in data.codebook().skills.items()}


def trainers() -> dict[str, str]:
    """Trainer id to name."""
    lists = planning_lists(data.shown_store()[0], clock.now())
    return {one.trainer_id: one.name for one in lists.trainers}


def coming(wave_id: str) -> Any:
    """What the coming plan asks of the trainers, as `presentation.coming_plan.coming_section`."""
    kept, now = proposals(wave_id), clock.now()
    job = kept.known(now, Asked())
    proposed = None
    if job is not None and job.is_done:
        with contextlib.suppress(NoPlan):
            proposed = job.result()
    return coming_section(kept.at(now, Asked())[0], kept.staffing(now), proposed, data.codebook())
