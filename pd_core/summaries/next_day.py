"""How many people did what a session asked of them for the next day; hidden below five, and until its link closes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from pd_core.disclosure.sums import MIN_PEOPLE
from pd_core.storage import Store
from pd_core.storage.deliveries import deliveries
from pd_core.storage.next_day import next_day_counts

NextDay = Literal["yes", "not yet", "not for me"]
ANSWERS: Final[Mapping[NextDay, str]] = {"yes": "Yes, I did it", "not yet": "Not yet", "not for me": "Not for me"}
"""What people can answer, with its label."""
OPEN_DAYS: Final = 14
"""How many days after a session its link takes answers. Only then are they counted: from one look to the next, a single
answer would show."""


@dataclass(frozen=True)
class Followed:
    """What became of a session's next-day actions: how many people answered, and each answer (all null: fewer than five
    answered, or the link is still open)."""

    closes_on: date
    is_closed: bool
    answered: int | None
    counts: Mapping[NextDay, int] | None


def closes_on(delivered_on: date) -> date:
    """The last day on which the link of a session takes answers."""
    return delivered_on + timedelta(days=OPEN_DAYS)


def followed(store: Store, session_id: str, today: date) -> Followed | None:
    """What became of a session's next-day actions; null where no one said that it was held."""
    return followed_each(store, [session_id], today).get(session_id)


def followed_each(store: Store, session_ids: Sequence[str], today: date) -> dict[str, Followed]:
    """What became of the next-day actions of each of these sessions of which someone said that it was held."""
    held = deliveries(store)
    counted: dict[str, dict[str, int]] = {}
    for session_id, answer, people in next_day_counts(store).iter_rows():
        counted.setdefault(session_id, {})[answer] = people
    return {
        session_id: _followed(closes_on(held[session_id].delivered_on), counted.get(session_id, {}), today)
        for session_id in session_ids
        if session_id in held
    }


def _followed(last: date, found: Mapping[str, int], today: date) -> Followed:
    if today <= last:
        return Followed(last, False, None, None)
    counts: dict[NextDay, int] = {answer: found.get(answer, 0) for answer in ANSWERS}
    answered = sum(counts.values())
    return Followed(last, True, None, None) if answered < MIN_PEOPLE else Followed(last, True, answered, counts)
