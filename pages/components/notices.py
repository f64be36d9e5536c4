"""What was done, said once where it was done."""

from __future__ import annotations

from typing import NoReturn

import streamlit as st

_KEPT = "notice_{}"


def keep(name: str, *said: str) -> None:
    """Have `show` say something when it is next asked for this name, in Markdown."""
    st.session_state[_KEPT.format(name)] = said


def say(name: str, *said: str) -> NoReturn:
    """Have `show` say something, and run the page, which closes a dialog. Nothing after it runs."""
    keep(name, *said)
    st.rerun()


def show(name: str, icon: str = "check") -> bool:
    """Show here what was kept under a name, with a Material icon; whether there was anything. A page shows each name
    in one place.

    Its place is there without it too. Otherwise the browser would make all below it anew when the words go, and the
    focus there would be lost. focus.js finds it by its key.
    """
    place = st.container(key=f"notice_{name}")
    said: tuple[str, ...] = st.session_state.pop(_KEPT.format(name), ())
    for words in said:
        place.success(words, icon=f":material/{icon}:")
    return bool(said)
