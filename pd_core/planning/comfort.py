"""The trainers and slots that suit best, once it is settled who is reached by what."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from pd_core.planning.assignment import all_choices, assign
from pd_core.planning.eligibility import Eligibility
from pd_core.planning.exact import VERY_FEW_OPTIONS, best_sessions
from pd_core.planning.problem import Option, Session

SESSIONS_AT_ONCE = 120
LEAST_SECONDS = 2.0
"""Once no plan can reach more people, comfort is searched for as long as the people were, or so long."""
TINY_OPTIONS = 200
"""Up to so many possible sessions it is searched for as long as there is time: the best there is is found."""


def most_comfortable(
    about: Eligibility,
    best: Sequence[Session],
    options: Sequence[Option],
    *,
    most_buildings: int,
    searched: float,
    latest: float,
) -> list[Session]:
    """Of the plans that reach as many people as `best`, which none exceeds, the most comfortable one found among the
    `options`; of those, one with the fewest people whose weight is 0.

    It ends at `latest` (monotonic seconds), or earlier: `searched` are the seconds that it took to find `best`.
    """
    now, found = time.monotonic(), list(best)
    ends_at = latest if len(options) <= TINY_OPTIONS else min(latest, now + max(searched, LEAST_SECONDS))
    gain, idle = sum(map(about.session_gain, found)) - 1e-6, _idle_people(about, found)
    if idle:
        fewer, _ = best_sessions(
            about, options, aim="few", most_buildings=most_buildings, at_least=gain,
            seconds=0.75 * (ends_at - time.monotonic()),
        )  # fmt: skip
        found = fewer if fewer is not None else found
        idle = _idle_people(about, found)
    # The topics of the plan alone first: that is quick, and hardly ever do others suit better.
    for own in (list(about.options(skills=_topics(about, found))), options):
        if len(own) <= VERY_FEW_OPTIONS and time.monotonic() < ends_at:
            other, _ = best_sessions(
                about, own, aim="comfort", most_buildings=most_buildings, at_least=gain, most_idle=idle,
                one_by_one=True, seconds=ends_at - time.monotonic(),
            )  # fmt: skip
            found = max((one for one in (other, found) if one is not None), key=about.comfort)
    return found


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
        if again is not None and about.comfort(again) > about.comfort(part) + 1e-9:
            ordered = [*ordered[:start], *again, *after]
    return ordered


def _topics(about: Eligibility, sessions: Sequence[Session]) -> set[tuple[str, str]]:
    return {
        (school_id, about.trainings[session.option.training_id].skill_id)
        for session in sessions
        for school_id in session.option.school_ids
    }


def _idle_people(about: Eligibility, sessions: Sequence[Session]) -> int:
    return sum(
        people
        for session in sessions
        for school_id, people in zip(session.option.school_ids, session.people, strict=True)
        if about.problem.weight(school_id, about.trainings[session.option.training_id].skill_id) <= 0
    )
