"""Whether a visitor may still see what an open page shows them: their sign-in, role or link may have ended since."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import streamlit as st

from pages.components import data
from pages.components.session import authentication
from pages.components.session.current_visitor import current
from pd_core.access import Visitor
from pd_core.actions import audit, share_links
from pd_core.actions.roles import actor_of
from pd_core.errors import RefusedAccess
from pd_core.sign_in import NotSignedIn, read_sign_in

LOOK_SECONDS = 30
"""How often an open page looks whether its visitor may still see it."""


def of(visitor: Visitor) -> Callable[[], bool]:
    """A check, good for any later moment and thread, whether this visitor's sign-in, role or link still holds."""
    is_signed_in = authentication.has_sign_in()
    claims = dict(st.user.to_dict()) if is_signed_in and visitor.actor.role != "guest" else {}

    def holds() -> bool:
        store, now = data.store(), datetime.now(UTC)
        if visitor.actor.role == "guest":
            link = share_links.link_of(store, visitor.actor)
            return link is not None and link.is_open(now.replace(tzinfo=None))
        if not is_signed_in:
            return True
        try:
            found = read_sign_in(claims, now, data.settings().sign_in_hours)
        except NotSignedIn:
            return False
        person = actor_of(store, data.settings().administrators, visitor.real_actor.name)
        return not audit.is_over(store, found) and person == visitor.real_actor

    return holds


def while_they_last(make: Callable[[], bytes]) -> Callable[[], bytes]:
    """A download that is made only while the visitor of this page may still have it. Raises RefusedAccess later."""
    holds = of(current())

    def made() -> bytes:
        if not holds():
            raise RefusedAccess("Your sign-in, role or link has ended.", "Open the page again.")
        return make()

    return made


def watch(visitor: Visitor) -> None:
    """Reload the page once its visitor may no longer see it: the guard then says why. This computer always may."""
    if visitor.actor.name == authentication.THIS_COMPUTER:
        return
    holds = of(visitor)

    @st.fragment(run_every=LOOK_SECONDS)
    def look() -> None:
        if not holds():
            st.rerun()

    look()
