"""Follow-up links: a signed address for each session, under which people say without sign-in whether they did it.

The link asks no one who they are. It can't keep a person with two devices from answering twice, nor someone to whom the
link was passed on; it keeps to as many answers as people attended.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date
from typing import Final

from pd_core.access import Visitor
from pd_core.actions.delivery_rules import may_deliver
from pd_core.actions.plan_rights import own_trainer
from pd_core.entities import PlanSession
from pd_core.errors import RefusedAccess, UserError
from pd_core.planning.record import replay
from pd_core.sign_in import carried_id, signed_id
from pd_core.storage import Store
from pd_core.storage.deliveries import attendance_of, deliveries
from pd_core.storage.next_day import next_day_lines, put_next_day_answer
from pd_core.storage.plans import plan_changes
from pd_core.storage.training_lists import training_list
from pd_core.summaries.next_day import ANSWERS, closes_on, followed

MOST_LINE: Final = 200
"""Characters of the line that people may add."""
MOST_UNKNOWN: Final = 60
"""As many answers are taken where it is not known how many people attended."""
_LINK, _DEVICE = "follow-up link", "follow-up device"


@dataclass(frozen=True)
class FollowUp:
    """What a follow-up link is about: a session that was held, its training and actions, and its last day."""

    session_id: str
    title: str
    actions: tuple[str, ...]
    closes_on: date
    is_open: bool


def token(store: Store, visitor: Visitor, session: PlanSession, key: bytes) -> str:
    """The token in the address of a session's link, for its trainer or a facilitator. Raises RefusedAccess."""
    if not may_deliver(visitor, session, own_trainer(store, visitor)):
        raise RefusedAccess("Your role does not allow this.", "Ask its trainer or your facilitator.")
    return signed_id(session.session_id, key, _LINK)


def follow_up(store: Store, carried: str, key: bytes, today: date) -> FollowUp | None:
    """What a token is about; null if it was not made here, or the session is not said to be held (any more)."""
    session_id = carried_id(carried, key, _LINK)
    if session_id is None:
        return None
    change = replay(plan_changes(store)).current.get(session_id)
    delivery = deliveries(store).get(session_id)
    if change is None or delivery is None or change.session.state != "delivered":
        return None
    trainings = training_list(store, "training").select("training_id", "title", "actions").iter_rows()
    title, actions = {one: (title, actions) for one, title, actions in trainings}.get(
        change.session.training_id, (change.session.training_id, "")
    )
    last = closes_on(delivery.delivered_on)
    return FollowUp(session_id, title, tuple(filter(None, actions.split(";"))), last, today <= last)


def new_device(session_id: str, key: bytes) -> str:
    """A signed random code for a device that opens a link; it says nothing of the device."""
    return signed_id(f"{session_id} {secrets.token_hex(12)}", key, _DEVICE)


def take_answer(store: Store, carried: str, device: str, answer: str, line: str, key: bytes, today: date) -> FollowUp:
    """Keep what a device answered, in place of what it said before. Raises UserError where the link is closed or not
    ours, the device's code is not ours or of another session, or as many have answered as attended."""
    about = follow_up(store, carried, key, today)
    if about is None:
        raise UserError("This link does not work.", "Ask the trainer for the link of your session.")
    if not about.is_open:
        raise UserError("This link is closed.", "It took answers for two weeks after the session.")
    mark = carried_id(device, key, _DEVICE) or ""
    if mark.partition(" ")[0] != about.session_id or answer not in ANSWERS:
        raise UserError("This answer can't be taken.", "Open the link again and choose one of the three answers.")
    text = " ".join(line.split())[:MOST_LINE]
    if not put_next_day_answer(store, about.session_id, mark, answer, text, _most(store, about.session_id)):
        raise UserError(
            "As many people have answered as attended.", "If you attended and could not answer, tell your trainer."
        )
    return about


def lines(store: Store, visitor: Visitor, session_id: str, today: date) -> list[str]:
    """The lines that people added, in no order of time, for those who read comments; none before the link is closed, or
    where fewer than five answered."""
    found = followed(store, session_id, today)
    if not visitor.may("comments") or found is None or found.answered is None:
        return []
    return next_day_lines(store, session_id)


def _most(store: Store, session_id: str) -> int:
    """How many devices may answer: one for each person who attended, as far as that is known."""
    on_list, counted = len(attendance_of(store, session_id)), deliveries(store)[session_id].attended
    return on_list or counted or MOST_UNKNOWN
