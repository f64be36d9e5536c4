"""What is left to plan, next to what the schools need, for people who plan."""

from __future__ import annotations

from pages.components import clock, data, display
from pages.components.planning import search
from pages.components.planning.proposals import proposals
from pages.components.session.current_visitor import current
from pd_core.actions.proposals import Asked
from pd_core.planning.feasibility import NoPlan
from pd_core.presentation.plan_left import left_section


def show(wave_id: str) -> None:
    """Show what is left to plan once a session was held or agreed to, to people who plan."""
    if not current().may("plan") or not search.are_verdicts_known(wave_id):
        return
    try:
        kept = proposals(wave_id)
    except NoPlan:  # the Plan page says why
        return
    problem = kept.at(clock.now(), Asked())[0]
    if problem.trained or kept.decided:
        display.open_section(left_section(problem, kept.decided, data.codebook()))
