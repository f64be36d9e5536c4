"""Asking for a change of a session, and answering it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from pd_core.access import Visitor
from pd_core.actions.plan_record import Outcome, change_plan, checked_note, require_base
from pd_core.actions.plan_rights import kinds_of, require_step
from pd_core.entities import PlanSession
from pd_core.errors import UserError
from pd_core.planning.record import Record
from pd_core.storage import Store
from pd_core.summaries.planning_lists import planning_lists


def ask_for_change(store: Store, visitor: Visitor, session_id: str, text: str, now: datetime) -> Outcome:
    """Ask for a change of a session that is still to be held; it waits for an answer from the people who decide on it.

    Raises RefusedAccess, UserError.
    """
    kinds, text = kinds_of(planning_lists(store, now)), _written("request", text, "Say what should change.")

    def decide(record: Record) -> list[PlanSession]:
        session = record.session(session_id)
        require_step(visitor, kinds, session, "asked")
        if not session.is_open:
            raise UserError(f"Session {session_id} is {session.state}; its plan can't change any more.")
        return [replace(session, asked=text)]

    return Outcome(tuple(change_plan(store, visitor, "change asked for", decide)))


def answer_request(
    store: Store, visitor: Visitor, session_id: str, answer: str, now: datetime, *, base: int | None = None
) -> Outcome:
    """Answer a request for a change without changing the session; the answer becomes its note.

    Moving or cancelling the session answers it too. Raises RefusedAccess, StaleBase, UserError.
    """
    kinds, answer = kinds_of(planning_lists(store, now)), _written("answer", answer, "Say what was decided.")

    def decide(record: Record) -> list[PlanSession]:
        session = record.session(session_id)
        require_step(visitor, kinds, session, "moved")
        after = replace(session, note=answer, asked="")
        require_base(record, after, base, visitor)
        if not session.asked:
            raise UserError(f"No change of session {session_id} is asked for.", "Write a note instead.")
        return [after]

    return Outcome(tuple(change_plan(store, visitor, "request answered", decide)))


def _written(what: str, text: str, remedy: str) -> str:
    """A checked text. Raises UserError for an empty one."""
    if not (checked := checked_note(text)):
        raise UserError(f"The {what} is empty.", remedy)
    return checked
