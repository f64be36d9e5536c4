"""What benchmarks measure is kept as a record, .benchmarks/record.json, when the run ends."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from pd_core.config import ROOT
from tests.benchmarks.record import Figure, Record

FILE = ROOT / ".benchmarks" / "record.json"
Measured = Callable[..., None]


@pytest.fixture(scope="session")
def record() -> Iterator[Record]:
    """The record of this run."""
    kept = Record()
    yield kept
    if kept.figures:
        kept.load = round(os.getloadavg()[2], 1) if hasattr(os, "getloadavg") else 0.0
        kept.write(FILE)
        print(f"\n{len(kept.figures)} figures are in {FILE}")


@pytest.fixture
def measured(record: Record) -> Measured:
    """Takes a figure, as `Figure`, and fails where it is not within its limits."""

    def take(name: str, value: float, unit: str, **limits: Any) -> None:
        figure = Figure(name, float(value), unit, **limits)
        record.add(figure)
        print(figure.said())
        assert figure.holds, figure.said()

    return take
