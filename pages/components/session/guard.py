"""Lets people in, or says why not: the first statement of every page and every dialog.

The server can run a page outside the frame and a dialog without its page, so each of them checks for itself.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NoReturn

import streamlit as st

from pages.components import data
from pages.components.markdown import plain
from pages.components.operations import log_lines
from pages.components.session import authentication, current_visitor, records
from pd_core.access import Action, Visitor, can_somewhere
from pd_core.error_log import record_incident
from pd_core.errors import RefusedAccess, UserError

_place: ContextVar[str] = ContextVar("place")


@contextmanager
def page(name: str, action: Action = "view") -> Iterator[None]:
    """Wrap a page: people who may do `action` somewhere get in; others read why not, and nothing else runs."""
    with errors():
        found = current_visitor.known() or authentication.arrive()
        with data.store().at_one_revision(), current_visitor.let_in(found):
            if not can_somewhere(found.actor, action):
                records.note("refused", f"page {name}")
                raise RefusedAccess(
                    "Your role does not include this page.", "Choose another page, or ask your facilitator."
                )
            token, began = _place.set(name), time.perf_counter()
            try:
                yield
            except _PageEnds:
                pass
            finally:
                _place.reset(token)
                log_lines.note_run(name, time.perf_counter() - began)


class _PageEnds(BaseException):
    """Like Streamlit's own stop, no error that a page would catch."""


def end_page() -> NoReturn:
    """Show nothing more of this page. What the frame has below it still comes, unlike after `st.stop`."""
    raise _PageEnds


def place() -> str:
    """The name of the page or dialog that is running; empty outside of one."""
    return _place.get("")


@contextmanager
def errors() -> Iterator[None]:
    """Turn errors into sentences and bugs into a reference number; nothing after the error runs."""
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
    """Identify the visitor for the frame, so that the page need not do it again; null if they can't come in.

    The page itself says why.
    """
    try:
        found = authentication.known_visitor()
    except Exception:  # the page runs into the same error and says it in the right place
        found = None
    if found is None:
        yield None
        return
    with current_visitor.let_in(found):
        yield found
