"""Which sessions of the plan people see, and of which they don't see how many people they are planned for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from pd_core.access import Scope
from pd_core.entities import PlanSession, SessionChange


def seen_changes(changes: Sequence[SessionChange], scope: Scope, own_trainer: str = "") -> list[SessionChange]:
    """The changes of the sessions that are now of a school in the scope, or taught by `own_trainer` (empty: no one).

    Of a session that is shared with a school outside the scope, `reached` is null: less the own school's part, which a
    principal knows from the plan, it would tell how few of the other school need the class.
    """
    if scope.school_ids is None:
        return list(changes)
    latest = {change.session.session_id: change.session for change in changes}
    seen = {
        one.session_id
        for one in latest.values()
        if scope.school_ids & set(one.school_ids) or (own_trainer and one.trainer_id == own_trainer)
    }
    return [
        replace(change, session=without_others(change.session, scope))
        for change in changes
        if change.session.session_id in seen
    ]


def without_others(session: PlanSession, scope: Scope) -> PlanSession:
    """The session, without its number of people where the scope has some of its schools and not all."""
    return replace(session, reached=None) if is_mixed(session.school_ids, scope) else session


def is_mixed(school_ids: Iterable[str], scope: Scope) -> bool:
    """Whether some of these schools are in the scope, and some are not."""
    schools = set(school_ids)
    return scope.school_ids is not None and bool(schools & scope.school_ids) and bool(schools - scope.school_ids)
