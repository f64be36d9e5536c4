"""What was done, said once at the head of the section that it was done in."""

from __future__ import annotations

from typing import NoReturn

import streamlit as st

_KEPT = "notice_{}"


def keep(name: str, *said: str) -> None:
    """Have the section `name` say something in the next run of the page, in Markdown."""
    st.session_state[_KEPT.format(name)] = said


def say(name: str, *said: str) -> NoReturn:
    """Have the section `name` say something, and run the page, which closes a dialog. Nothing after it runs."""
    keep(name, *said)
    st.rerun()


def show(name: str, icon: str = "check") -> bool:
    """Show what was kept for the section `name`, with a Material icon; whether there was anything.

    Its place is there without it too. Otherwise the browser would make all below it anew when the words go, and the
    focus there would be lost. focus.js finds it by its key.
    """
    place = st.container(key=f"notice_{name}")
    said: tuple[str, ...] = st.session_state.pop(_KEPT.format(name), ())
    for words in said:
        place.success(words, icon=f":material/{icon}:")
    return bool(said)
