"""Lets people in, or says why not: the first statement of every page, and of every dialog.

A server runs a page by itself as well as inside the frame, and a dialog without its page: each asks for itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st

from pages.components import data
from pages.components.markdown import plain
from pages.components.session import authentication, current_visitor, records
from pd_core.access import Action, Visitor, can_somewhere
from pd_core.error_log import record_incident
from pd_core.errors import RefusedAccess, UserError


@contextmanager
def page(name: str, action: Action = "view") -> Iterator[None]:
    """A page's frame: whoever may do `action` somewhere gets in; the others read why not, and nothing else runs."""
    with errors():
        found = current_visitor.known() or authentication.arrive()
        with data.store().at_one_revision(), current_visitor.let_in(found):
            if not can_somewhere(found.actor, action):
                records.note("refused", f"page {name}")
                raise RefusedAccess(
                    "This page is not part of your role.", "Choose another one in the menu, or ask your facilitator."
                )
            yield


@contextmanager
def errors() -> Iterator[None]:
    """Turns errors into sentences, and bugs into a reference number; what follows does not run."""
    try:
        yield
    except UserError as error:
        icon = ":material/lock:" if isinstance(error, RefusedAccess) else ":material/error:"
        st.error(plain(error.text()), icon=icon)
        st.stop()
    except Exception as error:
        st.error(plain(record_incident(error, data.directory()).text()), icon=":material/error:")
        st.stop()


@contextmanager
def frame() -> Iterator[Visitor | None]:
    """The frame around all pages: knows the visitor, so that the page need not ask again; null where no one gets in.

    The page says why.
    """
    try:
        found = authentication.known_visitor()
    except Exception:  # whatever it is, the page meets it too and says it in the right place
        found = None
    if found is None:
        yield None
        return
    with current_visitor.let_in(found):
        yield found
