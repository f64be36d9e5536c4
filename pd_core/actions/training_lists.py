"""The lists that a training plan is made from: who may set them, and what they become."""

from __future__ import annotations

import polars as pl

from pd_core.access import Visitor
from pd_core.reference.trainers import slots_not_listed
from pd_core.storage import Store
from pd_core.storage.training_lists import set_training_list, training_list


def set_trainers(store: Store, visitor: Visitor, trainers: pl.DataFrame) -> list[str]:
    """Makes `trainers` the whole list of trainers. Returns a sentence for each with slots that are not listed; the list
    is taken all the same. Raises RefusedAccess."""
    visitor.require("plan")
    set_training_list(store, "trainer", trainers, visitor.audit_name)
    return slots_not_listed(trainers, training_list(store, "slot"))


def set_catalog(store: Store, visitor: Visitor, trainings: pl.DataFrame) -> None:
    """Makes `trainings` the whole catalog. Raises RefusedAccess."""
    visitor.require("plan")
    set_training_list(store, "training", trainings, visitor.audit_name)


def set_slots(store: Store, visitor: Visitor, slots: pl.DataFrame) -> list[str]:
    """Makes `slots` the whole list. Returns a sentence for each trainer who has others. Raises RefusedAccess."""
    visitor.require("plan")
    set_training_list(store, "slot", slots, visitor.audit_name)
    return slots_not_listed(training_list(store, "trainer"), slots)


def set_goals(store: Store, visitor: Visitor, goals: pl.DataFrame) -> None:
    """Makes `goals` all weights that differ from 1. Raises RefusedAccess."""
    visitor.require("plan")
    set_training_list(store, "goal", goals, visitor.audit_name)


def set_travel(store: Store, visitor: Visitor, ways: pl.DataFrame) -> None:
    """Makes `ways` all ways that are not by region. Raises RefusedAccess."""
    visitor.require("plan")
    set_training_list(store, "travel", ways, visitor.audit_name)
