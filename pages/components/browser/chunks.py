"""Which of Streamlit's scripts a page will need, so that a browser fetches them while the page is still being made.

Streamlit's page asks for the script of a kind of element when the first such element arrives, and for the libraries of
that script after it: a chart waits for them one after another.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import streamlit as st

ELEMENTS = (
    "Html", "Button", "Selectbox", "ButtonGroup", "ArrowVegaLiteChart", "TextInput", "DownloadButton",
)  # fmt: skip
"""Elements of most pages, those of the first screen first, as Streamlit names their scripts."""
SCRIPTS = Path(st.__file__).parent / "static" / "static" / "js"
_IMPORTED = re.compile(r"""(?:from|import)["'`]\./([^"'`]+\.js)["'`]""")
LEAST_BYTES = 10_000
"""A smaller script that another imports gets no link: 60 links took a browser that has the scripts 15 ms."""
_LINK = '<link rel="modulepreload" crossorigin fetchpriority="low" href="./static/js/{}">'


def preloads(page: str, folder: Path = SCRIPTS) -> str:
    """Links that have a browser fetch the scripts of `ELEMENTS`, and the large ones of those that these import and
    `page` does not name.

    Without these scripts in the folder, as in a version of Streamlit that names them differently, no links.
    """
    known = set(re.findall(r"\./static/js/([^\"]+\.js)", page))
    found: dict[str, None] = {}
    for element in ELEMENTS:
        for file in folder.glob(f"{element}.*.js"):
            scripts = _with_imports(file.name, folder, known)
            found.update((name, None) for name in scripts if name == file.name or _is_large(folder / name))
    return "".join(map(_LINK.format, found))


def _is_large(script: Path) -> bool:
    return script.stat().st_size >= LEAST_BYTES


def _with_imports(name: str, folder: Path, known: set[str]) -> Iterator[str]:
    """The script and those that it imports, each once; `known` takes them in."""
    file = folder / name
    if name in known or not file.is_file():
        return
    known.add(name)
    yield name
    for imported in _IMPORTED.findall(file.read_text(encoding="utf-8")):
        yield from _with_imports(imported, folder, known)
