"""Each person who can look at the plan: whether a session that two schools share tells one how many people of the other
need the class. An onlooker knows the own school's part of a session, from its plan."""

from __future__ import annotations

from pd_core.attack.findings import Found
from pd_core.attack.onlookers import onlookers
from pd_core.attack.published import Published
from pd_core.disclosure.plan_sessions import is_mixed, seen_changes
from pd_core.storage import Store
from pd_core.storage.plans import plan_changes

_HOW = "by taking the own school's people from those of a session that two schools share"


def found_by_plan(store: Store, published: Published) -> list[Found]:
    """What onlookers with some schools learn of others from the record of the plan, earlier versions included."""
    changes = plan_changes(store)
    if not changes:
        return []
    scopes = dict.fromkeys(one.scope for one in onlookers(published.school_ids, ()) if one.scope.school_ids)
    found = [
        Found("", ("plan",), "people", ";".join(sorted(set(change.session.school_ids) - scope.school_ids)), "", _HOW)
        for scope in scopes
        for change in seen_changes(changes, scope)
        if scope.school_ids is not None
        and change.session.reached is not None
        and is_mixed(change.session.school_ids, scope)
    ]
    return list(dict.fromkeys(found))
