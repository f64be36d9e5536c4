"""The outcomes and trainings that are stored, and what is known of effects."""

from __future__ import annotations

from pages.components import data
from pages.components.session.current_visitor import current
from pd_core.summaries import impact_board
from pd_core.summaries.impact_figures import Impact
from pd_core.wording import with_capital


def outcome_names() -> dict[str, str]:
    """The outcomes that are stored, as id to label."""
    return {name: with_capital(name) for name in impact_board.measures(data.outcome_store()[0])}


def training_titles() -> dict[str, str]:
    """The trainings that were given, as id to title."""
    return impact_board.trainings(data.outcome_store()[0])


def impact(measures: tuple[str, ...], training_id: str) -> Impact:
    """What is known of a training's effect on outcomes. Only for pages whose guard asks for `outcomes`."""
    current().require("outcomes")
    return Impact(data.outcome_store()[0], measures, training_id)
