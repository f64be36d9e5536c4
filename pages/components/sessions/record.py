"""The plan on record and the lists that its sessions are made from, of the store that is shown."""

from __future__ import annotations

from typing import Any, NoReturn

from pages.components import clock, data, notices
from pages.components.markdown import plain
from pages.components.session.current_visitor import current
from pd_core.access import Actor, Visitor
from pd_core.actions import plan_record, plan_rights
from pd_core.entities import PlanSession
from pd_core.planning.problem import Problem
from pd_core.planning.record import Record
from pd_core.presentation import sessions
from pd_core.summaries.held import delivery_rows
from pd_core.summaries.planning_lists import planning_lists

NOTICE = "sessions"


def say(text: str) -> NoReturn:
    """Say what was done on the page behind an open dialog, which closes. Nothing after it runs."""
    notices.say(NOTICE, plain(text))


def on_record() -> Record:
    """The plan as it is on record, as far as the visitor sees it."""
    return plan_record.record_of(data.shown_store()[0], _viewer())


def _viewer() -> Visitor:
    """The visitor; of the sample, which is open to everyone, all is seen."""
    visitor = current()
    visitor.require("view")
    return Visitor.as_oneself(Actor(visitor.audit_name, "facilitator")) if is_read_only() else visitor


def is_read_only() -> bool:
    """Whether the sessions are those of the sample district, which stay as they are."""
    return data.is_sample()


def lists() -> Problem:
    """The lists that sessions are made from: trainings, trainers, slots and schools."""
    current().require("view")
    return planning_lists(data.shown_store()[0], clock.now())


def own_trainer() -> str:
    """The id under which the visitor is in the list of trainers (empty: not listed)."""
    return plan_rights.own_trainer(data.store(), current())


def held_rows() -> dict[str, dict[str, Any]]:
    """How each session was held that the visitor sees, as `summaries.held.delivery_rows`, by id."""
    rows = delivery_rows(data.shown_store()[0], _viewer().scope, own_trainer())
    return {row["session_id"]: row for row in rows.iter_rows(named=True)}


def coming_up(school_id: str) -> str:
    """What comes next at a school or in the district that the visitor sees; empty where nothing is to come."""
    if not (plan := on_record()).sessions():
        return ""
    return sessions.coming_up(plan, lists(), school_id, clock.now())


def base_of(session: PlanSession) -> int:
    """The version of a session that a page has shown: where it is still the same, its latest; otherwise an older one,
    which is refused with what changed."""
    changes = on_record().changes_of(session.session_id)
    return next(change.number for change in reversed(changes) if change.session == session)
