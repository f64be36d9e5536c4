"""Audit entries of a session that change nothing: each one once, and only so many a minute."""

from __future__ import annotations

import time
from collections import deque

import streamlit as st

from pages.components import data
from pages.components.session.current_visitor import current
from pages.components.session.singletons import kept
from pd_core.access import Actor
from pd_core.actions import audit
from pd_core.audit_kinds import AuditKind
from pd_core.sign_in import SignIn

_MOST_A_MINUTE = 30
"""The most events of one kind and person recorded in a minute: endless requests must not fill the disk."""


def note_sign_in(found: SignIn, actor: Actor | None) -> None:
    """Record a sign-in, once."""
    if st.session_state.get("sign_in") != found.session:
        audit.note_sign_in(data.store(), found, actor)
        st.session_state["sign_in"] = found.session


def note_once(kind: AuditKind, name: str, subject: str, school_id: str = "") -> None:
    """Record, once per session, what was done or refused."""
    noted = st.session_state.setdefault("noted", set())
    if (kind, name, subject, school_id) not in noted and _has_room(kind, name):
        audit.note(data.store(), kind, name, subject, school_id)
        noted.add((kind, name, subject, school_id))


def note(kind: AuditKind, subject: str) -> None:
    """Record something as `note_once` does, for the visitor of the page."""
    note_once(kind, current().audit_name, subject)


def note_export(name: str) -> None:
    """Record that the visitor downloaded a table, and its scope."""
    if _has_room("export", current().audit_name):
        audit.note_export(data.store(), current(), name)


def _has_room(kind: AuditKind, name: str) -> bool:
    """Whether one more event of a kind may be recorded for this person now; each person has a limit per minute."""
    now = time.monotonic()
    latest = _latest().setdefault((kind, name), deque(maxlen=_MOST_A_MINUTE))
    if len(latest) == _MOST_A_MINUTE and now - latest[0] < 60:
        return False
    latest.append(now)
    return True


@kept
def _latest() -> dict[tuple[str, str], deque[float]]:
    return {}
