"""The lists that a training plan is made from: who may set them, and what they become."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from pd_core.access import EVERYTHING, Visitor
from pd_core.codebook import Codebook
from pd_core.errors import UnknownName, UserError
from pd_core.reference.goals import MOST_WEIGHT
from pd_core.reference.trainers import slots_not_listed
from pd_core.storage import Store, queries
from pd_core.storage.training_lists import put_school_goal, set_training_list, training_list

MOST_WORDS = 300
"""The most characters of a goal in a principal's own words."""


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


def set_budget(store: Store, visitor: Visitor, budget: pl.DataFrame) -> None:
    """Makes `budget` the rates and funds of every year. Raises RefusedAccess."""
    visitor.require("plan")
    set_training_list(store, "budget", budget, visitor.audit_name)


def set_applicants(store: Store, visitor: Visitor, applicants: pl.DataFrame) -> None:
    """Makes `applicants` all who applied to become an MIE or a facilitator. Raises RefusedAccess."""
    visitor.require("plan")
    set_training_list(store, "applicant", applicants, visitor.audit_name)


def set_school_goal(
    store: Store,
    visitor: Visitor,
    codebook: Codebook,
    school_id: str,
    goal_id: str,
    words: str,
    weights: Mapping[str, float],
) -> None:
    """Makes this a school's goal: a ready one (empty: none of them), in words (may be empty), and how much each skill
    counts (0 to 3; a weight of 1 is as if not listed). Raises RefusedAccess; UnknownName; UserError for words that are
    too long or a weight that is not from 0 to 3."""
    visitor.require("plan", school_id)
    if school_id not in set(queries.schools(store, EVERYTHING)["school_id"]):
        raise UnknownName(f"There is no school “{school_id}”.", "Choose a school of the list.")
    said = " ".join(words.split())
    if len(said) > MOST_WORDS:
        raise UserError(
            f"The goal has {len(said)} characters; at most {MOST_WORDS} are kept.", "Say it in fewer words."
        )
    for skill_id, weight in weights.items():
        if skill_id not in codebook.skills:
            raise UnknownName(f"There is no skill “{skill_id}”.", "Choose a skill of the survey.")
        if not 0 <= weight <= MOST_WEIGHT:
            raise UserError(
                f"{codebook.skills[skill_id].name} counts {weight:g} times; expected 0 to {MOST_WEIGHT}.",
                "Give a number from 0 to 3.",
            )
    counted = {skill_id: weight for skill_id, weight in weights.items() if weight != 1}
    put_school_goal(store, school_id, goal_id, said, counted, visitor.audit_name)
