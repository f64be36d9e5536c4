"""A performance record: the figures of one run of the benchmarks, each with its limit or its peer from the same run."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path


@dataclass(frozen=True)
class Figure:
    """What was measured. With a `peer`, measured in the same run and unit, the limits are of value / peer."""

    name: str
    value: float
    unit: str
    at_most: float | None = None
    at_least: float | None = None
    peer: float | None = None
    peer_name: str = ""

    @property
    def compared(self) -> float:
        """What the limits are of, and what two records are compared by: the value, or how many times the peer's."""
        return self.value if self.peer is None else self.value / self.peer

    @property
    def holds(self) -> bool:
        """Whether it is within its limits."""
        is_low = self.at_most is None or self.compared <= self.at_most
        return is_low and (self.at_least is None or self.compared >= self.at_least)

    @property
    def is_higher_better(self) -> bool:
        """Whether more of it is better, as of briefs a second."""
        return self.at_least is not None

    def said(self) -> str:
        """It in one line."""
        text = f"{self.name}: {number(self.value)} {self.unit}"
        if self.peer is not None:
            text += f", {number(self.compared)} times {self.peer_name} ({number(self.peer)} {self.unit})"
        return text + (f"; limit {limit}" if (limit := self.limit()) else "")

    def limit(self) -> str:
        """Its limits in words; empty where it has none."""
        unit = f" {self.unit}" if self.peer is None else " times"
        limits = (("at most", self.at_most), ("at least", self.at_least))
        return ", ".join(f"{word} {number(value)}{unit}" for word, value in limits if value is not None)


@dataclass
class Record:
    """Figures by name, with when and on what they were measured.

    `load` is the system's load average over the last 15 minutes of the run, 0 where it has none: well above the number
    of processors, others used them too.
    """

    at: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="seconds"))
    machine: str = field(default_factory=lambda: f"{os.cpu_count()} processors, {platform.system()}")
    load: float = 0.0
    python: str = field(default_factory=platform.python_version)
    figures: dict[str, Figure] = field(default_factory=dict)

    def add(self, figure: Figure) -> None:
        """Take a figure. Raises ValueError for a name that it has already."""
        if figure.name in self.figures:
            raise ValueError(f"{figure.name} was measured twice")
        self.figures[figure.name] = figure

    def write(self, file: Path) -> None:
        """Write it as JSON."""
        file.parent.mkdir(parents=True, exist_ok=True)
        values = {"at": self.at, "machine": self.machine, "load": self.load, "python": self.python}
        figures = [{name: value for name, value in asdict(one).items() if value not in (None, "")}
                   for one in self.figures.values()]  # fmt: skip
        file.write_text(json.dumps({**values, "figures": figures}, indent=1) + "\n", encoding="utf-8")

    def table(self) -> str:
        """It as a table in Markdown."""
        lines = ["| what | measured | peer in the same run | limit |", "|---|---|---|---|"]
        for one in self.figures.values():
            peer = (
                ""
                if one.peer is None
                else f"{one.peer_name}: {number(one.peer)} {one.unit}, so {number(one.compared)} times"
            )
            mark = "" if one.holds else " (not held)"
            lines.append(f"| {one.name} | {number(one.value)} {one.unit} | {peer} | {one.limit()}{mark} |")
        return "\n".join(lines)


def read(file: Path) -> Record:
    """The record in a file."""
    found = json.loads(file.read_text(encoding="utf-8"))
    figures = {one["name"]: Figure(**one) for one in found["figures"]}
    return Record(found["at"], found["machine"], found["load"], found["python"], figures)


def differences(before: Record, after: Record, tolerance: float) -> tuple[Sequence[str], Sequence[str]]:
    """Lines about figures that got worse, and about those that got better, by more than `tolerance` (0.25: a quarter).

    Figures with a peer are compared by how many times it they are: another machine, or a busy one, slows both.
    """
    worse, better = [], []
    for name in before.figures.keys() & after.figures.keys():
        old, new = before.figures[name], after.figures[name]
        was, now = (one.compared if old.peer is not None and new.peer is not None else one.value for one in (old, new))
        if was <= 0 or now <= 0:
            continue
        times = was / now if new.is_higher_better else now / was
        unit = f"times {new.peer_name}" if old.peer is not None and new.peer is not None else new.unit
        if times > 1 + tolerance:
            worse.append((times, f"{name}: {number(was)} became {number(now)} {unit}"))
        elif times < 1 / (1 + tolerance):
            better.append((1 / times, f"{name}: {number(was)} became {number(now)} {unit}"))
    return [line for _, line in sorted(worse, reverse=True)], [line for _, line in sorted(better, reverse=True)]


def number(value: float) -> str:
    """A figure with three digits that count."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"
