"""A page of text: chapters of Markdown and formulas."""

from __future__ import annotations

from dataclasses import dataclass
from inspect import cleandoc


@dataclass(frozen=True)
class Formula:
    """A formula in LaTeX."""

    tex: str


@dataclass(frozen=True, init=False)
class Chapter:
    """A heading, then texts in Markdown and formulas, in order."""

    heading: str
    parts: tuple[str | Formula, ...]

    def __init__(self, heading: str, *parts: str | Formula) -> None:
        """Texts may be indented as code is."""
        object.__setattr__(self, "heading", heading)
        object.__setattr__(self, "parts", tuple(cleandoc(part) if isinstance(part, str) else part for part in parts))
