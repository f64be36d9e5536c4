"""Guess before you look: people's guesses about a school's results, stored before they see them."""

from __future__ import annotations

from collections.abc import Mapping

from pd_core.access import DISTRICT, EVERYTHING, Visitor
from pd_core.codebook import Codebook
from pd_core.errors import RefusedAccess, RefusedName
from pd_core.storage import Store, guesses, queries, waves
from pd_core.summaries.guesses import skills_to_guess
from pd_core.survey.scoped_survey import Survey, survey


def own_guesses(store: Store, visitor: Visitor, wave_id: str, school_id: str) -> dict[str, float] | None:
    """The visitor's guesses about a school: skill to share (0-1); empty if they looked without guessing.

    Null if they have done neither yet. Also empty where no guess is accepted, as in `put_guesses`.
    """
    takes_one = not (visitor.is_impersonating or visitor.actor.role == "guest" or school_id == DISTRICT)
    if not takes_one or not visitor.may("view", school_id) or not queries.has_uploads(store):
        return {}
    return guesses.guesses_of(store, wave_id, school_id, visitor.audit_name)


def skills_owed(store: Store, visitor: Visitor, survey: Survey, school_id: str) -> dict[str, str]:
    """The skills of a school that the visitor is asked to guess before they see its results, as id to name.

    Empty if the survey's wave does not ask for guesses, if they have guessed or skipped, or if nothing would be shown.
    Whatever shows a school's results to a visitor asks here first.
    """
    wave_id = survey.wave_id
    if not waves.wave(store, wave_id).asks_guesses or own_guesses(store, visitor, wave_id, school_id) is not None:
        return {}
    return skills_to_guess(survey, school_id)


def waves_owed(store: Store, visitor: Visitor, codebook: Codebook, school_id: str, target_share: float) -> list[str]:
    """The waves for which `skills_owed` names skills of a school, earliest first."""
    asking = [wave_id for wave_id in queries.wave_ids(store) if waves.wave(store, wave_id).asks_guesses]
    return [
        wave_id
        for wave_id in asking
        if skills_owed(store, visitor, survey(store, codebook, wave_id, None, target_share, visitor.scope), school_id)
    ]


def put_guesses(
    store: Store, visitor: Visitor, codebook: Codebook, wave_id: str, school_id: str, guessed: Mapping[str, float]
) -> None:
    """Store the visitor's guesses about a school: skill to share (0-1); empty if they look without guessing.

    The first entry stays: a second one changes nothing. Raises RefusedAccess for a school that is not the visitor's,
    for guests of a link, while impersonating, and in a store without answers, where the pages show the sample; raises
    RefusedName for an unknown school, wave or skill, or an invalid share.
    """
    visitor.require("view", school_id)
    if visitor.is_impersonating:
        raise RefusedAccess("You see the pages as someone else, but guesses are your own.", "Stop that first.")
    if visitor.actor.role == "guest":
        raise RefusedAccess("You can't make guesses through a share link.", "Sign in to make your own.")
    if not queries.has_uploads(store):
        raise RefusedAccess("These schools are made up, so guesses are not kept.", "Upload your own answers first.")
    unknown = {school_id} - set(queries.schools(store, EVERYTHING)["school_id"])
    unknown |= {wave_id} - set(queries.wave_ids(store))
    unknown |= guessed.keys() - codebook.skills.keys()
    if unknown:
        raise RefusedName(f"There is no {' or '.join(sorted(unknown))}.", "Reload the page. Nothing was stored.")
    guesses.put_guesses(store, wave_id, school_id, visitor.audit_name, guessed)
