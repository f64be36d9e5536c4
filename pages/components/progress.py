"""How far work in the background is, until the page can show what came of it."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from pages.components.session import guard
from pd_core.access import Action


@st.fragment(run_every=1)
def watch(
    progress: Callable[[], tuple[int, int]],
    words: Callable[[int, int], str],
    page: str,
    action: Action = "view",
) -> None:
    """Say in `words` how much is done, and of how much; once all is, run the page again.

    `page` and `action` are those that the page is guarded with.
    """
    with guard.page(page, action):
        done, of = progress()
        if done == of:
            st.rerun()
        st.progress(done / of, text=words(done, of))
