"""Says on an open page that answers have come since it was drawn, and shows them when asked."""

from __future__ import annotations

import streamlit as st

from pages.components import data
from pages.components.session import guard
from pd_core.access import Scope, Visitor
from pd_core.presentation.new_answers import show_label

LOOK_SECONDS = 30
"""How often an open page looks for the store's version."""


def watch(visitor: Visitor) -> None:
    """Look from time to time; the page itself stays as it is until its visitor wants to see more."""
    with guard.errors():
        since = data.version()

    @st.fragment(run_every=LOOK_SECONDS)
    def look() -> None:
        show_since(since, visitor.scope)

    look()


def show_since(since: str, scope: Scope) -> None:
    """Offer what came after a version of the store; nothing where it still is that version."""
    with guard.errors():
        if data.version() == since:
            return
        label = show_label(data.new_answers(scope, since))
    if st.button(label, icon=":material/refresh:", key="show_new_answers"):
        st.rerun()
