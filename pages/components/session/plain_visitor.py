"""Who asks for a plain page, which the server answers without a session: by share link or by sign-in."""

from __future__ import annotations

import time
from collections import OrderedDict
from datetime import UTC, datetime

from starlette.datastructures import Headers

from pages.components import data
from pages.components.session.authentication import check_set_up
from pages.components.session.gate import request_actor
from pages.components.session.singletons import kept
from pages.components.signed_files import Refusal
from pd_core.access import Visitor, scope_of
from pd_core.actions import audit, share_links
from pd_core.audit_kinds import AuditKind
from pd_core.wording import date_said

_MOST_NOTED, _NOTED_SECONDS = 1_000, 3_600.0
"""An entry of the audit is made once an hour, however often a page is asked for."""


def visitor_of(headers: Headers, token: str) -> Visitor:
    """The visitor that a request is from, by its link or else its sign-in. Raises Refusal, UserError."""
    check_set_up()
    if token:
        return _guest(token)
    actor = request_actor(headers)
    if actor is None:
        text = "Sign in with your district account, then open this page again; or open it by a share link."
        raise Refusal(401, "Sign in to PD Pulse", text)
    return Visitor(actor, scope_of(actor, "view", data.settings().other_schools), actor)


def _guest(token: str) -> Visitor:
    store = data.store()
    link = share_links.carried_link(store, token, data.key())
    if link is None:
        note_hourly("refused", "somebody", "a link that was not made here")
        raise _closed("This link was not made here, or part of it is missing.")
    guest = share_links.guest_of(link)
    if not link.is_open(datetime.now(UTC).replace(tzinfo=None)):
        why = "has been revoked" if link.is_revoked else f"expired on {date_said(link.expires_at)}"
        note_hourly("refused", guest.name, f"the link {why}", link.school_id)
        raise _closed(f"This link {why}.")
    note_hourly("link opened", guest.name, "the brief", link.school_id)
    return Visitor.as_oneself(guest)


def _closed(why: str) -> Refusal:
    return Refusal(403, "This link no longer works", f"{why} Ask the person who sent it for a new one.")


def note_hourly(kind: AuditKind, name: str, subject: str, school_id: str = "") -> None:
    """Record what was done or refused, once an hour for the same."""
    now, key = time.monotonic(), (kind, name, subject, school_id)
    noted = _noted()
    if now - noted.get(key, now - _NOTED_SECONDS) < _NOTED_SECONDS:
        return
    noted[key] = now
    noted.move_to_end(key)
    while len(noted) > _MOST_NOTED:
        noted.popitem(last=False)
    audit.note(data.store(), kind, name, subject, school_id)


@kept
def _noted() -> OrderedDict[tuple[str, str, str, str], float]:
    return OrderedDict()
