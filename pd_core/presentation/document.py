"""A document to take away: parts with sentences, figures, bars and tables, which every format draws its own way."""

from __future__ import annotations

from dataclasses import dataclass

from pd_core.presentation.section import Figure
from pd_core.presentation.session_views import Grid


@dataclass(frozen=True)
class Point:
    """A sentence that begins with what it is about; `note` is the small print behind it (may be empty)."""

    lead: str
    text: str
    note: str = ""

    @property
    def sentence(self) -> str:
        """All of it in one line."""
        return " ".join(filter(None, [f"{self.lead}: {self.text}" if self.lead else self.text, self.note]))


@dataclass(frozen=True)
class Bar:
    """A share (0-1; null: not to be shown, `text` says why) with its likely range and a mark to compare it with, both
    null where not known; `text` and `range_text` say the numbers."""

    label: str
    share: float | None
    low: float | None
    high: float | None
    mark: float | None
    text: str
    range_text: str

    @property
    def sentence(self) -> str:
        """The row as a screen reader says it."""
        within = f", likely range {self.range_text}" if self.range_text else ""
        return f"{self.label}: {self.text}{within}"


@dataclass(frozen=True)
class Bars:
    """A chart of shares, a row each, that is its own table: `headings` name the label, the bar, the number and the
    range; `sentence` says what it shows, `key` explains its marks."""

    sentence: str
    key: str
    headings: tuple[str, str, str, str]
    rows: tuple[Bar, ...]

    @property
    def alt(self) -> str:
        """The whole chart in words."""
        return f"{self.sentence}. {'; '.join(row.sentence for row in self.rows)}."


@dataclass(frozen=True)
class Part:
    """A part of a document, in this order: heading, sentences, points, bars, table. `fill` are empty lines for people
    to write on, each with its label."""

    name: str
    heading: str
    lines: tuple[str, ...] = ()
    points: tuple[Point, ...] = ()
    bars: Bars | None = None
    grid: Grid | None = None
    fill: tuple[str, ...] = ()


@dataclass(frozen=True)
class Document:
    """A document: `title` with the full name of its school, `about` (wave and day), `headline` in a sentence, a few
    `figures`, its parts, and where the figures live (`address` may be empty; `link` names it).

    `progress` is the share of the staff who answered (0-1; null: not known), in words `progress_text`.
    """

    name: str
    title: str
    about: str
    headline: str
    figures: tuple[Figure, ...]
    progress: float | None
    progress_text: str
    parts: tuple[Part, ...]
    footer: str
    address: str = ""
    link: str = "Open the live dashboard"

    def texts(self) -> str:
        """All words, one part a line."""
        said = [self.title, self.about, self.headline, self.progress_text]
        said += [f"{one.label}: {one.value} ({one.note})" for one in self.figures]
        for part in self.parts:
            said += [part.heading, *part.lines, *(point.sentence for point in part.points)]
            said += [part.bars.alt, part.bars.key] if part.bars else []
            said += [" ".join(row) for row in part.grid.rows] if part.grid else []
        return "\n".join([*said, self.footer])
