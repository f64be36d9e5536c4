"""The outcomes and trainings that are stored, and what is known of effects."""

from __future__ import annotations

from pages.components import data
from pages.components.session.current_visitor import current
from pd_core.storage import Store
from pd_core.summaries import impact_board
from pd_core.summaries.impact_figures import Impact


def is_sample() -> bool:
    """Whether the outcomes are the sample's: until real answers or real outcomes are stored."""
    return data.is_sample() and not impact_board.measures(data.store())


def _shown() -> Store:
    return data.sample_store() if is_sample() else data.store()


def outcome_names() -> dict[str, str]:
    """The outcomes that are stored, as id to label."""
    return {name: name[:1].upper() + name[1:] for name in impact_board.measures(_shown())}


def training_titles() -> dict[str, str]:
    """The trainings that were given, as id to title."""
    return impact_board.trainings(_shown())


def impact(measures: tuple[str, ...], training_id: str) -> Impact:
    """What is known of a training's effect on outcomes. Only for pages whose guard asks for `outcomes`."""
    current().require("outcomes")
    return Impact(_shown(), measures, training_id)
