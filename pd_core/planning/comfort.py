"""The trainers and slots that suit best, once it is settled who is reached by what."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from pd_core.planning.assignment import all_choices, assign
from pd_core.planning.eligibility import Eligibility
from pd_core.planning.problem import Session

SESSIONS_AT_ONCE = 120


def reassigned(about: Eligibility, sessions: Sequence[Session], left: Callable[[], float]) -> list[Session]:
    """The same sessions with the trainers and slots that suit best, a part of them after the other while the others
    stay, as long as there are seconds `left`; all at once where they are few."""
    ordered = sorted(sessions, key=lambda one: (about.schools[one.option.school_ids[0]].region, one.option.school_ids))
    for start in range(0, len(ordered), SESSIONS_AT_ONCE):
        part, after = ordered[start : start + SESSIONS_AT_ONCE], ordered[start + SESSIONS_AT_ONCE :]
        if start and left() <= 0:
            break
        choices = [all_choices(about, session, either_building=True) for session in part]
        again = assign(about, part, choices, fixed=[*ordered[:start], *after], must_hold=True, seconds=max(left(), 0.2))
        if again is not None and _comfort(about, again) > _comfort(about, part) + 1e-9:
            ordered = [*ordered[:start], *again, *after]
    return ordered


def _comfort(about: Eligibility, sessions: Sequence[Session]) -> float:
    return float(sum(map(about.session_comfort, sessions)))
