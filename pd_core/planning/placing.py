"""Drafts made a plan: sessions without trainers and slots get them, a group of buildings after the other."""

from __future__ import annotations

import time
from collections.abc import Sequence

from pd_core.planning.assignment import place
from pd_core.planning.drafts import Draft
from pd_core.planning.eligibility import Eligibility
from pd_core.planning.fairness import is_fair, two_each
from pd_core.planning.greedy import by_hand
from pd_core.planning.groups import grouped
from pd_core.planning.problem import Session

BUILDINGS_AT_ONCE = 20
"""About a region: MIEs go no farther, and its sessions are placed well in a fraction of a second. Sixty at once are
not placed well in two seconds."""
LEAST_SECONDS, MOST_SECONDS = 0.2, 1.0


def placed(about: Eligibility, wanted: Sequence[Draft], deadline: float) -> list[Session]:
    """Drafts with a trainer and slot each, by `deadline` (monotonic seconds)."""
    sessions: list[Session] = []
    groups = grouped(about, BUILDINGS_AT_ONCE)
    for number, group in enumerate(groups):
        own = [draft for draft in wanted if draft.session.option.school_ids[0] in set(group)]
        seconds = min(MOST_SECONDS, (deadline - time.monotonic()) / (len(groups) - number))
        sessions += place(about, own, sessions, max(seconds, LEAST_SECONDS))
    return sessions


def made_whole(about: Eligibility, sessions: list[Session], most_buildings: int) -> list[Session] | None:
    """The sessions placed, made fair, with what is left filled by hand; null where a lock got lost."""
    if any(not any(rule.fits(one.option) for one in sessions) for rule in about.locks):
        return None
    plan = sessions
    if not is_fair(plan, most_buildings):
        plan = by_hand(about, plan, None)  # first one for each building that has none yet
        if not is_fair(plan, most_buildings):
            plan = two_each(about, sessions)
    return by_hand(about, plan, most_buildings)
