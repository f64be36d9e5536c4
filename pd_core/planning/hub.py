"""The hub model: which buildings get which trainings, before anyone is put into a slot.

Within a region every way is the same, so that it doesn't matter which of its trainers goes to which building: those
who leave home give their sessions to the region's hub, and buildings take sessions from it. Slots are only counted.
What is left is small, and never stricter than the limits: its bound holds for every plan.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from pd_core.planning import hub_limits
from pd_core.planning.eligibility import Eligibility
from pd_core.planning.hub_variables import HubModel, Topic, add_demand, add_supply


def hub_model(
    about: Eligibility,
    school_ids: Sequence[str],
    *,
    topics: Collection[Topic] | None = None,
    minutes: Mapping[str, float] | None = None,
    one_each: Collection[str] = (),
    budget: float | None = None,
) -> HubModel:
    """The model for some buildings, for `topics` (building, skill; null: all), each trainer with `minutes` (null: all
    they have; who is missing has none), within `budget` (null: the problem's). Each of `one_each` gets a session."""
    minutes = {one.trainer_id: one.minutes for one in about.problem.trainers} if minutes is None else minutes
    model = HubModel(about, frozenset(school_ids), topics, minutes, about.problem.budget if budget is None else budget)
    add_demand(model, add_supply(model))
    hub_limits.topics_and_needs(model)
    hub_limits.trainers(model)
    hub_limits.buildings(model, one_each)
    hub_limits.money(model)
    hub_limits.locks(model)
    return model
