"""Long work on a file, off the page's own thread: the page goes on answering, and a person can cancel it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, wait
from contextvars import copy_context
from typing import TypeVar

import streamlit as st

_LOOK_SECONDS, _SHOW_AFTER = 0.1, 10
T = TypeVar("T")


def cancelable(key: str, on_cancel: Callable[[], None], work: Callable[[Callable[[], bool]], T]) -> T:
    """The result of `work`, which gets a function that says whether it was canceled.

    Work that takes longer than a moment gets a button that cancels it, below the page's own words on what is done;
    `key` is that button's own. When the page runs again meanwhile, by that button or any other, the work is canceled.
    """
    stop = threading.Event()
    done: Future[T] = Future()

    def run() -> None:
        try:
            done.set_result(work(stop.is_set))
        except BaseException as error:
            done.set_exception(error)

    context = copy_context()
    threading.Thread(target=context.run, args=(run,), daemon=True, name="file").start()
    slot, looks = st.empty(), 0
    try:
        while wait([done], timeout=_LOOK_SECONDS).not_done:
            looks += 1
            if looks == _SHOW_AFTER:
                with slot:
                    st.button("Cancel", on_click=on_cancel, key=f"cancel_{key}", icon=":material/close:")
            elif looks > _SHOW_AFTER:
                st.session_state["working"] = looks  # a moment at which Streamlit may end this run
        return done.result()
    finally:
        stop.set()
        slot.empty()
