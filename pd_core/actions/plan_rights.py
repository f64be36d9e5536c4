"""Who may decide on which session of the plan."""

from __future__ import annotations

from collections.abc import Mapping

from pd_core.access import EVERYWHERE, Visitor
from pd_core.entities import PlanSession
from pd_core.errors import RefusedAccess
from pd_core.planning.problem import Problem
from pd_core.storage import Store
from pd_core.storage.training_lists import training_list


def kinds_of(lists: Problem) -> dict[str, str]:
    """The kind of each training, by id."""
    return {one.training_id: one.kind for one in lists.trainings}


def own_trainer(store: Store, visitor: Visitor) -> str:
    """The id under which this person is in the list of trainers (empty: not listed).

    It is their e-mail address; or the part of it before the @, for a trainer at one of their schools or without a home.
    """
    email = visitor.actor.name.casefold()
    if "@" not in email:
        return ""
    for trainer_id, home in training_list(store, "trainer").select("trainer_id", "home_school_id").iter_rows():
        if trainer_id.casefold() == email:
            return str(trainer_id)
        is_near = home in visitor.actor.school_ids if home else visitor.actor.role in EVERYWHERE
        if is_near and trainer_id.casefold() == email.partition("@")[0]:
            return str(trainer_id)
    return ""


def may_step(visitor: Visitor, kinds: Mapping[str, str], session: PlanSession, step: str) -> bool:
    """Whether this person may take the step: a state, “moved”, “noted” or “asked”."""
    try:
        require_step(visitor, kinds, session, step)
    except RefusedAccess:
        return False
    return True


def require_step(visitor: Visitor, kinds: Mapping[str, str], session: PlanSession, step: str) -> None:
    """Facilitators decide on every session, an MIE on the entry classes of the own school; a principal agrees to the
    own school's sessions, and asks for changes."""
    if visitor.may("plan"):
        return
    visitor.require("decide", *session.school_ids)
    if visitor.actor.role == "principal" and step not in ("agreed", "asked"):
        raise RefusedAccess(
            f"Session {session.session_id}: a principal agrees to a session or asks for a change.",
            "Ask your MIE or facilitator to change it.",
        )
    if visitor.actor.role == "mie" and step not in ("noted", "asked") and kinds.get(session.training_id) != "entry":
        raise RefusedAccess(
            f"Session {session.session_id} is an implementation class, on which the facilitator decides.",
            "Ask for a change, which the facilitator answers.",
        )
