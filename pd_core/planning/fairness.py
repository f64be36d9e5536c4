"""The fairness rule: no building takes part in three sessions before as many buildings as can be have one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from pd_core.planning.eligibility import Eligibility
from pd_core.planning.problem import SESSIONS_BEFORE_FAIRNESS, Session


def is_fair(sessions: Sequence[Session], most_buildings: int) -> bool:
    """Whether no building takes part in three sessions, or as many buildings as can be have one."""
    taken: dict[str, int] = defaultdict(int)
    for session in sessions:
        for school_id in session.option.school_ids:
            taken[school_id] += 1
    return len(taken) >= most_buildings or max(taken.values(), default=0) <= SESSIONS_BEFORE_FAIRNESS


def two_each(about: Eligibility, sessions: Sequence[Session]) -> list[Session]:
    """The sessions that reach most people, no building in more than two; those that a lock speaks of come first."""
    taken: dict[str, int] = defaultdict(int)
    kept = []
    for session in sorted(
        sessions,
        key=lambda one: (not any(rule.fits(one.option) for rule in about.locks), -about.session_gain(one)),
    ):
        if all(taken[school_id] < SESSIONS_BEFORE_FAIRNESS for school_id in session.option.school_ids):
            kept.append(session)
            for school_id in session.option.school_ids:
                taken[school_id] += 1
    return kept
