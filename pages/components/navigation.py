"""What the frame shows on every run, made once: the pages of the menu, the icon and the logo."""

from __future__ import annotations

from base64 import b64encode
from copy import copy
from functools import cache
from pathlib import Path
from typing import Literal

import streamlit as st

_HERE = Path(__file__).parent
ICON = f"data:image/png;base64,{b64encode((_HERE / 'icon.png').read_bytes()).decode()}"
"""As an address that holds the picture: a file would be read and hashed again for each click."""
LOGO = (_HERE / "logo.svg").read_text(encoding="utf-8")


def page(file: str, title: str, icon: str, *, is_shown: bool, default: bool) -> st.Page:
    """A page of the navigation, in the menu if it `is_shown`."""
    return copy(_page(file, title, icon, "visible" if is_shown else "hidden", default))


@cache
def _page(file: str, title: str, icon: str, visibility: Literal["visible", "hidden"], default: bool) -> st.Page:
    """Made once, since Streamlit looks for its file on the disk each time; navigation marks a copy of it."""
    return st.Page(file, title=title, icon=f":material/{icon}:", default=default, visibility=visibility)
